#pragma once
// Which expressions may fail while a query runs.
#include "plan/logical.h"

namespace firesteel::functions {

/// Whether it depends on the values if the expression raises an error. Only comparisons and predicates are known not to.
bool MayRaise(const logical::Expr& expr);

}  // namespace firesteel::functions
