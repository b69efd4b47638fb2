#pragma once
// window(time, …) and session_window(time, gap) in a select list or GROUP BY.
#include <vector>

#include "relations/resolver.h"

namespace firesteel::relations {

/// If the expressions call window(…), the plan with a column `window` (a row for each window that it falls in, rows without a time
/// gone), and that column in the calls' place; else `input`. Calls that Spark does not take are left as they are.
Result<PlanPtr> WithTimeWindow(PlanPtr input, std::vector<std::vector<unresolved::ExprPtr>*> lists, Resolver& resolver);
/// The same for session_window(…) and a column of that name. With an aggregate, whose grouping is the first list, rows of one session
/// have one window; without one every row has its own.
Result<PlanPtr> WithSessionWindow(PlanPtr input, std::vector<std::vector<unresolved::ExprPtr>*> lists,
                                  const unresolved::Aggregate* aggregate, Resolver& resolver);

}  // namespace firesteel::relations
