#pragma once
// spark.driver.memory is the server's and not each session's. A database may use all of it while the others need little; when half of it
// is in use, it is shared out among them by what they need, again and again: who has more than its share then spills.
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace firesteel::engine {

class Instance;

struct MemoryShares {
  std::vector<int64_t> bytes;  ///< by need
  int64_t left = 0;            ///< that nobody needs
};
/// Each gets what it needs, or an equal part of what those that need less leave.
MemoryShares ShareOut(int64_t bytes, std::span<const int64_t> needs);

/// Thread safe. Watches as long as databases are open.
class MemoryBudget {
 public:
  static MemoryBudget& Get();
  ~MemoryBudget();
  void Add(const std::shared_ptr<Instance>& instance);
  /// A statement is about to begin in a database that may have been idle: it gets a part of what is left.
  void Admit(Instance& instance);

 private:
  void Watch();
  void Balance(std::span<const std::shared_ptr<Instance>> instances);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::weak_ptr<Instance>> instances_;
  bool stopping_ = false;
  std::thread watcher_;

  std::mutex balancing_;
  std::atomic<bool> shared_out_{false};  // some may use less than all
  int64_t left_ = 0;                     // for the next statement
};

}  // namespace firesteel::engine
