// Conditions that Spark does not have: what Firesteel adds to Spark's table (base/error_conditions.h), kept as short as can be.
#pragma once

#include "base/error_conditions.h"

namespace firesteel {

/// Sub-conditions of Spark's own conditions, so that clients which know only Spark's names still sort them rightly.
inline constexpr ConditionInfo kOwnConditions[] = {
    {"UNSUPPORTED_FEATURE.PATH_NOT_ALLOWED",
     "The feature is not supported: <path> is not in the folders that this server may use (firesteel.files.roots).",
     "0A000"},
    {"CONNECT_INVALID_PLAN.ARTIFACTS_SIZE_LIMIT_EXCEEDED",
     "The Spark Connect plan is invalid. With the artifact <name> the session's artifacts would exceed the limit of "
     "<limit> bytes (firesteel.session.maxArtifactBytes).",
     "56K00"},
    {"INVALID_HANDLE.TOO_MANY_OPERATIONS",
     "The handle <handle> is invalid. The session runs <limit> operations already, as many as it may at once "
     "(firesteel.session.maxOperations).",
     "HY000"},
    {"INVALID_HANDLE.SERVER_BUSY",
     "The handle <handle> is invalid. The server runs <limit> operations already, as many as it may at once "
     "(firesteel.maxOperations). Try again later.",
     "HY000"},
};

/// As FindCondition, with Firesteel's additions.
const ConditionInfo* FindAnyCondition(std::string_view name);

}  // namespace firesteel
