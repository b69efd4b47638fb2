#pragma once
// Plans as text in Spark's layout: the analyzed and optimized trees of EXPLAIN EXTENDED, with ids (`a#1`), and the parsed tree.
#include <string>
#include <string_view>

#include "plan/logical.h"
#include "plan/unresolved.h"

namespace firesteel::logical {

/// An expression as plans show it: `(a#1 + 1)`.
std::string ToString(const Expr& expr, std::string_view time_zone = "UTC");
/// The whole tree, a line for each plan, each ended by '\n'.
std::string TreeString(const PlanPtr& plan, std::string_view time_zone = "UTC");

}  // namespace firesteel::logical

namespace firesteel::unresolved {

/// An expression as parsed trees show it: `('a + 1)`.
std::string ToString(const Expr& expr);
/// Spark's name of the relation: "Project".
std::string RelationName(const Relation& relation);
/// The parsed tree: what is not resolved has an apostrophe in front.
std::string TreeString(const RelationPtr& relation);

}  // namespace firesteel::unresolved
