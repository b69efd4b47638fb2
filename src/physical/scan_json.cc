// JSON files: lines (or whole files) of text, read by one kernel into a struct of the schema.
#include "physical/json_records.h"
#include "physical/scan_formats.h"
#include "physical/text_values.h"

namespace firesteel::physical {

Result<ScanSource> JsonSource(const logical::Scan& scan, functions::Lowering& lowering) {
  const SourceOptions options(scan.options);
  FS_CHECK(options.Refuse({{"linesep", "\n"},
                           {"encoding", "utf-8"},
                           {"allowcomments", "false"},
                           {"allowunquotedfieldnames", "false"},
                           {"allownumericleadingzeros", "false"},
                           {"allowbackslashescapinganycharacter", "false"},
                           {"allowunquotedcontrolchars", "false"},
                           {"singlevariantcolumn", ""},
                           {"locale", "en-US"}}));
  TextValues::Formats formats;
  formats.date = options.Text("dateformat", "");
  formats.timestamp = options.Text("timestampformat", "");
  formats.timestamp_ntz = options.Text("timestampntzformat", "");
  formats.time_zone = options.Text("timezone", lowering.time_zone());
  JsonOptions json;
  json.formats = formats.Encode();
  json.corrupt_column = options.Text("columnnameofcorruptrecord", "_corrupt_record");
  switch (ParseModeOf(options)) {
    case ParseMode::kPermissive:
      json.mode = 'P';
      break;
    case ParseMode::kDropMalformed:
      json.mode = 'D';
      break;
    case ParseMode::kFailFast:
      json.mode = 'F';
      break;
  }
  const bool whole = options.Flag("multiline", false);
  const std::string encoded = json.Encode();
  functions::KernelContext context;
  context.argument_types = {TypeId::kString, TypeId::kString};
  context.result_type = DataType::Array(scan.data_schema);
  context.constants = {std::nullopt, Value(encoded)};
  context.mode = logical::EvalMode::kLegacy;
  context.time_zone = lowering.time_zone();
  const std::string text = whole ? "content" : "line";
  FS_TRY(std::string call, lowering.CallKernel(kReadJsonRecords, {text, QuoteText(encoded)}, std::move(context)));

  ScanSource source;
  source.from = "(SELECT unnest(" + call + ") AS record, file_index FROM " +
                (whole ? "read_text(" + FileArray(scan.files) + ")"
                       : LinesOf(scan.files) + " WHERE line IS NOT NULL AND trim(line) <> ''") +
                ")";
  source.conditions = {"record IS NOT NULL"};  // those that DROPMALFORMED drops are null
  for (const std::string& name : functions::DuckFieldNames(scan.data_schema)) {
    source.columns.push_back("struct_extract(record, " + QuoteText(name) + ")");
  }
  return source;
}

}  // namespace firesteel::physical
