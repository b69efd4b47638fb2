#pragma once
// IN with a query: what expression.cc must know to leave it to subquery.cc.
#include "plan/logical.h"

namespace firesteel::physical {

/// The IN of `NOT x IN (query)`, or null.
const logical::Subquery* NegatedIn(const logical::Call& call);

}  // namespace firesteel::physical
