#pragma once
// From resolved calls to DuckDB SQL: template expansion and kernel calls. What a row cannot say by a template it writes itself
// (LowerFn); what surrounds calls (plans, casts, literals) is the physical stage's.
#include <string>
#include <string_view>
#include <vector>

#include "functions/function.h"

namespace firesteel::functions {

/// {distinct} and {over} of templates as LowerFns write them. They are replaced after the arguments: no argument may look like one, so
/// they hold a control character.
inline constexpr std::string_view kDistinctMark =
    "\x01"
    "distinct";
inline constexpr std::string_view kOverMark =
    "\x01"
    "over";

/// DuckDB SQL of a Call (scalar, window function or generator) or of an AggregateCall with its DISTINCT, FILTER and WITHIN GROUP.
/// `arguments` are the SQL texts of its arguments; `over` is what stands between OVER's parentheses ("" for an empty OVER () must be
/// given as " "): templates may wrap it, so it can't be appended to the answer.
/// Rows with whole_call write the aggregate's own clauses themselves, and {over} alone is filled in.
Result<std::string> LowerCall(const logical::Expr& call, std::vector<std::string> arguments, Lowering& lowering,
                              std::string_view over = {});

/// A kernel call as LowerCall makes it for rows that choose between SQL and a kernel in a LowerFn. `result_type` is the call's
/// type unless given.
Result<std::string> LowerKernel(const ScalarKernel& kernel, const logical::Expr& call,
                                std::vector<std::string> arguments, Lowering& lowering);
/// As LowerKernel for SQL texts that are no arguments of the call: types given.
Result<std::string> LowerKernel(const ScalarKernel& kernel, std::vector<std::string> arguments,
                                std::vector<DataType> types, const DataType& result, logical::EvalMode mode,
                                const Origin& origin, Lowering& lowering);

/// An argument or sort key of an aggregate, computed only for the rows that its FILTER (or null) takes: DuckDB computes them for all.
Result<std::string> FilteredSql(const logical::ExprPtr& argument, const logical::ExprPtr& filter, Lowering& lowering);

/// A lambda's body. DuckDB runs it over a part of the elements at a time, but over all lists of a batch of rows in one go: an interrupt
/// ends it between two parts.
Result<std::string> LowerBody(const logical::Lambda& lambda, Lowering& lowering);

/// Expands {0}, {*}, {type} (see Sql); other braces stay.
std::string ExpandTemplate(std::string_view pattern, std::span<const std::string> arguments, std::string_view type);

/// The context that a kernel gets for this call.
KernelContext ContextOf(const logical::Expr& call, Lowering& lowering);

}  // namespace firesteel::functions
