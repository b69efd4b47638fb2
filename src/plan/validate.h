#pragma once
// Checks a logical tree for bugs of the stage that made it: debug builds do so after every stage.
#include "base/result.h"
#include "plan/logical.h"

namespace firesteel::logical {

/// INTERNAL_ERROR naming the first plan in which a column is read that no input puts out, a type differs from the column's, or an
/// output column has no source. `stage` is named in the error.
Status Validate(const PlanPtr& plan, std::string_view stage);

}  // namespace firesteel::logical
