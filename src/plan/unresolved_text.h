#pragma once
// The unresolved tree as text in Spark's layout: the parsed plan of EXPLAIN EXTENDED ('Project ['a]).
#include <string>

#include "plan/unresolved.h"

namespace firesteel::unresolved {

std::string ToString(const ExprPtr& expr);
/// A line for each relation, each ended by '\n'.
std::string TreeString(const RelationPtr& relation);

}  // namespace firesteel::unresolved
