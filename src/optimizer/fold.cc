// Constant folding. An operator that fails stays, so that it fails where and when Spark's does: a CASE may never get there.
#include "optimizer/fold.h"

#include <algorithm>

#include "base/deep_stack.h"
#include "functions/constant_fold.h"
#include "plan/rewrite.h"

namespace firesteel::optimizer {

using logical::Expr;
using logical::ExprPtr;

Result<ExprPtr> ConstantFolder::Fold(const ExprPtr& expr) {
  FS_CHECK(CheckStack());
  if (std::holds_alternative<logical::WindowCall>(expr->node)) return expr;
  Status status;
  const ExprPtr mapped = logical::MapChildren(expr, [&](const ExprPtr& child) -> ExprPtr {
    if (!status.ok()) return child;
    Result<ExprPtr> folded = Fold(child);
    if (folded.ok()) return *folded;
    status = folded.error();
    return child;
  });
  FS_CHECK(status);
  return FoldNode(mapped);
}

ExprPtr ConstantFolder::FoldNode(const ExprPtr& expr) {
  if (auto value = functions::ValueByTypes(*expr))
    return logical::MakeExpr(logical::Literal{*std::move(value)}, expr->type, false, expr->origin);
  if (!functions::IsFoldableOperator(*expr)) return expr;
  const std::vector<ExprPtr> children = logical::Children(*expr);
  const auto is_null = [](const ExprPtr& child) { return logical::IsNullConstant(*child); };
  if (functions::IsNullIntolerant(*expr) && std::any_of(children.begin(), children.end(), is_null))
    return logical::MakeExpr(logical::Literal{Value()}, expr->type, true, expr->origin);
  for (const ExprPtr& child : children) {
    if (std::holds_alternative<logical::Literal>(child->node)) continue;
    return failing_.contains(child) ? Failing(child, *expr) : expr;
  }
  const auto value = functions::FoldedValue(*expr, time_zone_);
  if (!value) return expr;
  if (value->ok()) return logical::MakeExpr(logical::Literal{**value}, expr->type, (*value)->IsNull(), expr->origin);
  failing_.insert(expr);
  return expr;
}

ExprPtr ConstantFolder::Failing(const ExprPtr& child, const Expr& parent) {
  if (child->type == parent.type) return child;
  ExprPtr typed =
      logical::MakeExpr(logical::Cast{child, logical::EvalMode::kAnsi, true}, parent.type, true, parent.origin);
  failing_.insert(typed);
  return typed;
}

}  // namespace firesteel::optimizer
