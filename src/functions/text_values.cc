// Values of CSV and JSON files from their text.
#include "functions/text_values.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "types/datetime.h"

namespace firesteel::functions {

template <typename T>
bool ParseJavaInteger(std::string_view text, T& value) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size() && !text.empty();
}
template bool ParseJavaInteger(std::string_view, int8_t&);
template bool ParseJavaInteger(std::string_view, int16_t&);
template bool ParseJavaInteger(std::string_view, int32_t&);
template bool ParseJavaInteger(std::string_view, int64_t&);

namespace {

template <typename T>
bool Store(std::string_view text, OutputVector& out, size_t row) {
  T value;
  if (!ParseJavaInteger(text, value)) return false;
  out.Data<T>()[row] = value;
  return true;
}

// new BigDecimal(text), rounded half up to the scale; false if it does not fit the precision.
bool StoreDecimal(std::string_view text, OutputVector& out, size_t row) {
  const int precision = out.type().precision(), scale = out.type().scale();
  size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++i;
  int128_t unscaled = 0;
  int64_t digits_after = 0;
  bool point = false, any = false;
  std::string digits;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.' && !point) {
      point = true;
      continue;
    }
    if (text[i] == ',' && !point) continue;  // as Spark: replaceAll(",", "")
    if (text[i] < '0' || text[i] > '9') return false;
    any = true;
    if (!digits.empty() || text[i] != '0') digits += text[i];
    digits_after += point;
  }
  if (!any) return false;
  if (i < text.size()) {
    int32_t exponent = 0;
    if (!ParseJavaInteger(text.substr(i + 1), exponent)) return false;
    digits_after -= exponent;
  }
  // value = digits * 10^-digits_after; wanted: digits * 10^(scale - digits_after)
  int64_t shift = scale - digits_after;
  bool round_up = false;
  if (shift < 0) {
    const auto drop = static_cast<uint64_t>(-shift);
    if (drop > digits.size()) {
      digits.clear();
    } else {
      round_up = digits[digits.size() - drop] >= '5';
      digits.resize(digits.size() - drop);
    }
    shift = 0;
  }
  if (digits.empty() && !round_up) shift = 0;
  if (static_cast<int64_t>(digits.size()) + shift > precision) return false;
  for (char c : digits) unscaled = unscaled * 10 + (c - '0');
  for (; shift > 0; --shift) unscaled *= 10;
  unscaled += round_up;
  int128_t limit = 1;
  for (int k = 0; k < precision; ++k) limit *= 10;
  if (unscaled >= limit) return false;
  out.SetDecimal(row, negative ? -unscaled : unscaled);
  return true;
}

}  // namespace

std::string TextValues::Formats::Encode() const {
  return Join({date, timestamp, timestamp_ntz, time_zone, nan, positive_infinity, negative_infinity}, "\x1F");
}

TextValues::Formats TextValues::Formats::Decode(std::string_view text) {
  Formats formats;
  for (std::string* part : {&formats.date, &formats.timestamp, &formats.timestamp_ntz, &formats.time_zone, &formats.nan,
                            &formats.positive_infinity, &formats.negative_infinity}) {
    const size_t end = std::min(text.find('\x1F'), text.size());
    *part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return formats;
}

Result<std::shared_ptr<const TextValues>> TextValues::Make(const Formats& formats) {
  auto values = std::make_shared<TextValues>();
  values->formats_ = formats;
  FS_TRY(values->zone_, FindTimeZone(formats.time_zone));
  if (!formats.date.empty()) {
    FS_TRY(values->date_, DateTimePattern::Compile(formats.date, DateTimePattern::Use::kParse));
  }
  if (!formats.timestamp.empty()) {
    FS_TRY(values->timestamp_, DateTimePattern::Compile(formats.timestamp, DateTimePattern::Use::kParse));
  }
  if (!formats.timestamp_ntz.empty()) {
    FS_TRY(values->timestamp_ntz_, DateTimePattern::Compile(formats.timestamp_ntz, DateTimePattern::Use::kParseNtz));
  }
  return std::shared_ptr<const TextValues>(std::move(values));
}

bool TextValues::IsDate(std::string_view text) const {
  return date_ ? date_->ParseDate(text).has_value() : ParseDate(text).has_value();
}

std::optional<int64_t> TextValues::Timestamp(std::string_view text) const {
  if (timestamp_) return timestamp_->ParseTimestamp(text, *zone_);
  return firesteel::ParseTimestamp(text, *zone_);
}

std::optional<TypeId> TextValues::TimestampType(std::string_view text) const {
  if (formats_.infer_ntz && TimestampNtz(text)) return TypeId::kTimestampNtz;
  return Timestamp(text) ? std::optional(TypeId::kTimestamp) : std::nullopt;
}

std::optional<int64_t> TextValues::TimestampNtz(std::string_view text) const {
  if (timestamp_ntz_) return timestamp_ntz_->ParseTimestampNtz(text, false);
  return firesteel::ParseTimestampNtz(text, false);
}

std::optional<double> TextValues::Double(std::string_view text) const {
  if (text == formats_.nan || text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == formats_.positive_infinity || text == "Infinity" || text == "+Infinity")
    return std::numeric_limits<double>::infinity();
  if (text == formats_.negative_infinity || text == "-Infinity") return -std::numeric_limits<double>::infinity();
  text = TrimControls(text);  // as Double.parseDouble, which takes a suffix too
  if (!text.empty() && std::string_view("dDfF").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const size_t sign = !text.empty() && text[0] == '-';
  if (text.size() <= sign || !((text[sign] >= '0' && text[sign] <= '9') || text[sign] == '.')) return std::nullopt;
  double value = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (failed == std::errc::result_out_of_range)
    value = std::strtod(std::string(text).c_str(), nullptr);  // 0 or infinity
  return value;
}

bool TextValues::Read(std::string_view text, OutputVector& out, size_t row) const {
  switch (out.type().id()) {
    case TypeId::kString:
      out.SetString(row, text);
      return true;
    case TypeId::kBinary:
      out.SetString(row, text);
      return true;
    case TypeId::kByte:
      return Store<int8_t>(text, out, row);
    case TypeId::kShort:
      return Store<int16_t>(text, out, row);
    case TypeId::kInteger:
      return Store<int32_t>(text, out, row);
    case TypeId::kLong:
      return Store<int64_t>(text, out, row);
    case TypeId::kFloat: {
      auto value = Double(text);
      if (value) out.Data<float>()[row] = static_cast<float>(*value);
      return value.has_value();
    }
    case TypeId::kDouble: {
      auto value = Double(text);
      if (value) out.Data<double>()[row] = *value;
      return value.has_value();
    }
    case TypeId::kBoolean:
      out.Data<uint8_t>()[row] = EqualsIgnoreCase(text, "true");
      return EqualsIgnoreCase(text, "true") || EqualsIgnoreCase(text, "false");
    case TypeId::kDecimal:
      return StoreDecimal(text, out, row);
    case TypeId::kDate: {
      auto value = date_ ? date_->ParseDate(text) : ParseDate(text);
      if (value) out.Data<int32_t>()[row] = *value;
      return value.has_value();
    }
    case TypeId::kTimestamp: {
      auto value = Timestamp(text);
      if (value) out.Data<int64_t>()[row] = *value;
      return value.has_value();
    }
    case TypeId::kTimestampNtz: {
      auto value = TimestampNtz(text);
      if (value) out.Data<int64_t>()[row] = *value;
      return value.has_value();
    }
    case TypeId::kTime: {
      auto value = ParseTime(text);
      if (value) out.Data<int64_t>()[row] = *value;
      return value.has_value();
    }
    case TypeId::kNull:
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct:
    case TypeId::kVariant:
    case TypeId::kUdt:
      return false;  // refused when the scan is planned
  }
  return false;
}

}  // namespace firesteel::functions
