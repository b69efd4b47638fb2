// See validate.h.
#include "plan/validate.h"

#include <unordered_map>

#include "base/text.h"
#include "plan/explain.h"
#include "plan/rewrite.h"
#include "types/type_text.h"

namespace firesteel::logical {
namespace {

using Columns = std::unordered_map<AttributeId, const Attribute*>;

class Validator {
 public:
  explicit Validator(std::string_view stage) : stage_(stage) {}

  Status Check(const PlanPtr& plan) {
    if (!plan) return Error::Internal(std::string(stage_) + ": a plan is missing");
    const auto* join = std::get_if<Join>(&plan->node);
    Columns visible;
    std::vector<PlanPtr> inputs = Inputs(*plan);
    for (size_t i = 0; i < inputs.size(); ++i) {
      bool lateral = join != nullptr && join->lateral && i == 1;
      if (lateral) outer_.push_back(&visible);
      Status status = Check(inputs[i]);
      if (lateral) outer_.pop_back();
      FS_CHECK(status);
      for (const Attribute& attribute : inputs[i]->output) visible.emplace(attribute.id, &attribute);
    }
    Attribute grouping_id;
    if (const auto* aggregate = std::get_if<Aggregate>(&plan->node)) {
      // The output reads groups; aggregate calls read the input.
      grouping_id.id = aggregate->grouping_id;
      grouping_id.type = TypeId::kLong;
      if (aggregate->grouping_id != 0) visible.emplace(aggregate->grouping_id, &grouping_id);
      for (const ExprPtr& group : aggregate->grouping) {
        if (const auto* alias = std::get_if<Alias>(&group->node)) visible.emplace(alias->output.id, &alias->output);
      }
    }
    Status status;
    ForEachExpression(*plan, [&](const ExprPtr& expr) {
      if (status.ok()) status = CheckExpr(expr, visible, *plan);
    });
    FS_CHECK(status);
    return CheckOutput(plan, visible);
  }

 private:
  Error Bug(const std::string& what, const Plan& plan) const {
    PlanPtr copy = std::make_shared<const Plan>(plan);
    std::string tree = TreeString(copy);
    return Error::Internal(std::string(stage_) + ": " + what + " in\n" + tree.substr(0, 2000));
  }

  Status CheckExpr(const ExprPtr& expr, const Columns& visible, const Plan& plan) {
    if (const auto* column = std::get_if<Column>(&expr->node)) {
      const Columns& from = column->outer && !outer_.empty() ? *outer_.back() : visible;
      auto it = from.find(column->id);
      std::string name = column->name + "#" + std::to_string(column->id);
      if (it == from.end()) return Bug("column " + name + " comes from nowhere", plan);
      if (!it->second->type.SameType(expr->type)) {
        return Bug("column " + name + " is " + TypeSql(it->second->type) + " but read as " + TypeSql(expr->type), plan);
      }
      return {};
    }
    if (const auto* subquery = std::get_if<Subquery>(&expr->node)) {
      outer_.push_back(&visible);
      Status status = Check(subquery->plan);
      outer_.pop_back();
      FS_CHECK(status);
    }
    for (const ExprPtr& child : Children(*expr)) FS_CHECK(CheckExpr(child, visible, plan));
    return {};
  }

  Status CheckOutput(const PlanPtr& plan, const Columns& visible) {
    const std::vector<ExprPtr>* named = nullptr;
    if (const auto* project = std::get_if<Project>(&plan->node)) named = &project->expressions;
    if (const auto* aggregate = std::get_if<Aggregate>(&plan->node)) named = &aggregate->aggregates;
    if (named != nullptr) {
      if (named->size() != plan->output.size()) return Bug("output and expressions differ in number", *plan);
      for (size_t i = 0; i < named->size(); ++i) {
        const ExprPtr& expr = (*named)[i];
        const auto* alias = std::get_if<Alias>(&expr->node);
        const auto* column = std::get_if<Column>(&expr->node);
        if (alias == nullptr && column == nullptr) return Bug("an expression without a name", *plan);
        AttributeId id = alias != nullptr ? alias->output.id : column->id;
        if (id != plan->output[i].id)
          return Bug("output " + plan->output[i].name + " is not its expression's column", *plan);
        if (!expr->type.SameType(plan->output[i].type))
          return Bug("output " + plan->output[i].name + " has another type than its expression", *plan);
      }
      return {};
    }
    bool passes = std::visit(
        [](const auto& node) {
          using T = std::decay_t<decltype(node)>;
          return std::is_same_v<T, Filter> || std::is_same_v<T, Sort> || std::is_same_v<T, Limit> ||
                 std::is_same_v<T, Tail> || std::is_same_v<T, Distinct> || std::is_same_v<T, DistinctOn> ||
                 std::is_same_v<T, Sample> || std::is_same_v<T, Repartition> || std::is_same_v<T, Join> ||
                 std::is_same_v<T, SubqueryAlias> || std::is_same_v<T, With>;
        },
        plan->node);
    if (!passes) return {};
    for (const Attribute& attribute : plan->output) {
      if (!visible.contains(attribute.id)) return Bug("output " + attribute.name + " comes from nowhere", *plan);
    }
    return {};
  }

  std::string_view stage_;
  std::vector<const Columns*> outer_;
};

}  // namespace

Status Validate(const PlanPtr& plan, std::string_view stage) { return Validator(stage).Check(plan); }

}  // namespace firesteel::logical
