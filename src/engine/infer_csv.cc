// The schema of CSV files: Spark's CSVInferSchema and the names that CSVUtils.makeSafeHeader gives.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "engine/source_schemas.h"
#include "functions/text_values.h"
#include "physical/scan_formats.h"
#include "types/coercion.h"

namespace firesteel::engine {
namespace {

using functions::ParseJavaInteger;
using functions::SourceOptions;
using functions::TextValues;

struct Dialect {
  std::string separator, quote, escape, comment;
};

Dialect DialectOf(const SourceOptions& options) {
  Dialect dialect{options.Text("sep", options.Text("delimiter", ",")), options.Text("quote", "\""),
                  options.Text("escape", "\\"), options.Text("comment", "")};
  if (dialect.separator == "\\t") dialect.separator = "\t";
  return dialect;
}

std::vector<std::string> SplitLine(std::string_view line, const Dialect& dialect) {
  std::vector<std::string> fields(1);
  const char quote = dialect.quote.empty() ? '\0' : dialect.quote[0];
  const char escape = dialect.escape.empty() ? '\0' : dialect.escape[0];
  bool quoted = false, at_start = true;
  for (size_t i = 0; i < line.size(); ++i) {
    if (quoted) {
      if ((line[i] == escape || line[i] == quote) && i + 1 < line.size() && line[i + 1] == quote) {
        fields.back() += line[++i];
      } else if (line[i] == quote) {
        quoted = false;
      } else {
        fields.back() += line[i];
      }
    } else if (!dialect.separator.empty() && line.substr(i, dialect.separator.size()) == dialect.separator) {
      fields.emplace_back();
      at_start = true;
      i += dialect.separator.size() - 1;
      continue;
    } else if (quote != '\0' && at_start && line[i] == quote) {
      quoted = true;
    } else {
      fields.back() += line[i];
    }
    at_start = false;
  }
  return fields;
}

std::vector<std::string> ColumnNames(const std::vector<std::string>& cells, const SourceOptions& options) {
  std::vector<std::string> names;
  if (!options.Flag("header", false)) {
    for (size_t i = 0; i < cells.size(); ++i) names.push_back("_c" + std::to_string(i));
    return names;
  }
  std::map<std::string, int> counts;
  for (const std::string& cell : cells) ++counts[Lower(cell)];
  const std::string null_value = options.Text("nullvalue", "");
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty() || cells[i] == null_value)
      names.push_back("_c" + std::to_string(i));
    else if (counts[Lower(cells[i])] > 1)
      names.push_back(cells[i] + std::to_string(i));
    else
      names.push_back(cells[i]);
  }
  return names;
}

class FieldTypes {
 public:
  FieldTypes(const TextValues& values, const SourceOptions& options)
      : values_(values),
        prefer_date_(options.Flag("preferdate", options.Flag("prefersdate", true))),
        null_value_(options.Text("nullvalue", "")) {}

  DataType Next(const DataType& so_far, std::string_view text) const {
    if (text.empty() || text == null_value_ || so_far.Is(TypeId::kString)) return so_far;
    const DataType one = Try(so_far, text);
    if (so_far.Is(TypeId::kNull) || one == so_far) return one;
    // Texts that were dates so far may turn out to be timestamps; otherwise only numbers widen.
    if (so_far.IsDateOrTimestamp() && one.IsDateOrTimestamp()) {
      if (so_far.Is(TypeId::kDate) || one.Is(TypeId::kDate)) {
        return so_far.Is(TypeId::kDate) ? one : so_far;
      }
      return TypeId::kTimestamp;
    }
    if (so_far.IsNumeric() && one.IsNumeric()) {
      if (so_far.Is(TypeId::kDouble) || one.Is(TypeId::kDouble)) return TypeId::kDouble;
      Settings legacy;
      legacy.ansi = false;
      if (auto wider = WiderType(so_far, one, legacy)) return *wider;
    }
    return TypeId::kString;
  }

 private:
  DataType Try(const DataType& so_far, std::string_view text) const {
    switch (so_far.id()) {
      case TypeId::kNull:
      case TypeId::kInteger:
        return Integer(text);
      case TypeId::kLong:
        return Long(text);
      case TypeId::kDecimal:
        return Decimal(text);
      case TypeId::kDouble:
        return Double(text);
      case TypeId::kDate:
        return Date(text);
      case TypeId::kTimestampNtz:
        return TimestampNtz(text);
      case TypeId::kTimestamp:
        return Timestamp(text);
      case TypeId::kBoolean:
        return Boolean(text);
      default:  // no other type is ever inferred
        return TypeId::kString;
    }
  }
  DataType Integer(std::string_view text) const {
    int32_t value;
    return ParseJavaInteger(text, value) ? DataType(TypeId::kInteger) : Long(text);
  }
  DataType Long(std::string_view text) const {
    int64_t value;
    return ParseJavaInteger(text, value) ? DataType(TypeId::kLong) : Decimal(text);
  }
  DataType Decimal(std::string_view text) const {
    std::string_view digits = text;
    if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) digits.remove_prefix(1);
    const bool whole =
        !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
    if (whole && digits.size() <= kDecimalPrecisionMax) return DataType::Decimal(static_cast<int>(digits.size()), 0);
    return Double(text);
  }
  DataType Double(std::string_view text) const {
    if (values_.Double(text)) return TypeId::kDouble;
    return prefer_date_ ? Date(text) : TimestampNtz(text);
  }
  DataType Date(std::string_view text) const {
    // Reading a date would take a time after it; that is a timestamp here.
    const bool bare = values_.has_date_format() || text.find_first_of(" T") == std::string_view::npos;
    return bare && values_.IsDate(text) ? DataType(TypeId::kDate) : TimestampNtz(text);
  }
  DataType TimestampNtz(std::string_view text) const { return Timestamp(text); }
  DataType Timestamp(std::string_view text) const {
    return values_.Timestamp(text) ? DataType(TypeId::kTimestamp) : Boolean(text);
  }
  DataType Boolean(std::string_view text) const {
    return EqualsIgnoreCase(text, "true") || EqualsIgnoreCase(text, "false") ? TypeId::kBoolean : TypeId::kString;
  }

  const TextValues& values_;
  const bool prefer_date_;
  const std::string null_value_;
};

}  // namespace

Result<DataType> InferCsv(const StartQuery& start, const std::vector<std::string>& files,
                          const std::map<std::string, std::string>& raw_options) {
  const SourceOptions options(raw_options);
  FS_CHECK(options.Refuse({{"samplingratio", "1.0"}, {"singlevariantcolumn", ""}}));
  const Dialect dialect = DialectOf(options);
  std::optional<std::vector<std::string>> first;
  for (size_t i = 0; i < files.size() && !first; ++i) {
    FS_CHECK(ForEachRow(start, "SELECT line FROM " + physical::LinesOf({files[i]}) + " WHERE line IS NOT NULL", 1,
                        [&](const TextRow& row) -> Result<bool> {
                          std::string_view line = *row[0];
                          if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
                          if (TrimControls(line).empty()) return true;
                          if (!dialect.comment.empty() && line.starts_with(dialect.comment)) return true;
                          first = SplitLine(line, dialect);
                          return false;
                        }));
  }
  if (!first) return DataType::Struct({});
  const std::vector<std::string> names = ColumnNames(*first, options);
  std::vector<StructField> fields;
  for (const std::string& name : names) fields.push_back({name, TypeId::kString, true, "{}"});
  if (!options.Flag("inferschema", false)) return DataType::Struct(std::move(fields));

  TextValues::Formats formats;
  formats.date = options.Text("dateformat", "");
  formats.timestamp = options.Text("timestampformat", "");
  formats.time_zone = options.Text("timezone", "UTC");
  formats.nan = options.Text("nanvalue", "NaN");
  formats.positive_infinity = options.Text("positiveinf", "Inf");
  formats.negative_infinity = options.Text("negativeinf", "-Inf");
  FS_TRY(std::shared_ptr<const TextValues> values, TextValues::Make(formats));
  const FieldTypes types(*values, options);

  logical::Scan scan;
  scan.format = "csv";
  scan.files = files;
  scan.options = raw_options;
  scan.options.erase("nullvalue");
  scan.options.erase("emptyvalue");
  scan.data_schema = DataType::Struct(fields);
  FS_TRY(std::string reader, physical::CsvReaderSql(scan));
  std::string sql = "SELECT ";
  for (size_t i = 0; i < fields.size(); ++i) sql += (i > 0 ? ", f" : "f") + std::to_string(i);
  std::vector<DataType> so_far(fields.size());
  FS_CHECK(ForEachRow(start, sql + " FROM " + reader, fields.size(), [&](const TextRow& row) -> Result<bool> {
    for (size_t i = 0; i < row.size(); ++i) {
      if (row[i]) so_far[i] = types.Next(so_far[i], *row[i]);
    }
    return true;
  }));
  for (size_t i = 0; i < fields.size(); ++i)
    fields[i].type = so_far[i].Is(TypeId::kNull) ? DataType(TypeId::kString) : so_far[i];
  return DataType::Struct(std::move(fields));
}

}  // namespace firesteel::engine
