// How memory is shared out among databases that want more than there is.
#include "engine/memory_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace firesteel::engine {
namespace {

using testing::ElementsAre;
using Needs = std::vector<int64_t>;

TEST(MemoryBudget, IsSharedOutByNeed) {
  EXPECT_THAT(ShareOut(100, Needs{}).bytes, ElementsAre());
  EXPECT_THAT(ShareOut(100, Needs{400}).bytes, ElementsAre(100));
  EXPECT_THAT(ShareOut(100, Needs{20, 40}).bytes, ElementsAre(20, 40));
  EXPECT_EQ(ShareOut(100, Needs{20, 40}).left, 40);
  EXPECT_THAT(ShareOut(100, Needs{500, 10, 70}).bytes, ElementsAre(45, 10, 45));    // the small one has what it needs
  EXPECT_THAT(ShareOut(90, Needs{500, 500, 1000}).bytes, ElementsAre(30, 30, 30));  // equal parts
}

}  // namespace
}  // namespace firesteel::engine
