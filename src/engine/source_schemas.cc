// Schemas of files: Parquet's from its metadata, Spark's own schema where Spark has written the file.
#include "engine/source_schemas.h"

#include "base/text.h"
#include "physical/parquet_schema.h"
#include "physical/scan_formats.h"
#include "types/type_text.h"

namespace firesteel::engine {
namespace {

using physical::SourceOptions;

std::string FormatName(const std::string& format) {
  if (format == "parquet") return "Parquet";
  if (format == "csv" || format == "json") return Upper(format);
  return format;
}

class FileSchemas final : public catalog::SourceReader {
 public:
  explicit FileSchemas(StartQuery start) : start_(std::move(start)) {}

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
  static Result<DataType> Parquet(const std::vector<std::string>& files, const SourceOptions& options) {
    const physical::ParquetTypes types(options);
    FS_TRY(DataType schema, ParquetFile(files[0], types));
    if (!options.Flag("mergeschema", false)) return schema.AsNullable();
    const bool case_sensitive = options.Flag("sql.casesensitive", false);
    for (size_t i = 1; i < files.size(); ++i) {
      FS_TRY(const DataType other, ParquetFile(files[i], types));
      std::optional<DataType> merged = physical::MergeTypes(schema, other, case_sensitive);
      if (!merged) {
        return Error::Condition("CANNOT_MERGE_SCHEMAS", {{"left", "\"" + TypeSql(schema.AsNullable()) + "\""},
                                                         {"right", "\"" + TypeSql(other.AsNullable()) + "\""}})
            .As(ErrorClass::kSpark);
      }
      schema = std::move(*merged);
    }
    return schema.AsNullable();
  }

  static Result<DataType> ParquetFile(const std::string& file, const physical::ParquetTypes& types) {
    const auto footer = physical::ReadParquetFooter(file);
    if (!footer.ok() && footer.error().condition() == "FAILED_READ_FILE.NO_HINT")
      return physical::ReadFailure("CANNOT_READ_FILE_FOOTER", file, footer.error().Message());
    FS_CHECK(footer);
    if (*footer == nullptr) return physical::ReadFailure("CANNOT_READ_FILE_FOOTER", file, "the file is empty");
    if ((*footer)->spark_schema) {
      if (auto type = ParseTypeJson(*(*footer)->spark_schema); type.ok() && type->Is(TypeId::kStruct))
        return WithoutCharLengths(*type);
    }
    return physical::SparkSchema(*(*footer)->schema, types);
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

std::unique_ptr<catalog::SourceReader> MakeSourceReader(StartQuery start) {
  return std::make_unique<FileSchemas>(std::move(start));
}

}  // namespace firesteel::engine
