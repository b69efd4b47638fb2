#pragma once
// What a call in a query knows besides its arguments: for binds that need constants' values, DISTINCT or WITHIN GROUP.
#include <functional>
#include <string_view>
#include <vector>

#include "functions/function.h"

namespace firesteel::functions {

/// The call site that the binder hands to every bind.
struct QuerySite : CallSite {
  /// The value of a constant expression.
  std::function<Result<Value>(const logical::ExprPtr& constant)> evaluate;
  /// The text of a lambda argument that is not bound, its parameters under their own names: for errors of the other arguments.
  std::function<std::string(size_t index)> lambda_text;
  bool distinct = false;  ///< the query wrote DISTINCT
  /// The keys of WITHIN GROUP; a bind that makes arguments of them takes them out.
  std::vector<logical::SortKey> within_group;
};
inline QuerySite& InQuery(CallSite& site) { return static_cast<QuerySite&>(site); }

/// Makes the constant argument `index` a literal that keeps its name; its value.
Result<Value> Constant(CallSite& site, size_t index);

/// Whether the aggregate may be written with WITHIN GROUP (ORDER BY …).
bool TakesWithinGroup(const Function& row);

}  // namespace firesteel::functions
