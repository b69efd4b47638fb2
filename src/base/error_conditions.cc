// Spark's conditions by name: a binary search in the table that the build generates from error-conditions.json.
#include "base/error_conditions.h"

#include <algorithm>

namespace firesteel {

// The table, sorted by name, is generated at build time by tools/generate_error_conditions.py.
namespace internal {
extern const ConditionInfo kConditions[];
extern const size_t kConditionCount;
}  // namespace internal

const ConditionInfo* FindCondition(std::string_view name) {
  const ConditionInfo* end = internal::kConditions + internal::kConditionCount;
  const ConditionInfo* found =
      std::lower_bound(internal::kConditions, end, name,
                       [](const ConditionInfo& info, std::string_view wanted) { return info.name < wanted; });
  return found != end && found->name == name ? found : nullptr;
}

}  // namespace firesteel
