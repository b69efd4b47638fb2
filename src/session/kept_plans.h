#pragma once
// Plans whose rows the session keeps (cache, persist): marked first, computed at their next use.
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "plan/logical.h"

namespace firesteel::session {

/// What the client asked for and is told again; the engine keeps all tables in the same way, in memory with spilling to disk.
struct StorageLevel {
  bool disk = true, memory = true, off_heap = false, deserialized = true;
  int32_t replication = 1;
};

/// Thread safe. Plans are known by their identity (plan/canonical.h).
class KeptPlans {
 public:
  /// A plan that is marked already keeps its level.
  void Mark(const logical::PlanPtr& plan, const StorageLevel& level);
  /// The table to forget, or empty.
  std::string Unmark(const logical::PlanPtr& plan);
  std::vector<std::string> UnmarkAll();
  /// As UnmarkAll, of the plans that read files for which the test holds.
  std::vector<std::string> UnmarkReaders(const std::function<bool(const logical::Scan&)>& test);
  std::optional<StorageLevel> Find(const logical::PlanPtr& plan) const;
  bool Has(const logical::PlanPtr& plan) const { return Find(plan).has_value(); }
  bool empty() const;

  /// A plan whose rows stand for themselves from now on, whatever becomes of what they were made from.
  void AddCheckpoint(const std::string& id, const logical::PlanPtr& plan);
  /// The plan that reads a checkpoint's rows; null if there is none of that id.
  logical::PlanPtr FindCheckpoint(const std::string& id) const;
  /// The table to forget, or empty.
  std::string RemoveCheckpoint(const std::string& id);
  bool HasCheckpoints() const;
  static bool IsCheckpoint(const logical::CachedTable& cached);

  struct Use {
    std::string table;
    logical::PlanPtr plan;  ///< to compute if the engine does not have the table
  };
  /// `plan` with every kept subplan replaced by a CachedTable; adds what that needs to `uses`, innermost first.
  logical::PlanPtr Replace(const logical::PlanPtr& plan, std::vector<Use>& uses) const;

 private:
  mutable std::mutex mutex_;
  struct Kept {
    logical::PlanPtr plan;
    StorageLevel level;
  };
  std::map<std::string, Kept> plans_;                    // by identity
  std::map<std::string, logical::PlanPtr> checkpoints_;  // CachedTables by id
};

}  // namespace firesteel::session
