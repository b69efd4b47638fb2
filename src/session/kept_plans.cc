// Kept plans by identity.
#include "session/kept_plans.h"

#include "base/cat.h"
#include "plan/canonical.h"
#include "plan/rewrite.h"

namespace firesteel::session {
namespace {

std::string TableName(const std::string& identity) { return Cat("fs_kept_", identity); }

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
    std::vector<std::string> columns;
    for (size_t i = 0; i < node->output.size(); ++i) columns.push_back(Cat("c", i));
    return logical::MakePlan(logical::CachedTable{TableName(identity), std::move(columns), node}, node->output,
                             node->origin);
  };
  return replace(plan);
}

}  // namespace firesteel::session
