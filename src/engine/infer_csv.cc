// The schema of CSV files: Spark's CSVInferSchema and the names that CSVUtils.makeSafeHeader gives.
#include "engine/source_schemas.h"
#include "functions/csv_infer.h"
#include "functions/csv_text.h"
#include "physical/scan_formats.h"

namespace firesteel::engine {
using functions::SourceOptions;
using functions::TextValues;

Result<DataType> InferCsv(const StartQuery& start, const std::vector<std::string>& files,
                          const std::map<std::string, std::string>& raw_options) {
  const SourceOptions options(raw_options);
  FS_CHECK(options.Refuse({{"samplingratio", "1.0"}, {"singlevariantcolumn", ""}}));
  const functions::CsvDialect dialect = functions::CsvDialect::ForReading(options);
  std::map<std::string, std::string> with_header = raw_options;
  with_header.erase("header");
  std::optional<std::vector<std::string>> first;
  for (size_t i = 0; i < files.size() && !first; ++i) {
    FS_TRY(const std::string lines, physical::CsvLinesSql({files[i]}, SourceOptions(with_header), true));
    FS_CHECK(ForEachRow(start, "SELECT line FROM " + lines, 1, [&](const TextRow& row) -> Result<bool> {
      std::string_view line = *row[0];
      if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
      first.emplace();
      for (const auto& field : functions::SplitCsvLine(line, dialect)) first->push_back(field.value_or(""));
      return false;
    }));
  }
  if (!first) return DataType::Struct({});
  const std::vector<std::string> names = functions::CsvColumnNames(*first, options);
  std::vector<StructField> fields;
  for (const std::string& name : names) fields.push_back({name, TypeId::kString, true, "{}"});
  if (!options.Flag("inferschema", false)) return DataType::Struct(std::move(fields));

  FS_TRY(std::shared_ptr<const TextValues> values, TextValues::Make(functions::CsvFormats(options, "UTC")));
  const functions::CsvFieldTypes types(*values, options);

  std::vector<DataType> so_far(fields.size());
  std::map<std::string, std::string> permissive = raw_options;
  permissive.erase("mode");
  const SourceOptions read_options(permissive);
  bool by_lines = physical::ReadsCsvByLines(files, read_options);
  if (!by_lines) {
    logical::Scan scan;
    scan.format = "csv";
    scan.files = files;
    scan.options = permissive;
    scan.options.erase("nullvalue");
    scan.options.erase("emptyvalue");
    scan.data_schema = DataType::Struct(fields);
    FS_TRY(std::string reader, physical::CsvReaderSql(scan));
    std::string sql = "SELECT ";
    for (size_t i = 0; i < fields.size(); ++i) sql += (i > 0 ? ", f" : "f") + std::to_string(i);
    const Status status =
        ForEachRow(start, sql + " FROM " + reader, fields.size(), [&](const TextRow& row) -> Result<bool> {
          types.Add(row, so_far);
          return true;
        });
    by_lines = !status.ok();  // it is faster, but does not take all files
  }
  if (by_lines) {
    so_far.assign(fields.size(), DataType());
    FS_TRY(const std::string lines, physical::CsvLinesSql(files, read_options, true));
    FS_CHECK(ForEachRow(start, "SELECT line FROM " + lines, 1, [&](const TextRow& row) -> Result<bool> {
      types.Add(functions::SplitCsvLine(*row[0], dialect), so_far);
      return true;
    }));
  }
  for (size_t i = 0; i < fields.size(); ++i)
    fields[i].type = so_far[i].Is(TypeId::kNull) ? DataType(TypeId::kString) : so_far[i];
  return DataType::Struct(std::move(fields));
}

}  // namespace firesteel::engine
