#pragma once
// What Spark's names of subqueries show.
#include <vector>

#include "plan/logical.h"

namespace firesteel::logical {

/// As OuterColumns, but as often as they are read.
std::vector<ExprPtr> OuterReferences(const PlanPtr& plan);

}  // namespace firesteel::logical
