// Typed literals: DATE '2020-01-01', TIMESTAMP '…', X'1F'. Intervals are in parser_interval.cc.
#include "base/text.h"
#include "sql/parser_state.h"
#include "types/datetime.h"
#include "types/special_times.h"

namespace firesteel::sql {
namespace {

using unresolved::Literal;

std::optional<std::string> ParseHex(std::string_view text) {
  std::string digits = (text.size() % 2 != 0 ? "0" : "") + std::string(text);
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) {
    int high = HexDigit(digits[i]), low = HexDigit(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::optional<int64_t> Or(std::optional<int64_t> first, std::optional<int64_t> second) {
  return first ? first : second;
}

}  // namespace

Error Parser::InvalidTypedLiteral(std::string_view type, std::string_view text, size_t first) const {
  return ConditionAt("INVALID_TYPED_LITERAL",
                     {{"valueType", InDoubleQuotes(type)}, {"value", "'" + std::string(text) + "'"}}, first);
}

// type 'text'. One string only: those that follow belong to no literal.
Result<ExprPtr> Parser::TypedLiteral() {
  size_t first = pos_;
  Tok kind = Kind();
  std::string name = Upper(Text(pos_++));
  std::string text = UnescapedString(pos_++);
  const TimeZone* zone = FindTimeZoneOrNull(options_.time_zone);
  if (zone == nullptr) zone = Utc();

  DataType type;
  std::optional<int64_t> value;
  switch (kind) {  // default: no type of literals
    case Tok::kHex: {
      auto bytes = ParseHex(text);
      if (!bytes) Defer(InvalidTypedLiteral(name, text, first));
      return Make(Literal{TypeId::kBinary, Value(std::move(bytes).value_or(""))}, first);
    }
    case Tok::kInterval:
      return TypedInterval(text, first);
    case Tok::kDate:
      type = TypeId::kDate;
      value = Or(SpecialDate(text, *zone), ParseDate(text));
      break;
    case Tok::kTime:
      type = DataType::Time(6);
      value = ParseTime(text);
      break;
    case Tok::kTimestamp: {
      bool ntz = options_.timestamp_ntz && (SpecialTimestampNtz(text, *zone) || !HasTimeZone(text));
      type = ntz ? TypeId::kTimestampNtz : TypeId::kTimestamp;
      value = ntz ? Or(SpecialTimestampNtz(text, *zone), ParseTimestampNtz(text, true))
                  : Or(SpecialTimestamp(text, *zone), ParseTimestamp(text, *zone));
      break;
    }
    case Tok::kTimestampLtz:
      type = TypeId::kTimestamp;
      value = Or(SpecialTimestamp(text, *zone), ParseTimestamp(text, *zone));
      break;
    case Tok::kTimestampNtz:
      type = TypeId::kTimestampNtz;
      value = Or(SpecialTimestampNtz(text, *zone), ParseTimestampNtz(text, true));
      break;
    default: {
      constexpr std::string_view kSupported =
          "\"DATE\", \"TIMESTAMP_NTZ\", \"TIMESTAMP_LTZ\", \"TIMESTAMP\", \"INTERVAL\", \"X\", \"TIME\"";
      Defer(ConditionAt("UNSUPPORTED_TYPED_LITERAL",
                        {{"unsupportedType", InDoubleQuotes(name)}, {"supportedTypes", std::string(kSupported)}},
                        first));
      return Make(Literal{TypeId::kNull, Value()}, first);
    }
  }
  if (!value) Defer(InvalidTypedLiteral(name, text, first));
  return Make(Literal{std::move(type), Value(value.value_or(0))}, first);
}

}  // namespace firesteel::sql
