// Ends of months, ranges and whole units, where no recorded answer would say why.
#include "functions/wall_clock.h"

#include <gtest/gtest.h>

namespace firesteel::functions {
namespace {

int64_t At(int64_t year, int64_t month, int64_t day, int64_t micros = 0) {
  return DaysFromCivil(year, month, day) * kMicrosPerDay + micros;
}

TEST(WallClock, MonthsEndCutTheDay) {
  const auto moved = AddToTimestamp(At(2020, 1, 31, 5), {1, 1, 7}, nullptr);
  ASSERT_TRUE(moved);
  EXPECT_EQ(*moved, At(2020, 3, 1, 12));
  EXPECT_FALSE(AddToTimestamp(INT64_MAX, {0, 1, 0}, nullptr));
  EXPECT_FALSE(AddToTimestamp(INT64_MIN, {0, 0, -1}, nullptr));
}

TEST(WallClock, UnitsBetweenAreWholeAndSigned) {
  EXPECT_EQ(UnitsBetween(TimeUnit::kMonth, At(2020, 1, 31), At(2020, 2, 29)), 0);
  EXPECT_EQ(UnitsBetween(TimeUnit::kMonth, At(2020, 1, 29, 1), At(2020, 2, 29)), 0);
  EXPECT_EQ(UnitsBetween(TimeUnit::kMonth, At(2020, 2, 29), At(2020, 1, 29, 1)), 0);
  EXPECT_EQ(UnitsBetween(TimeUnit::kYear, At(2000, 1, 1), At(1990, 1, 1)), -10);
  EXPECT_EQ(UnitsBetween(TimeUnit::kMicrosecond, INT64_MIN, INT64_MIN + 3), 3);
}

TEST(WallClock, UnitsBegin) {
  EXPECT_EQ(TruncatedLocal(TimeUnit::kWeek, At(2020, 3, 1, 9)), At(2020, 2, 24));
  EXPECT_EQ(TruncatedLocal(TimeUnit::kQuarter, At(1969, 12, 31)), At(1969, 10, 1));
  EXPECT_EQ(TruncatedLocal(TimeUnit::kHour, -1), -kMicrosPerHour);
}

TEST(WallClock, IntervalsOfUnitsHaveARange) {
  EXPECT_EQ(IntervalOfUnits(TimeUnit::kQuarter, 2), (CalendarInterval{6, 0, 0}));
  EXPECT_EQ(IntervalOfUnits(TimeUnit::kHour, -25), (CalendarInterval{0, -1, -kMicrosPerHour}));
  EXPECT_FALSE(IntervalOfUnits(TimeUnit::kYear, INT64_MAX));
  EXPECT_FALSE(IntervalOfUnits(TimeUnit::kWeek, INT64_MAX));
}

}  // namespace
}  // namespace firesteel::functions
