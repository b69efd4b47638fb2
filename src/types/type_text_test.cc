// Types' texts in all forms, read and written as Apache Spark recorded it.
#include "types/type_text.h"

#include <gtest/gtest.h>

#include "types/recorded_data.h"

namespace firesteel {
namespace {

void CheckReader(simdjson::dom::element row, const char* reader, const Result<DataType>& type) {
  SCOPED_TRACE(reader);
  simdjson::dom::element wanted;
  if (row[reader].get(wanted) != simdjson::SUCCESS) return;
  if (Has(wanted, "condition")) {
    ASSERT_FALSE(type.ok()) << TypeJson(*type);
    EXPECT_EQ(type.error().condition(), Text(wanted, "condition"));
    simdjson::dom::object parameters;
    if (wanted["parameters"].get_object().get(parameters) == simdjson::SUCCESS) {
      for (auto [name, value] : parameters) {
        if (name == "proposals") continue;  // Spark names locales, which Firesteel does not have
        auto found = type.error().parameters().find(std::string(name));
        EXPECT_EQ(found == type.error().parameters().end() ? "(none)" : found->second, value.get_string().value())
            << name;
      }
    }
    if (Has(wanted, "message") && type.error().condition() != "COLLATION_INVALID_NAME") {
      EXPECT_EQ(type.error().Message(), Text(wanted, "message"));
    }
    return;
  }
  if (!Has(wanted, "json")) return;
  ASSERT_TRUE(type.ok()) << type.error().Message();
  EXPECT_EQ(TypeJson(*type), Text(wanted, "json"));
  EXPECT_EQ(TypeSql(*type), Text(wanted, "sql"));
  EXPECT_EQ(TypeSimpleString(*type), Text(wanted, "simple"));
  EXPECT_EQ(TypeCatalogString(*type), Text(wanted, "catalog"));
  if (Has(wanted, "tree")) {
    EXPECT_EQ(TreeString(*type), Text(wanted, "tree"));
  }
  if (Has(wanted, "ddl")) {
    EXPECT_EQ(TypeDdl(*type), Text(wanted, "ddl"));
  }
  Result<DataType> back = ParseTypeJson(TypeJson(*type));
  ASSERT_TRUE(back.ok()) << back.error().Message();
  if (type->Is(TypeId::kStruct)) {
    EXPECT_EQ(*back, *type);
  }
}

TEST(TypeText, ReadsDdlAsSpark) {
  ForEachRecorded("ddl.jsonl", [](simdjson::dom::element row) {
    std::string text = Text(row, "text");
    if (text.starts_with("geometry")) return;
    CheckReader(row, "fromDDL", ParseDdl(text));
    CheckReader(row, "parseDataType", ParseType(text));
    CheckReader(row, "parseTableSchema", ParseTableSchema(text));
  });
}

TEST(TypeText, SchemaTextTakesColons) {
  Result<DataType> type = ParseSchemaText("a: int, b: string");
  ASSERT_TRUE(type.ok());
  EXPECT_EQ(TypeDdl(*type), "a INT,b STRING");
}

TEST(TypeText, NestingHasALimit) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "array<";
  Result<DataType> type = ParseType(text);
  ASSERT_FALSE(type.ok());
  EXPECT_EQ(type.error().condition(), "FAILED_TO_PARSE_TOO_COMPLEX");
}

TEST(TypeText, JsonKeepsMetadataAndUdts) {
  const std::string json =
      R"({"type":"struct","fields":[{"name":"a\n","type":"integer","nullable":false,"metadata":{"k":[1,2.5,"x"]}},)"
      R"({"name":"u","type":{"type":"udt","class":null,"pyClass":"m.C","sqlType":"double"},"nullable":true,"metadata":{}}]})";
  Result<DataType> type = ParseTypeJson(json);
  ASSERT_TRUE(type.ok()) << type.error().Message();
  EXPECT_EQ(TypeJson(*type), json);
  for (std::string bad :
       {"", "{", "{}", "\"foo\"", "[1]", R"({"type":"array"})", R"({"type":"struct","fields":[{}]})", "1"}) {
    EXPECT_FALSE(ParseTypeJson(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace firesteel
