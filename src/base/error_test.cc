// Messages, origins, causes and the encoding that errors travel through DuckDB in.
#include "base/error.h"

#include <gtest/gtest.h>

#include "base/error_conditions.h"

namespace firesteel {
namespace {

Origin InText(std::string text, int line, int position, int start, int stop) {
  Origin origin;
  origin.sql = std::make_shared<const SqlText>(SqlText{std::move(text), "", ""});
  origin.line = line;
  origin.position = position;
  origin.start = start;
  origin.stop = stop;
  return origin;
}

TEST(Error, AnalysisErrorNamesLineAndPosition) {
  Error error =
      Error::Condition("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", {{"objectName", "`a`"}}, InText("select a", 1, 7, 7, 7));
  EXPECT_EQ(error.Message(),
            "[UNRESOLVED_COLUMN.WITHOUT_SUGGESTION] A column, variable, or function parameter with name `a` "
            "cannot be "
            "resolved.  SQLSTATE: 42703; line 1 pos 7");
  EXPECT_EQ(error.sql_state(), "42703");
  EXPECT_EQ(error.ClassName(), "org.apache.spark.sql.AnalysisException");
  EXPECT_EQ(error.WithPlan("'Project ['a]").Message().substr(error.Message().size()), ";\n'Project ['a]");
}

// Recorded from Apache Spark 4.2.0: spark.sql("select 1/0").collect().
TEST(Error, RuntimeErrorShowsTheText) {
  Error error =
      Error::Condition("DIVIDE_BY_ZERO", {{"config", "\"spark.sql.ansi.enabled\""}}, InText("select 1/0", 1, 7, 7, 9))
          .As(ErrorClass::kArithmetic);
  EXPECT_EQ(error.Message(),
            "[DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL "
            "instead. "
            "If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error. SQLSTATE: 22012\n"
            "== SQL (line 1, position 8) ==\nselect 1/0\n       ^^^\n");
  EXPECT_EQ(error.ContextFragment(), "1/0");
}

TEST(Error, LongTextIsCutAroundTheNode) {
  std::string text = "select " + std::string(60, 'a') + ", 1/0, " + std::string(60, 'b');
  Error error = Error::Condition("DIVIDE_BY_ZERO", {}, InText(text, 1, 69, 69, 71)).As(ErrorClass::kArithmetic);
  EXPECT_EQ(error.ContextSummary(), "== SQL (line 1, position 70) ==\n..." + std::string(30, 'a') + ", 1/0, " +
                                        std::string(30, 'b') + "...\n" + std::string(35, ' ') + "^^^\n");
}

TEST(Error, SyntaxErrorPointsIntoTheText) {
  Error error = Error::Condition("PARSE_SYNTAX_ERROR", {{"error", "'form'"}, {"hint", ""}},
                                 InText("select *\nform t\nwhere x", 2, 0, -1, -1))
                    .As(ErrorClass::kParse);
  EXPECT_EQ(error.Message(),
            "\n[PARSE_SYNTAX_ERROR] Syntax error at or near 'form'. SQLSTATE: 42601 (line 2, pos 0)\n\n"
            "== SQL ==\nselect *\nform t\n^^^\nwhere x\n");
}

TEST(Error, GoesThroughForeignText) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  Error cause = Error::Internal("the cause %41 {{");
  Error error =
      Error::Condition("CAST_INVALID_INPUT", {{"expression", bytes}, {"empty", ""}}, InText("select x", 1, 7, 7, 7))
          .As(ErrorClass::kNumberFormat)
          .CausedBy(cause);
  std::unique_ptr<Error> back =
      Error::Decode("Invalid Input Error: " + error.Encode() + "\n LINE 1", error.origin().sql);
  ASSERT_NE(back, nullptr);
  EXPECT_EQ(back->condition(), "CAST_INVALID_INPUT");
  EXPECT_EQ(back->parameters(), error.parameters());
  EXPECT_EQ(back->error_class(), ErrorClass::kNumberFormat);
  EXPECT_EQ(back->Message(), error.Message());
  ASSERT_NE(back->cause(), nullptr);
  EXPECT_EQ(back->cause()->Message(), cause.Message());
}

TEST(Error, HostileTextIsNoError) {
  std::string whole = Error::Condition("DIVIDE_BY_ZERO", {{"config", "x"}}).Encode();
  for (size_t length = 0; length < whole.size() - 2; ++length) {
    EXPECT_EQ(Error::Decode(whole.substr(0, length), nullptr), nullptr) << length;
  }
  EXPECT_EQ(Error::Decode("{{firesteel-error 99999999999999999999:x", nullptr), nullptr);
  EXPECT_EQ(Error::Decode("{{firesteel-error 3:a%4", nullptr), nullptr);
}

TEST(Error, UnsupportedNamesTheFeature) {
  Error error = Error::Unsupported("MERGE INTO");
  EXPECT_EQ(error.condition(), "UNSUPPORTED_FEATURE.CATALOG_OPERATION");
  EXPECT_EQ(
      error.Message(),
      "[UNSUPPORTED_FEATURE.CATALOG_OPERATION] The feature is not supported: Catalog `firesteel` does not support "
      "MERGE INTO. SQLSTATE: 0A000");
}

TEST(Error, HierarchyEndsInObject) {
  Error error = Error::Condition("CAST_INVALID_INPUT").As(ErrorClass::kNumberFormat);
  EXPECT_EQ(
      error.ClassHierarchy(),
      (std::vector<std::string_view>{"org.apache.spark.SparkNumberFormatException", "java.lang.NumberFormatException",
                                     "java.lang.IllegalArgumentException", "java.lang.RuntimeException",
                                     "java.lang.Exception", "java.lang.Throwable", "java.lang.Object"}));
}

}  // namespace
}  // namespace firesteel
