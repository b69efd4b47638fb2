#pragma once
// Walking and rewriting logical trees. Trees are immutable: a rewrite shares what it does not change.
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plan/logical.h"

namespace firesteel::logical {

using ExprMap = std::function<ExprPtr(const ExprPtr&)>;
using PlanMap = std::function<PlanPtr(const PlanPtr&)>;

/// The expression with `map` applied to each direct child; the same pointer if nothing changed.
ExprPtr MapChildren(const ExprPtr& expr, const ExprMap& map);
/// Top down: where `map` answers, its answer; else the children are rewritten. `map` answers null to descend.
ExprPtr RewriteTopDown(const ExprPtr& expr, const ExprMap& map);
/// The plan with `inputs` mapped and every expression of the node itself mapped (whole expressions). Output is kept.
PlanPtr MapPlan(const PlanPtr& plan, const PlanMap& inputs, const ExprMap& expressions);
/// True if `test` holds for the expression or any below it. Plans of subqueries are not entered.
bool Any(const ExprPtr& expr, const std::function<bool(const Expr&)>& test);
/// Calls `visit` for the expressions of the plan node itself.
void ForEachExpression(const Plan& plan, const std::function<void(const ExprPtr&)>& visit);

/// Ids of the columns that an expression reads of the plan it stands on (outer columns left out; the outer columns of its
/// subqueries' plans included, as they are read here).
void CollectColumns(const ExprPtr& expr, std::unordered_set<AttributeId>& ids);
/// Outer columns read anywhere in the plan, each once, in order.
std::vector<ExprPtr> OuterColumns(const PlanPtr& plan);

bool IsDeterministic(const ExprPtr& expr);
/// No columns, no variables of lambdas, no subqueries, deterministic: has one value for the whole query.
bool IsFoldable(const ExprPtr& expr);
/// The literal NULL, cast or not.
bool IsNullConstant(const Expr& expr);
bool HasAggregate(const ExprPtr& expr);  ///< outside windows' own function
bool HasWindow(const ExprPtr& expr);

/// Equal fingerprints: the expressions always give the same value (Spark's semanticEquals): names and implicit-cast marks do not
/// count, the order of a commutative operator's arguments neither. Expressions that are not deterministic equal only themselves.
struct Fingerprint {
  uint64_t high = 0, low = 0;
  bool operator==(const Fingerprint&) const = default;
};
struct FingerprintHash {
  size_t operator()(const Fingerprint& f) const { return f.low; }
};
Fingerprint FingerprintOf(const ExprPtr& expr);
inline bool SemanticallyEqual(const ExprPtr& a, const ExprPtr& b) { return FingerprintOf(a) == FingerprintOf(b); }

/// The plan with every column that it makes under a fresh id.
PlanPtr WithFreshIds(const PlanPtr& plan);

}  // namespace firesteel::logical
