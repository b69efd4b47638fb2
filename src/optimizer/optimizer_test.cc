// What collapses, what stays, and that the schema stays the client's.
#include "optimizer/optimizer.h"

#include <gtest/gtest.h>

#include "analyzer/test_environment.h"
#include "base/deep_stack.h"
#include "plan/explain.h"
#include "plan/validate.h"

namespace firesteel::optimizer {
namespace {

class OptimizerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto plan = analyzer::AnalyzeSql("SELECT * FROM VALUES (1, 'x'), (2, 'y') AS v(a, b)", environment_);
    ASSERT_TRUE(plan.ok()) << plan.error().Message();
    environment_.catalog_.views["t"] = *plan;
  }
  /// The optimized tree, checked for what holds for every plan.
  std::string Optimized(const std::string& sql) {
    std::string text;
    RunOnDeepStack([&] {
      auto analyzed = analyzer::AnalyzeSql(sql, environment_);
      ASSERT_TRUE(analyzed.ok()) << analyzed.error().Message();
      auto optimized = Optimize(*analyzed, environment_.settings_);
      ASSERT_TRUE(optimized.ok()) << optimized.error().Message();
      EXPECT_EQ(logical::Schema(**optimized), logical::Schema(**analyzed)) << sql;
      Status valid = logical::Validate(*optimized, "optimizer");
      EXPECT_TRUE(valid.ok()) << valid.error().Message();
      text = analyzer::Renumbered(logical::TreeString(*optimized));
    });
    return text;
  }
  static size_t Count(const std::string& text, const std::string& word) {
    size_t count = 0;
    for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
    return count;
  }
  analyzer::TestEnvironment environment_;
};

TEST_F(OptimizerTest, ProjectionsOverProjectionsBecomeOne) {
  std::string tree = Optimized("SELECT d * 2 AS e FROM (SELECT c + 1 AS d FROM (SELECT a + 1 AS c FROM t))");
  EXPECT_EQ(Count(tree, "Project"), 1u) << tree;
  EXPECT_EQ(Count(tree, "SubqueryAlias"), 0u) << tree;
  EXPECT_NE(tree.find("(((col1#0 + 1) + 1) * 2) AS e#1"), std::string::npos) << tree;
}

TEST_F(OptimizerTest, ALoopOfWithColumnStaysLinear) {
  std::string query = "SELECT a AS c0 FROM t";
  for (int i = 1; i <= 400; ++i) {
    query = "SELECT *, c0 + " + std::to_string(i) + " AS c" + std::to_string(i) + " FROM (" + query + ")";
  }
  std::string tree = Optimized(query);
  EXPECT_EQ(Count(tree, "Project"), 1u);
  EXPECT_LT(tree.size(), 40000u);
}

TEST_F(OptimizerTest, ValuesUsedOftenAreComputedOnce) {
  // Each level doubles what a copy of it costs: inlined, the text would grow to 2^30 terms.
  std::string query = "SELECT a AS x FROM t";
  for (int i = 0; i < 30; ++i) query = "SELECT x + x AS x FROM (" + query + ")";
  std::string tree = Optimized(query);
  EXPECT_LT(tree.size(), 10000u) << tree;
}

TEST_F(OptimizerTest, RandomValuesAreNotDrawnTwice) {
  std::string twice = Optimized("SELECT r, r + 1 AS s FROM (SELECT rand(1) AS r FROM t)");
  EXPECT_EQ(Count(twice, "rand("), 1u) << twice;
  EXPECT_EQ(Count(twice, "Project"), 2u) << twice;
  std::string once = Optimized("SELECT r FROM (SELECT rand(1) AS r, a FROM t)");
  EXPECT_EQ(Count(once, "Project"), 1u) << once;
}

TEST_F(OptimizerTest, WindowsStayBelowWhatIsComputedOfThem) {
  std::string tree = Optimized("SELECT n * 2 AS m FROM (SELECT row_number() OVER (ORDER BY a) AS n FROM t)");
  EXPECT_EQ(Count(tree, "Project"), 2u) << tree;
}

TEST_F(OptimizerTest, ProjectionsThatChangeNothingGo) {
  EXPECT_EQ(Optimized("SELECT a, b FROM (SELECT * FROM t) AS x"), Optimized("SELECT * FROM t"));
  // Another order, or a column twice, is something.
  EXPECT_EQ(Count(Optimized("SELECT b, a FROM t"), "Project"), 1u);
  EXPECT_EQ(Count(Optimized("SELECT a, a FROM t"), "Project"), 1u);
}

TEST_F(OptimizerTest, ColumnsThatASubqueryReadsStayColumns) {
  std::string tree = Optimized("SELECT (SELECT max(u.a) FROM t u WHERE u.a < c) AS m FROM (SELECT a + 1 AS c FROM t)");
  EXPECT_NE(tree.find("(col1#5 + 1) AS c#0"), std::string::npos) << tree;
  EXPECT_NE(tree.find("outer(c#0)"), std::string::npos) << tree;
}

TEST_F(OptimizerTest, SubqueriesAreOptimizedToo) {
  std::string tree =
      Optimized("SELECT a IN (SELECT e FROM (SELECT d + 1 AS e FROM (SELECT a AS d FROM t))) AS x FROM t");
  EXPECT_EQ(tree.find("d#"), std::string::npos) << tree;
}

TEST_F(OptimizerTest, ConstantsAreFolded) {
  std::string tree = Optimized("SELECT a + (1 + 2 * 3), 'x' || 'y' || b, CAST('4' AS INT) FROM t");
  EXPECT_NE(tree.find("(col1#0 + 7)"), std::string::npos) << tree;
  EXPECT_NE(tree.find("concat(xy, col2#"), std::string::npos) << tree;
  // A constant that moves up makes more constant.
  tree = Optimized("SELECT y * 2 AS z FROM (SELECT x + 1 AS y FROM (SELECT 2 + 1 AS x FROM t))");
  EXPECT_NE(tree.find("[8 AS z#"), std::string::npos) << tree;
}

TEST_F(OptimizerTest, WhatFailsFailsWhereItStands) {
  std::string tree = Optimized("SELECT CASE WHEN a > 5 THEN 1 div 0 + 1 + 2 END, NULL + 1 div 0 FROM t");
  EXPECT_NE(tree.find("CASE WHEN (col1#0 > 5) THEN (1 div 0) END AS"), std::string::npos) << tree;
  EXPECT_NE(tree.find("null AS (NULL + (1 div 0))"), std::string::npos) << tree;
}

TEST_F(OptimizerTest, ColumnsThatNobodyReadsGo) {
  // Of a join, a union and a definition, whatever stands between.
  EXPECT_EQ(Count(Optimized("SELECT x.a FROM t x JOIN t y ON x.a = y.a"), "col2#"), 0u);
  EXPECT_EQ(Count(Optimized("SELECT a FROM (SELECT a, b FROM t UNION ALL SELECT a, upper(b) FROM t)"), "upper"), 0u);
  EXPECT_EQ(Count(Optimized("WITH w AS (SELECT a, upper(b) AS u FROM t) SELECT x.a FROM w x, w y"), "upper"), 0u);
  EXPECT_EQ(Count(Optimized("SELECT s FROM (SELECT a, sum(a) AS s, max(b) AS m FROM t GROUP BY a)"), "max"), 0u);
  EXPECT_EQ(Count(Optimized("SELECT count(*) FROM (SELECT a, upper(b) FROM t)"), "upper"), 0u);
  EXPECT_EQ(Count(Optimized("SELECT a FROM t WHERE EXISTS (SELECT upper(b) FROM t)"), "upper"), 0u);
  // What is read on the way stays, and so do rows that are compared.
  EXPECT_EQ(Count(Optimized("SELECT a FROM (SELECT a, upper(b) AS u FROM t) WHERE u > 'X'"), "upper(col2"), 1u);
  EXPECT_EQ(Count(Optimized("SELECT count(*) FROM (SELECT DISTINCT a, upper(b) FROM t)"), "upper(col2"), 1u);
  EXPECT_EQ(Count(Optimized("SELECT a FROM (SELECT a, upper(b) FROM t EXCEPT SELECT a, b FROM t)"), "upper(col2"), 1u);
}

TEST_F(OptimizerTest, SumsOfConstantsApart) {
  const auto sums = [&](const std::string& argument) {
    return Optimized("SELECT sum(" + argument + ") FROM (SELECT CAST(a AS SMALLINT) AS s, a AS i FROM t)");
  };
  EXPECT_NE(sums("s + 1").find("* 1"), std::string::npos) << sums("s + 1");
  EXPECT_NE(sums("5 + s").find("* 5"), std::string::npos) << sums("5 + s");
  EXPECT_NE(sums("s - 7").find("* -7"), std::string::npos) << sums("s - 7");
  // These may overflow, or are no sums of a constant.
  for (const char* argument : {"i + 1", "s + 2147483647", "7 - s", "s + s", "DISTINCT s + 1", "s + 1L"})
    EXPECT_EQ(sums(argument).find("count"), std::string::npos) << sums(argument);
}

// As Apache Spark 4.2 answers with spark.sql.crossJoin.enabled = false; its error shows its own plans.
TEST_F(OptimizerTest, CartesianProductsMustBeWritten) {
  environment_.settings_.cross_join_enabled = false;
  const auto refused = [&](const std::string& sql) {
    auto analyzed = analyzer::AnalyzeSql(sql, environment_);
    EXPECT_TRUE(analyzed.ok()) << sql << analyzed.error().Message();
    auto optimized = Optimize(*analyzed, environment_.settings_);
    if (optimized.ok()) return false;
    EXPECT_EQ(optimized.error().condition(), "_LEGACY_ERROR_TEMP_1211") << sql;
    return true;
  };
  for (const char* sql : {
           "SELECT * FROM t x, t y",
           "SELECT * FROM t x, t y WHERE x.a = 1",
           "SELECT * FROM t x JOIN t y",
           "SELECT * FROM t x JOIN t y ON true",
           "SELECT * FROM t x LEFT JOIN t y ON x.a = 1",
           "SELECT * FROM t x FULL JOIN t y ON true",
           "SELECT * FROM t x, t y, t z WHERE x.a = y.a",
           "SELECT count(*) FROM t x, t y",
           "SELECT * FROM t WHERE a IN (SELECT x.a FROM t x, t y)",
       })
    EXPECT_TRUE(refused(sql)) << sql;
  for (const char* sql : {
           "SELECT * FROM t x CROSS JOIN t y",
           "SELECT * FROM t x, t y WHERE x.a = y.a",
           "SELECT * FROM t x, t y WHERE x.a > y.a",
           "SELECT * FROM t x LEFT JOIN t y ON x.a < y.a",
           "SELECT * FROM t x LEFT SEMI JOIN t y ON true",
           "SELECT * FROM t x JOIN t y ON false",
           "SELECT * FROM t x, t y, t z WHERE x.a = z.a AND y.a = z.a",
           "SELECT * FROM (SELECT x.a p, y.a q FROM t x, t y) WHERE p = q",
           "SELECT * FROM t x, LATERAL (SELECT x.a + 1)",
           "SELECT * FROM t x WHERE EXISTS (SELECT 1 FROM t y)",
           "SELECT * FROM t x, t y LIMIT 0",
       })
    EXPECT_FALSE(refused(sql)) << sql;
}

}  // namespace
}  // namespace firesteel::optimizer
