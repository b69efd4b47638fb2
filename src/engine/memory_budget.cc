// How the server's memory is shared out among its databases.
#include "engine/memory_budget.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>

#include "engine/instance.h"

namespace firesteel::engine {
namespace {

constexpr std::chrono::milliseconds kPause{50};
/// With less than this some of DuckDB's operators fail, whatever they spill: that many statements at once may exceed the budget.
constexpr int64_t kBytesMin = 128 << 20;

/// Of the process, files not counted.
int64_t OwnBytes() {
  long long whole = 0, shared = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "re"); file != nullptr) {
    if (std::fscanf(file, "%*d %lld %lld", &whole, &shared) != 2) whole = shared = 0;
    std::fclose(file);
  }
  return (whole - shared) * sysconf(_SC_PAGESIZE);
}

}  // namespace

MemoryShares ShareOut(int64_t bytes, std::span<const int64_t> needs) {
  std::vector<size_t> by_need(needs.size());
  std::iota(by_need.begin(), by_need.end(), 0);
  std::sort(by_need.begin(), by_need.end(), [&](size_t a, size_t b) { return needs[a] < needs[b]; });
  MemoryShares shares{std::vector<int64_t>(needs.size()), bytes};
  for (size_t i = 0; i < by_need.size(); ++i) {
    const int64_t share = std::min(needs[by_need[i]], shares.left / static_cast<int64_t>(by_need.size() - i));
    shares.bytes[by_need[i]] = share;
    shares.left -= share;
  }
  return shares;
}

MemoryBudget& MemoryBudget::Get() {
  static MemoryBudget budget;
  return budget;
}

MemoryBudget::~MemoryBudget() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (watcher_.joinable()) watcher_.join();
}

void MemoryBudget::Add(const std::shared_ptr<Instance>& instance) {
  std::lock_guard lock(mutex_);
  instances_.push_back(instance);
  if (!watcher_.joinable()) watcher_ = std::thread([this] { Watch(); });
  changed_.notify_all();
}

void MemoryBudget::Watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (instances_.empty()) {
      shared_out_ = false;
      changed_.wait(lock);
      continue;
    }
    std::erase_if(instances_, [](const auto& instance) { return instance.expired(); });
    std::vector<std::shared_ptr<Instance>> open;
    for (const auto& weak : instances_) {
      if (auto instance = weak.lock()) open.push_back(std::move(instance));
    }
    lock.unlock();
    Balance(open);
    open.clear();
    lock.lock();
    if (!stopping_) changed_.wait_for(lock, kPause);
  }
}

void MemoryBudget::Admit(Instance& instance) {
  if (!shared_out_) return;
  std::lock_guard lock(balancing_);
  const int64_t bytes = std::min(std::max(left_, kBytesMin), instance.memory_bytes_max());
  if (shared_out_ && bytes > instance.memory_limit()) instance.LimitMemory(bytes);
}

void MemoryBudget::Balance(std::span<const std::shared_ptr<Instance>> instances) {
  std::lock_guard lock(balancing_);
  int64_t budget = 0;
  for (const auto& instance : instances) budget = std::max(budget, instance->memory_bytes_max());
  if (!shared_out_ && OwnBytes() < budget / 2) return;
  std::vector<int64_t> needs;
  int64_t used = 0, running = 0;
  for (const auto& instance : instances) {
    const int64_t bytes = instance->MemoryBytes();
    const bool runs = !instance->interrupt_flags().empty();
    used += bytes;
    running += runs ? 1 : 0;
    needs.push_back(runs ? 2 * bytes + kBytesMin : bytes);  // it may double before the next look
  }
  // Not given back as soon as it falls below the half: what is lowered is spilled, and would be read again.
  if (used < budget / (shared_out_ ? 4 : 2)) {
    if (shared_out_) {
      for (const auto& instance : instances) instance->LimitMemory(instance->memory_bytes_max());
    }
    shared_out_ = false;
    return;
  }
  shared_out_ = true;
  const MemoryShares shares = ShareOut(budget, needs);
  left_ = shares.left / (running + 1);
  for (size_t i = 0; i < instances.size(); ++i) {
    const bool runs = !instances[i]->interrupt_flags().empty();
    const int64_t bytes = std::max(shares.bytes[i] + (runs ? left_ : 0), kBytesMin);
    instances[i]->LimitMemory(std::min(bytes, instances[i]->memory_bytes_max()));
  }
}

}  // namespace firesteel::engine
