// Intervals to and from text: ANSI year-month and day-time intervals, and calendar intervals ("1 year 2 days").
// Sources: Spark's IntervalUtils and CalendarInterval.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/data_type.h"
#include "types/value.h"

namespace firesteel {

/// "INTERVAL '1-2' YEAR TO MONTH".
std::string YearMonthIntervalText(int32_t months, IntervalFields fields);
/// "INTERVAL '1 02:03:04.5' DAY TO SECOND".
std::string DayTimeIntervalText(int64_t micros, IntervalFields fields);
/// "1 years 2 months 3 days 26 hours 4.5 seconds"; "0 seconds".
std::string CalendarIntervalText(const CalendarInterval& interval);

/// What a cast takes: "1-2", or the whole literal "INTERVAL -'1-2' YEAR TO MONTH"; exactly the fields of the type.
/// Errors: INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING, .INTERVAL_PARSING (out of range).
Result<int32_t> ParseYearMonthInterval(std::string_view text, IntervalFields fields);
/// As above: "1 2:03:04.5", "INTERVAL '2:3' HOUR TO MINUTE".
/// Errors: INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE, .DAY_TIME_PARSING (out of range).
Result<int64_t> ParseDayTimeInterval(std::string_view text, IntervalFields fields);

/// "interval 1 year -2 days 3.5 seconds": units from years to microseconds, in any order and number.
/// Errors: INVALID_INTERVAL_FORMAT with the sub-condition that says what is wrong.
Result<CalendarInterval> ParseCalendarInterval(std::string_view text);

}  // namespace firesteel
