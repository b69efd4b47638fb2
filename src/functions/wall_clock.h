#pragma once
// Arithmetic on instants by the session's wall clock, which operators and functions of dates and intervals share.
#include <optional>
#include <string_view>

#include "types/datetime.h"
#include "types/vector.h"

namespace firesteel::functions {

/// Units of time from 'year' to 'microsecond'.
enum class TimeUnit { kYear, kQuarter, kMonth, kWeek, kDay, kHour, kMinute, kSecond, kMillisecond, kMicrosecond };

/// Wall-clock arithmetic: months, then days, then the rest as an amount of time. None: out of range. No zone: of a wall clock itself.
std::optional<int64_t> AddToTimestamp(int64_t micros, const CalendarInterval& interval, const TimeZone* zone);

/// The whole units from one wall clock to another, rounded towards zero: ChronoUnit.between.
int64_t UnitsBetween(TimeUnit unit, int64_t start_local, int64_t end_local);

/// So many units as an interval; none beyond its range.
std::optional<CalendarInterval> IntervalOfUnits(TimeUnit unit, int64_t count);

/// The first day of the year, quarter, month or week (Monday) of a day; of shorter units the day itself.
int64_t TruncatedDay(TimeUnit unit, int64_t day);
/// The unit's start.
int64_t TruncatedLocal(TimeUnit unit, int64_t local_micros);

/// An interval of any kind; that of days and times with days as far as they go.
CalendarInterval IntervalAt(const InputVector& in, size_t row);

}  // namespace firesteel::functions
