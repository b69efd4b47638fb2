// Names compared, quoted and suggested as Spark does it.
#include "base/text.h"

#include <gtest/gtest.h>

namespace firesteel {
namespace {

TEST(Text, ComparesWithoutCase) {
  EXPECT_TRUE(EqualsIgnoreCase("Straße", "STRAßE"));
  EXPECT_TRUE(EqualsIgnoreCase("ÄB", "äb"));
  EXPECT_FALSE(EqualsIgnoreCase("a", "ab"));
  EXPECT_FALSE(EqualsIgnoreCase("a\xff", "a\xfe"));
  EXPECT_EQ(IgnoreCaseHash()("Äb"), IgnoreCaseHash()("äB"));
  EXPECT_TRUE(IgnoreCaseLess()("a", "B"));
  EXPECT_FALSE(IgnoreCaseLess()("A", "a"));
  EXPECT_EQ(Lower("ÀB"), "àb");
}

TEST(Text, QuotesAsSpark) {
  EXPECT_EQ(QuoteIdentifier("a`b"), "`a``b`");
  EXPECT_EQ(QuoteIfNeeded("a_1"), "a_1");
  EXPECT_EQ(QuoteIfNeeded("1a"), "`1a`");
  EXPECT_EQ(QuoteIfNeeded(""), "``");
  EXPECT_EQ(ToSqlId(std::vector<std::string>{"__auto_generated_subquery_name", "x"}), "`x`");
}

TEST(Text, SuggestsTheNearestFirst) {
  EXPECT_EQ(SuggestBySimilarity("nme", 1, {{"t", "city"}, {"t", "name"}}),
            (std::vector<std::string>{"`name`", "`city`"}));
  EXPECT_EQ(SuggestBySimilarity("nme", 1, {{"t", "city"}, {"u", "name"}}),
            (std::vector<std::string>{"`u`.`name`", "`t`.`city`"}));
  EXPECT_EQ(LevenshteinDistance("kitten", "sitting"), 3);
}

}  // namespace
}  // namespace firesteel
