// The calendar over its whole range, and recorded texts of casts.
#include "types/datetime.h"

#include <gtest/gtest.h>

#include "types/recorded_data.h"

namespace firesteel {
namespace {

TEST(DateTime, CalendarRoundTrips) {
  for (int64_t days = -200'000'000; days < 200'000'000; days += 9973) {
    CivilDate date = CivilFromDays(days);
    ASSERT_EQ(DaysFromCivil(date.year, date.month, date.day), days);
  }
  EXPECT_EQ(DaysFromCivil(1970, 1, 1), 0);
  EXPECT_EQ(DayOfWeek(0), 4);
  EXPECT_EQ(WeekOfYear(DaysFromCivil(2021, 1, 3)), 53);
  EXPECT_EQ(WeekBasedYear(DaysFromCivil(2021, 1, 3)), 2020);
  EXPECT_EQ(AddMonths(DaysFromCivil(2020, 1, 31), 1), DaysFromCivil(2020, 2, 29));
}

std::string Shown(std::optional<int64_t> value) { return value ? std::to_string(*value) : "(null)"; }

TEST(DateTime, ReadsAsSparksCasts) {
  ForEachRecorded("casts.jsonl", [](simdjson::dom::element row) {
    std::string type = Text(row, "type");
    std::string text = Text(row, "text");
    if (Has(row, "ansi")) return;
    std::string wanted = Has(row, "value") ? Text(row, "value") : "(null)";
    if (type == "date") {
      std::optional<int32_t> days = ParseDate(text);
      EXPECT_EQ(days ? std::to_string(*days) : "(null)", wanted);
    } else if (type == "timestamp") {
      bool today = ParseTimestampNtz(text, true) == std::nullopt && wanted != "(null)";
      if (today) return;  // a time without a date is of the day it was recorded
      std::optional<int64_t> micros = ParseTimestamp(text, *FindTimeZoneOrNull(Text(row, "zone")));
      if (micros && !ParseTimestampNtz(text, true) && ParseTime(text)) return;
      EXPECT_EQ(Shown(micros), wanted);
    } else if (type == "timestamp_ntz") {
      EXPECT_EQ(Shown(ParseTimestampNtz(text, true)), wanted);
    } else if (type == "time(6)") {
      std::optional<int64_t> nanos = ParseTime(text);
      EXPECT_EQ(nanos ? TimeText(*nanos) : "(null)", wanted);
    }
  });
}

TEST(DateTime, WritesAsSpark) {
  ForEachRecorded("prints.jsonl", [](simdjson::dom::element row) {
    int64_t number = 0;
    if (Has(row, "zone")) {
      ASSERT_EQ(row["micros"].get_int64().get(number), simdjson::SUCCESS);
      EXPECT_EQ(TimestampText(number, *FindTimeZoneOrNull(Text(row, "zone"))), Text(row, "text"));
    } else if (Has(row, "days") && !Has(row, "months")) {
      ASSERT_EQ(row["days"].get_int64().get(number), simdjson::SUCCESS);
      EXPECT_EQ(DateText(number), Text(row, "text"));
    }
  });
}

TEST(TimeZone, IdsAreReadAsSpark) {
  EXPECT_EQ(FindTimeZoneOrNull("+1:00")->OffsetAt(0), 3600);
  EXPECT_EQ(FindTimeZoneOrNull("GMT-7:5")->OffsetAt(0), -(7 * 3600 + 300));
  EXPECT_EQ(FindTimeZoneOrNull("PST")->id(), "America/Los_Angeles");
  EXPECT_EQ(FindTimeZoneOrNull("UTC")->id(), "UTC");
  for (const char* bad : {"", "x", "Foo/Bar", "europe/paris", "+19:00", "+18:01", "../../etc/passwd", "/etc/passwd",
                          "UTC+25", "Z1", "+1:2:3", "America", "America/", "right/UTC", "\xff\xff"}) {
    EXPECT_EQ(FindTimeZoneOrNull(bad), nullptr) << bad;
    EXPECT_EQ(FindTimeZone(bad).error().condition(), "INVALID_TIMEZONE");
  }
}

TEST(TimeZone, GapsAndOverlapsAreJavas) {
  const TimeZone& paris = *FindTimeZoneOrNull("Europe/Paris");
  auto utc = [&](const char* text) { return TimestampText(*ParseTimestamp(text, paris), *Utc()); };
  EXPECT_EQ(utc("2020-03-29 01:59:59"), "2020-03-29 00:59:59");
  EXPECT_EQ(utc("2020-03-29 02:30:00"), "2020-03-29 01:30:00");  // shows as 03:30
  EXPECT_EQ(utc("2020-03-29 03:00:00"), "2020-03-29 01:00:00");
  EXPECT_EQ(utc("2020-10-25 02:30:00"), "2020-10-25 00:30:00");  // the earlier of the two
  EXPECT_EQ(utc("2020-10-25 03:00:00"), "2020-10-25 02:00:00");
  EXPECT_EQ(utc("3020-07-01 12:00:00"), "3020-07-01 10:00:00");  // rules go on for ever
  int64_t start = 0;
  const TimeZone& sao_paulo = *FindTimeZoneOrNull("America/Sao_Paulo");  // summer began at midnight
  ASSERT_TRUE(sao_paulo.StartOfDay(DaysFromCivil(2018, 11, 4), &start));
  EXPECT_EQ(TimestampText(start, sao_paulo), "2018-11-04 01:00:00");
}

TEST(TimeZone, TableAndLibraryAgree) {
  const TimeZone& zone = *FindTimeZoneOrNull("America/New_York");
  for (int64_t second = -5'000'000'000; second < 20'000'000'000; second += 7'777'777) {
    int64_t utc = 0;
    ASSERT_TRUE(zone.ToUtcMicros(zone.ToLocalMicros(second * kMicrosPerSecond), &utc));
    int64_t difference = utc / kMicrosPerSecond - second;
    ASSERT_TRUE(difference == 0 || difference == -3600) << second;  // -3600 in an overlap
  }
}

}  // namespace
}  // namespace firesteel
