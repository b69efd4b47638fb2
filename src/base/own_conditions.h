// Conditions that Spark does not have: what Firesteel adds to Spark's table (base/error_conditions.h), kept as short as can be.
#pragma once

#include "base/error_conditions.h"

namespace firesteel {

/// Sub-conditions of Spark's own conditions, so that clients which know only Spark's names still sort them rightly.
inline constexpr ConditionInfo kOwnConditions[] = {
    {"UNSUPPORTED_FEATURE.NOT_YET", "The feature is not supported: <feature> is not supported yet.", "0A000"},
};

/// As FindCondition, with Firesteel's additions.
const ConditionInfo* FindAnyCondition(std::string_view name);

}  // namespace firesteel
