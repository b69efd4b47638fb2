// A list of what is known not to fail; all else may.
#include "functions/raises.h"

#include <algorithm>

#include "functions/function.h"

namespace firesteel::functions {

bool MayRaise(const logical::Expr& expr) {
  if (std::holds_alternative<logical::Cast>(expr.node)) return true;
  if (const auto* call = std::get_if<logical::Call>(&expr.node)) {
    if (call->function->group != "predicate_funcs") return true;
    // Patterns that are no constants may be none.
    const bool pattern = call->function->name.ends_with("like");
    if (pattern && !std::holds_alternative<logical::Literal>(call->arguments[1]->node)) return true;
  }
  return std::ranges::any_of(logical::Children(expr), [](const logical::ExprPtr& child) { return MayRaise(*child); });
}

}  // namespace firesteel::functions
