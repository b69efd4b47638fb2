#pragma once
// The unresolved tree as text in Spark's layout: the parsed plan of EXPLAIN EXTENDED ('Project ['a]).
#include <string>

#include "plan/unresolved.h"

namespace firesteel::unresolved {

std::string ToString(const ExprPtr& expr);
/// Spark's name of the relation: "Project".
std::string RelationName(const Relation& relation);
/// A line for each relation, each ended by '\n'.
std::string TreeString(const RelationPtr& relation);

}  // namespace firesteel::unresolved
