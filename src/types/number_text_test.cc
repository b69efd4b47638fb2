// Numbers are printed and read as Apache Spark recorded it.
#include "types/number_text.h"

#include <gtest/gtest.h>

#include <cmath>

#include "types/decimal.h"
#include "types/recorded_data.h"
#include "types/type_text.h"

namespace firesteel {
namespace {

TEST(NumberText, PrintsAsSpark) {
  ForEachRecorded("numbers.jsonl", [](simdjson::dom::element row) {
    if (Has(row, "decimal")) {
      DataType type = *ParseType(Text(row, "type"));
      int128_t unscaled = 0;
      ASSERT_EQ(ParseDecimal(Text(row, "text"), type.precision(), type.scale(), &unscaled), DecimalParse::kOk);
      EXPECT_EQ(DecimalPlainText(unscaled, type.scale()), Text(row, "decimal"));
    }
    if (!Has(row, "double")) return;
    double value = std::strtod(Text(row, "double").c_str(), nullptr);
    EXPECT_EQ(DoubleText(value), Text(row, "text"));
    EXPECT_EQ(*ParseDouble(Text(row, "text")), value);
    if (Has(row, "float")) {
      EXPECT_EQ(FloatText(static_cast<float>(value)), Text(row, "float"));
    }
  });
}

/// The text that CAST(text AS type) AS STRING gives, or null.
std::optional<std::string> CastNumber(const std::string& text, const DataType& type) {
  NumberBuffer buffer;
  auto integer = [&](int64_t min, int64_t max) -> std::optional<std::string> {
    auto value = ParseInteger(text, min, max, Fraction::kCutOff);
    if (!value) return std::nullopt;
    return std::string(IntegerText(*value, buffer));
  };
  if (type.Is(TypeId::kByte)) return integer(INT8_MIN, INT8_MAX);
  if (type.Is(TypeId::kShort)) return integer(INT16_MIN, INT16_MAX);
  if (type.Is(TypeId::kInteger)) return integer(INT32_MIN, INT32_MAX);
  if (type.Is(TypeId::kLong)) return integer(INT64_MIN, INT64_MAX);
  if (type.Is(TypeId::kDouble)) {
    auto value = ParseDouble(text);
    return value ? std::optional(DoubleText(*value)) : std::nullopt;
  }
  if (type.Is(TypeId::kFloat)) {
    auto value = ParseFloat(text);
    return value ? std::optional(FloatText(*value)) : std::nullopt;
  }
  if (type.Is(TypeId::kBoolean)) {
    auto value = ParseBoolean(text);
    return value ? std::optional<std::string>(*value ? "true" : "false") : std::nullopt;
  }
  int128_t unscaled = 0;
  if (ParseDecimal(text, type.precision(), type.scale(), &unscaled) != DecimalParse::kOk) return std::nullopt;
  return DecimalText(unscaled, type.scale());
}

TEST(NumberText, ReadsAsSparksCasts) {
  ForEachRecorded("casts.jsonl", [](simdjson::dom::element row) {
    DataType type = *ParseType(Text(row, "type"));
    if ((!type.IsNumeric() && !type.Is(TypeId::kBoolean)) || Has(row, "ansi")) return;
    std::optional<std::string> got = CastNumber(Text(row, "text"), type);
    std::string recorded = Has(row, "value") ? Text(row, "value") : "(null)";
    EXPECT_EQ(got.value_or("(null)"), recorded);
  });
}

TEST(NumberText, AnsiIntegersHaveNoFraction) {
  EXPECT_EQ(ParseInteger("1.9", INT32_MIN, INT32_MAX, Fraction::kRefused), std::nullopt);
  EXPECT_EQ(ParseInteger(" 12 ", INT32_MIN, INT32_MAX, Fraction::kRefused), 12);
}

TEST(NumberText, EveryDoubleReadsBack) {
  uint64_t state = 1;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    double value;
    std::memcpy(&value, &state, sizeof(value));
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(*ParseDouble(DoubleText(value)), value);
  }
}

std::string Int128Text(std::optional<int128_t> value) { return value ? DecimalPlainText(*value, 0) : "null"; }

TEST(Decimal, RoundsHalfUpAndTellsOverflow) {
  EXPECT_EQ(RescaleDecimal(125, 2, 10, 1), 13);
  EXPECT_EQ(RescaleDecimal(-125, 2, 10, 1), -13);
  EXPECT_EQ(RescaleDecimal(124, 2, 10, 1), 12);
  EXPECT_EQ(RescaleDecimal(999, 1, 2, 0), std::nullopt);
  EXPECT_EQ(RescaleDecimal(1, 0, 38, 38), std::nullopt);
}

TEST(Decimal, WideIntermediatesAreExact) {
  const int128_t big = PowerOfTen(38) - 1;
  // (10^38 - 1)^2 / 10^38 rounds to 10^38 - 2.
  EXPECT_EQ(MultiplyDecimals({big, 38}, {big, 0}, 38, 0), big - 1);
  EXPECT_EQ(MultiplyDecimals({big, 0}, {big, 0}, 38, 0), std::nullopt);
  EXPECT_EQ(Int128Text(DivideDecimals({1, 0}, {3, 0}, 38, 37)), "3333333333333333333333333333333333333");
  EXPECT_EQ(Int128Text(DivideDecimals({big, 0}, {big, 38}, 38, 0)), "null");
  EXPECT_EQ(Int128Text(DivideDecimals({big, 38}, {big, 38}, 38, 6)), "1000000");
  EXPECT_EQ(Int128Text(AddDecimals({big, 0}, {5, 1}, 38, 0)), "null");
  EXPECT_EQ(Int128Text(AddDecimals({big, 38}, {-big, 0}, 38, 0)), "-" + DecimalPlainText(big - 1, 0));
  EXPECT_EQ(Int128Text(RemainderOfDecimals({big, 0}, {7, 38}, 38, 38)), "2");
  EXPECT_EQ(RemainderOfDecimals({-75, 1}, {2, 0}, 38, 1), -15);
  EXPECT_EQ(DivideDecimalsToInteger({-75, 1}, {2, 0}), -3);
  EXPECT_EQ(DivideDecimalsToInteger({big, 0}, {1, 2}), std::nullopt);
  EXPECT_EQ(CompareDecimals({big, 0}, {1, 38}), 1);
  EXPECT_EQ(CompareDecimals({-10, 1}, {-1, 0}), 0);
}

TEST(Decimal, DivisionRoundsTwiceAsSpark) {
  // Just below half a millionth: 38 places round it up to the half, six places then to a whole one.
  const int128_t a = PowerOfTen(27);
  EXPECT_EQ(DivideDecimals({a, 0}, {2 * a * PowerOfTen(6) + 1, 0}, 38, 6), 1);
  // The short way and the long way agree.
  uint64_t state = 3;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    int128_t x = static_cast<int64_t>(state) >> (state % 60);
    state = state * 6364136223846793005u + 1442695040888963407u;
    int128_t y = static_cast<int64_t>(state) >> (state % 60);
    if (y == 0) continue;
    std::optional<int128_t> quotient = DivideDecimals({x, 2}, {y, 3}, 38, 6);
    if (!quotient) continue;
    int128_t difference = x * PowerOfTen(7) - *quotient * y;
    ASSERT_LE(2 * (difference < 0 ? -difference : difference), y < 0 ? -y : y);  // within half a unit
  }
}

TEST(Decimal, ResultTypesAreSparks) {
  auto d = DataType::Decimal;
  EXPECT_EQ(DecimalResultType(DecimalOperation::kDivide, d(38, 10), d(38, 10), true), d(38, 6));
  EXPECT_EQ(DecimalResultType(DecimalOperation::kMultiply, d(38, 18), d(38, 18), true), d(38, 6));
  EXPECT_EQ(DecimalResultType(DecimalOperation::kAdd, d(10, 2), d(12, 4), true), d(13, 4));
  EXPECT_EQ(DecimalResultType(DecimalOperation::kDivide, d(38, 10), d(38, 10), false), d(38, 18));
  EXPECT_EQ(WiderDecimal(d(38, 0), d(38, 38)), d(38, 0));
}

}  // namespace
}  // namespace firesteel
