// spark.sql.crossJoin.enabled = false: joins of all rows with all rows must be written as CROSS JOIN. A join's condition may stand in a
// filter above it, and inner joins are looked at together, since Spark puts them into an order in which conditions tie them.
#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "base/cat.h"
#include "base/deep_stack.h"
#include "functions/registry.h"
#include "optimizer/rules.h"
#include "plan/explain.h"
#include "plan/rewrite.h"
#include "plan/subqueries.h"

namespace firesteel::optimizer {
namespace {

using logical::AttributeId;
using logical::ExprPtr;
using logical::JoinType;
using logical::PlanPtr;

using Ids = std::unordered_set<AttributeId>;

Ids OutputIds(const PlanPtr& plan) {
  Ids ids;
  for (const auto& attribute : plan->output) ids.insert(attribute.id);
  return ids;
}

bool IsWithin(const Ids& ids, const Ids& all) {
  return std::ranges::all_of(ids, [&](AttributeId id) { return all.contains(id); });
}

Error CartesianProduct(std::string_view join, const PlanPtr& left, const PlanPtr& right) {
  return Error::Condition("_LEGACY_ERROR_TEMP_1211", {{"joinType", std::string(join)},
                                                      {"leftPlan", logical::TreeString(left)},
                                                      {"rightPlan", logical::TreeString(right)}});
}

/// Inner joins that stand together, with what is asked of their rows.
struct InnerJoins {
  std::vector<PlanPtr> inputs;
  std::vector<bool> crosses;    ///< written as CROSS JOIN: needs no condition
  std::vector<Ids> conditions;  ///< the columns that each reads
  bool none = false;            ///< a condition that is never true: no rows at all
};

class Checker {
 public:
  /// `above`: the columns that each condition reads which the plan's rows are filtered by.
  Status Check(const PlanPtr& plan, std::vector<Ids> above) {
    FS_CHECK(CheckStack());
    FS_CHECK(
        logical::ForEachSubquery(*plan, [&](const logical::Subquery& subquery) { return Check(subquery.plan, {}); }));
    if (const auto* limit = std::get_if<logical::Limit>(&plan->node); limit != nullptr && limit->limit == 0) return {};
    if (const auto* filter = std::get_if<logical::Filter>(&plan->node)) {
      bool none = false;
      AddTerms(filter->condition, above, none);
      return Check(filter->input, std::move(above));
    }
    if (const auto* project = std::get_if<logical::Project>(&plan->node))
      return Check(project->input, Below(*project, above));
    if (const auto* join = std::get_if<logical::Join>(&plan->node)) return CheckJoin(*join, plan, std::move(above));
    for (const PlanPtr& input : logical::Inputs(*plan)) FS_CHECK(Check(input, {}));
    return {};
  }

 private:
  static void AddTerms(const ExprPtr& condition, std::vector<Ids>& terms, bool& none) {
    const auto* call = std::get_if<logical::Call>(&condition->node);
    if (call != nullptr && call->function == functions::FindFunction("and")) {
      for (const ExprPtr& term : call->arguments) AddTerms(term, terms, none);
      return;
    }
    const auto* literal = std::get_if<logical::Literal>(&condition->node);
    none = none || (literal != nullptr && (literal->value.IsNull() || !literal->value.As<bool>()));
    Ids ids;
    logical::CollectColumns(condition, ids);
    terms.push_back(std::move(ids));
  }

  /// The conditions in terms of the projection's input.
  static std::vector<Ids> Below(const logical::Project& project, const std::vector<Ids>& above) {
    std::vector<Ids> below;
    for (const Ids& condition : above) {
      Ids ids;
      for (const ExprPtr& expr : project.expressions) {
        const auto* alias = std::get_if<logical::Alias>(&expr->node);
        const AttributeId id = alias != nullptr ? alias->output.id : std::get<logical::Column>(expr->node).id;
        if (condition.contains(id)) logical::CollectColumns(expr, ids);
      }
      below.push_back(std::move(ids));
    }
    return below;
  }

  Status CheckJoin(const logical::Join& join, const PlanPtr& plan, std::vector<Ids> above) {
    if (join.lateral || join.type == JoinType::kLeftSemi || join.type == JoinType::kLeftAnti) {
      FS_CHECK(Check(join.left, std::move(above)));
      return Check(join.right, {});
    }
    if (join.type == JoinType::kInner || join.type == JoinType::kCross) {
      InnerJoins joins;
      joins.conditions = std::move(above);
      Flatten(plan, join.type == JoinType::kCross, joins);
      if (!joins.none) FS_CHECK(CheckOrder(joins));
      for (const PlanPtr& input : joins.inputs) FS_CHECK(Check(input, Within(joins.conditions, OutputIds(input))));
      return {};
    }
    std::vector<Ids> conditions;
    bool none = false;
    if (join.condition != nullptr) AddTerms(join.condition, conditions, none);
    const Ids left = OutputIds(join.left), right = OutputIds(join.right);
    const bool tied =
        std::ranges::any_of(conditions, [&](const Ids& ids) { return !IsWithin(ids, left) && !IsWithin(ids, right); });
    if (!tied) {
      return CartesianProduct(join.type == JoinType::kFullOuter   ? "FULL OUTER"
                              : join.type == JoinType::kLeftOuter ? "LEFT OUTER"
                                                                  : "RIGHT OUTER",
                              join.left, join.right);
    }
    FS_CHECK(Check(join.left, Within(above, left)));
    return Check(join.right, Within(above, right));
  }

  static std::vector<Ids> Within(const std::vector<Ids>& conditions, const Ids& columns) {
    std::vector<Ids> within;
    std::ranges::copy_if(conditions, std::back_inserter(within),
                         [&](const Ids& ids) { return IsWithin(ids, columns); });
    return within;
  }

  void Flatten(const PlanPtr& plan, bool crosses, InnerJoins& joins) {
    if (const auto* filter = std::get_if<logical::Filter>(&plan->node)) {
      AddTerms(filter->condition, joins.conditions, joins.none);
      return Flatten(filter->input, crosses, joins);
    }
    const auto* join = std::get_if<logical::Join>(&plan->node);
    if (join == nullptr || join->lateral || (join->type != JoinType::kInner && join->type != JoinType::kCross)) {
      joins.inputs.push_back(plan);
      joins.crosses.push_back(crosses);
      return;
    }
    if (join->condition != nullptr) AddTerms(join->condition, joins.conditions, joins.none);
    Flatten(join->left, crosses, joins);
    Flatten(join->right, join->type == JoinType::kCross, joins);
  }

  /// Whether from the first input on there is always a next one that a condition ties to those before it.
  static Status CheckOrder(const InnerJoins& joins) {
    std::vector<size_t> rest;
    for (size_t i = 1; i < joins.inputs.size(); ++i) rest.push_back(i);
    Ids joined = OutputIds(joins.inputs[0]);
    while (!rest.empty()) {
      const auto next = std::ranges::find_if(rest, [&](size_t i) {
        const Ids own = OutputIds(joins.inputs[i]);
        Ids both = joined;
        both.insert(own.begin(), own.end());
        return joins.crosses[i] || std::ranges::any_of(joins.conditions, [&](const Ids& ids) {
                 return !IsWithin(ids, joined) && !IsWithin(ids, own) && IsWithin(ids, both);
               });
      });
      if (next == rest.end()) return CartesianProduct("INNER", joins.inputs[0], joins.inputs[rest[0]]);
      joined.merge(OutputIds(joins.inputs[*next]));
      rest.erase(next);
    }
    return {};
  }
};

}  // namespace

Status CheckCartesianProducts(const PlanPtr& plan) { return Checker().Check(plan, {}); }

}  // namespace firesteel::optimizer
