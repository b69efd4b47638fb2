// Spark's table is whole and sorted, and sub-conditions have what they take from their parents.
#include "base/error_conditions.h"

#include <gtest/gtest.h>

namespace firesteel {
namespace {

TEST(ErrorConditions, FindsConditionAndItsState) {
  const ConditionInfo* info = FindCondition("DIVIDE_BY_ZERO");
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->sql_state, "22012");
  EXPECT_TRUE(info->message.starts_with("Division by zero."));
}

TEST(ErrorConditions, SubConditionHasParentsMessageAndState) {
  const ConditionInfo* parent = FindCondition("UNRESOLVED_COLUMN");
  const ConditionInfo* info = FindCondition("UNRESOLVED_COLUMN.WITH_SUGGESTION");
  ASSERT_NE(parent, nullptr);
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->sql_state, "42703");
  EXPECT_TRUE(info->message.starts_with(std::string(parent->message) + " "));
}

TEST(ErrorConditions, UnknownNamesAreNull) {
  EXPECT_EQ(FindCondition(""), nullptr);
  EXPECT_EQ(FindCondition("DIVIDE_BY"), nullptr);
  EXPECT_EQ(FindCondition("ZZZZ"), nullptr);
}

}  // namespace
}  // namespace firesteel
