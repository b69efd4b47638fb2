// Intervals made of numbers (make_interval …) and their parts as extract gives them.
#include "base/cat.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/row.h"
#include "functions/topics.h"
#include "functions/wall_clock.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using Class = TypePattern::Class;

/// Adds count units to a total; false if it overflows.
template <typename T>
bool AddUnits(int64_t count, int64_t unit, T* total) {
  int64_t product = 0;
  return !__builtin_mul_overflow(count, unit, &product) && !__builtin_add_overflow(*total, product, total);
}

Result<std::optional<CalendarInterval>> MakeInterval(const KernelContext& context, int32_t years, int32_t months,
                                                     int32_t weeks, int32_t days, int32_t hours, int32_t minutes,
                                                     DecimalCell seconds) {
  CalendarInterval interval{months, days, static_cast<int64_t>(seconds.unscaled)};  // 18 digits, six behind the point
  if (AddUnits(years, 12, &interval.months) && AddUnits(weeks, 7, &interval.days) &&
      AddUnits(hours, kMicrosPerHour, &interval.micros) && AddUnits(minutes, kMicrosPerMinute, &interval.micros)) {
    return std::optional(interval);
  }
  if (!context.Ansi()) return std::optional<CalendarInterval>();
  return ArithmeticOverflow("overflow", "", Origin());
}

Result<int64_t> MakeDayTime(const KernelContext& context, int32_t days, int32_t hours, int32_t minutes,
                            DecimalCell seconds) {
  auto micros = static_cast<int64_t>(seconds.unscaled);
  if (AddUnits(days, kMicrosPerDay, &micros) && AddUnits(hours, kMicrosPerHour, &micros) &&
      AddUnits(minutes, kMicrosPerMinute, &micros)) {
    return micros;
  }
  return IntervalOverflow("", context.origin);
}

Result<int32_t> MakeYearMonth(const KernelContext& context, int32_t years, int32_t months) {
  int32_t total = months;
  if (AddUnits(years, 12, &total)) return total;
  return IntervalOverflow("", context.origin);
}

// ---------------------------------------------------------------- parts
int32_t Years(Cell interval) { return IntervalAt(*interval.vector, interval.row).months / 12; }
int8_t Months(Cell interval) { return static_cast<int8_t>(IntervalAt(*interval.vector, interval.row).months % 12); }
Result<int32_t> Days(Cell interval) {
  const CalendarInterval i = IntervalAt(*interval.vector, interval.row);
  int32_t days = 0;
  if (__builtin_add_overflow(i.days, i.micros / kMicrosPerDay, &days))
    return ArithmeticOverflow("integer overflow", "", Origin());
  return days;
}
int8_t Hours(Cell interval) {
  return static_cast<int8_t>(IntervalAt(*interval.vector, interval.row).micros % kMicrosPerDay / kMicrosPerHour);
}
int8_t Minutes(Cell interval) {
  return static_cast<int8_t>(IntervalAt(*interval.vector, interval.row).micros % kMicrosPerHour / kMicrosPerMinute);
}
DecimalCell Seconds(Cell interval) { return {IntervalAt(*interval.vector, interval.row).micros % kMicrosPerMinute}; }

const Function kDatetime{.group = "datetime_funcs"};

std::vector<Function> Rows() {
  const Argument integer{.type = TypeId::kInteger, .optional = true, .default_sql = "0"};
  const Argument seconds{.type = DataType::Decimal(18, 6), .optional = true, .default_sql = "0.000000BD"};
  const Argument any{Class::kAny};
  const DataType interval = TypeId::kCalendarInterval;
  std::vector<Function> rows = {
      RowOf(kDatetime, "make_dt_interval", {integer, integer, integer, seconds}, DataType::DayTime(),
            RowKernel<&MakeDayTime>(), "3.2.0", "Makes an interval of days, hours, minutes and seconds.",
            "make_dt_interval(1, 12, 30, 01.001001)"),
      RowOf(kDatetime, "make_ym_interval", {integer, integer}, DataType::YearMonth(), RowKernel<&MakeYearMonth>(),
            "3.2.0", "Makes an interval of years and months.", "make_ym_interval(1, 2)"),
      RowOf(kDatetime, "@interval_years", {any}, TypeId::kInteger, RowKernel<&Years>(), "3.0.0",
            "The years of an interval.", "extract(YEAR FROM INTERVAL '1-2' YEAR TO MONTH)"),
      RowOf(kDatetime, "@interval_months", {any}, TypeId::kByte, RowKernel<&Months>(), "3.0.0",
            "The months beside the years.", "extract(MONTH FROM INTERVAL '1-2' YEAR TO MONTH)"),
      RowOf(kDatetime, "@interval_days", {any}, TypeId::kInteger, RowKernel<&Days>(), "3.0.0",
            "The days of an interval.", "extract(DAY FROM INTERVAL '1' DAY)"),
      RowOf(kDatetime, "@interval_hours", {any}, TypeId::kByte, RowKernel<&Hours>(), "3.0.0",
            "The hours beside the days.", "extract(HOUR FROM INTERVAL '26' HOUR)"),
      RowOf(kDatetime, "@interval_minutes", {any}, TypeId::kByte, RowKernel<&Minutes>(), "3.0.0",
            "The minutes beside the hours.", "extract(MINUTE FROM INTERVAL '70' MINUTE)"),
      RowOf(kDatetime, "@interval_seconds", {any}, DataType::Decimal(8, 6), RowKernel<&Seconds>(), "3.0.0",
            "The seconds beside the minutes, with their fraction.", "extract(SECOND FROM INTERVAL '1.5' SECOND)"),
  };
  for (std::string_view name : {"make_interval", "try_make_interval"}) {
    rows.push_back(RowOf(kDatetime, name, {integer, integer, integer, integer, integer, integer, seconds}, interval,
                         RowKernel<&MakeInterval>(), name == "make_interval" ? "3.0.0" : "4.0.0",
                         "Makes an interval of years, months, weeks, days, hours, minutes and seconds.",
                         "make_interval(100, 11, 1, 1, 12, 30, 01.001001)"));
    rows.back().bind = &BindNullUnlessAnsi;
  }
  return rows;
}

}  // namespace

std::span<const Function> IntervalMakeFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
