// Queries and the plans that they become: testdata/plans.txt holds pairs of SQL text and analysed tree (column ids counted from 0 in
// the order of their appearance), or the error. Run with FIRESTEEL_UPDATE=1 to see differences as a new file.
#include "analyzer/analyzer.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "analyzer/test_environment.h"
#include "base/deep_stack.h"
#include "base/text.h"
#include "plan/explain.h"
#include "plan/validate.h"

namespace firesteel::analyzer {
namespace {

class AnalyzerTest : public testing::Test {
 protected:
  void SetUp() override {
    Define("t", "SELECT * FROM VALUES (1, 'x', 1.5D), (2, 'y', 2.5D) AS v(a, b, c)");
    Define("u", "SELECT * FROM VALUES (1, 10L), (2, 20L) AS v(a, d)");
  }
  void Define(const std::string& name, const std::string& sql) {
    auto plan = AnalyzeSql(sql, environment_);
    ASSERT_TRUE(plan.ok()) << plan.error().Message();
    environment_.catalog_.views[name] = *plan;
  }
  std::string Answer(const std::string& sql) {
    std::string answer;
    RunOnDeepStack([&] {
      auto plan = AnalyzeSql(sql, environment_);
      if (plan.ok()) {
        Status valid = logical::Validate(*plan, "analyzer");
        EXPECT_TRUE(valid.ok()) << valid.error().Message();
        answer = Renumbered(logical::TreeString(*plan));
      } else {
        answer = plan.error().condition();
        for (const auto& [key, value] : plan.error().parameters()) answer += "\n  " + key + " = " + value;
        answer += "\n";
      }
    });
    return answer;
  }
  TestEnvironment environment_;
};

TEST_F(AnalyzerTest, Plans) {
  std::ifstream file(std::filesystem::read_symlink("/proc/self/exe").parent_path() /
                     "../../src/analyzer/testdata/plans.txt");
  ASSERT_TRUE(file.good());
  std::string line, sql, expected, updated;
  bool in_answer = false, any = false;
  auto check = [&] {
    if (sql.empty()) return;
    any = true;
    std::string answer = Answer(sql);
    updated += "-- " + sql + "\n" + answer + "\n";
    EXPECT_EQ(answer, expected) << sql;
  };
  while (std::getline(file, line)) {
    if (line.starts_with("-- ")) {
      if (in_answer) check();
      sql = line.substr(3);
      expected.clear();
      in_answer = true;
    } else if (!line.empty()) {
      expected += line + "\n";
    }
  }
  check();
  EXPECT_TRUE(any);
  if (const char* path = std::getenv("FIRESTEEL_UPDATE")) std::ofstream(path) << updated;
}

TEST_F(AnalyzerTest, DeepExpressionsAndLongChains) {
  std::string sum = "a";
  for (int i = 0; i < 2000; ++i) sum += " + 1";
  EXPECT_TRUE(Answer("SELECT " + sum + " AS s FROM t").starts_with("Project"));
  std::string nested = "t";
  for (int i = 0; i < 300; ++i) nested = "(SELECT *, a + 1 AS a" + std::to_string(i) + " FROM " + nested + ")";
  EXPECT_TRUE(Answer("SELECT * FROM " + nested).starts_with("Project"));
}

}  // namespace
}  // namespace firesteel::analyzer
