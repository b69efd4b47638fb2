#pragma once
// The third stage: the same rows and the same schema from less. Only what DuckDB's own optimizer cannot know: it would parse and
// bind hundreds of nested projections one by one.
#include "base/result.h"
#include "plan/logical.h"
#include "types/coercion.h"

namespace firesteel::optimizer {

Result<logical::PlanPtr> Optimize(const logical::PlanPtr& plan, const Settings& settings);

}  // namespace firesteel::optimizer
