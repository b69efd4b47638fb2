// Windows inside of windows, which DuckDB does not take, are computed by projections below.
#include <algorithm>
#include <functional>

#include "optimizer/rules.h"
#include "plan/rewrite.h"

namespace firesteel::optimizer {
namespace {

using logical::ExprPtr;
using logical::PlanPtr;

bool IsWindow(const logical::Expr& expr) { return std::holds_alternative<logical::WindowCall>(expr.node); }

}  // namespace

logical::PlanPtr LayerWindows(const logical::Project& project, const PlanPtr& plan) {
  std::vector<ExprPtr> inner;  // those that hold no others
  std::function<ExprPtr(const ExprPtr&, bool)> split = [&](const ExprPtr& expr, bool inside) -> ExprPtr {
    const bool window = IsWindow(*expr);
    const auto children = logical::Children(*expr);
    const bool holds =
        std::any_of(children.begin(), children.end(), [](const ExprPtr& c) { return logical::Any(c, IsWindow); });
    if (window && inside && !holds) {
      logical::Attribute output{logical::NewAttributeId(), "window", expr->type, expr->nullable, "{}", {}};
      inner.push_back(logical::MakeExpr(logical::Alias{expr, output}, expr->type, expr->nullable, expr->origin));
      return logical::MakeExpr(logical::Column{output.id, output.name}, expr->type, expr->nullable, expr->origin);
    }
    if (!holds) return expr;
    return logical::MapChildren(expr, [&](const ExprPtr& child) { return split(child, inside || window); });
  };
  std::vector<ExprPtr> expressions;
  for (const ExprPtr& expr : project.expressions) expressions.push_back(split(expr, false));
  if (inner.empty()) return nullptr;
  std::vector<logical::Attribute> output = project.input->output;
  std::vector<ExprPtr> below = ColumnsOf(output);
  for (ExprPtr& window : inner) {
    output.push_back(std::get<logical::Alias>(window->node).output);
    below.push_back(std::move(window));
  }
  PlanPtr lower = logical::MakePlan(logical::Project{project.input, std::move(below)}, std::move(output), plan->origin);
  PlanPtr upper =
      logical::MakePlan(logical::Project{std::move(lower), std::move(expressions)}, plan->output, plan->origin);
  PlanPtr deeper = LayerWindows(std::get<logical::Project>(upper->node), upper);
  return deeper != nullptr ? deeper : upper;
}

}  // namespace firesteel::optimizer
