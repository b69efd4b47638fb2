// One walk from the leaves up: constants are folded (fold.h), each node is simplified by the rules (rules.h); projections that change nothing
// and the names of subqueries go. Then one from the root down: columns that nobody reads go (prune_columns.cc).
#include "optimizer/optimizer.h"

#include <algorithm>

#include "base/deep_stack.h"
#include "optimizer/rules.h"
#include "plan/rewrite.h"

#ifdef FIRESTEEL_DEBUG
#include "plan/validate.h"
#endif

namespace firesteel::optimizer {
namespace {

using logical::AttributeId;
using logical::ExprPtr;
using logical::PlanPtr;

class Optimizer {
 public:
  explicit Optimizer(const Settings& settings) : folder_(settings.time_zone) {}

  Result<PlanPtr> Walk(const PlanPtr& plan) {
    FS_CHECK(CheckStack());
    Status status;
    const auto* aggregate = std::get_if<logical::Aggregate>(&plan->node);
    PlanPtr mapped = logical::MapPlan(
        plan,
        [&](const PlanPtr& input) -> PlanPtr {
          if (!status.ok()) return input;
          Result<PlanPtr> result = Walk(input);
          if (result.ok()) return *result;
          status = result.error();
          return input;
        },
        [&](const ExprPtr& expr) -> ExprPtr {
          if (!status.ok()) return expr;
          const ExprPtr walked = logical::RewriteTopDown(expr, [&](const ExprPtr& e) -> ExprPtr {
            const auto* subquery = std::get_if<logical::Subquery>(&e->node);
            if (subquery == nullptr || !status.ok()) return nullptr;
            Result<PlanPtr> result = Walk(subquery->plan);
            if (!result.ok()) {
              status = result.error();
              return e;
            }
            logical::Expr copy = *e;
            std::get<logical::Subquery>(copy.node).plan = *result;
            return std::make_shared<const logical::Expr>(std::move(copy));
          });
          // A group's key stays what it is: a constant would be another kind of key.
          const bool key = aggregate != nullptr && IsIn(aggregate->grouping, expr);
          return key ? walked : Folded(walked, status);
        });
    FS_CHECK(status);
    return Simplify(mapped);
  }

 private:
  static bool IsIn(const std::vector<ExprPtr>& expressions, const ExprPtr& expr) {
    return std::find(expressions.begin(), expressions.end(), expr) != expressions.end();
  }

  ExprPtr Folded(const ExprPtr& expr, Status& status) {
    Result<ExprPtr> folded = status.ok() ? folder_.Fold(expr) : expr;
    if (folded.ok()) return *folded;
    status = folded.error();
    return expr;
  }

  PlanPtr Simplify(const PlanPtr& plan) {
    if (const auto* alias = std::get_if<logical::SubqueryAlias>(&plan->node)) return alias->input;
    if (PlanPtr named = WithFileNames(plan)) return Simplify(named);
    if (const auto* project = std::get_if<logical::Project>(&plan->node)) {
      if (PlanPtr layered = LayerWindows(*project, plan)) return layered;
      if (PlanPtr collapsed = CollapseProjects(*project, plan, folder_)) return collapsed;
      if (IsIdentity(*project)) return project->input;
    }
    return WithConstantAddends(plan);
  }

  ConstantFolder folder_;
};

}  // namespace

bool IsIdentity(const logical::Project& project) {
  const auto& output = project.input->output;
  if (project.expressions.size() != output.size()) return false;
  for (size_t i = 0; i < output.size(); ++i) {
    const auto* column = std::get_if<logical::Column>(&project.expressions[i]->node);
    if (column == nullptr || column->id != output[i].id) return false;
    // The same column twice: by position it would not be clear which is meant.
    for (size_t j = 0; j < i; ++j) {
      if (output[j].id == output[i].id) return false;
    }
  }
  return true;
}

std::vector<ExprPtr> ColumnsOf(std::span<const logical::Attribute> attributes) {
  std::vector<ExprPtr> columns;
  for (const logical::Attribute& a : attributes)
    columns.push_back(logical::MakeExpr(logical::Column{a.id, a.name}, a.type, a.nullable));
  return columns;
}

Result<logical::PlanPtr> Optimize(const logical::PlanPtr& plan, const Settings& settings) {
  FS_TRY(PlanPtr optimized, Optimizer(settings).Walk(plan));
  if (!settings.cross_join_enabled) FS_CHECK(CheckCartesianProducts(optimized));
  FS_TRY(optimized, PruneColumns(optimized));
  // The schema is the client's: a plan that lost it is a bug.
  bool same = optimized->output.size() == plan->output.size();
  for (size_t i = 0; same && i < plan->output.size(); ++i) {
    same = optimized->output[i].name == plan->output[i].name && optimized->output[i].type == plan->output[i].type;
  }
  if (!same) {
    // A subtree without its alias may have another name on top: the analysed output stands.
    std::vector<logical::Attribute> output = plan->output;
    if (output.size() != optimized->output.size())
      return Error::Internal("the optimizer changed the number of columns");
    logical::Plan copy = *optimized;
    copy.output = std::move(output);
    optimized = std::make_shared<const logical::Plan>(std::move(copy));
  }
#ifdef FIRESTEEL_DEBUG
  FS_CHECK(logical::Validate(optimized, "optimizer"));
#endif
  return optimized;
}

}  // namespace firesteel::optimizer
