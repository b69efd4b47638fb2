// Kept plans by identity.
#include "session/kept_plans.h"

#include <algorithm>

#include "base/cat.h"
#include "plan/canonical.h"
#include "plan/rewrite.h"
#include "plan/subqueries.h"

namespace firesteel::session {
namespace {

constexpr std::string_view kCheckpointPrefix = "fs_checkpoint_";

std::string TableName(const std::string& identity) { return Cat("fs_kept_", identity); }

/// The kept table's rows in the place of `plan`.
logical::PlanPtr Reading(std::string table, const logical::PlanPtr& plan) {
  std::vector<std::string> columns;
  for (size_t i = 0; i < plan->output.size(); ++i) columns.push_back(Cat("c", i));
  return logical::MakePlan(logical::CachedTable{std::move(table), std::move(columns), plan}, plan->output,
                           plan->origin);
}

}  // namespace

void KeptPlans::Mark(const logical::PlanPtr& plan, const StorageLevel& level) {
  std::string identity = logical::PlanIdentity(plan);
  std::lock_guard lock(mutex_);
  plans_.try_emplace(std::move(identity), Kept{plan, level});
}

std::string KeptPlans::Unmark(const logical::PlanPtr& plan) {
  const std::string identity = logical::PlanIdentity(plan);
  std::lock_guard lock(mutex_);
  return plans_.erase(identity) > 0 ? TableName(identity) : "";
}

std::vector<std::string> KeptPlans::UnmarkAll() {
  std::lock_guard lock(mutex_);
  std::vector<std::string> tables;
  for (const auto& [identity, kept] : plans_) tables.push_back(TableName(identity));
  plans_.clear();
  return tables;
}

namespace {

bool Reads(const logical::PlanPtr& plan, const std::function<bool(const logical::Scan&)>& test) {
  const auto* scan = std::get_if<logical::Scan>(&plan->node);
  if (scan != nullptr && test(*scan)) return true;
  bool reads = false;
  (void)logical::ForEachSubquery(*plan, [&](const logical::Subquery& subquery) -> Status {
    reads = reads || Reads(subquery.plan, test);
    return {};
  });
  return reads ||
         std::ranges::any_of(logical::Inputs(*plan), [&](const logical::PlanPtr& input) { return Reads(input, test); });
}

}  // namespace

std::vector<std::string> KeptPlans::UnmarkReaders(const std::function<bool(const logical::Scan&)>& test) {
  std::lock_guard lock(mutex_);
  std::vector<std::string> tables;
  std::erase_if(plans_, [&](const auto& entry) {
    if (!Reads(entry.second.plan, test)) return false;
    tables.push_back(TableName(entry.first));
    return true;
  });
  return tables;
}

std::optional<StorageLevel> KeptPlans::Find(const logical::PlanPtr& plan) const {
  const std::string identity = logical::PlanIdentity(plan);
  std::lock_guard lock(mutex_);
  const auto found = plans_.find(identity);
  if (found == plans_.end()) return std::nullopt;
  return found->second.level;
}

bool KeptPlans::empty() const {
  std::lock_guard lock(mutex_);
  return plans_.empty();
}

void KeptPlans::AddCheckpoint(const std::string& id, const logical::PlanPtr& plan) {
  std::string table(kCheckpointPrefix);
  for (const char c : id) table += c == '-' ? '_' : c;
  logical::PlanPtr reads = Reading(std::move(table), plan);
  std::lock_guard lock(mutex_);
  checkpoints_[id] = std::move(reads);
}

logical::PlanPtr KeptPlans::FindCheckpoint(const std::string& id) const {
  std::lock_guard lock(mutex_);
  const auto found = checkpoints_.find(id);
  return found == checkpoints_.end() ? nullptr : found->second;
}

std::string KeptPlans::RemoveCheckpoint(const std::string& id) {
  std::lock_guard lock(mutex_);
  const auto found = checkpoints_.find(id);
  if (found == checkpoints_.end()) return "";
  std::string table = std::get<logical::CachedTable>(found->second->node).table;
  checkpoints_.erase(found);
  return table;
}

bool KeptPlans::HasCheckpoints() const {
  std::lock_guard lock(mutex_);
  return !checkpoints_.empty();
}

bool KeptPlans::IsCheckpoint(const logical::CachedTable& cached) { return cached.table.starts_with(kCheckpointPrefix); }

logical::PlanPtr KeptPlans::Replace(const logical::PlanPtr& plan, std::vector<Use>& uses) const {
  std::map<std::string, Kept> plans;
  {
    std::lock_guard lock(mutex_);
    plans = plans_;
  }
  if (plans.empty()) return plan;
  logical::PlanMap replace;
  // Within a kept plan only other kept plans count: `self` is the one being computed.
  std::string self;
  logical::ExprMap in_expression = [&](const logical::ExprPtr& expr) {
    return logical::RewriteTopDown(expr, [&](const logical::ExprPtr& inner) -> logical::ExprPtr {
      const auto* subquery = std::get_if<logical::Subquery>(&inner->node);
      if (subquery == nullptr) return nullptr;
      logical::Subquery changed = *subquery;
      changed.plan = replace(subquery->plan);
      return logical::MakeExpr(std::move(changed), inner->type, inner->nullable, inner->origin);
    });
  };
  replace = [&](const logical::PlanPtr& node) -> logical::PlanPtr {
    const std::string identity = logical::PlanIdentity(node);
    const auto found = plans.find(identity);
    if (found == plans.end() || identity == self) return logical::MapPlan(node, replace, in_expression);
    const std::string outer = std::exchange(self, identity);
    logical::PlanPtr inner = replace(found->second.plan);
    self = outer;
    uses.push_back({TableName(identity), std::move(inner)});
    return Reading(TableName(identity), node);
  };
  return replace(plan);
}

}  // namespace firesteel::session
