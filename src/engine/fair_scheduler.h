#pragma once
// spark.scheduler.mode=FAIR: who computes when more wants to than there are cores. Without it (FIFO) the operating system shares the
// cores among all threads, so that each of ten long queries gets as much as a short one beside them.
//
// A slot stands for a core. The thread that drives a statement takes one, gives it up after some milliseconds if somebody waits for it,
// and waits for its next turn. Slots that nobody wants go to extra threads, which help the statements that run; all databases share
// them. Pools are Spark's: their weights and minimum shares count between pools; inside of a FAIR pool short executions go
// first.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace firesteel::engine {

class Instance;

struct PoolSettings {
  bool fair = false;  ///< else first in, first out
  int weight = 1;
  int min_share = 0;  ///< slots that the pool gets before others get more than theirs
};
/// By name. "default" is everybody's who names none. What is not among them is FAIR, of weight 1.
using PoolMap = std::map<std::string, PoolSettings>;

/// One execution's claim on slots: it may run several statements, one after the other.
struct FairJob;

/// Thread safe.
class FairScheduler {
 public:
  /// Once, before anything runs.
  static void Install(int slots, PoolMap pools);
  /// Null: FIFO.
  static FairScheduler* Get();

  std::shared_ptr<FairJob> NewJob(const std::string& pool);

  /// A statement begins and ends in a database, for helpers.
  void Enter(const std::shared_ptr<Instance>& instance);
  void Leave(const std::shared_ptr<Instance>& instance);

  /// Waits for the job's turn. False, and no slot, if `cancelled` becomes true meanwhile.
  bool Acquire(FairJob& job, const std::atomic<bool>& cancelled);
  void Release(FairJob& job);
  /// Between two steps: gives the slot up if it is somebody else's turn, and waits for the next one. As Acquire.
  bool Yield(FairJob& job, const std::atomic<bool>& cancelled);

 private:
  using Clock = std::chrono::steady_clock;
  struct Pool;
  struct Team;

  FairScheduler(int slots, PoolMap pools);
  Pool& PoolOf(const std::string& name);
  // With the mutex held.
  FairJob* Next();
  void Take(FairJob& job);
  void GiveUp(FairJob& job);
  void Dispatch();
  void Recall(Team& team);
  Team* TeamToHelp();
  bool AnyoneWaits() const;
  void HelpForever();

  const int slots_;
  const PoolMap settings_;
  std::mutex mutex_;
  std::condition_variable helpers_wanted_;
  std::map<std::string, std::unique_ptr<Pool>> pools_;
  std::map<Instance*, std::unique_ptr<Team>> teams_;
  std::vector<FairJob*> holders_;
  int helping_ = 0;  // slots that helpers have
  uint64_t next_id_ = 0;
  std::vector<std::thread> helpers_;
};

}  // namespace firesteel::engine
