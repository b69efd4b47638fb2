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

// Recorded from Apache Spark 4.2.0: the text, the token, the hint, the position.
TEST(Parser, SyntaxErrorsAreWhereSparkSeesThem) {
  struct Case {
    std::string_view text, error, hint;
    int position;
  };
  constexpr Case kCases[] = {
      {"SELECT 1 1 1", "'1'", "", 9},
      {"SELECT (1", "end of input", "", 9},
      {"SELECT a b c FROM t", "'c'", "", 11},
      {"SELECT * FROM t WHERE =", "'='", ": extra input '='", 22},
      {"SELECT * FROM t GROUP BY", "'BY'", ": extra input 'BY'", 22},
      {"SELECT * FROM t JOIN u USING k", "'k'", ": missing '('", 29},
      {"SELECT * FROM (SELECT 1", "end of input", ": missing ')'", 23},
      {"SELECT 1; SELECT 2", "'SELECT'", ": extra input 'SELECT'", 10},
      {"SELECT a[1 FROM t", "'FROM'", ": missing ']'", 11},
      {"SELECT CASE WHEN 1", "'1'", ": extra input '1'", 17},
      {"SELECT 'abc", "'''", "", 7},
  };
  for (const Case& test : kCases) {
    auto statement = ParseStatement(test.text, {});
    ASSERT_FALSE(statement.ok()) << test.text;
    const Error& error = statement.error();
    EXPECT_EQ(error.condition(), "PARSE_SYNTAX_ERROR") << test.text;
    EXPECT_EQ(error.parameters().at("error"), test.error) << test.text;
    EXPECT_EQ(error.parameters().at("hint"), test.hint) << test.text;
    EXPECT_EQ(error.origin().position, test.position) << test.text;
  }
}

TEST(Parser, KeywordsAreNamesWhereTheyFit) {
  for (std::string_view text :
       {"SELECT case FROM t", "SELECT 1 AS", "SELECT a from FROM from", "FROM t |>", "SELECT 1 limit",
        "SELECT interval, date, map FROM values", "SELECT order, group FROM t"}) {
    auto statement = ParseStatement(text, {});
    EXPECT_TRUE(statement.ok()) << text << ": " << statement.error().Message();
  }
  ParserOptions reserved;
  reserved.enforce_reserved_keywords = true;
  EXPECT_FALSE(ParseStatement("SELECT 1 AS table", reserved).ok());
}

TEST(Parser, NodesKnowTheirText) {
  std::string_view text = "SELECT a,\n  b + c * 2 FROM t";
  auto query = ParseQuery(text, {});
  ASSERT_TRUE(query.ok());
  const auto& project = std::get<unresolved::Project>((*query)->node);
  const Origin& origin = project.expressions[1]->origin;
  EXPECT_EQ(text.substr(origin.start, origin.stop - origin.start + 1), "b + c * 2");
  EXPECT_EQ(origin.line, 2);
  EXPECT_EQ(origin.position, 2);
}

// What is slower than linear takes longer than a test may.
TEST(Parser, ReadsMegabytes) {
  std::string text = "SELECT ";
  while (text.size() < 3'000'000) text += "coalesce(a.b + 1, 'text', CAST(c AS DECIMAL(10, 2))) AS x, ";
  text += "1 FROM t";
  EXPECT_TRUE(ParseQuery(text, {}).ok());
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
