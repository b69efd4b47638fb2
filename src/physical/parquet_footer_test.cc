// Parquet footers, written byte by byte in Thrift's compact protocol. Files of other writers: tests/dataframe/parquet_foreign.py.
#include "physical/parquet_footer.h"

#include <gtest/gtest.h>

#include "functions/source_options.h"
#include "physical/parquet_schema.h"
#include "types/type_text.h"

namespace firesteel::physical {
namespace {

using Type = ParquetType;
using Annotation = ParquetAnnotation;

// FileMetaData {1: version, 2: [root of one child, an INT64 TIMESTAMP(NANOS, not UTC) called t], 3: 5 rows, 5: a key and its value}
constexpr char kBytes[] =
    "\x15\x02"                                                           // version
    "\x19\x2C"                                                           // two elements
    "\x48\x01r\x15\x02\x00"                                              // 4: name, 5: one child
    "\x15\x04\x25\x02\x18\x01t\x6C\x8C\x12\x1C\x3C\x00\x00\x00\x00\x00"  // 1: INT64, 3: OPTIONAL, 4: name, 10: TIMESTAMP
    "\x16\x0A"                                                           // rows
    "\x29\x1C\x18\x01k\x18\x01v\x00"                                     // keys and values
    ;                                                                    // the literal's own \0 ends the struct
const std::string kFooter(kBytes, sizeof(kBytes));

TEST(ParquetFooter, ReadsSchemas) {
  const auto footer = ParseParquetFooter(kFooter);
  ASSERT_TRUE(footer.ok());
  EXPECT_EQ(footer->rows, 5);
  ASSERT_EQ(footer->schema->children.size(), 1);
  const ParquetElement& t = footer->schema->children[0];
  EXPECT_EQ(t.name, "t");
  EXPECT_EQ(t.repetition, ParquetRepetition::kOptional);
  EXPECT_EQ(t.TypeText(), "INT64 (TIMESTAMP(NANOS,false))");
  const std::map<std::string, std::string> none, as_long{{"sql.legacy.parquet.nanosaslong", "true"}};
  EXPECT_EQ(SparkSchema(*footer->schema, ParquetTypes(SourceOptions(none))).error().condition(),
            "PARQUET_TYPE_ILLEGAL");
  EXPECT_EQ(TypeSimpleString(*SparkSchema(*footer->schema, ParquetTypes(SourceOptions(as_long)))), "struct<t:bigint>");
}

TEST(ParquetFooter, AnyBytesGiveAFooterOrAnError) {
  for (size_t size = 0; size < kFooter.size(); ++size)
    EXPECT_FALSE(ParseParquetFooter(kFooter.substr(0, size)).ok()) << size;
  uint32_t random = 1;
  for (int round = 0; round < 200'000; ++round) {
    std::string bytes = kFooter;
    for (int change = 0; change <= round % 3; ++change) {
      random = random * 1664525 + 1013904223;
      bytes[(random >> 16) % bytes.size()] = static_cast<char>(random >> 8);
    }
    (void)ParseParquetFooter(bytes);
  }
}

ParquetElement Column(std::string name, Type type, ParquetRepetition repetition = ParquetRepetition::kRequired) {
  return {.name = std::move(name), .type = type, .repetition = repetition};
}
ParquetElement Group(std::string name, Annotation annotation, ParquetRepetition repetition,
                     std::vector<ParquetElement> children) {
  return {.name = std::move(name), .repetition = repetition, .annotation = annotation, .children = std::move(children)};
}

// The lists of old writers: Parquet's format, "backward compatibility rules".
TEST(ParquetSchema, ListsOfTwoAndThreeLevels) {
  constexpr auto kRepeated = ParquetRepetition::kRepeated;
  constexpr auto kOptional = ParquetRepetition::kOptional;
  const auto list = [&](ParquetElement repeated) {
    const std::map<std::string, std::string> none;
    const auto schema = SparkSchema(Group("root", Annotation::kNone, ParquetRepetition::kRequired,
                                          {Group("l", Annotation::kList, kOptional, {std::move(repeated)})}),
                                    ParquetTypes(SourceOptions(none)));
    return schema.ok() ? TypeSimpleString(*schema) : schema.error().condition();
  };
  EXPECT_EQ(list(Column("element", Type::kInt32, kRepeated)), "struct<l:array<int>>");
  EXPECT_EQ(list(Group("list", Annotation::kNone, kRepeated, {Column("element", Type::kInt32)})),
            "struct<l:array<int>>");
  EXPECT_EQ(list(Group("array", Annotation::kNone, kRepeated, {Column("x", Type::kInt32)})),
            "struct<l:array<struct<x:int>>>");
  EXPECT_EQ(list(Group("l_tuple", Annotation::kNone, kRepeated, {Column("x", Type::kInt32)})),
            "struct<l:array<struct<x:int>>>");
  EXPECT_EQ(
      list(Group("element", Annotation::kNone, kRepeated, {Column("x", Type::kInt32), Column("y", Type::kDouble)})),
      "struct<l:array<struct<x:int,y:double>>>");
  EXPECT_EQ(list(Column("element", Type::kInt32)), "_LEGACY_ERROR_TEMP_3071");
}

}  // namespace
}  // namespace firesteel::physical
