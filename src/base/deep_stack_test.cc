// Recursion that would crash a plain thread ends in an error here, and tasks' exceptions come back.
#include "base/deep_stack.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace firesteel {
namespace {

__attribute__((noinline)) int Depth(int depth) {
  volatile char frame[1024];
  frame[0] = static_cast<char>(depth);
  if (!CheckStack().ok()) return depth;
  int reached = Depth(depth + 1);
  frame[1] = frame[0];
  return reached;
}

#ifndef __SANITIZE_THREAD__  // which remembers 65,536 calls and no more
TEST(DeepStack, RecursionGoesDeepAndStops) {
  int here = Depth(0);
  int deep = 0;
  RunOnDeepStack([&] { deep = Depth(0); });
  EXPECT_GT(deep, 100'000);
  EXPECT_GT(deep, here);
}
#endif

TEST(DeepStack, NestedCallsStayOnTheThread) {
  std::thread::id outer, inner;
  RunOnDeepStack([&] {
    outer = std::this_thread::get_id();
    RunOnDeepStack([&] { inner = std::this_thread::get_id(); });
  });
  EXPECT_EQ(outer, inner);
  EXPECT_NE(outer, std::this_thread::get_id());
}

TEST(DeepStack, ExceptionsComeBack) {
  EXPECT_THROW(RunOnDeepStack([] { throw std::runtime_error("x"); }), std::runtime_error);
  bool ran = false;
  RunOnDeepStack([&] { ran = true; });
  EXPECT_TRUE(ran);
}

TEST(DeepStack, ManyCallersAtOnce) {
  std::vector<std::thread> callers;
  std::atomic<int> done = 0;
  for (int i = 0; i < 12; ++i) {
    callers.emplace_back([&] {
      for (int j = 0; j < 50; ++j) RunOnDeepStack([&] { ++done; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(done, 600);
}

}  // namespace
}  // namespace firesteel
