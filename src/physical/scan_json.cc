// JSON files: lines (or whole files) of text, read by one kernel into a struct of the schema.
#include "functions/json_records.h"
#include "physical/scan_formats.h"

namespace firesteel::physical {

Result<ScanSource> JsonSource(const logical::Scan& scan, functions::Lowering& lowering) {
  const SourceOptions options(scan.options);
  FS_CHECK(functions::JsonReadOptions::From(options, lowering.time_zone()));
  const bool whole = options.Flag("multiline", false);
  const std::string encoded = SourceOptions::Encode(scan.options);
  functions::KernelContext context;
  context.argument_types = {TypeId::kString, TypeId::kString, TypeId::kString};
  context.result_type = DataType::Array(scan.data_schema);
  context.constants = {std::nullopt, Value(encoded), std::nullopt};
  context.mode = logical::EvalMode::kLegacy;
  context.time_zone = lowering.time_zone();
  FS_TRY(std::string call, lowering.CallKernel(functions::kReadJsonRecords, {"line", QuoteText(encoded), "filename"},
                                               std::move(context)));

  ScanSource source;
  source.from =
      "(SELECT unnest(" + call + ") AS record, file_index FROM " +
      (whole ? WholeTextOf(scan.files, false)
             : LinesOf(scan.files, {.separator = options.Text("linesep", ""), .any = lowering.precise_errors()}) +
                   " WHERE line IS NOT NULL AND trim(line) <> ''") +
      ")";
  if (scan.data_schema.fields().size() == 1 && IsCorruptColumn(scan.data_schema.fields()[0], options)) {
    source.columns.push_back(lowering.Fail(Error::Condition("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN"),
                                           scan.data_schema.fields()[0].type));
    return source;
  }
  for (const std::string& name : functions::DuckFieldNames(scan.data_schema)) {
    source.columns.push_back("struct_extract(record, " + QuoteText(name) + ")");
  }
  return source;
}

}  // namespace firesteel::physical
