#pragma once
// Relations that compare whole rows: DISTINCT, UNION, INTERSECT, EXCEPT.
#include "base/result.h"
#include "plan/logical.h"

namespace firesteel::relations {

/// UNSUPPORTED_FEATURE.SET_OPERATION_ON_…: rows with maps or variants can't be compared.
Status CheckComparable(const logical::Plan& plan, const Origin& origin);

}  // namespace firesteel::relations
