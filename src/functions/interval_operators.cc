// + - * / with dates, times and intervals: which function each combination of types is (Spark's BinaryArithmeticWithDatetimeResolver),
// as rows with names of their own that SQL text cannot spell.
#include <algorithm>
#include <cmath>

#include "base/cat.h"
#include "base/java_exception.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "functions/wall_clock.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

bool IsTimestamp(const DataType& t) { return t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz); }
bool IsDays(const DataType& t) { return t.Is(TypeId::kDayTimeInterval) && t.interval() == IntervalFields{0, 0}; }
bool IsYearMonth(const DataType& t) { return t.Is(TypeId::kYearMonthInterval); }
bool IsDayTime(const DataType& t) { return t.Is(TypeId::kDayTimeInterval); }
bool IsCalendar(const DataType& t) { return t.Is(TypeId::kCalendarInterval); }

// ---------------------------------------------------------------- arithmetic on instants

Error DatetimeOverflow(const KernelContext& context) { return ArithmeticOverflow("long overflow", "", context.origin); }

bool Negate(CalendarInterval& i) {
  return __builtin_sub_overflow(0, i.months, &i.months) || __builtin_sub_overflow(0, i.days, &i.days) ||
         __builtin_sub_overflow(int64_t{0}, i.micros, &i.micros);
}

Result<std::shared_ptr<const void>> PrepareZone(const KernelContext& context) {
  FS_TRY(const TimeZone* zone, FindTimeZone(context.time_zone));
  return std::shared_ptr<const void>(std::make_shared<const TimeZone*>(zone));
}

template <bool kSubtract>
Status TimestampInterval(const KernelContext& context, size_t rows, std::span<const InputVector> in,
                         OutputVector& out) {
  const TimeZone* zone = in[0].type.Is(TypeId::kTimestamp) ? context.Prepared<const TimeZone*>() : nullptr;
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    CalendarInterval interval = IntervalAt(in[1], row);
    const bool overflow = kSubtract && Negate(interval);
    const auto result = overflow ? std::nullopt : AddToTimestamp(in[0].At<int64_t>(row), interval, zone);
    if (result) {
      out.Data<int64_t>()[row] = *result;
    } else if (context.mode == EvalMode::kTry) {
      out.SetNull(row);
    } else {
      return DatetimeOverflow(context);
    }
  }
  return {};
}

template <bool kSubtract>
Status DateInterval(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    CalendarInterval interval = IntervalAt(in[1], row);
    const bool overflow = kSubtract && Negate(interval);
    int64_t day = AddMonths(in[0].At<int32_t>(row), interval.months) + interval.days;
    if (interval.micros != 0) {
      if (context.Ansi()) {
        return Error::Condition("INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION",
                                {{"ansiConfig", "\"spark.sql.ansi.enabled\""}}, context.origin)
            .As(ErrorClass::kIllegalArgument);
      }
      day += FloorDivide(interval.micros, kMicrosPerDay);
    }
    if (!overflow && day >= INT32_MIN && day <= INT32_MAX) {
      out.Data<int32_t>()[row] = static_cast<int32_t>(day);
    } else if (context.mode == EvalMode::kTry) {
      out.SetNull(row);
    } else {
      return ArithmeticOverflow("integer overflow", "", context.origin);
    }
  }
  return {};
}

template <bool kSubtract>
Status TimeInterval(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    int64_t nanos = 0;
    bool overflow = __builtin_mul_overflow(in[1].At<int64_t>(row), int64_t{1000}, &nanos);
    const int64_t start = in[0].At<int64_t>(row);
    overflow = overflow || (kSubtract ? __builtin_sub_overflow(start, nanos, &nanos)
                                      : __builtin_add_overflow(start, nanos, &nanos));
    if (!overflow && nanos >= 0 && nanos < kNanosPerDay) {
      out.Data<int64_t>()[row] = nanos;
    } else if (context.mode == EvalMode::kTry) {
      out.SetNull(row);
    } else {
      return Error::Condition("DATETIME_OVERFLOW",
                              {{"operation", Cat(kSubtract ? "subtract" : "add", " interval ",
                                                 kSubtract ? "from" : "to", " the time value")}},
                              context.origin)
          .As(ErrorClass::kArithmetic);
    }
  }
  return {};
}

Status SubtractTimestamps(const KernelContext& context, size_t rows, std::span<const InputVector> in,
                          OutputVector& out) {
  const TimeZone* zone = in[0].type.Is(TypeId::kTimestamp) ? context.Prepared<const TimeZone*>() : nullptr;
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    int64_t a = in[0].At<int64_t>(row), b = in[1].At<int64_t>(row);
    if (zone != nullptr) {
      a = zone->ToLocalMicros(a);
      b = zone->ToLocalMicros(b);
    }
    if (__builtin_sub_overflow(a, b, &out.Data<int64_t>()[row])) {
      if (context.mode != EvalMode::kTry) return DatetimeOverflow(context);
      out.SetNull(row);
    }
  }
  return {};
}

int64_t SubtractTimes(int64_t a, int64_t b) { return (a - b) / 1000; }

Result<int64_t> SubtractDates(const KernelContext&, int32_t a, int32_t b) {
  return (static_cast<int64_t>(a) - b) * kMicrosPerDay;  // 2^33 days fit
}

template <bool kSubtract>
Result<std::optional<CalendarInterval>> AddIntervals(const KernelContext& context, CalendarInterval a,
                                                     CalendarInterval b) {
  CalendarInterval r;
  const bool overflow = kSubtract ? __builtin_sub_overflow(a.months, b.months, &r.months) ||
                                        __builtin_sub_overflow(a.days, b.days, &r.days) ||
                                        __builtin_sub_overflow(a.micros, b.micros, &r.micros)
                                  : __builtin_add_overflow(a.months, b.months, &r.months) ||
                                        __builtin_add_overflow(a.days, b.days, &r.days) ||
                                        __builtin_add_overflow(a.micros, b.micros, &r.micros);
  if (!overflow) return std::optional<CalendarInterval>(r);
  if (context.mode == EvalMode::kTry) return std::optional<CalendarInterval>();
  return IntervalOverflow(kSubtract ? "try_subtract" : "try_add", Origin());
}

// ---------------------------------------------------------------- interval times or by a number

Error DividedByZero(const Origin& origin) {
  return Error::Condition("INTERVAL_DIVIDED_BY_ZERO", {}, origin).As(ErrorClass::kArithmetic);
}

std::optional<int64_t> RoundedHalfUp(double d) {
  if (!std::isfinite(d)) return std::nullopt;
  const double r = std::trunc(d) + (std::fabs(d - std::trunc(d)) >= 0.5 ? std::copysign(1.0, d) : 0.0);
  if (r >= 9223372036854775808.0 || r < -9223372036854775808.0) return std::nullopt;
  return static_cast<int64_t>(r);
}

template <bool kDivide>
Status ScaleInterval(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const bool months = context.result_type.Is(TypeId::kYearMonthInterval);
  const DataType& number = in[1].type;
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const int64_t value = months ? in[0].At<int32_t>(row) : in[0].At<int64_t>(row);
    std::optional<int64_t> result;
    bool zero = false;
    if (number.IsFractional()) {
      const double d = number.Is(TypeId::kFloat) ? static_cast<double>(in[1].At<float>(row)) : in[1].At<double>(row);
      zero = kDivide && d == 0;
      if (!zero) result = RoundedHalfUp(kDivide ? static_cast<double>(value) / d : static_cast<double>(value) * d);
    } else {
      int128_t unscaled = 0;
      switch (number.id()) {
        case TypeId::kByte:
          unscaled = in[1].At<int8_t>(row);
          break;
        case TypeId::kShort:
          unscaled = in[1].At<int16_t>(row);
          break;
        case TypeId::kInteger:
          unscaled = in[1].At<int32_t>(row);
          break;
        case TypeId::kDecimal:
          unscaled = in[1].DecimalAt(row);
          break;
        default:
          unscaled = in[1].At<int64_t>(row);
          break;
      }
      const int scale = number.Is(TypeId::kDecimal) ? number.scale() : 0;
      zero = kDivide && unscaled == 0;
      if (!zero) {
        const auto exact = kDivide ? DivideDecimals({value, 0}, {unscaled, scale}, kDecimalPrecisionMax, 0)
                                   : MultiplyDecimals({value, 0}, {unscaled, scale}, kDecimalPrecisionMax, 0);
        if (exact && *exact >= INT64_MIN && *exact <= INT64_MAX) result = static_cast<int64_t>(*exact);
      }
    }
    if (result && months && (*result > INT32_MAX || *result < INT32_MIN)) result.reset();
    if (!result) {
      if (context.mode == EvalMode::kTry) {
        out.SetNull(row);
        continue;
      }
      if (zero) return DividedByZero(context.origin);
      if (kDivide && number.IsIntegral()) return IntervalOverflow("try_divide", context.origin);  // by -1
      if (number.IsFractional()) {
        const double d = number.Is(TypeId::kFloat) ? static_cast<double>(in[1].At<float>(row)) : in[1].At<double>(row);
        const double exact = kDivide ? static_cast<double>(value) / d : static_cast<double>(value) * d;
        return JavaException(kArithmeticClasses, std::isfinite(exact)
                                                     ? Cat("rounded value is out of range for input ",
                                                           DoubleText(exact), " and rounding mode HALF_UP")
                                                     : "input is infinite or NaN");
      }
      return JavaException(kArithmeticClasses, months ? "integer overflow" : "long overflow");
    }
    if (months) {
      out.Data<int32_t>()[row] = static_cast<int32_t>(*result);
    } else {
      out.Data<int64_t>()[row] = *result;
    }
  }
  return {};
}

/// A part of a month is left out, a part of a day becomes microseconds.
template <bool kDivide>
Result<std::optional<CalendarInterval>> ScaleCalendar(const KernelContext& context, CalendarInterval i, double number) {
  if (kDivide && number == 0) {
    if (context.mode != EvalMode::kAnsi) return std::optional<CalendarInterval>();
    return DividedByZero(Origin());
  }
  const auto scaled = [&](double part) { return kDivide ? part / number : part * number; };
  const double months = scaled(i.months), days = scaled(i.days);
  const auto to_int = [](double d) {
    return static_cast<int32_t>(std::clamp<int64_t>(SaturatedLong(d), INT32_MIN, INT32_MAX));
  };
  const CalendarInterval cut{to_int(months), to_int(days), 0};
  if (context.mode != EvalMode::kLegacy && (cut.months != SaturatedLong(months) || cut.days != SaturatedLong(days))) {
    if (context.mode == EvalMode::kTry) return std::optional<CalendarInterval>();
    return ArithmeticOverflow("overflow", "", Origin());
  }
  const double micros = scaled(static_cast<double>(i.micros)) + static_cast<double>(kMicrosPerDay) * (days - cut.days);
  return std::optional<CalendarInterval>({cut.months, cut.days, SaturatedLong(std::floor(micros + 0.5))});
}

int32_t IntervalDays(int64_t micros) { return static_cast<int32_t>(micros / kMicrosPerDay); }

// ---------------------------------------------------------------- which it is

Result<ExprPtr> With(CallSite& site, std::string_view row, ExprPtr a, ExprPtr b, const DataType& type,
                     bool maybe_null = false) {
  const bool nullable = a->nullable || b->nullable || maybe_null || site.mode == EvalMode::kTry;
  site.arguments = {std::move(a), std::move(b)};
  return Built(site, row, type, nullable, site.mode);
}

/// A timestamp and an interval; what is none is the error, with the operands as Spark orders them.
Result<ExprPtr> TimestampAndInterval(CallSite& site, bool subtract, ExprPtr time, ExprPtr interval) {
  const DataType result = time->type;
  if (time->type.Is(TypeId::kDate) || time->type.Is(TypeId::kString)) time = CastTo(time, TypeId::kTimestamp, site);
  if (time->type.Is(TypeId::kNull)) time = CastTo(time, TypeId::kTimestamp, site);
  if (!IsTimestamp(time->type)) {
    const std::string text = subtract ? Cat(logical::PrettyName(*time), " + (- ", logical::PrettyName(*interval), ")")
                                      : Cat(logical::PrettyName(*time), " + ", logical::PrettyName(*interval));
    site.arguments = {time, interval};
    Error::Parameters parameters =
        UnexpectedInputType(site, 0, "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"").parameters();
    parameters["sqlExpr"] = Cat("\"", text, "\"");
    return Error::Condition("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", std::move(parameters), site.origin);
  }
  const DataType type = time->type;
  FS_TRY(ExprPtr sum, With(site, subtract ? "@timestamp_sub" : "@timestamp_add", time, interval, type));
  return result.Is(TypeId::kString) ? CastTo(sum, TypeId::kString, site) : sum;
}

Result<ExprPtr> DateAndNumber(CallSite& site, std::string_view name, const ExprPtr& date, ExprPtr days) {
  if (days->type.Is(TypeId::kString)) days = CastTo(days, site.settings.ansi ? TypeId::kDate : TypeId::kDouble, site);
  return site.call(name, {date, days});
}

Result<ExprPtr> BindSum(CallSite& site, const ExprPtr& l, const ExprPtr& r, bool subtract) {
  const DataType& a = l->type;
  const DataType& b = r->type;
  const std::string_view date_row = subtract ? "@date_sub_interval" : "@date_add_interval";
  if (a.Is(TypeId::kDate)) {
    if (IsDays(b)) {
      FS_TRY(ExprPtr days, site.call("extractansiintervaldays", {r}));
      if (!subtract) return site.call("date_add", {l, days});
      FS_TRY(days, site.call("-", {days}));
      return site.call("date_add", {l, days});
    }
    if (IsDayTime(b) || b.Is(TypeId::kNull)) {
      const ExprPtr interval = b.Is(TypeId::kNull) ? CastTo(r, DataType::DayTime(), site) : r;
      return TimestampAndInterval(site, subtract, l, interval);
    }
    if (IsYearMonth(b) || IsCalendar(b)) return With(site, date_row, l, r, a, IsCalendar(b) && !site.settings.ansi);
  }
  if (IsTimestamp(a) && IsYearMonth(b)) return With(site, subtract ? "@timestamp_sub" : "@timestamp_add", l, r, a);
  if (IsCalendar(a) && IsCalendar(b))
    return With(site, subtract ? "@interval_sub" : "@interval_add", l, r, a, !site.settings.ansi);
  if (IsDayTime(a) && IsDayTime(b)) return ExprPtr();
  if (IsYearMonth(a) && IsYearMonth(b)) return ExprPtr();
  if (a.Is(TypeId::kNull) && b.IsAnsiInterval()) return ExprPtr();
  if (b.Is(TypeId::kNull) && a.IsAnsiInterval()) return ExprPtr();
  if (a.Is(TypeId::kTime) && (IsDayTime(b) || (b.Is(TypeId::kNull) && !subtract))) {
    const ExprPtr interval = b.Is(TypeId::kNull) ? logical::Shown(CastTo(r, DataType::DayTime(), site), "NULL") : r;
    return With(site, subtract ? "@time_sub" : "@time_add", l, interval, DataType::Time(6));
  }
  if (IsCalendar(b) || IsDayTime(b)) return TimestampAndInterval(site, subtract, l, r);
  return ExprPtr();
}

Result<ExprPtr> BindProduct(CallSite& site, std::string_view op, ExprPtr interval, ExprPtr number) {
  const bool divide = op == "/";
  const bool calendar = IsCalendar(interval->type);
  const DataType type = calendar                      ? DataType(TypeId::kCalendarInterval)
                        : IsYearMonth(interval->type) ? DataType::YearMonth()
                                                      : DataType::DayTime();
  site.arguments = {interval, number};
  const auto coerced = ImplicitCast(
      number->type, calendar ? TypePattern(TypeId::kDouble) : TypePattern(Class::kNumeric), site.settings.ansi);
  if (!coerced) {
    // The error speaks of the row that Spark makes of the operator.
    return UnexpectedInputType(site, 1, calendar ? "\"DOUBLE\"" : "\"NUMERIC\"");
  }
  number = CastTo(number, *coerced, site);
  const std::string_view row = calendar ? (divide ? "divide_interval" : "multiply_interval")
                                        : (divide ? "@interval_divide" : "@interval_multiply");
  return With(site, row, interval, number, type, calendar);
}

std::string InfixName(std::span<const std::string> arguments, const Expr& call) {
  const std::string_view name = std::get<Call>(call.node).function->name;
  const bool subtract = name.find("_sub") != std::string_view::npos || name.starts_with("@subtract");
  return Cat(arguments[0], subtract ? " - " : " + ", arguments[1]);
}
std::string InParentheses(std::span<const std::string> arguments, const Expr& call) {
  const std::string_view name = std::get<Call>(call.node).function->name;
  std::string_view op = " + ";
  if (name == "@interval_multiply") op = " * ";
  if (name == "@interval_divide") op = " / ";
  if (name.find("_sub") != std::string_view::npos || name.starts_with("@subtract")) op = " - ";
  return Cat("(", arguments[0], op, arguments[1], ")");
}

Function Row(std::string_view name, ScalarKernel kernel,
             std::string (*name_of)(std::span<const std::string>, const Expr&), std::string_view doc,
             std::string_view example) {
  return {.name = name,
          .arguments = {{Class::kAny}, {Class::kAny}},
          .runs = kernel,
          .form = Form::kSpecial,
          .name_of = name_of,
          .group = "datetime_funcs",
          .since = "1.0.0",
          .doc = doc,
          .example = example};
}

}  // namespace

Result<ExprPtr> BindDatetimeOperator(CallSite& site, std::string_view op) {
  const ExprPtr l = site.arguments[0], r = site.arguments[1];
  const DataType &a = l->type, &b = r->type;
  const auto concerned = [](const DataType& t) {
    return t.IsDateOrTimestamp() || t.Is(TypeId::kTime) || t.IsAnsiInterval() || t.Is(TypeId::kCalendarInterval);
  };
  if (!concerned(a) && !concerned(b)) return ExprPtr();
  if (op == "+") {
    // Spark puts the date or timestamp first.
    const bool swap = (IsYearMonth(a) && (b.IsDateOrTimestamp())) ||
                      ((IsDayTime(a) || IsCalendar(a)) && !IsDayTime(b) && !IsCalendar(b) && !b.Is(TypeId::kNull)) ||
                      (b.Is(TypeId::kDate) && !a.Is(TypeId::kDate) && !concerned(a));
    ExprPtr first = swap ? r : l;
    ExprPtr second = swap ? l : r;
    const bool of_instant = IsTimestamp(second->type) || second->type.Is(TypeId::kTime);
    if (first->type.Is(TypeId::kNull) && of_instant) std::swap(first, second);
    if (IsTimestamp(first->type) && second->type.Is(TypeId::kNull)) {
      second = logical::MakeExpr(logical::Literal{}, DataType::DayTime(), true, second->origin);
      second = logical::Shown(second, "NULL");
    }
    FS_TRY(ExprPtr sum, BindSum(site, first, second, false));
    if (sum != nullptr) return sum;
    if (first->type.Is(TypeId::kDate) && !second->type.IsAnsiInterval())
      return DateAndNumber(site, "date_add", first, second);
    site.arguments = {l, r};
    return ExprPtr();
  }
  if (op == "-") {
    if (a.Is(TypeId::kDate) && b.Is(TypeId::kNull)) {
      return With(site, "@subtract_dates", l, CastTo(r, TypeId::kDate, site), DataType::DayTime(0, 0));
    }
    FS_TRY(ExprPtr difference, BindSum(site, l, r, true));
    if (difference != nullptr) return difference;
    if (a.IsAnsiInterval() || b.IsAnsiInterval()) return ExprPtr();
    if (IsTimestamp(a) || IsTimestamp(b)) {
      const DataType common = a.Is(TypeId::kTimestampNtz) && !b.Is(TypeId::kTimestamp)   ? a
                              : b.Is(TypeId::kTimestampNtz) && !a.Is(TypeId::kTimestamp) ? b
                                                                                         : DataType(TypeId::kTimestamp);
      const TypePattern operand = Class::kAnyTimestamp;
      for (size_t i = 0; i < 2; ++i) {
        const bool text = site.arguments[i]->type.Is(TypeId::kString);
        if (text && !site.settings.ansi) return UnexpectedInputType(site, i, operand.Sql());
        FS_CHECK(CoerceArgument(site, i, operand));
      }
      return With(site, "@subtract_timestamps", CastTo(site.arguments[0], common, site),
                  CastTo(site.arguments[1], common, site), DataType::DayTime());
    }
    const bool of_text = !site.settings.ansi && (a.Is(TypeId::kString) || b.Is(TypeId::kString));
    if (!of_text && (a.Is(TypeId::kTime) || b.Is(TypeId::kTime))) {
      for (size_t i = 0; i < 2; ++i) FS_CHECK(CoerceArgument(site, i, DataType::Time(6)));
      return With(site, "@subtract_times", site.arguments[0], site.arguments[1], DataType::DayTime(1, 3), true);
    }
    if (b.Is(TypeId::kDate) || (a.Is(TypeId::kDate) && b.Is(TypeId::kString) && site.settings.ansi)) {
      for (size_t i = 0; i < 2; ++i) FS_CHECK(CoerceArgument(site, i, TypeId::kDate));
      return With(site, "@subtract_dates", site.arguments[0], site.arguments[1], DataType::DayTime(0, 0));
    }
    if (a.Is(TypeId::kDate)) return DateAndNumber(site, "date_sub", l, r);
    return ExprPtr();
  }
  const auto is_interval = [](const DataType& t) { return t.IsAnsiInterval() || t.Is(TypeId::kCalendarInterval); };
  if (op == "*" && is_interval(a)) return BindProduct(site, op, l, r);
  if (op == "*" && is_interval(b)) return BindProduct(site, op, r, l);
  if (op == "/" && is_interval(a)) return BindProduct(site, op, l, r);
  return ExprPtr();
}

std::span<const Function> IntervalOperators() {
  static const std::vector<Function> rows = {
      Row("@timestamp_add", {&TimestampInterval<false>, &PrepareZone}, &InfixName, "A timestamp later by an interval.",
          "TIMESTAMP'2020-01-31 10:00:00' + INTERVAL 1 MONTH"),
      Row("@timestamp_sub", {&TimestampInterval<true>, &PrepareZone}, &InfixName, "A timestamp earlier by an interval.",
          "TIMESTAMP'2020-01-31 10:00:00' - INTERVAL 1 MONTH"),
      Row("@date_add_interval", {&DateInterval<false>}, &InfixName, "A date later by an interval.",
          "DATE'2020-01-31' + INTERVAL 1 MONTH"),
      Row("@date_sub_interval", {&DateInterval<true>}, &InfixName, "A date earlier by an interval.",
          "DATE'2020-01-31' - INTERVAL 1 MONTH"),
      Row("@time_add", {&TimeInterval<false>}, &InfixName, "A time of day later by an interval.",
          "TIME'10:00' + INTERVAL 1 HOUR"),
      Row("@time_sub", {&TimeInterval<true>}, &InfixName, "A time of day earlier by an interval.",
          "TIME'10:00' - INTERVAL 1 HOUR"),
      Row("@subtract_times", RowKernel<&SubtractTimes>(), &InfixName, "The interval between two times of day.",
          "TIME'12:00' - TIME'10:00'"),
      Row("@subtract_timestamps", {&SubtractTimestamps, &PrepareZone}, &InParentheses,
          "The interval between two timestamps' wall clocks.",
          "TIMESTAMP'2020-01-02 00:00:00' - TIMESTAMP'2020-01-01 00:00:00'"),
      Row("@subtract_dates", RowKernel<&SubtractDates>(), &InParentheses, "The days between two dates.",
          "DATE'2020-01-02' - DATE'2020-01-01'"),
      Row("@interval_add", RowKernel<&AddIntervals<false>>(), &InParentheses, "The sum of two intervals.",
          "make_interval(0, 1) + make_interval(0, 2)"),
      Row("@interval_sub", RowKernel<&AddIntervals<true>>(), &InParentheses, "The difference of two intervals.",
          "make_interval(0, 2) - make_interval(0, 1)"),
      Row("@interval_multiply", {&ScaleInterval<false>}, &InParentheses, "An interval so many times as long.",
          "INTERVAL 1 DAY * 2"),
      Row("@interval_divide", {&ScaleInterval<true>}, &InParentheses, "An interval so many times as short.",
          "INTERVAL 1 DAY / 2"),
      {.name = "multiply_interval",
       .arguments = {{TypeId::kCalendarInterval}, {TypeId::kDouble}},
       .result = DataType(TypeId::kCalendarInterval),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&ScaleCalendar<false>>(),
       .group = "datetime_funcs",
       .since = "3.0.0",
       .doc = "An interval so many times as long.",
       .example = "make_interval(0, 1) * 2"},
      {.name = "divide_interval",
       .arguments = {{TypeId::kCalendarInterval}, {TypeId::kDouble}},
       .result = DataType(TypeId::kCalendarInterval),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&ScaleCalendar<true>>(),
       .group = "datetime_funcs",
       .since = "3.0.0",
       .doc = "An interval so many times as short.",
       .example = "make_interval(0, 3) / 2"},
      {.name = "extractansiintervaldays",
       .arguments = {{Class::kDayTimeInterval}},
       .result = DataType(TypeId::kInteger),
       .runs = RowKernel<&IntervalDays>(),
       .group = "datetime_funcs",
       .since = "3.3.0",
       .doc = "The whole days of an interval.",
       .example = "extractansiintervaldays(INTERVAL '1' DAY)"},
  };
  return rows;
}

}  // namespace firesteel::functions
