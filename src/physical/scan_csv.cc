// CSV files: DuckDB splits them into fields of text, kernels read the values as Spark does. Where DuckDB's reader would find
// other fields than Spark, or records that are malformed matter, a kernel splits lines instead.
#include <algorithm>
#include "base/cat.h"

#include "base/text.h"
#include "functions/charset.h"
#include "functions/csv_infer.h"
#include "functions/csv_text.h"
#include "physical/scan_formats.h"
#include "physical/text_shape.h"

namespace firesteel::physical {
namespace {

using functions::KernelContext;
using functions::ScalarKernel;
using functions::TextValues;

struct PreparedField {
  std::shared_ptr<const TextValues> values;
};

Result<std::shared_ptr<const void>> PrepareField(const KernelContext& context) {
  auto prepared = std::make_shared<PreparedField>();
  FS_TRY(prepared->values, TextValues::Make(TextValues::Formats::Decode(context.constants[1]->As<std::string>())));
  return std::shared_ptr<const void>(std::move(prepared));
}

// Arguments: the text, the formats. ANSI: malformed text fails the query (FAILFAST); else it is null.
Status ReadField(const KernelContext& context, size_t rows, std::span<const InputVector> arguments,
                 OutputVector& result) {
  const TextValues& values = *context.Prepared<PreparedField>().values;
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].IsNull(row)) {
      result.SetNull(row);
      continue;
    }
    const std::string_view text = arguments[0].StringAt(row);
    if (values.Read(text, result, row)) continue;
    if (context.Ansi()) {
      return Error::Condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                              {{"badRecord", "[" + std::string(text) + "]"}, {"failFastMode", "FAILFAST"}})
          .As(ErrorClass::kSpark);
    }
    result.SetNull(row);
  }
  return {};
}

constexpr ScalarKernel kReadField{ReadField, PrepareField};

/// Every line is read by itself, as from_csv reads it: the result is right whatever the line holds.
Result<ScanSource> LinesSource(const logical::Scan& scan, const std::vector<bool>& wanted, const SourceOptions& options,
                               functions::Lowering& lowering) {
  const auto& fields = scan.data_schema.fields();
  SourceOptions::Map map = scan.options;
  std::string read;
  bool corrupt_wanted = false;
  for (size_t i = 0; i < fields.size(); ++i) {
    read += wanted[i] ? '1' : '0';
    corrupt_wanted = corrupt_wanted || (wanted[i] && IsCorruptColumn(fields[i], options));
  }
  const bool prunes = options.Flag("columnpruning", true) && !corrupt_wanted && read.find('0') != std::string::npos;
  if (prunes) map[functions::kWantedFieldsOption] = read;
  const std::string encoded = SourceOptions::Encode(map);
  KernelContext context;
  context.argument_types = {TypeId::kString, TypeId::kString, TypeId::kString};
  context.result_type = scan.data_schema;
  context.constants = {std::nullopt, Value(encoded), std::nullopt};
  context.mode = logical::EvalMode::kLegacy;
  context.time_zone = lowering.time_zone();
  context.deterministic = false;  // else DuckDB would call it in the condition and again for the columns
  FS_TRY(const std::string call,
         lowering.CallKernel(functions::kReadCsvRecord, {"line", QuoteText(encoded), "filename"}, std::move(context)));
  FS_TRY(const std::string lines, CsvLinesSql(scan.files, options, lowering.precise_errors()));
  ScanSource source;
  source.from = "(SELECT " + call + " AS record, file_index FROM " + lines + ")";
  if (ParseModeOf(options) == ParseMode::kDropMalformed) source.conditions.emplace_back("record IS NOT NULL");
  if (corrupt_wanted && std::ranges::count(wanted, true) == 1) {
    source.columns.assign(
        fields.size(),
        lowering.Fail(Error::Condition("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN"), TypeId::kString));
    return source;
  }
  for (const std::string& name : functions::DuckFieldNames(scan.data_schema))
    source.columns.push_back("struct_extract(record, " + QuoteText(name) + ")");
  return source;
}

/// LineLayout::quotes.
std::string QuotesOf(const functions::CsvDialect& dialect) {
  const auto first = [](const std::string& text) { return text.empty() || text[0] == '\0' ? "" : text.substr(0, 1); };
  return Cat(first(dialect.quote), '\x1F', first(dialect.escape), '\x1F', dialect.separator);
}

}  // namespace

Result<std::string> CsvReaderSql(const logical::Scan& scan) {
  const SourceOptions options(scan.options);
  auto quoted = [&](const char* key, const std::string& otherwise) {
    std::string text = options.Text(key, otherwise);
    if (text == std::string_view("\0", 1)) text.clear();
    return QuoteText(text);
  };
  const std::string separator = options.Text("sep", options.Text("delimiter", ","));
  FS_TRY(std::string encoding, EncodingOf(options));
  std::string sql = "read_csv(" + FileArray(scan.files) + ", auto_detect = false, columns = {";
  for (size_t i = 0; i < scan.data_schema.fields().size(); ++i) {
    sql += (i > 0 ? ", 'f" : "'f") + std::to_string(i) + "': 'VARCHAR'";
  }
  sql += std::string("}, header = ") + (options.Flag("header", false) ? "true" : "false");
  sql += ", delim = " + QuoteText(separator == "\\t" ? "\t" : separator);
  sql += ", quote = " + quoted("quote", "\"") + ", escape = " + quoted("escape", "\\");
  if (auto comment = options.Find("comment"); comment && !comment->empty()) sql += ", comment = " + QuoteText(*comment);
  // An empty field is null; so is a quoted empty one, unless nullValue or emptyValue say that it is something else.
  const bool empty_is_text = !options.Text("nullvalue", "").empty() || !options.Text("emptyvalue", "").empty();
  sql += std::string(", nullstr = '', allow_quoted_nulls = ") + (empty_is_text ? "false" : "true");
  sql += ", encoding = " + QuoteText(encoding);
  switch (ParseModeOf(options)) {
    case ParseMode::kPermissive:
      return sql + ", null_padding = true, strict_mode = false)";
    case ParseMode::kDropMalformed:
      return sql + ", ignore_errors = true)";
    case ParseMode::kFailFast:
      return sql + ")";
  }
  return sql;
}

Result<std::string> EncodingOf(const SourceOptions& options) {
  const std::string name = options.Text("encoding", options.Text("charset", "UTF-8"));
  const std::string upper = Upper(name);
  if (upper == "UTF-8" || upper == "UTF8" || upper == "US-ASCII") return std::string("utf-8");
  if (upper == "ISO-8859-1" || upper == "LATIN1") return std::string("latin-1");
  if (upper == "UTF-16" || upper == "UTF-16LE") return std::string("utf-16");
  if (functions::FindCharset(name)) return Error::Unsupported("the encoding " + name);
  return Error::Condition("INVALID_PARAMETER_VALUE.CHARSET",
                          {{"functionName", "`CSVOptions`"},
                           {"parameter", "`charset`"},
                           {"charset", name},
                           {"charsets", "iso-8859-1, us-ascii, utf-16, utf-16be, utf-16le, utf-32, utf-8"}})
      .As(ErrorClass::kIllegalArgument);
}

bool ReadsCsvByLines(const std::vector<std::string>& files, const SourceOptions& options) {
  // DuckDB takes comments behind fields for such, too.
  return options.Flag("multiline", false) || ParseModeOf(options) != ParseMode::kPermissive ||
         !options.Text("comment", "").empty() || !options.Text("linesep", "").empty() || !LinesAreRegular(files) ||
         !FieldsAreRegular(files, functions::CsvDialect::ForReading(options));
}

Result<std::string> CsvLinesSql(const std::vector<std::string>& files, const SourceOptions& options, bool any) {
  FS_TRY(std::string encoding, EncodingOf(options));
  std::string sql =
      "(SELECT line, filename, file_index FROM " +
      LinesOf(files,
              {.encoding = std::move(encoding),
               .separator = options.Text("linesep", ""),
               .comment = options.Text("comment", ""),
               .header = options.Flag("header", false),
               .quotes = options.Flag("multiline", false) ? QuotesOf(functions::CsvDialect::ForReading(options)) : "",
               .any = any}) +
      (options.Flag("multiline", false) ? " WHERE line <> ''" : R"( WHERE regexp_matches(line, '[^\x00-\x20]'))");
  if (auto comment = options.Find("comment"); comment && !comment->empty())
    sql += " AND NOT starts_with(line, " + QuoteText(*comment) + ")";
  return sql + ")";
}

Result<ScanSource> CsvSource(const logical::Scan& scan, const std::vector<bool>& wanted,
                             functions::Lowering& lowering) {
  const SourceOptions options(scan.options);
  FS_CHECK(options.Refuse({{"chartoescapequoteescaping", ""}, {"singlevariantcolumn", ""}, {"locale", "en-US"}}));
  const auto& fields = scan.data_schema.fields();
  ScanSource source;
  if (fields.empty()) {  // nothing was found to read
    source.from = "range(0)";
    return source;
  }
  bool has_corrupt = false;  // it is no column of the files: what stands behind it would shift
  for (const StructField& field : fields) {
    has_corrupt |= IsCorruptColumn(field, options);
    if (field.type.IsNested() || field.type.Is(TypeId::kVariant) || field.type.Is(TypeId::kCalendarInterval) ||
        field.type.IsAnsiInterval() || field.type.Is(TypeId::kUdt)) {
      return Error::Condition("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                              {{"format", "CSV"},
                               {"columnName", QuoteIdentifier(field.name)},
                               {"columnType", "\"" + functions::DuckType(field.type) + "\""}});
    }
  }
  if (has_corrupt || lowering.precise_errors() || ReadsCsvByLines(scan.files, options))
    return LinesSource(scan, wanted, options, lowering);
  const ParseMode mode = ParseModeOf(options);
  FS_TRY(source.from, CsvReaderSql(scan));
  // Empty lines do not count; with one column they look like a null.
  if (fields.size() == 1) source.conditions.push_back("f0 IS NOT NULL");

  const std::string encoded = functions::CsvFormats(options, lowering.time_zone()).Encode();
  const bool trim_left = options.Flag("ignoreleadingwhitespace", false);
  const bool trim_right = options.Flag("ignoretrailingwhitespace", false);

  for (size_t i = 0; i < fields.size(); ++i) {
    const DataType& type = fields[i].type;
    if (!wanted[i] && mode == ParseMode::kPermissive) {
      source.columns.emplace_back();
      continue;
    }
    std::string text = "f" + std::to_string(i);
    if (trim_left) text = "ltrim(" + text + ")";
    if (trim_right) text = "rtrim(" + text + ")";
    if (auto empty = options.Find("emptyvalue"); empty && !empty->empty()) {
      text = "CASE WHEN " + text + " = '' THEN " + QuoteText(*empty) + " ELSE " + text + " END";
    }
    if (auto null = options.Find("nullvalue"); null && !null->empty())
      text = "nullif(" + text + ", " + QuoteText(*null) + ")";
    if (type.Is(TypeId::kString)) {
      source.columns.push_back(text);
      continue;
    }
    KernelContext context;
    context.argument_types = {TypeId::kString, TypeId::kString};
    context.result_type = type;
    context.constants = {std::nullopt, Value(encoded)};
    context.mode = mode == ParseMode::kFailFast ? logical::EvalMode::kAnsi : logical::EvalMode::kLegacy;
    context.time_zone = lowering.time_zone();
    FS_TRY(std::string call, lowering.CallKernel(kReadField, {text, QuoteText(encoded)}, std::move(context)));
    if (mode == ParseMode::kDropMalformed)
      source.conditions.push_back("(" + text + " IS NULL OR " + call + " IS NOT NULL)");
    source.columns.push_back(std::move(call));
  }
  return source;
}

}  // namespace firesteel::physical
