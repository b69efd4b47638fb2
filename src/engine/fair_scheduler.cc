// The scheduler's turns under one mutex: who waits, in which pool and at which level, and the threads that help.
#include "engine/fair_scheduler.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/instance.h"

namespace firesteel::engine {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTurn{10};
/// A step can't be interrupted. Whoever has been in one for this long is left to the operating system, and its slot is given out again.
constexpr milliseconds kStuckAfter{50};
constexpr milliseconds kLookAgain{20};
/// Nobody waits longer than this for a turn in a FAIR pool, however many short executions come.
constexpr milliseconds kWaitMax{1000};
/// Executions that have had less than this are of the first level, those that have had twice as much of the next one …
constexpr double kFirstLevelSeconds = 0.01;
constexpr int kLevelMax = 8;  // from 1.28 s on

FairScheduler* installed = nullptr;

}  // namespace

struct FairJob {
  uint64_t id = 0;
  std::string pool;
  double seconds = 0;  // in slots
  std::chrono::steady_clock::time_point served, waits_since, slot_since;
  bool waits = false, holds = false;
  std::condition_variable granted;

  int Level() const {
    return seconds < kFirstLevelSeconds ? 0 : std::min(kLevelMax, 1 + std::ilogb(seconds / kFirstLevelSeconds));
  }
};

struct FairScheduler::Pool {
  PoolSettings settings;
  double served = 0;  // seconds / weight
  int holding = 0;
  std::vector<FairJob*> waiting;

  bool Active() const { return holding > 0 || !waiting.empty(); }
  FairJob* First(Clock::time_point now) const {
    if (!settings.fair) {
      return *std::ranges::min_element(waiting, {}, [](const FairJob* job) { return job->id; });
    }
    return *std::ranges::min_element(waiting, {}, [&](const FairJob* job) {
      const bool starved = now - job->waits_since > kWaitMax;
      return std::make_tuple(starved ? -1 : job->Level(), starved ? job->waits_since : job->served, job->id);
    });
  }
};

/// A database and who helps there.
struct FairScheduler::Team {
  std::shared_ptr<Instance> instance;
  int statements = 0;
  int helpers = 0;
  TaskState state;  // while there are helpers
  bool recalled = false;
};

void FairScheduler::Install(int slots, PoolMap pools) { installed = new FairScheduler(slots, std::move(pools)); }
FairScheduler* FairScheduler::Get() { return installed; }

FairScheduler::FairScheduler(int slots, PoolMap pools) : slots_(std::max(1, slots)), settings_(std::move(pools)) {
  for (int i = 1; i < slots_; ++i) helpers_.emplace_back([this] { HelpForever(); });
}

std::shared_ptr<FairJob> FairScheduler::NewJob(const std::string& pool) {
  auto job = std::make_shared<FairJob>();
  job->pool = pool.empty() ? "default" : pool;
  std::lock_guard lock(mutex_);
  job->id = next_id_++;
  return job;
}

FairScheduler::Pool& FairScheduler::PoolOf(const std::string& name) {
  auto& pool = pools_[name];
  if (pool != nullptr) return *pool;
  pool = std::make_unique<Pool>();
  auto found = settings_.find(name);
  pool->settings = found != settings_.end() ? found->second : PoolSettings{.fair = true};
  return *pool;
}

// ---------------------------------------------------------------- turns
bool FairScheduler::AnyoneWaits() const {
  return std::ranges::any_of(pools_, [](const auto& pool) { return !pool.second->waiting.empty(); });
}

FairJob* FairScheduler::Next() {
  Pool* best = nullptr;
  // As Spark: pools below their minimum share first, then by what they have had for their weight.
  auto order = [](const Pool& pool) {
    const bool needy = pool.holding < pool.settings.min_share;
    return std::make_tuple(!needy, needy ? static_cast<double>(pool.holding) / pool.settings.min_share : pool.served);
  };
  for (auto& [name, pool] : pools_) {
    if (!pool->waiting.empty() && (best == nullptr || order(*pool) < order(*best))) best = pool.get();
  }
  return best == nullptr ? nullptr : best->First(Clock::now());
}

void FairScheduler::Take(FairJob& job) {
  job.slot_since = Clock::now();
  job.holds = true;
  holders_.push_back(&job);
  ++PoolOf(job.pool).holding;
}

void FairScheduler::GiveUp(FairJob& job) {
  Pool& pool = PoolOf(job.pool);
  job.served = Clock::now();
  const double seconds = std::chrono::duration<double>(job.served - job.slot_since).count();
  job.seconds += seconds;
  pool.served += seconds / pool.settings.weight;
  --pool.holding;
  job.holds = false;
  std::erase(holders_, &job);
}

void FairScheduler::Dispatch() {
  const auto now = Clock::now();
  const auto stuck =
      std::ranges::count_if(holders_, [&](const FairJob* job) { return now - job->slot_since > kStuckAfter; });
  while (static_cast<int>(holders_.size() - stuck) + helping_ < slots_) {
    FairJob* job = Next();
    if (job == nullptr) return;
    std::erase(PoolOf(job->pool).waiting, job);
    job->waits = false;
    Take(*job);
    job->granted.notify_one();
  }
  if (helping_ == 0 || !AnyoneWaits()) return;
  for (auto& [instance, team] : teams_) {
    if (team->helpers > 0) return Recall(*team);
  }
}

bool FairScheduler::Acquire(FairJob& job, const std::atomic<bool>& cancelled) {
  std::unique_lock lock(mutex_);
  Pool& pool = PoolOf(job.pool);
  if (!pool.Active()) {
    // What a pool did not use while nobody was in it is not saved up.
    double least = -1;
    for (const auto& [name, other] : pools_) {
      if (other->Active() && (least < 0 || other->served < least)) least = other->served;
    }
    pool.served = std::max(pool.served, least);
  }
  job.waits = true;
  job.waits_since = Clock::now();
  pool.waiting.push_back(&job);
  Dispatch();
  while (job.waits) {
    if (cancelled) {
      std::erase(pool.waiting, &job);
      job.waits = false;
      return false;
    }
    job.granted.wait_for(lock, kLookAgain);
    if (job.waits) Dispatch();
  }
  return true;
}

void FairScheduler::Release(FairJob& job) {
  std::lock_guard lock(mutex_);
  GiveUp(job);
  Dispatch();
}

bool FairScheduler::Yield(FairJob& job, const std::atomic<bool>& cancelled) {
  {
    std::lock_guard lock(mutex_);
    FairJob* next = Next();
    if (next == nullptr) {
      if (static_cast<int>(holders_.size()) + helping_ < slots_) helpers_wanted_.notify_one();
      return true;
    }
    const bool others_turn = Clock::now() - job.slot_since >= kTurn;
    if (!others_turn && next->Level() >= job.Level()) return true;
    GiveUp(job);
  }
  return Acquire(job, cancelled);
}

// ---------------------------------------------------------------- helpers
void FairScheduler::Enter(const std::shared_ptr<Instance>& instance) {
  std::lock_guard lock(mutex_);
  auto& team = teams_[instance.get()];
  if (team == nullptr) {
    team = std::make_unique<Team>();
    team->instance = instance;
  }
  ++team->statements;
}

void FairScheduler::Leave(const std::shared_ptr<Instance>& instance) {
  std::lock_guard lock(mutex_);
  auto found = teams_.find(instance.get());
  if (found == teams_.end() || --found->second->statements > 0) return;
  if (found->second->helpers > 0) {
    Recall(*found->second);  // the last of them takes the team down
  } else {
    teams_.erase(found);
  }
}

void FairScheduler::Recall(Team& team) {
  if (team.recalled) return;
  team.recalled = true;
  duckdb_finish_execution(team.state.get());
}

FairScheduler::Team* FairScheduler::TeamToHelp() {
  if (static_cast<int>(holders_.size()) + helping_ >= slots_ || AnyoneWaits()) return nullptr;
  Team* best = nullptr;
  for (auto& [instance, team] : teams_) {
    if (team->statements == 0 || team->recalled) continue;
    if (best == nullptr || team->helpers * best->statements < best->helpers * team->statements) best = team.get();
  }
  return best;
}

void FairScheduler::HelpForever() {
  std::unique_lock lock(mutex_);
  while (true) {
    // Statements of one step need no help: only who yields asks for it.
    helpers_wanted_.wait(lock);
    Team* team = TeamToHelp();
    if (team == nullptr) continue;
    if (!team->state) team->state = team->instance->NewTaskState();
    const duckdb_task_state state = team->state.get();
    ++team->helpers;
    ++helping_;
    lock.unlock();
    duckdb_execute_tasks_state(state);
    lock.lock();
    --helping_;
    std::shared_ptr<Instance> last;  // a database is closed without the mutex
    if (--team->helpers == 0) {
      team->state.Reset();
      team->recalled = false;
      if (team->statements == 0) {
        last = team->instance;
        teams_.erase(last.get());
      }
    }
    Dispatch();
    if (last != nullptr) {
      lock.unlock();
      last.reset();
      lock.lock();
    }
  }
}

}  // namespace firesteel::engine
