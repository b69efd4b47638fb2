#pragma once
// A plan's identity: equal for plans that give the same rows for the same reason, whatever ids their columns have. Kept (cached)
// plans are found by it; sameSemantics and semanticHash answer with it.
#include <string>

#include "plan/logical.h"

namespace firesteel::logical {

/// 32 hex digits, stable while the process lives.
std::string PlanIdentity(const PlanPtr& plan);

}  // namespace firesteel::logical
