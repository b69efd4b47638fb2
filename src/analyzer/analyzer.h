#pragma once
// The second stage: an unresolved tree becomes a typed logical plan, by Spark 4.2's rules and with its errors. One recursive pass
// (binder.h), no rewriting to a fixed point. Call on a deep stack (base/deep_stack.h).
#include "base/result.h"
#include "plan/logical.h"
#include "plan/unresolved.h"
#include "relations/environment.h"
#include "sql/parser.h"

namespace firesteel::analyzer {

/// Resolves a whole query.
Result<logical::PlanPtr> Analyze(const unresolved::RelationPtr& relation, relations::Environment& environment,
                                 const sql::ParserOptions& parser_options);

/// A constant expression of the unresolved tree, bound without any columns: SET TIME ZONE, IDENTIFIER, options.
Result<logical::ExprPtr> AnalyzeConstant(const unresolved::ExprPtr& expression, relations::Environment& environment,
                                         const sql::ParserOptions& parser_options);

}  // namespace firesteel::analyzer
