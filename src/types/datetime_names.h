// English names of months, weekdays, eras and so on, as Java's locale en_US has them.
#pragma once

#include <cstdint>
#include <string_view>

#include "types/datetime_pattern.h"

namespace firesteel {

struct DateTimeNameTable {
  const std::string_view* names;  ///< the first is the name of `first`
  int count;
  int first;
};
/// The names of a field's values; empty for a field without names.
inline DateTimeNameTable DateTimeNames(DateTimePattern::Field field, bool full) {
  static constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};
  static constexpr std::string_view kShortMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static constexpr std::string_view kWeekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
  static constexpr std::string_view kShortWeekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr std::string_view kQuarters[] = {"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"};
  static constexpr std::string_view kShortQuarters[] = {"Q1", "Q2", "Q3", "Q4"};
  static constexpr std::string_view kEras[] = {"Before Christ", "Anno Domini"};
  static constexpr std::string_view kShortEras[] = {"BC", "AD"};
  static constexpr std::string_view kHalfDays[] = {"AM", "PM"};
  if (field == DateTimePattern::kMonth) return {full ? kMonths : kShortMonths, 12, 1};
  if (field == DateTimePattern::kDayOfWeek) return {full ? kWeekdays : kShortWeekdays, 7, 1};
  if (field == DateTimePattern::kQuarter) return {full ? kQuarters : kShortQuarters, 4, 1};
  if (field == DateTimePattern::kEra) return {full ? kEras : kShortEras, 2, 0};
  if (field == DateTimePattern::kHalfDay) return {kHalfDays, 2, 0};
  return {nullptr, 0, 0};
}

inline std::string_view DateTimeName(DateTimePattern::Field field, int64_t value, bool full) {
  DateTimeNameTable table = DateTimeNames(field, full);
  int64_t index = value - table.first;
  return index >= 0 && index < table.count ? table.names[index] : std::string_view();
}

}  // namespace firesteel
