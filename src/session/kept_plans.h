#pragma once
// Plans whose rows the session keeps (cache, persist): marked first, computed at their next use.
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "plan/logical.h"

namespace firesteel::session {

/// Thread safe. Plans are known by their identity (plan/canonical.h).
class KeptPlans {
 public:
  void Mark(const logical::PlanPtr& plan);
  /// The table to forget, or empty.
  std::string Unmark(const logical::PlanPtr& plan);
  std::vector<std::string> UnmarkAll();
  bool Has(const logical::PlanPtr& plan) const;
  bool empty() const;

  struct Use {
    std::string table;
    logical::PlanPtr plan;  ///< to compute if the engine does not have the table
  };
  /// `plan` with every kept subplan replaced by a CachedTable; adds what that needs to `uses`, innermost first.
  logical::PlanPtr Replace(const logical::PlanPtr& plan, std::vector<Use>& uses) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, logical::PlanPtr> plans_;  // by identity
};

}  // namespace firesteel::session
