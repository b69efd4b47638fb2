// The types of CSV fields.
#include "functions/csv_infer.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "types/coercion.h"

namespace firesteel::functions {

TextValues::Formats CsvFormats(const SourceOptions& options, const std::string& time_zone) {
  TextValues::Formats formats;
  formats.date = options.Text("dateformat", "");
  formats.timestamp = options.Text("timestampformat", "");
  formats.timestamp_ntz = options.Text("timestampntzformat", "");
  formats.time_zone = options.Text("timezone", time_zone);
  formats.infer_ntz = options.Flag(kTimestampNtzOption, false);
  formats.nan = options.Text("nanvalue", "NaN");
  formats.positive_infinity = options.Text("positiveinf", "Inf");
  formats.negative_infinity = options.Text("negativeinf", "-Inf");
  return formats;
}

CsvFieldTypes::CsvFieldTypes(const TextValues& values, const SourceOptions& options)
    : values_(values),
      prefer_date_(options.Flag("preferdate", options.Flag("prefersdate", true))),
      null_value_(options.Text("nullvalue", "")) {}

DataType CsvFieldTypes::Next(const DataType& so_far, std::string_view text) const {
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

DataType CsvFieldTypes::Try(const DataType& so_far, std::string_view text) const {
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
      return Timestamp(text);
    case TypeId::kTimestamp:
      return values_.Timestamp(text) ? DataType(TypeId::kTimestamp) : Boolean(text);
    case TypeId::kBoolean:
      return Boolean(text);
    default:  // no other type is ever inferred
      return TypeId::kString;
  }
}

DataType CsvFieldTypes::Integer(std::string_view text) const {
  int32_t value;
  return ParseJavaInteger(text, value) ? DataType(TypeId::kInteger) : Long(text);
}

DataType CsvFieldTypes::Long(std::string_view text) const {
  int64_t value;
  return ParseJavaInteger(text, value) ? DataType(TypeId::kLong) : Decimal(text);
}

DataType CsvFieldTypes::Decimal(std::string_view text) const {
  std::string_view digits = text;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) digits.remove_prefix(1);
  const bool whole =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  if (whole && digits.size() <= kDecimalPrecisionMax) return DataType::Decimal(static_cast<int>(digits.size()), 0);
  return Double(text);
}

DataType CsvFieldTypes::Double(std::string_view text) const {
  if (values_.Double(text)) return TypeId::kDouble;
  return prefer_date_ ? Date(text) : Timestamp(text);
}

DataType CsvFieldTypes::Date(std::string_view text) const {
  // Reading a date would take a time after it; that is a timestamp here.
  const bool bare = values_.has_date_format() || text.find_first_of(" T") == std::string_view::npos;
  return bare && values_.IsDate(text) ? DataType(TypeId::kDate) : Timestamp(text);
}

DataType CsvFieldTypes::Timestamp(std::string_view text) const {
  const auto type = values_.TimestampType(text);
  return type ? DataType(*type) : Boolean(text);
}

DataType CsvFieldTypes::Boolean(std::string_view text) const {
  return EqualsIgnoreCase(text, "true") || EqualsIgnoreCase(text, "false") ? TypeId::kBoolean : TypeId::kString;
}

std::vector<std::string> CsvColumnNames(const std::vector<std::string>& cells, const SourceOptions& options) {
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

}  // namespace firesteel::functions
