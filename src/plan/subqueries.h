#pragma once
// Queries inside of a plan node's expressions.
#include <functional>

#include "base/result.h"
#include "plan/logical.h"

namespace firesteel::logical {

/// Calls `visit` for the queries in the node's own expressions, until one fails. Those inside of their plans, and of the node's inputs,
/// are the visitor's to find.
Status ForEachSubquery(const Plan& plan, const std::function<Status(const Subquery&)>& visit);

}  // namespace firesteel::logical
