// The schema of JSON files.
#include "engine/source_schemas.h"
#include "functions/json_infer.h"
#include "physical/scan_formats.h"

namespace firesteel::engine {

using physical::SourceOptions;

Result<DataType> InferJson(const StartQuery& start, const std::vector<std::string>& files,
                           const std::map<std::string, std::string>& raw_options) {
  const SourceOptions options(raw_options);
  FS_CHECK(options.Refuse({{"samplingratio", "1.0"}, {"singlevariantcolumn", ""}}));
  FS_TRY(functions::JsonReadOptions read, functions::JsonReadOptions::From(options, "UTC"));
  FS_TRY(functions::JsonInference inference, functions::JsonInference::Make(std::move(read)));
  functions::JsonRecordTypes types(std::move(inference));
  const bool whole = options.Flag("multiline", false);
  const std::string sql =
      whole ? "SELECT line FROM " + physical::WholeTextOf(files, false)
            : "SELECT line FROM " + physical::LinesOf(files, {.separator = options.Text("linesep", ""), .any = true}) +
                  " WHERE trim(line) <> ''";
  FS_CHECK(ForEachRow(start, sql, 1, [&](const TextRow& row) -> Result<bool> {
    FS_CHECK(types.Add(row[0].value_or("")));
    return true;
  }));
  return types.Schema();
}

}  // namespace firesteel::engine
