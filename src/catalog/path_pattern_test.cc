// Patterns as Hadoop reads them; what Spark answers to whole paths is in tests/dataframe/file_listing.py.
#include "catalog/path_pattern.h"

#include <gtest/gtest.h>

namespace firesteel::catalog {
namespace {

std::vector<std::string> Expanded(const std::string& pattern) {
  auto expanded = ExpandBraces(pattern);
  return expanded.ok() ? *expanded : std::vector<std::string>{expanded.error().Message()};
}

TEST(PathPattern, Braces) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(Expanded("/x/{a,b}{1,2}"), (Texts{"/x/a1", "/x/a2", "/x/b1", "/x/b2"}));
  EXPECT_EQ(Expanded("{a,{b,c}d}"), (Texts{"a", "bd", "cd"}));
  EXPECT_EQ(Expanded("{y/a,z}/b"), (Texts{"y/a/b", "z/b"}));
  EXPECT_EQ(Expanded("\\{a,b\\}"), (Texts{"\\{a,b\\}"}));
  EXPECT_EQ(Expanded("a}"), (Texts{"a}"}));
  EXPECT_EQ(Expanded("/x/{a/y"), (Texts{"Illegal file pattern: error parsing regexp: Unclosed group at pos 2: `{a`"}));
  EXPECT_EQ(Expanded("/x/[a/]"),
            (Texts{"Illegal file pattern: error parsing regexp: Unclosed character class at pos 2: `[a`"}));
}

TEST(PathPattern, Names) {
  EXPECT_TRUE(Matches("*.csv", "a.csv"));
  EXPECT_TRUE(Matches("a*b*c", "a1b2b3c"));
  EXPECT_FALSE(Matches("a*b*c", "a1b2b3"));
  EXPECT_TRUE(Matches("[a-c]?", "bx"));
  EXPECT_FALSE(Matches("[!a-c]?", "bx"));
  EXPECT_TRUE(Matches("a\\*", "a*"));
  EXPECT_FALSE(Matches("a\\*", "ab"));
  EXPECT_TRUE(Matches("?.csv", "é.csv")) << "one character, two bytes";
  EXPECT_FALSE(Matches("?.csv", "éé.csv"));
}

}  // namespace
}  // namespace firesteel::catalog
