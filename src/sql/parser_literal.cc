// Literals: strings, numbers and parameters. Typed literals and intervals are in parser_datetime.cc.
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/text.h"
#include "sql/parser_state.h"
#include "sql/string_text.h"

namespace firesteel::sql {
namespace {

using unresolved::Literal;

constexpr int64_t kExponentMax = 1'000'000'000;  // beyond any decimal

// Digits of a decimal literal: "12.30E2" is 1230 with scale 0.
struct DecimalDigits {
  std::string digits;  // without leading zeros, at least one
  int64_t scale = 0;
  bool negative = false;

  size_t Precision() const { return digits.size(); }
};

// `text` is digits with at most one point and one exponent, as the lexer cut it.
DecimalDigits ReadDecimal(std::string_view text, bool negative) {
  DecimalDigits decimal;
  decimal.negative = negative;
  bool after_point = false;
  size_t i = 0;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') {
      after_point = true;
      continue;
    }
    decimal.scale += after_point;
    if (text[i] != '0' || !decimal.digits.empty()) decimal.digits += text[i];
  }
  if (decimal.digits.empty()) decimal.digits = "0";
  if (i < text.size()) {
    int64_t exponent = 0;
    std::string_view rest = text.substr(i + 1);
    if (!rest.empty() && rest[0] == '+') rest.remove_prefix(1);
    auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
    if (error != std::errc()) exponent = !rest.empty() && rest[0] == '-' ? -kExponentMax : kExponentMax;
    decimal.scale -= exponent;
  }
  return decimal;
}

}  // namespace

bool Parser::StartsStringAt(size_t index) const {
  Tok kind = KindAt(index);
  if (kind == Tok::kStringLiteral) return true;
  return kind == Tok::kDoubleQuoted && !(options_.ansi && options_.double_quoted_identifiers);
}

std::string Parser::UnescapedString(size_t index) const {
  return UnescapeString(Text(index), options_.escaped_string_literals);
}

// Strings that follow each other are one.
Result<std::string> Parser::String() {
  if (!StartsStringAt(pos_)) return Syntax();
  std::string text = UnescapedString(pos_++);
  while (StartsStringAt(pos_)) text += UnescapedString(pos_++);
  return text;
}

bool Parser::StartsNumberAt(size_t index) const {
  Tok kind = KindAt(index);
  return kind >= Tok::kBigIntLiteral && kind <= Tok::kBigDecimalLiteral;
}

Result<int64_t> Parser::Integer() {
  if (!Is(Tok::kIntegerValue)) return Syntax();
  size_t first = pos_;
  std::string_view text = Text(pos_++);
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value > std::numeric_limits<int32_t>::max()) {
    // Java's Integer.parseInt inside of Spark's parser.
    return ConditionAt("PARSE_SYNTAX_ERROR", {{"error", "'" + std::string(text) + "'"}, {"hint", ""}}, first);
  }
  return value;
}

namespace {

struct Range {
  std::string_view type, low, high;
};

constexpr Range kTinyInt = {"tinyint", "-128", "127"};
constexpr Range kSmallInt = {"smallint", "-32768", "32767"};
constexpr Range kBigInt = {"bigint", "-9223372036854775808", "9223372036854775807"};
constexpr Range kFloatRange = {"float", "-3.4028234663852886E+38", "3.4028234663852886E+38"};
constexpr Range kDoubleRange = {"double", "-1.7976931348623157E+308", "1.7976931348623157E+308"};

bool ReadInteger(std::string_view digits, bool negative, int64_t* value) {
  std::string signed_text = (negative ? "-" : "") + std::string(digits);
  auto [end, error] = std::from_chars(signed_text.data(), signed_text.data() + signed_text.size(), *value);
  return error == std::errc();
}

}  // namespace

Result<ExprPtr> Parser::Number() {
  size_t first = pos_;
  bool negative = Accept(Tok::kMinus);
  Tok kind = Kind();
  std::string_view text = Text(pos_++);
  std::string sign = negative ? "-" : "";

  auto out_of_range = [&](std::string_view written, const Range& range) {
    return ConditionAt("INVALID_NUMERIC_LITERAL_RANGE",
                       {{"rawStrippedQualifier", sign + std::string(written)},
                        {"minValue", std::string(range.low)},
                        {"maxValue", std::string(range.high)},
                        {"typeName", std::string(range.type)}},
                       first);
  };
  auto integer = [&](const Range& range, DataType type, int64_t low, int64_t high) -> ExprPtr {
    std::string_view digits = text.substr(0, text.size() - 1);
    int64_t value = 0;
    if (!ReadInteger(digits, negative, &value) || value < low || value > high) {
      Defer(out_of_range(digits, range));
      value = 0;
    }
    return Make(Literal{std::move(type), Value(value)}, first);
  };
  auto floating = [&](std::string_view digits, const Range& range, TypeId type) -> ExprPtr {
    std::string number = sign + std::string(digits);
    if (type == TypeId::kFloat) {
      double wide = std::strtod(number.c_str(), nullptr);
      if (!std::isfinite(wide) || std::abs(wide) > std::numeric_limits<float>::max()) {
        Defer(out_of_range(digits, range));
        wide = 0;
      }
      return Make(Literal{type, Value(std::strtof(number.c_str(), nullptr))}, first);
    }
    double value = std::strtod(number.c_str(), nullptr);
    if (!std::isfinite(value)) {
      Defer(out_of_range(digits, range));
      value = 0;
    }
    return Make(Literal{type, Value(value)}, first);
  };
  auto decimal = [&](std::string_view written) -> ExprPtr {
    DecimalDigits digits = ReadDecimal(written, negative);
    if (digits.scale < 0 && digits.scale >= -kDecimalPrecisionMax) {
      if (digits.digits != "0") digits.digits.append(static_cast<size_t>(-digits.scale), '0');
      digits.scale = 0;
    }
    int64_t precision = std::max<int64_t>(static_cast<int64_t>(digits.Precision()), digits.scale);
    if (precision > kDecimalPrecisionMax || digits.scale < 0) {
      if (digits.scale < 0) precision -= digits.scale;
      const Error::Parameters parameters{{"precision", std::to_string(precision)},
                                         {"maxPrecision", std::to_string(kDecimalPrecisionMax)}};
      const Error error = Error::Condition("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", parameters);
      // Only the literals with a suffix know where they stand.
      Defer(kind == Tok::kBigDecimalLiteral ? error.At(OriginFrom(first)).As(ErrorClass::kParse)
                                            : error.As(ErrorClass::kArithmetic));
      return Make(Literal{DataType::Decimal(1, 0), Value(int128_t{0})}, first);
    }
    int128_t unscaled = 0;
    for (char c : digits.digits) unscaled = unscaled * 10 + (c - '0');
    if (negative) unscaled = -unscaled;
    return Make(
        Literal{DataType::Decimal(static_cast<int>(precision), static_cast<int>(digits.scale)), Value(unscaled)},
        first);
  };

  switch (kind) {  // default: not a number
    case Tok::kIntegerValue: {
      int64_t value = 0;
      if (!ReadInteger(text, negative, &value)) return decimal(text);
      bool fits = value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
      return Make(Literal{fits ? TypeId::kInteger : TypeId::kLong, Value(value)}, first);
    }
    case Tok::kBigIntLiteral:
      return integer(kBigInt, TypeId::kLong, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
    case Tok::kSmallIntLiteral:
      return integer(kSmallInt, TypeId::kShort, -32768, 32767);
    case Tok::kTinyIntLiteral:
      return integer(kTinyInt, TypeId::kByte, -128, 127);
    case Tok::kDecimalValue:
      return decimal(text);
    case Tok::kExponentValue:
      if (options_.legacy_exponent_as_decimal) return decimal(text);
      return floating(text, kDoubleRange, TypeId::kDouble);
    case Tok::kFloatLiteral:
      return floating(text.substr(0, text.size() - 1), kFloatRange, TypeId::kFloat);
    case Tok::kDoubleLiteral:
      return floating(text.substr(0, text.size() - 1), kDoubleRange, TypeId::kDouble);
    case Tok::kBigDecimalLiteral:
      return decimal(text.substr(0, text.size() - 2));
    default:
      --pos_;
      return Syntax();
  }
}

// ? and :name
ExprPtr Parser::Parameter() {
  size_t first = pos_;
  if (Accept(Tok::kQuestion)) return Make(unresolved::Parameter{{}, parameter_count_++}, first);
  pos_ += 2;
  named_parameters_ = true;
  return Make(unresolved::Parameter{IdentifierText(pos_ - 1), -1}, first);
}

// To Spark's parser a parameter is the text of its value: strings and parameters that follow a string go on with it.
Result<ExprPtr> Parser::ParameterText() {
  const size_t first = pos_;
  std::vector<ExprPtr> parts = {Parameter()};
  while (StartsStringAt(pos_)) {
    const size_t at = pos_;
    FS_TRY(std::string text, String());
    parts.push_back(Make(Literal{TypeId::kString, Value(std::move(text))}, at));
    if (Is(Tok::kQuestion) || (Is(Tok::kColon) && IsIdentifierAt(pos_ + 1))) parts.push_back(Parameter());
  }
  if (parts.size() == 1) return parts[0];
  return Call("concat", std::move(parts), first);
}

}  // namespace firesteel::sql
