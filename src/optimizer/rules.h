// The optimizer's rules, each in a file of its own: a plan with the same rows and schema, or null where the rule has nothing to do.
#pragma once

#include <span>
#include <vector>

#include "optimizer/fold.h"
#include "plan/logical.h"

namespace firesteel::optimizer {

/// Project over Project as one; null too if that would compute something twice or elsewhere. `plan` is `upper`'s.
logical::PlanPtr CollapseProjects(const logical::Project& upper, const logical::PlanPtr& plan, ConstantFolder& folder);

/// `input_file_name()` as a column of the files that the node's rows come from; null if the node does not ask for it, or its rows
/// come from no file as they are (then it is '').
logical::PlanPtr WithFileNames(const logical::PlanPtr& plan);

/// A projection of windows inside of windows as one over projections of the inner ones.
logical::PlanPtr LayerWindows(const logical::Project& project, const logical::PlanPtr& plan);

/// An aggregation's sums of values that differ in a constant only, apart; the plan itself where there are none.
logical::PlanPtr WithConstantAddends(const logical::PlanPtr& plan);

/// The plan in which each node puts out only what is read above it. The whole plan's own columns stay.
Result<logical::PlanPtr> PruneColumns(const logical::PlanPtr& plan);

/// _LEGACY_ERROR_TEMP_1211 where rows are joined with all rows and the query does not say CROSS JOIN.
Status CheckCartesianProducts(const logical::PlanPtr& plan);

/// The input's columns as they are.
bool IsIdentity(const logical::Project& project);

/// The columns read, one expression each.
std::vector<logical::ExprPtr> ColumnsOf(std::span<const logical::Attribute> attributes);

}  // namespace firesteel::optimizer
