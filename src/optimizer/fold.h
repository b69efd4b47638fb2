#pragma once
// Operators over constants become constants: DuckDB would evaluate each of their subexpressions anew while it binds, which takes a
// time that is quadratic in their number.
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "plan/logical.h"

namespace firesteel::optimizer {

class ConstantFolder {
 public:
  explicit ConstantFolder(std::string time_zone) : time_zone_(std::move(time_zone)) {}

  /// The expression with everything folded in it but windows' clauses.
  Result<logical::ExprPtr> Fold(const logical::ExprPtr& expr);
  /// Folds the node itself, whose children are folded.
  logical::ExprPtr FoldNode(const logical::ExprPtr& expr);

 private:
  logical::ExprPtr Failing(const logical::ExprPtr& child, const logical::Expr& parent);

  std::string time_zone_;
  /// Operators over constants that fail wherever they are evaluated, and so does what evaluates them first.
  std::unordered_set<logical::ExprPtr> failing_;
};

}  // namespace firesteel::optimizer
