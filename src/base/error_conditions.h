// Spark's error conditions (error-conditions.json), built into the binary. What an error is: base/error.h.
#pragma once

#include <cstddef>
#include <string_view>

namespace firesteel {

/// One condition or sub-condition of Spark 4.2.
struct ConditionInfo {
  /// "DIVIDE_BY_ZERO", or "UNRESOLVED_COLUMN.WITH_SUGGESTION" for a sub-condition.
  std::string_view name;
  /// The template, parameters as <name>. A sub-condition's starts with its parent's message and a space.
  std::string_view message;
  /// Five characters; empty for the _LEGACY_ERROR_TEMP_ conditions, which have none.
  std::string_view sql_state;
};

/// The condition called `name`, or nullptr if Spark has none of that name.
const ConditionInfo* FindCondition(std::string_view name);

}  // namespace firesteel
