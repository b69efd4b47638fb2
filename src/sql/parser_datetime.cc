// Typed literals (DATE '2020-01-01', X'1F') and INTERVAL literals.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

using unresolved::Literal;

// Units of INTERVAL 1 DAY 2 HOURS, singular.
std::string_view IntervalUnit(Tok kind) {
  switch (kind) {  // default: no unit
    case Tok::kNanosecond:
    case Tok::kNanoseconds: return "nanosecond";
    case Tok::kMicrosecond:
    case Tok::kMicroseconds: return "microsecond";
    case Tok::kMillisecond:
    case Tok::kMilliseconds: return "millisecond";
    case Tok::kSecond:
    case Tok::kSeconds: return "second";
    case Tok::kMinute:
    case Tok::kMinutes: return "minute";
    case Tok::kHour:
    case Tok::kHours: return "hour";
    case Tok::kDay:
    case Tok::kDays: return "day";
    case Tok::kWeek:
    case Tok::kWeeks: return "week";
    case Tok::kMonth:
    case Tok::kMonths: return "month";
    case Tok::kYear:
    case Tok::kYears: return "year";
    default: return {};
  }
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

// INTERVAL is a name too: a value and its unit must follow.
bool Parser::StartsIntervalAt(size_t index) const {
  size_t at = index + 1;
  if (KindAt(at) == Tok::kPlus || KindAt(at) == Tok::kMinus) ++at;
  if (KindAt(at) == Tok::kIntegerValue || KindAt(at) == Tok::kDecimalValue) {
    return !IntervalUnit(KindAt(at + 1)).empty();
  }
  if (!StartsStringAt(at)) return false;
  while (StartsStringAt(at)) ++at;
  return !IntervalUnit(KindAt(at)).empty();
}

// literalType 'text'
Result<ExprPtr> Parser::TypedLiteral() {
  size_t first = pos_;
  Tok kind = Kind();
  std::string name = Upper(Text(pos_++));
  // One string only: those that follow belong to no literal.
  std::string text = UnescapedString(pos_++);
  if (kind == Tok::kHex) {
    std::string bytes;
    std::string digits = (text.size() % 2 != 0 ? "0" : "") + text;
    for (size_t i = 0; i + 1 < digits.size(); i += 2) {
      int high = HexDigit(digits[i]), low = HexDigit(digits[i + 1]);
      if (high < 0 || low < 0) {
        Defer(InvalidTypedLiteral("X", text, first));
        break;
      }
      bytes += static_cast<char>(high * 16 + low);
    }
    return Make(Literal{TypeId::kBinary, Value(std::move(bytes))}, first);
  }
  unresolved::Cast cast;
  cast.mode = unresolved::EvalMode::kAnsi;
  switch (kind) {  // default: no type of literals
    case Tok::kDate: cast.type = TypeId::kDate; break;
    case Tok::kTime: cast.type = DataType::Time(6); break;
    case Tok::kTimestamp: cast.type = options_.timestamp_ntz ? TypeId::kTimestampNtz : TypeId::kTimestamp; break;
    case Tok::kTimestampLtz: cast.type = TypeId::kTimestamp; break;
    case Tok::kTimestampNtz: cast.type = TypeId::kTimestampNtz; break;
    case Tok::kInterval: cast.type = TypeId::kCalendarInterval; break;
    default:
      Defer(ConditionAt("UNSUPPORTED_TYPED_LITERAL",
                        {{"unsupportedType", InDoubleQuotes(name)},
                         {"supportedTypes",
                          "\"DATE\", \"TIMESTAMP_NTZ\", \"TIMESTAMP_LTZ\", \"TIMESTAMP\", \"INTERVAL\", \"X\", \"TIME\""}},
                        first));
      return Make(Literal{TypeId::kNull, Value()}, first);
  }
  cast.child = StringValue(std::move(text), first + 1);
  return Make(std::move(cast), first);
}

Error Parser::InvalidTypedLiteral(std::string_view type, std::string_view text, size_t first) const {
  return ConditionAt("INVALID_TYPED_LITERAL",
                     {{"valueType", InDoubleQuotes(type)}, {"value", "'" + std::string(text) + "'"}}, first);
}

// INTERVAL 1 DAY 2 HOURS, INTERVAL '1-2' YEAR TO MONTH
Result<ExprPtr> Parser::Interval() {
  size_t first = pos_++;
  int64_t months = 0, micros = 0;
  bool year_month = false, day_time = false;
  uint8_t low = 9, high = 0;
  do {
    bool negative = Is(Tok::kMinus);
    if (!Accept(Tok::kMinus)) Accept(Tok::kPlus);
    std::string text;
    if (StartsStringAt(pos_)) {
      FS_TRY(text, String());
    } else {
      text = std::string(Text(pos_++));
    }
    std::string_view unit = IntervalUnit(Kind());
    ++pos_;
    if (Is(Tok::kTo)) return Error::Unsupported("INTERVAL … TO …", OriginFrom(first));
    double number = std::strtod(text.c_str(), nullptr) * (negative ? -1 : 1);
    auto field = [&](uint8_t index) {
      low = std::min(low, index);
      high = std::max(high, index);
    };
    if (unit == "year" || unit == "month") {
      year_month = true;
      field(unit == "year" ? 0 : 1);
      months += static_cast<int64_t>(number) * (unit == "year" ? 12 : 1);
      continue;
    }
    day_time = true;
    double micros_per_unit = 1;
    uint8_t index = 3;
    if (unit == "week") micros_per_unit = 7 * 86400e6, index = 0;
    if (unit == "day") micros_per_unit = 86400e6, index = 0;
    if (unit == "hour") micros_per_unit = 3600e6, index = 1;
    if (unit == "minute") micros_per_unit = 60e6, index = 2;
    if (unit == "second") micros_per_unit = 1e6;
    if (unit == "millisecond") micros_per_unit = 1e3;
    field(index);
    micros += std::llround(number * micros_per_unit);
  } while (IsAny(Tok::kPlus, Tok::kMinus, Tok::kIntegerValue, Tok::kDecimalValue) || StartsStringAt(pos_));
  if (year_month && day_time) {
    return ConditionAt("_LEGACY_ERROR_TEMP_0029", {{"literal", std::string(TextFrom(first))}}, first);
  }
  if (year_month) return Make(Literal{DataType::YearMonth(low, high), Value(months)}, first);
  return Make(Literal{DataType::DayTime(low, high), Value(micros)}, first);
}

}  // namespace firesteel::sql
