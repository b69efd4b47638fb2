// Literals' names and SQL as Apache Spark recorded them.
#include "types/value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "types/datetime.h"
#include "types/interval_text.h"
#include "types/number_text.h"
#include "types/recorded_data.h"
#include "types/type_text.h"

namespace firesteel {
namespace {

/// The value that a recorded Literal.toString shows; null where the text alone does not tell it.
Value ReadBack(const std::string& text, const DataType& type, const std::string& zone) {
  if (type.Is(TypeId::kBoolean)) return Value(text == "true");
  if (type.IsIntegral()) return Value(*ParseInteger(text, INT64_MIN, INT64_MAX, Fraction::kRefused));
  if (type.Is(TypeId::kFloat)) return Value(*ParseFloat(text));
  if (type.Is(TypeId::kDouble)) return Value(*ParseDouble(text));
  if (type.Is(TypeId::kDecimal)) {
    int128_t unscaled = 0;
    EXPECT_EQ(ParseDecimal(text, type.precision(), type.scale(), &unscaled), DecimalParse::kOk);
    return Value(unscaled);
  }
  if (type.Is(TypeId::kString)) return Value(text);
  if (type.Is(TypeId::kDate)) return Value(int64_t{*ParseDate(text)});
  if (type.Is(TypeId::kTime)) return Value(*ParseTime(text));
  if (type.Is(TypeId::kTimestamp)) return Value(*ParseTimestamp(text, *FindTimeZoneOrNull(zone)));
  if (type.Is(TypeId::kTimestampNtz)) return Value(*ParseTimestampNtz(text, false));
  if (type.Is(TypeId::kYearMonthInterval)) return Value(int64_t{*ParseYearMonthInterval(text, type.interval())});
  if (type.Is(TypeId::kDayTimeInterval)) return Value(*ParseDayTimeInterval(text, type.interval()));
  return Value();
}

TEST(Value, LiteralsPrintAsSpark) {
  ForEachRecorded("literals.jsonl", [](simdjson::dom::element row) {
    if (Has(row, "error") || Text(row, "class") != "Literal") return;
    DataType type = *ParseType(Text(row, "type"));
    if (type.IsNested() || type.Is(TypeId::kBinary)) return;
    std::string zone = Text(row, "zone");
    Value value = ReadBack(Text(row, "string"), type, zone);
    if (!value.IsNull()) {
      EXPECT_EQ(LiteralText(value, type, zone), Text(row, "string"));
    }
    EXPECT_EQ(LiteralSql(value, type, zone), Text(row, "sql"));
    // Calls and operators, which Spark has folded, are named as they were written.
    std::string text = Text(row, "text");
    if (text.find("(") == std::string::npos && !text.starts_with("- i")) {
      EXPECT_EQ(LiteralName(value, type, zone), Text(row, "name"));
    }
  });
}

TEST(Value, NestedAndBinary) {
  Value array(Value::List{Value(int64_t{1}), Value()});
  DataType type = DataType::Array(TypeId::kInteger);
  EXPECT_EQ(LiteralSql(array, type, "UTC"), "ARRAY(1, CAST(NULL AS INT))");
  EXPECT_EQ(LiteralText(array, type, "UTC"), "[1,null]");
  EXPECT_EQ(ValueText(array, type, "UTC"), "[1, null]");
  EXPECT_EQ(LiteralSql(Value(std::string("\x1f\xff")), TypeId::kBinary, "UTC"), "X'1FFF'");
  EXPECT_EQ(LiteralText(Value(std::string("\x1f")), TypeId::kBinary, "UTC"), "0x1F");
  DataType map = DataType::Map(TypeId::kString, TypeId::kInteger);
  Value entries(Value::List{Value(std::string("a")), Value(int64_t{1})});
  EXPECT_EQ(LiteralSql(entries, map, "UTC"), "MAP('a', 1)");
  EXPECT_EQ(LiteralText(entries, map, "UTC"), "map(keys: [a], values: [1])");
  EXPECT_EQ(ValueText(entries, map, "UTC"), "{a -> 1}");
}

TEST(Value, ErrorsNameWhatIsNoNumber) {
  EXPECT_EQ(ErrorValueText(Value(std::nan("")), TypeId::kDouble, "UTC"), "NaN");
  EXPECT_EQ(ErrorValueText(Value(1.5), TypeId::kDouble, "UTC"), "1.5D");
  EXPECT_EQ(ErrorTypeText(DataType::Decimal(5, 2)), "\"DECIMAL(5,2)\"");
}

}  // namespace
}  // namespace firesteel
