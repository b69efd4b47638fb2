#include "engine/memory_budget.h"

#include <gtest/gtest.h>

namespace firesteel::engine {
namespace {

using Bytes = std::vector<int64_t>;

TEST(MemoryBudget, IsSharedOutByNeed) {
  EXPECT_EQ(ShareOut(100, Bytes{}), Bytes{});
  EXPECT_EQ(ShareOut(100, Bytes{10}), Bytes{100});
  EXPECT_EQ(ShareOut(100, Bytes{400}), Bytes{100});
  EXPECT_EQ(ShareOut(100, Bytes{20, 40}), (Bytes{40, 60}));             // 40 are left
  EXPECT_EQ(ShareOut(100, Bytes{500, 10, 70}), (Bytes{45, 10, 45}));    // the small one has what it needs
  EXPECT_EQ(ShareOut(90, Bytes{500, 500, 1000}), (Bytes{30, 30, 30}));  // equal parts
}

}  // namespace
}  // namespace firesteel::engine
