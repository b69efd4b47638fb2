// Dates, times and timestamps: the proleptic Gregorian calendar over Spark's whole range, and the texts that casts read
// and write. DATE is days since 1970-01-01; TIMESTAMP microseconds since the epoch in UTC; TIMESTAMP_NTZ microseconds
// of the wall clock; TIME nanoseconds since midnight. Patterns ("yyyy-MM-dd") are in datetime_pattern.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "types/time_zone.h"

namespace firesteel {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;
constexpr int64_t kNanosPerDay = kMicrosPerDay * 1000;
constexpr int64_t kSecondsPerDay = 86'400;

struct CivilDate {
  int64_t year = 1970;  ///< 0 is 1 BC
  int32_t month = 1;    ///< 1 to 12
  int32_t day = 1;      ///< 1 to 31
};
/// Of a wall clock.
struct CivilTime {
  CivilDate date;
  int32_t hour = 0;
  int32_t minute = 0;
  int32_t second = 0;
  int32_t nanos = 0;
};

inline int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0); }
inline int64_t FloorModulo(int64_t a, int64_t b) {
  const int64_t remainder = a % b;
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

/// Month may be out of 1..12 and day out of the month's: they carry over.
int64_t DaysFromCivil(int64_t year, int64_t month, int64_t day);
CivilDate CivilFromDays(int64_t days);
CivilTime CivilFromMicros(int64_t local_micros);
bool IsLeapYear(int64_t year);
int DaysInMonth(int64_t year, int month);
int DayOfWeek(int64_t days);  ///< 1 Monday to 7 Sunday
int DayOfYear(const CivilDate& date);
/// ISO weeks: the week's number, and the year it belongs to.
int WeekOfYear(int64_t days);
int64_t WeekBasedYear(int64_t days);
/// LocalDate.plusMonths: the day is cut at the month's end.
int64_t AddMonths(int64_t days, int64_t months);

/// What Spark's casts take; surrounding blanks and controls are skipped. None: malformed or out of range.
std::optional<int32_t> ParseDate(std::string_view text);
std::optional<int64_t> ParseTimestamp(std::string_view text, const TimeZone& zone);
/// With `allow_time_zone` a zone in the text is read and left out; without it is malformed.
std::optional<int64_t> ParseTimestampNtz(std::string_view text, bool allow_time_zone);
/// Nanoseconds.
std::optional<int64_t> ParseTime(std::string_view text);
/// Whether a timestamp text names a zone: TIMESTAMP_NTZ or TIMESTAMP literals.
bool HasTimeZone(std::string_view timestamp_text);

/// Room for the longest text of a date or time.
struct DateTimeBuffer {
  char bytes[48];
};
/// "2020-01-02", "+10000-01-01", "-0044-03-15".
std::string_view DateText(int64_t days, DateTimeBuffer& buffer);
/// "2020-01-02 03:04:05.12": the fraction without trailing zeros.
std::string_view TimestampText(int64_t local_micros, DateTimeBuffer& buffer);
std::string_view TimeText(int64_t nanos, DateTimeBuffer& buffer);
inline std::string DateText(int64_t days) {
  DateTimeBuffer buffer;
  return std::string(DateText(days, buffer));
}
inline std::string TimestampNtzText(int64_t micros) {
  DateTimeBuffer buffer;
  return std::string(TimestampText(micros, buffer));
}
std::string TimestampText(int64_t utc_micros, const TimeZone& zone);
inline std::string TimeText(int64_t nanos) {
  DateTimeBuffer buffer;
  return std::string(TimeText(nanos, buffer));
}

}  // namespace firesteel
