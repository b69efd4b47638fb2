#pragma once
// window(time, …) in a select list or GROUP BY.
#include <vector>

#include "relations/resolver.h"

namespace firesteel::relations {

/// If the expressions call window(…), the plan with a column `window` (a row for each window that it falls in, rows without a time
/// gone), and that column in the calls' place; else `input`. Calls that Spark does not take are left as they are.
Result<PlanPtr> WithTimeWindow(PlanPtr input, std::vector<std::vector<unresolved::ExprPtr>*> lists, Resolver& resolver);

}  // namespace firesteel::relations
