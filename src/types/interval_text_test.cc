// Intervals are read, printed and refused as Apache Spark recorded it.
#include "types/interval_text.h"

#include <gtest/gtest.h>

#include "types/recorded_data.h"
#include "types/type_text.h"

namespace firesteel {
namespace {

void ExpectError(simdjson::dom::element row, const Error& error) {
  simdjson::dom::element wanted = row["error"];
  // A number out of range fails in Spark with a plain Java exception, for which Firesteel uses the literal's condition.
  if (!Has(wanted, "condition")) {
    EXPECT_EQ(error.condition(), "INVALID_INTERVAL_FORMAT.DAY_TIME_PARSING");
    return;
  }
  EXPECT_EQ(error.condition(), Text(wanted, "condition"));
  for (auto [name, value] : wanted["parameters"].get_object()) {
    auto found = error.parameters().find(std::string(name));
    EXPECT_EQ(found == error.parameters().end() ? "(none)" : found->second, value.get_string().value()) << name;
  }
}

TEST(IntervalText, AnsiIntervalsReadAsSparksCasts) {
  ForEachRecorded("intervals.jsonl", [](simdjson::dom::element row) {
    DataType type = *ParseType(Text(row, "type"));
    std::string text = Text(row, "text");
    if (type.Is(TypeId::kYearMonthInterval)) {
      Result<int32_t> months = ParseYearMonthInterval(text, type.interval());
      ASSERT_EQ(months.ok(), Has(row, "value"));
      if (!months.ok()) return ExpectError(row, months.error());
      EXPECT_EQ(YearMonthIntervalText(*months, type.interval()), Text(row, "value"));
    } else if (type.Is(TypeId::kDayTimeInterval)) {
      Result<int64_t> micros = ParseDayTimeInterval(text, type.interval());
      ASSERT_EQ(micros.ok(), Has(row, "value"));
      if (!micros.ok()) return ExpectError(row, micros.error());
      EXPECT_EQ(DayTimeIntervalText(*micros, type.interval()), Text(row, "value"));
    }
  });
}

TEST(IntervalText, CalendarIntervalsReadAsSparksCasts) {
  ForEachRecorded("casts.jsonl", [](simdjson::dom::element row) {
    if (Text(row, "type") != "interval" || Has(row, "ansi")) return;
    Result<CalendarInterval> interval = ParseCalendarInterval(Text(row, "text"));
    EXPECT_EQ(interval.ok() ? CalendarIntervalText(*interval) : "(null)",
              Has(row, "value") ? Text(row, "value") : "(null)");
  });
}

TEST(IntervalText, PrintsAsSpark) {
  ForEachRecorded("prints.jsonl", [](simdjson::dom::element row) {
    int64_t months = 0;
    int64_t days = 0;
    int64_t micros = 0;
    bool has_months = row["months"].get_int64().get(months) == simdjson::SUCCESS;
    bool has_days = row["days"].get_int64().get(days) == simdjson::SUCCESS;
    bool has_micros = row["micros"].get_int64().get(micros) == simdjson::SUCCESS;
    if (has_months && has_days && has_micros) {
      CalendarInterval interval{static_cast<int32_t>(months), static_cast<int32_t>(days), micros};
      EXPECT_EQ(CalendarIntervalText(interval), Text(row, "text"));
    } else if (Has(row, "type")) {
      IntervalFields fields = ParseType(Text(row, "type"))->interval();
      EXPECT_EQ(has_months ? YearMonthIntervalText(static_cast<int32_t>(months), fields)
                           : DayTimeIntervalText(micros, fields),
                Text(row, "text"));
    }
  });
}

TEST(IntervalText, ErrorsNameTheWord) {
  auto error = [](const char* text) { return ParseCalendarInterval(text).error(); };
  EXPECT_EQ(error("1 foo").condition(), "INVALID_INTERVAL_FORMAT.INVALID_UNIT");
  EXPECT_EQ(error("1 foo").parameters().at("unit"), "'foo'");
  EXPECT_EQ(error("1 day 2").condition(), "INVALID_INTERVAL_FORMAT.MISSING_UNIT");
  EXPECT_EQ(error("1 day 2").parameters().at("word"), "'2'");
  EXPECT_EQ(error("1.5 days").condition(), "INVALID_INTERVAL_FORMAT.INVALID_FRACTION");
  EXPECT_EQ(error("1 day -").condition(), "INVALID_INTERVAL_FORMAT.MISSING_NUMBER");
  EXPECT_EQ(error("9999999999999999999 days").condition(), "INVALID_INTERVAL_FORMAT.ARITHMETIC_EXCEPTION");
  EXPECT_EQ(error("").condition(), "INVALID_INTERVAL_FORMAT.INPUT_IS_EMPTY");
}

}  // namespace
}  // namespace firesteel
