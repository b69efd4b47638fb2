// The parser on its own: statements, errors and their positions, hostile texts.
#include "sql/parser.h"

#include <gtest/gtest.h>

namespace firesteel::sql {
namespace {

TEST(Parser, ReadsASelect) {
  auto query = ParseQuery("SELECT a, count(*) FROM t WHERE x > 1 GROUP BY a ORDER BY a LIMIT 3", {});
  ASSERT_TRUE(query.ok()) << query.error().Message();
  EXPECT_TRUE(std::holds_alternative<unresolved::Limit>((*query)->node));
}

TEST(Parser, NamesTheTokenThatDoesNotFit) {
  auto query = ParseQuery("SELECT 1 1", {});
  ASSERT_FALSE(query.ok());
  EXPECT_EQ(query.error().condition(), "PARSE_SYNTAX_ERROR");
  EXPECT_EQ(query.error().parameters().at("error"), "'1'");
  EXPECT_EQ(query.error().parameters().at("hint"), ": extra input '1'");
  EXPECT_EQ(query.error().origin().position, 9);
}

TEST(Parser, ParenthesesMayBeDeep) {
  std::string deep = "SELECT " + std::string(20000, '(') + "1" + std::string(20000, ')');
  EXPECT_TRUE(ParseQuery(deep, {}).ok());
  std::string chain = "SELECT 1";
  for (int i = 0; i < 2000; ++i) chain += " + 1";
  EXPECT_TRUE(ParseQuery(chain, {}).ok());
  std::string terms = "SELECT a = 0";
  for (int i = 0; i < 20000; ++i) terms += " AND a = 1";
  EXPECT_TRUE(ParseQuery(terms, {}).ok());
  std::string nested;
  for (int i = 0; i < 300; ++i) nested += "SELECT * FROM (";
  nested += "SELECT 1" + std::string(300, ')');
  EXPECT_TRUE(ParseQuery(nested, {}).ok());
  std::string open = "SELECT " + std::string(100000, '(');
  EXPECT_FALSE(ParseQuery(open, {}).ok());
}

}  // namespace
}  // namespace firesteel::sql
