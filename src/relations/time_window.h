#pragma once
// GROUP BY window(time, …): the windows become a column of the input.
#include <optional>

#include "base/result.h"
#include "plan/unresolved.h"

namespace firesteel::relations {

/// The aggregate over an input with the windows as a column of the name `window`, to which its expressions refer; none if they hold no
/// window(…). Several that differ are an error.
Result<std::optional<unresolved::Aggregate>> OverTimeWindows(const unresolved::Aggregate& aggregate);

}  // namespace firesteel::relations
