// Months and days are added to the local time, the rest to the instant: so Spark treats gaps and overlaps.
#include "functions/wall_clock.h"

namespace firesteel::functions {
namespace {

/// Of units of a fixed length; 0 for others.
int64_t MicrosOf(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kYear:
    case TimeUnit::kQuarter:
    case TimeUnit::kMonth:
      return 0;
    case TimeUnit::kWeek:
      return 7 * kMicrosPerDay;
    case TimeUnit::kDay:
      return kMicrosPerDay;
    case TimeUnit::kHour:
      return kMicrosPerHour;
    case TimeUnit::kMinute:
      return kMicrosPerMinute;
    case TimeUnit::kSecond:
      return kMicrosPerSecond;
    case TimeUnit::kMillisecond:
      return 1000;
    case TimeUnit::kMicrosecond:
      return 1;
  }
  return 0;
}

/// Midnight; wraps at the ends of the range, where the day's start is beyond it.
int64_t Midnight(int64_t day) { return static_cast<int64_t>(static_cast<uint64_t>(day) * uint64_t{kMicrosPerDay}); }

int MonthsOf(TimeUnit unit) { return unit == TimeUnit::kYear ? 12 : unit == TimeUnit::kQuarter ? 3 : 1; }

}  // namespace

std::optional<int64_t> AddToTimestamp(int64_t micros, const CalendarInterval& interval, const TimeZone* zone) {
  int64_t result = micros;
  if (interval.months != 0 || interval.days != 0) {
    const int64_t local = zone == nullptr ? micros : zone->ToLocalMicros(micros);
    int64_t day = FloorDivide(local, kMicrosPerDay);
    const int64_t time = FloorModulo(local, kMicrosPerDay);
    day = AddMonths(day, interval.months) + interval.days;
    int64_t moved = 0;
    if (__builtin_mul_overflow(day, kMicrosPerDay, &moved) || __builtin_add_overflow(moved, time, &moved))
      return std::nullopt;
    if (zone == nullptr) {
      result = moved;
    } else if (!zone->ToUtcMicros(moved, &result)) {
      return std::nullopt;
    }
  }
  if (__builtin_add_overflow(result, interval.micros, &result)) return std::nullopt;
  return result;
}

int64_t UnitsBetween(TimeUnit unit, int64_t start_local, int64_t end_local) {
  if (const int64_t micros = MicrosOf(unit); micros != 0) {
    return static_cast<int64_t>((static_cast<int128_t>(end_local) - start_local) / micros);
  }
  // LocalDateTime.until: whole days first, then months by year, month and day.
  int64_t start_day = FloorDivide(start_local, kMicrosPerDay), end_day = FloorDivide(end_local, kMicrosPerDay);
  const int64_t start_time = FloorModulo(start_local, kMicrosPerDay), end_time = FloorModulo(end_local, kMicrosPerDay);
  if (end_day > start_day && end_time < start_time) {
    --end_day;
  } else if (end_day < start_day && end_time > start_time) {
    ++end_day;
  }
  const auto packed = [](int64_t day) {
    const CivilDate date = CivilFromDays(day);
    return (date.year * 12 + date.month - 1) * 32 + date.day;
  };
  return (packed(end_day) - packed(start_day)) / 32 / MonthsOf(unit);
}

std::optional<CalendarInterval> IntervalOfUnits(TimeUnit unit, int64_t count) {
  CalendarInterval interval;
  const int64_t micros = MicrosOf(unit);
  if (micros == 0) {
    if (__builtin_mul_overflow(count, int64_t{MonthsOf(unit)}, &interval.months)) return std::nullopt;
    return interval;
  }
  int64_t total = 0;
  if (__builtin_mul_overflow(count, micros, &total)) return std::nullopt;
  interval.days = static_cast<int32_t>(total / kMicrosPerDay);
  interval.micros = total % kMicrosPerDay;
  return interval;
}

int64_t TruncatedDay(TimeUnit unit, int64_t day) {
  const CivilDate date = CivilFromDays(day);
  switch (unit) {
    case TimeUnit::kYear:
      return DaysFromCivil(date.year, 1, 1);
    case TimeUnit::kQuarter:
      return DaysFromCivil(date.year, (date.month - 1) / 3 * 3 + 1, 1);
    case TimeUnit::kMonth:
      return DaysFromCivil(date.year, date.month, 1);
    case TimeUnit::kWeek:
      return day - DayOfWeek(day) + 1;
    case TimeUnit::kDay:
    case TimeUnit::kHour:
    case TimeUnit::kMinute:
    case TimeUnit::kSecond:
    case TimeUnit::kMillisecond:
    case TimeUnit::kMicrosecond:
      break;
  }
  return day;
}

int64_t TruncatedLocal(TimeUnit unit, int64_t local_micros) {
  if (unit <= TimeUnit::kDay) return Midnight(TruncatedDay(unit, FloorDivide(local_micros, kMicrosPerDay)));
  return static_cast<int64_t>(static_cast<uint64_t>(local_micros) -
                              static_cast<uint64_t>(FloorModulo(local_micros, MicrosOf(unit))));
}

CalendarInterval IntervalAt(const InputVector& in, size_t row) {
  if (in.type.Is(TypeId::kYearMonthInterval)) return {in.At<int32_t>(row), 0, 0};
  if (in.type.Is(TypeId::kDayTimeInterval)) {
    const int64_t micros = in.At<int64_t>(row);
    return {0, static_cast<int32_t>(micros / kMicrosPerDay), micros % kMicrosPerDay};
  }
  return in.At<CalendarInterval>(row);
}

}  // namespace firesteel::functions
