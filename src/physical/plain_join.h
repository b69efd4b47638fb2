#pragma once
// Joins and windows in forms that DuckDB can run: what it cannot have in an outer join's condition or in a window is computed below.
#include "plan/logical.h"

namespace firesteel::physical {

/// The join with what DuckDB refuses in the condition of a join that is not inner (queries, columns of enclosing queries) as columns
/// of one of its sides; the same join if there is nothing of that kind. Its sides may put out more columns then.
logical::Join WithPlainCondition(const logical::Join& join);

/// The projection with the columns of enclosing queries that its windows read as columns of its input.
logical::Project WithPlainWindows(const logical::Project& project);

/// Whether the plan reads columns of an enclosing query.
bool ReadsOuterColumns(const logical::PlanPtr& plan);

}  // namespace firesteel::physical
