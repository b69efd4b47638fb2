#pragma once
// spark.driver.memory is the server's and not each session's. A database may use all of it while the others need little; when half of it
// is in use, it is shared out among them by what they need, again and again: who has more than its share then spills.
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace firesteel::engine {

class Instance;

/// Each gets what it needs, or an equal part of what those that need less leave; what nobody needs is divided equally. The sum is `bytes`.
std::vector<int64_t> ShareOut(int64_t bytes, std::span<const int64_t> needs);

/// Thread safe. Watches as long as databases are open.
class MemoryBudget {
 public:
  static MemoryBudget& Get();
  ~MemoryBudget();
  void Add(const std::shared_ptr<Instance>& instance);

 private:
  void Watch();
  void Balance(std::span<const std::shared_ptr<Instance>> instances);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::weak_ptr<Instance>> instances_;
  bool stopping_ = false;
  bool shared_out_ = false;  // the watcher's: some may use less than all
  std::thread watcher_;
};

}  // namespace firesteel::engine
