// Every reader of text against random and mutated input: none may crash, hang or read out of bounds (the asan build sees that).
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "types/datetime.h"
#include "types/interval_text.h"
#include "types/number_text.h"
#include "types/type_text.h"

namespace firesteel {
namespace {

class Random {
 public:
  uint32_t Next(uint32_t bound) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(state_ >> 33) % bound;
  }
  std::string Text(std::string_view alphabet, uint32_t length) {
    std::string out;
    for (uint32_t i = 0; i < length; ++i) out += alphabet[Next(static_cast<uint32_t>(alphabet.size()))];
    return out;
  }
  std::string Mutated(std::string text) {
    for (uint32_t i = Next(3) + 1; i > 0 && !text.empty(); --i) {
      uint32_t at = Next(static_cast<uint32_t>(text.size()));
      switch (Next(3)) {
        case 0:
          text[at] = static_cast<char>(Next(256));
          break;
        case 1:
          text.erase(at, Next(4) + 1);
          break;
        default:
          text.insert(at, 1, static_cast<char>(Next(256)));
      }
    }
    return text;
  }

 private:
  uint64_t state_ = 42;
};

void ReadAll(const std::string& text) {
  (void)ParseInteger(text, INT64_MIN, INT64_MAX, Fraction::kCutOff);
  (void)ParseDouble(text);
  (void)ParseFloat(text);
  (void)ParseBoolean(text);
  int128_t unscaled = 0;
  (void)ParseDecimal(text, 38, 38, &unscaled);
  (void)ParseDecimal(text, 5, 0, &unscaled);
  (void)ParseDate(text);
  (void)ParseTimestamp(text, *Utc());
  (void)ParseTimestampNtz(text, true);
  (void)ParseTime(text);
  (void)FindTimeZoneOrNull(text);
  for (uint8_t start = 0; start < 4; ++start) {
    for (uint8_t end = start; end < 4; ++end) (void)ParseDayTimeInterval(text, {start, end});
  }
  (void)ParseYearMonthInterval(text, {0, 1});
  (void)ParseYearMonthInterval(text, {1, 1});
  (void)ParseCalendarInterval(text);
  if (Result<DataType> type = ParseSchemaText(text); type.ok()) {
    (void)TypeSql(*type);
    (void)TreeString(*type);
    (void)ParseTypeJson(TypeJson(*type));
  }
  (void)ParseTypeJson(text);
}

TEST(HostileText, MutatedInput) {
  const std::vector<std::string> seeds = {
      "2020-01-02 03:04:05.123456 Europe/Paris",
      "+294247-01-10T04:00:54.775807Z",
      "12:34:56 PM",
      "-1.5e-30",
      "0x1.8p1",
      "NaN",
      "INTERVAL -'1 02:03:04.5' DAY TO SECOND",
      "interval 1 year -2 days 3.5 seconds",
      "INTERVAL '1-2' YEAR TO MONTH",
      "a INT NOT NULL COMMENT 'it''s', b STRUCT<`x y`: ARRAY<MAP<STRING, DECIMAL(10,2)>>>",
      "GMT+1:30",
      R"json({"type":"struct","fields":[{"name":"a","type":{"type":"array","elementType":"decimal(3,1)","containsNull":true},)json"
      R"json("nullable":true,"metadata":{"__COLLATIONS":{"a":"icu.UNICODE"}}}]})json"};
  Random random;
  for (int i = 0; i < 20'000; ++i) {
    ReadAll(random.Mutated(seeds[random.Next(static_cast<uint32_t>(seeds.size()))]));
  }
}

TEST(HostileText, RandomInput) {
  Random random;
  for (int i = 0; i < 20'000; ++i) {
    ReadAll(random.Text("0123456789+-.:TZ eE'\"`<>(),{}[]\\/_abcdINTERVALxyµ\xff\x80\n", random.Next(40)));
  }
  ReadAll(std::string(1 << 20, '9'));
  ReadAll(std::string(1 << 20, '['));
  ReadAll(std::string(1 << 20, '('));
  ReadAll(std::string(1 << 16, '`'));
}

}  // namespace
}  // namespace firesteel
