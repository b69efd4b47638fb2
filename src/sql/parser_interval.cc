// INTERVAL literals: with units (1 DAY 2 HOURS), from one unit to another ('1-2' YEAR TO MONTH), as one text.
#include "types/interval_text.h"

#include <algorithm>

#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

using unresolved::Literal;

constexpr int64_t kMicrosPerDay = 86'400'000'000;

// Units of multi-unit intervals, singular.
std::string_view IntervalUnit(Tok kind) {
  switch (kind) {  // default: no unit
    case Tok::kNanosecond:
    case Tok::kNanoseconds:
      return "nanosecond";
    case Tok::kMicrosecond:
    case Tok::kMicroseconds:
      return "microsecond";
    case Tok::kMillisecond:
    case Tok::kMilliseconds:
      return "millisecond";
    case Tok::kSecond:
    case Tok::kSeconds:
      return "second";
    case Tok::kMinute:
    case Tok::kMinutes:
      return "minute";
    case Tok::kHour:
    case Tok::kHours:
      return "hour";
    case Tok::kDay:
    case Tok::kDays:
      return "day";
    case Tok::kWeek:
    case Tok::kWeeks:
      return "week";
    case Tok::kMonth:
    case Tok::kMonths:
      return "month";
    case Tok::kYear:
    case Tok::kYears:
      return "year";
    default:
      return {};
  }
}

bool IsSingularUnit(Tok kind) {
  return kind == Tok::kSecond || kind == Tok::kMinute || kind == Tok::kHour || kind == Tok::kDay ||
         kind == Tok::kMonth || kind == Tok::kYear;
}

// The fields that units stand for, as types number them.
struct FieldRange {
  bool year_month = false, day_time = false;
  uint8_t start = 3, end = 0;

  void Add(std::string_view unit) {
    bool months = unit == "year" || unit == "month";
    (months ? year_month : day_time) = true;
    uint8_t field = 3;  // seconds and their parts
    if (unit == "year" || unit == "day" || unit == "week") field = 0;
    if (unit == "month" || unit == "hour") field = 1;
    if (unit == "minute") field = 2;
    start = std::min(start, field);
    end = std::max(end, field);
  }
};

bool IsWordOfLetters(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

// INTERVAL is a name too: a value and its unit must follow.
bool Parser::StartsIntervalAt(size_t index) const {
  size_t at = index + 1;
  if (KindAt(at) == Tok::kPlus || KindAt(at) == Tok::kMinus) ++at;
  if (KindAt(at) == Tok::kIntegerValue || KindAt(at) == Tok::kDecimalValue) {
    return at == index + 1 || !IntervalUnit(KindAt(at + 1)).empty();
  }
  if (!StartsStringAt(at)) return false;
  while (StartsStringAt(at)) ++at;
  return !IntervalUnit(KindAt(at)).empty();
}

// A value of months or of microseconds. Both kinds of units in one literal are refused.
ExprPtr Parser::IntervalOf(const CalendarInterval& interval, const std::vector<std::string>& units, size_t first) {
  if (options_.legacy_intervals) return Make(Literal{TypeId::kCalendarInterval, Value(interval)}, first);
  FieldRange range;
  for (const std::string& unit : units) range.Add(unit);
  if (range.year_month && range.day_time) {
    Defer(ConditionAt("_LEGACY_ERROR_TEMP_0029", {{"literal", std::string(TextFrom(first))}}, first));
  }
  if (range.year_month) {
    return Make(Literal{DataType::YearMonth(range.start, range.end), Value(int64_t{interval.months})}, first);
  }
  int128_t micros = int128_t{interval.days} * kMicrosPerDay + interval.micros;
  if (micros != static_cast<int64_t>(micros)) {
    Defer(Error::Condition("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION").As(ErrorClass::kArithmetic));
    micros = 0;
  }
  return Make(Literal{DataType::DayTime(range.start, range.end), Value(static_cast<int64_t>(micros))}, first);
}

// INTERVAL '1 day 2 hours'
ExprPtr Parser::TypedInterval(const std::string& text, size_t first) {
  auto interval = ParseCalendarInterval(text);
  if (!interval.ok()) {
    Defer(InvalidTypedLiteral("INTERVAL", text, first));
    return Make(Literal{DataType::DayTime(), Value(int64_t{0})}, first);
  }
  std::vector<std::string> units;
  std::string lower = Lower(text);
  for (size_t i = 0; i < lower.size();) {
    size_t end = i;
    while (end < lower.size() && static_cast<unsigned char>(lower[end]) > ' ') ++end;
    std::string_view word = std::string_view(lower).substr(i, end - i);
    if (!word.empty() && word.back() == 's') word.remove_suffix(1);
    if (!word.empty() && IsWordOfLetters(word) && word != "interval") units.emplace_back(word);
    i = end + 1;
  }
  return IntervalOf(*interval, units, first);
}

Error Parser::IntervalError(const Error& error, size_t first) const {
  auto message = error.parameters().find("msg");
  if (message != error.parameters().end()) {
    return ConditionAt("_LEGACY_ERROR_TEMP_0063", {{"msg", message->second}}, first);
  }
  return ConditionAt(error.condition(), error.parameters(), first);
}

// At INTERVAL.
Result<ExprPtr> Parser::Interval() {
  size_t first = pos_++;
  std::string text;
  std::vector<std::string> units;
  ExprPtr from_to;
  size_t parts = 0, from_to_parts = 0;
  std::optional<Error> error;
  size_t body = pos_;
  auto more = [&] {
    size_t at = pos_;
    if (KindAt(at) == Tok::kPlus || KindAt(at) == Tok::kMinus) ++at;
    size_t unit = at + 1;
    if (StartsStringAt(at)) {
      while (StartsStringAt(unit)) ++unit;
    } else if (KindAt(at) != Tok::kIntegerValue && KindAt(at) != Tok::kDecimalValue) {
      return false;
    }
    return parts == 0 || !IntervalUnit(KindAt(unit)).empty();
  };
  while (more()) {
    size_t part_first = pos_;
    bool minus = Is(Tok::kMinus);
    bool sign = minus || Is(Tok::kPlus);
    pos_ += sign;
    bool quoted = StartsStringAt(pos_);
    std::string value;
    if (quoted) {
      FS_TRY(value, String());
    } else {
      value = std::string(Text(pos_++));
    }
    std::string unsigned_value = value;
    if (minus) value = quoted && !value.empty() && value[0] == '-' ? value.substr(1) : "-" + value;
    std::string_view unit = IntervalUnit(Kind());
    if (unit.empty()) return Syntax();
    Tok from = Kind();
    const std::string written_unit(Text(pos_));
    ++pos_;
    ++parts;
    if (IsSingularUnit(from) && Is(Tok::kTo) && IsSingularUnit(Kind(1))) {
      Tok to = Kind(1);
      pos_ += 2;
      ++from_to_parts;
      if (from_to_parts == 1) {
        from_to = IntervalFromTo(quoted ? &value : nullptr, from, to, part_first, first, &error);
      }
      continue;
    }
    if (quoted && !error) {
      bool letters = std::any_of(unsigned_value.begin(), unsigned_value.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
      });
      if (letters) error = ConditionAt("_LEGACY_ERROR_TEMP_0026", {{"value", unsigned_value}}, body);
    }
    text += " " + value + " " + written_unit;
    units.emplace_back(unit);
  }
  if (parts == 0) return Syntax();
  if (from_to_parts > 0 && parts > 1) {
    Defer(ConditionAt("_LEGACY_ERROR_TEMP_0024", {}, first));
    return Make(Literal{DataType::DayTime(), Value(int64_t{0})}, first);
  }
  if (error) {
    Defer(*error);
    return Make(Literal{DataType::DayTime(), Value(int64_t{0})}, first);
  }
  if (from_to != nullptr) return from_to;
  auto interval = ParseCalendarInterval(text);
  if (!interval.ok()) {
    Defer(interval.error().As(ErrorClass::kIllegalArgument));  // Spark's parser lets it through as it is
    return Make(Literal{DataType::DayTime(), Value(int64_t{0})}, first);
  }
  return IntervalOf(*interval, units, first);
}

// 'text' FROM TO TO; `value` is null if it is no string. Errors go to *error.
ExprPtr Parser::IntervalFromTo(const std::string* value, Tok from, Tok to, size_t part_first, size_t first,
                               std::optional<Error>* error) {
  if (value == nullptr) {
    *error = ConditionAt("_LEGACY_ERROR_TEMP_0027", {}, part_first);
    return nullptr;
  }
  auto field = [](Tok kind) -> uint8_t {
    return kind == Tok::kYear || kind == Tok::kDay     ? 0
           : kind == Tok::kMonth || kind == Tok::kHour ? 1
           : kind == Tok::kMinute                      ? 2
                                                       : 3;
  };
  bool from_months = from == Tok::kYear || from == Tok::kMonth;
  bool to_months = to == Tok::kYear || to == Tok::kMonth;
  IntervalFields fields{field(from), field(to)};
  if (from_months != to_months || fields.start >= fields.end) {
    *error =
        ConditionAt("INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION",
                    {{"input", *value}, {"from", Lower(TokenText(from))}, {"to", Lower(TokenText(to))}}, part_first);
    return nullptr;
  }
  if (from_months) {
    auto months = ParseYearMonthInterval(*value, fields);
    if (!months.ok()) {
      *error = IntervalError(months.error(), part_first);
      return nullptr;
    }
    if (options_.legacy_intervals)
      return Make(Literal{TypeId::kCalendarInterval, Value(CalendarInterval{static_cast<int32_t>(*months), 0, 0})},
                  first);
    return Make(Literal{DataType::YearMonth(fields.start, fields.end), Value(int64_t{*months})}, first);
  }
  auto micros = ParseDayTimeInterval(*value, fields);
  if (!micros.ok()) {
    *error = IntervalError(micros.error(), part_first);
    return nullptr;
  }
  if (options_.legacy_intervals) {
    const CalendarInterval interval{0, static_cast<int32_t>(*micros / kMicrosPerDay), *micros % kMicrosPerDay};
    return Make(Literal{TypeId::kCalendarInterval, Value(interval)}, first);
  }
  return Make(Literal{DataType::DayTime(fields.start, fields.end), Value(*micros)}, first);
}

}  // namespace firesteel::sql
