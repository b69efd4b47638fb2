// Errors of casts.
#include "functions/cast_errors.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "types/number_text.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

constexpr std::string_view kAnsiConfig = "\"spark.sql.ansi.enabled\"";

std::string QuotedSql(std::string_view text) {
  std::string sql = "'";
  for (char c : text) {
    if (c == '\\' || c == '\'') sql += '\\';
    sql += c;
  }
  return sql + "'";
}

}  // namespace

std::string ErrorValue(const Value& value, const DataType& type, std::string_view time_zone) {
  if (const auto* d = std::get_if<double>(&value.data); d != nullptr && !std::isfinite(*d)) return DoubleText(*d);
  if (const auto* f = std::get_if<float>(&value.data); f != nullptr) return FloatText(*f);
  return LiteralSql(value, type, time_zone);
}

Error CastInvalidInput(std::string_view text, const DataType& from, const DataType& to, const Origin& origin) {
  const Error error = Error::Condition("CAST_INVALID_INPUT",
                                       {{"expression", QuotedSql(text)},
                                        {"sourceType", InDoubleQuotes(TypeSql(from))},
                                        {"targetType", InDoubleQuotes(TypeSql(to))},
                                        {"ansiConfig", std::string(kAnsiConfig)}},
                                       origin);
  if (to.IsNumeric()) return error.As(ErrorClass::kNumberFormat);
  if (to.IsDateOrTimestamp() || to.Is(TypeId::kTime)) return error.As(ErrorClass::kDateTime);
  return error.As(ErrorClass::kRuntime);
}

Error CastOverflow(std::string value, const DataType& from, const DataType& to) {
  return Error::Condition("CAST_OVERFLOW", {{"value", std::move(value)},
                                            {"sourceType", InDoubleQuotes(TypeSql(from))},
                                            {"targetType", InDoubleQuotes(TypeSql(to))},
                                            {"ansiConfig", std::string(kAnsiConfig)}})
      .As(ErrorClass::kArithmetic);
}

std::string PlainDecimalText(std::string_view number) {
  bool negative = false;
  if (!number.empty() && (number[0] == '-' || number[0] == '+')) {
    negative = number[0] == '-';
    number.remove_prefix(1);
  }
  const size_t e = number.find_first_of("eE");
  int exponent = 0;
  if (e != std::string_view::npos) {
    const size_t from = e + 1 < number.size() && number[e + 1] == '+' ? e + 2 : e + 1;
    std::from_chars(number.data() + from, number.data() + number.size(), exponent);
    exponent = std::clamp(exponent, -1000, 1000);
  }
  const std::string_view mantissa = number.substr(0, e);
  const size_t point = mantissa.find('.');
  std::string digits(mantissa.substr(0, point));
  int scale = -exponent;
  if (point != std::string_view::npos) {
    digits += mantissa.substr(point + 1);
    scale += static_cast<int>(mantissa.size() - point - 1);
  }
  if (scale < 0) {
    digits.append(static_cast<size_t>(-scale), '0');
    scale = 0;
  }
  digits.erase(0, digits.find_first_not_of('0'));
  const auto fraction = static_cast<size_t>(scale);
  if (digits.size() <= fraction) digits = std::string(fraction + 1 - digits.size(), '0') + digits;
  if (scale > 0) digits.insert(digits.size() - fraction, 1, '.');
  return negative ? "-" + digits : digits;
}

}  // namespace firesteel::functions
