// Schemas of files: Parquet's from its metadata, Spark's own schema where Spark has written the file.
#include "engine/source_schemas.h"

#include <set>

#include "base/text.h"
#include "physical/scan_formats.h"
#include "types/type_text.h"

namespace firesteel::engine {
namespace {

using physical::FileArray;
using physical::QuoteText;
using physical::SourceOptions;

std::string FormatName(const std::string& format) {
  if (format == "parquet") return "Parquet";
  if (format == "csv" || format == "json") return Upper(format);
  return format;
}

class FileSchemas final : public catalog::SourceReader {
 public:
  FileSchemas(StartQuery start, DescribeQuery describe) : start_(std::move(start)), describe_(std::move(describe)) {}

  Result<DataType> InferSchema(const std::string& format, const std::vector<std::string>& files,
                               const std::map<std::string, std::string>& options) override {
    if (format == "text") return DataType::Struct({{"value", TypeId::kString}});
    if (format == "binaryfile") {
      return DataType::Struct({{"path", TypeId::kString},
                               {"modificationTime", TypeId::kTimestamp},
                               {"length", TypeId::kLong},
                               {"content", TypeId::kBinary}});
    }
    if (files.empty()) {
      return Error::Condition("UNABLE_TO_INFER_SCHEMA", {{"format", FormatName(format)}});
    }
    if (format == "parquet") return Parquet(files, SourceOptions(options));
    if (format == "csv") return InferCsv(start_, files, options);
    if (format == "json") return InferJson(start_, files, options);
    return Error::Unsupported("reading the format " + format);
  }

 private:
  Result<DataType> Parquet(const std::vector<std::string>& files, const SourceOptions& options) {
    FS_TRY(DataType schema, ParquetFile(files[0]));
    if (!options.Flag("mergeschema", false)) return schema.AsNullable();
    std::vector<StructField> fields = schema.fields();
    for (size_t i = 1; i < files.size(); ++i) {
      FS_TRY(DataType other, ParquetFile(files[i]));
      for (const StructField& field : other.fields()) {
        auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const StructField& f) { return EqualsIgnoreCase(f.name, field.name); });
        if (found == fields.end()) {
          fields.push_back(field);
        } else if (!found->type.SameType(field.type)) {
          return Error::Condition("CANNOT_MERGE_SCHEMAS", {{"left", "\"" + TypeSql(DataType::Struct(fields)) + "\""},
                                                           {"right", "\"" + TypeSql(other) + "\""}})
              .As(ErrorClass::kSpark);
        }
      }
    }
    return DataType::Struct(std::move(fields)).AsNullable();
  }

  Result<DataType> ParquetFile(const std::string& file) {
    const std::string array = FileArray({file});
    std::optional<std::string> own;
    FS_CHECK(ForEachRow(start_,
                        "SELECT decode(value) FROM parquet_kv_metadata(" + array +
                            ") WHERE key = 'org.apache.spark.sql.parquet.row.metadata'::BLOB",
                        1, [&](const TextRow& row) -> Result<bool> {
                          if (row[0]) own = *row[0];
                          return false;
                        }));
    if (own) {
      if (auto type = ParseTypeJson(*own); type.ok() && type->Is(TypeId::kStruct)) return WithoutCharLengths(*type);
    }
    // DuckDB says TIMESTAMP for what has no zone, and for INT96, which is a point in time.
    std::set<std::string> points;
    FS_CHECK(ForEachRow(start_, "SELECT name FROM parquet_schema(" + array + ") WHERE type = 'INT96'", 1,
                        [&](const TextRow& row) -> Result<bool> {
                          if (row[0]) points.insert(std::string(*row[0]));
                          return true;
                        }));
    FS_TRY(std::vector<DuckColumn> columns, describe_("SELECT * FROM read_parquet(" + array + ")"));
    std::vector<StructField> fields;
    for (DuckColumn& column : columns) {
      fields.push_back(
          {column.name, points.empty() ? column.type : WithPoints(column.name, column.type, points), true, "{}"});
    }
    return DataType::Struct(std::move(fields));
  }

  static DataType WithPoints(const std::string& name, const DataType& type, const std::set<std::string>& points) {
    if (type.Is(TypeId::kTimestampNtz) && points.contains(name)) return TypeId::kTimestamp;
    if (type.Is(TypeId::kArray))
      return DataType::Array(
          WithPoints("element", WithPoints("item", WithPoints("array", type.element(), points), points), points));
    if (type.Is(TypeId::kMap)) {
      return DataType::Map(WithPoints("key", type.key(), points), WithPoints("value", type.value(), points));
    }
    if (!type.Is(TypeId::kStruct)) return type;
    std::vector<StructField> fields = type.fields();
    for (StructField& field : fields) field.type = WithPoints(field.name, field.type, points);
    return DataType::Struct(std::move(fields));
  }

  // CHAR(n) and VARCHAR(n) are told in metadata; files give strings.
  static DataType WithoutCharLengths(const DataType& type) {
    std::vector<StructField> fields = type.fields();
    for (StructField& field : fields) {
      if (field.type.Is(TypeId::kString) && field.type.string_kind() != StringKind::kString)
        field.type = TypeId::kString;
    }
    return DataType::Struct(std::move(fields));
  }

  const StartQuery start_;
  const DescribeQuery describe_;
};

}  // namespace

Status ForEachRow(const StartQuery& start, const std::string& sql, size_t columns,
                  const std::function<Result<bool>(const TextRow&)>& on_row) {
  physical::Query query;
  query.sql = sql;
  for (size_t i = 0; i < columns; ++i) query.output.push_back({0, "c", TypeId::kString, true, "{}", {}});
  FS_TRY(std::unique_ptr<ResultStream> rows, start(query));
  TextRow row(columns);
  while (true) {
    FS_TRY(const Chunk* chunk, rows->Next());
    if (chunk == nullptr) return {};
    for (size_t i = 0; i < chunk->rows; ++i) {
      for (size_t c = 0; c < columns; ++c) {
        row[c] =
            chunk->columns[c].IsNull(i) ? std::nullopt : std::optional<std::string_view>(chunk->columns[c].StringAt(i));
      }
      FS_TRY(bool go_on, on_row(row));
      if (!go_on) return {};
    }
  }
}

std::unique_ptr<catalog::SourceReader> MakeSourceReader(StartQuery start, DescribeQuery describe) {
  return std::make_unique<FileSchemas>(std::move(start), std::move(describe));
}

}  // namespace firesteel::engine
