// See subqueries.h.
#include "plan/subqueries.h"

#include "plan/rewrite.h"

namespace firesteel::logical {

Status ForEachSubquery(const Plan& plan, const std::function<Status(const Subquery&)>& visit) {
  Status status;
  ForEachExpression(plan, [&](const ExprPtr& expr) {
    Any(expr, [&](const Expr& e) {
      const auto* subquery = std::get_if<Subquery>(&e.node);
      if (subquery != nullptr && status.ok()) status = visit(*subquery);
      return !status.ok();
    });
  });
  return status;
}

}  // namespace firesteel::logical
