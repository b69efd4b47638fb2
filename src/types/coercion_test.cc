// Coercion against what Spark's own answers (tests/sql/functions) show of it.
#include "types/coercion.h"

#include <gtest/gtest.h>

#include "types/type_text.h"

namespace firesteel {
namespace {

std::string Wider(const DataType& a, const DataType& b, bool ansi) {
  const auto type = WiderType(a, b, {.ansi = ansi});
  return type ? TypeCatalogString(*type) : "-";
}

TEST(Coercion, WiderTypes) {
  EXPECT_EQ(Wider(TypeId::kByte, TypeId::kInteger, true), "int");
  EXPECT_EQ(Wider(TypeId::kInteger, TypeId::kFloat, true), "double");
  EXPECT_EQ(Wider(TypeId::kInteger, TypeId::kFloat, false), "float");
  EXPECT_EQ(Wider(TypeId::kInteger, DataType::Decimal(2, 1), true), "decimal(11,1)");
  EXPECT_EQ(Wider(TypeId::kLong, DataType::Decimal(38, 18), true), "decimal(38,18)");
  EXPECT_EQ(Wider(TypeId::kInteger, TypeId::kString, true), "bigint");
  EXPECT_EQ(Wider(TypeId::kInteger, TypeId::kString, false), "string");
  EXPECT_EQ(Wider(TypeId::kDate, TypeId::kTimestamp, true), "timestamp");
  EXPECT_EQ(Wider(TypeId::kDate, TypeId::kInteger, true), "-");
  EXPECT_EQ(Wider(DataType::DayTime(0, 0), DataType::DayTime(1, 1), true), "interval day to hour");
  EXPECT_EQ(Wider(DataType::Array(TypeId::kInteger, false), DataType::Array(TypeId::kLong, true), true),
            "array<bigint>");
  EXPECT_EQ(Wider(DataType::Array(TypeId::kInteger), DataType::Array(TypeId::kBoolean), true), "-");
}

TEST(Coercion, ImplicitCastsOfArguments) {
  const TypePattern double_or_decimal =
      TypePattern::OneOf({TypeId::kDouble, TypePattern::Class::kDecimal, TypeId::kLong});
  EXPECT_EQ(double_or_decimal.Sql(), R"(("DOUBLE" or "DECIMAL" or "BIGINT"))");
  EXPECT_EQ(ImplicitCast(TypeId::kInteger, double_or_decimal, true), DataType(TypeId::kDouble));
  EXPECT_EQ(ImplicitCast(TypeId::kLong, double_or_decimal, true), DataType(TypeId::kLong));
  EXPECT_EQ(ImplicitCast(TypeId::kBoolean, double_or_decimal, true), std::nullopt);
  // ANSI refuses fractions where whole numbers are wanted as a class, not where a type is named.
  EXPECT_EQ(ImplicitCast(TypeId::kDouble, TypePattern::Class::kIntegral, true), std::nullopt);
  EXPECT_EQ(ImplicitCast(TypeId::kDouble, TypeId::kInteger, true), DataType(TypeId::kInteger));
  EXPECT_EQ(ImplicitCast(TypeId::kString, TypePattern::Class::kNumeric, true), DataType(TypeId::kDouble));
  EXPECT_EQ(ImplicitCast(TypeId::kInteger, TypeId::kString, true), DataType(TypeId::kString));
  EXPECT_EQ(ImplicitCast(TypeId::kBinary, TypeId::kString, false), DataType(TypeId::kString));
  EXPECT_EQ(ImplicitCast(TypeId::kNull, TypePattern::Class::kNumeric, true), DataType(TypeId::kDouble));
}

TEST(Coercion, Casts) {
  EXPECT_TRUE(CanCast(TypeId::kBoolean, TypeId::kTimestamp, false));
  EXPECT_FALSE(CanCast(TypeId::kBoolean, TypeId::kTimestamp, true));
  EXPECT_FALSE(CanCast(TypeId::kInteger, TypeId::kDate, false));
  EXPECT_FALSE(CanCast(DataType::Array(TypeId::kInteger), TypeId::kInteger, true));
  // Nullable in the schema even where ANSI would raise; `CAST(1.015 AS DECIMAL(3,2))` may round up by a digit.
  EXPECT_TRUE(CastMayBeNull(TypeId::kString, TypeId::kInteger, true));
  EXPECT_FALSE(CastMayBeNull(TypeId::kInteger, TypeId::kByte, true));
  EXPECT_FALSE(CastMayBeNull(DataType::Decimal(4, 3), DataType::Decimal(10, 2), true));
  EXPECT_TRUE(CastMayBeNull(DataType::Decimal(4, 3), DataType::Decimal(3, 2), true));
  EXPECT_TRUE(CastMayBeNull(TypeId::kTimestamp, TypeId::kInteger, true));
}

}  // namespace
}  // namespace firesteel
