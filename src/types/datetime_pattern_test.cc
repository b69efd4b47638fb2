// Patterns format, parse and fail as Apache Spark recorded it.
#include "types/datetime_pattern.h"

#include <gtest/gtest.h>

#include "types/datetime.h"
#include "types/recorded_data.h"

namespace firesteel {
namespace {

void ExpectError(simdjson::dom::element wanted, const Error& error) {
  EXPECT_EQ(error.condition(), Text(wanted, "condition"));
  for (auto [name, value] : wanted["parameters"].get_object()) {
    auto found = error.parameters().find(std::string(name));
    EXPECT_EQ(found == error.parameters().end() ? "(none)" : found->second, value.get_string().value()) << name;
  }
}

TEST(DateTimePattern, FormatsAsSpark) {
  ForEachRecorded("patterns.jsonl", [](simdjson::dom::element row) {
    if (Has(row, "policy")) return;
    Result<DateTimePattern> pattern = DateTimePattern::Compile(Text(row, "pattern"), DateTimePattern::Use::kFormat);
    if (Has(row, "format_error")) {
      ASSERT_FALSE(pattern.ok());
      return ExpectError(row["format_error"], pattern.error());
    }
    ASSERT_TRUE(pattern.ok()) << pattern.error().Message();
    const TimeZone& zone = *FindTimeZoneOrNull(Text(row, "zone"));
    std::string text;
    pattern->Format(*ParseTimestamp(Text(row, "instant"), zone), zone, text);
    EXPECT_EQ(text, Text(row, "text"));
  });
}

TEST(DateTimePattern, ParsesAsSpark) {
  ForEachRecorded("patterns.jsonl", [](simdjson::dom::element row) {
    if (Text(row, "policy") != "CORRECTED") return;
    Result<DateTimePattern> pattern = DateTimePattern::Compile(Text(row, "pattern"), DateTimePattern::Use::kParse);
    Result<DateTimePattern> ntz_pattern =
        DateTimePattern::Compile(Text(row, "pattern"), DateTimePattern::Use::kParseNtz);
    const TimeZone& zone = *FindTimeZoneOrNull(Text(row, "zone"));
    std::string text = Text(row, "text");
    auto check = [&](const char* kind, const char* function, const Result<DateTimePattern>& pattern, auto parse) {
      SCOPED_TRACE(kind);
      simdjson::dom::element wanted = row[kind];
      const bool fails = wanted.is_object();
      if (!pattern.ok()) {
        ASSERT_TRUE(fails);
        return ExpectError(wanted, pattern.error());
      }
      std::string message;
      auto got = parse(&message);
      ASSERT_EQ(got.has_value(), !fails) << message;
      if (fails) return ExpectError(wanted, CannotParseTimestamp(message, function));
      EXPECT_EQ(static_cast<int64_t>(*got), wanted.get_int64().value());
    };
    check("timestamp", "try_to_timestamp", pattern,
          [&](std::string* why) { return pattern->ParseTimestamp(text, zone, why); });
    check("date", "try_to_date", pattern, [&](std::string* why) {
      std::optional<int64_t> micros = pattern->ParseTimestamp(text, zone, why);
      if (micros) micros = FloorDivide(zone.ToLocalMicros(*micros), kMicrosPerDay);
      return micros;
    });
    if (!row["ntz"].is_object() || row["timestamp"].is_object()) {
      // Recorded through unix_micros, which takes the wall clock to an instant of the session's zone.
      check("ntz", "try_to_timestamp", ntz_pattern, [&](std::string* why) {
        std::optional<int64_t> micros = ntz_pattern->ParseTimestampNtz(text, true, why);
        if (micros) zone.ToUtcMicros(*micros, &*micros);
        return micros;
      });
    }
  });
}

TEST(DateTimePattern, HostilePatternsAndTexts) {
  std::string brackets(100'000, '[');
  EXPECT_FALSE(DateTimePattern::Compile(brackets, DateTimePattern::Use::kParse).ok());
  uint64_t state = 7;
  constexpr std::string_view kAlphabet = "yMdHhKkmsSaGzZxXOVDEFQqL[]'-:/ 0123456789+TZé#";
  for (int i = 0; i < 20'000; ++i) {
    auto random = [&](size_t length) {
      std::string out;
      for (size_t j = 0; j < length; ++j) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        out += kAlphabet[(state >> 33) % kAlphabet.size()];
      }
      return out;
    };
    Result<DateTimePattern> pattern = DateTimePattern::Compile(random(i % 20), DateTimePattern::Use::kParse);
    if (!pattern.ok()) continue;
    std::string message;
    std::string formatted;
    pattern->Format(static_cast<int64_t>(state), *Utc(), formatted);
    pattern->ParseTimestamp(formatted, *Utc(), &message);
    pattern->ParseTimestamp(random(i % 30), *Utc(), &message);
    pattern->ParseDate("99999999999999999999999", &message);
  }
}

}  // namespace
}  // namespace firesteel
