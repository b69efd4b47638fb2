#pragma once
// Clauses of aggregates in the SQL of a LowerFn, besides those of lower.h; and the topics of aggregates.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "functions/function.h"

namespace firesteel::functions {

inline const logical::AggregateCall& CallOf(const logical::Expr& call) {
  return std::get<logical::AggregateCall>(call.node);
}

/// Where an aggregate takes the keys of WITHIN GROUP as ORDER BY inside its parentheses.
inline constexpr std::string_view kOrderMark =
    "\x01"
    "order";
/// kOverMark of an aggregate that leaves out rows by itself: those where `condition` does not hold, besides the call's FILTER.
std::string OverRows(std::string_view condition);

/// The call in a window where DuckDB wants it otherwise than as an aggregate: last(x) IGNORE NULLS, which fills gaps, would else list each
/// row's whole frame.
std::optional<std::string> OwnWindowFunction(const logical::Expr& call, std::span<const std::string> arguments);

std::span<const Function> PercentileFunctions();
std::span<const Function> CollectFunctions();
std::span<const Function> BitmapFunctions();
std::span<const Function> TimeWindowFunctions();

}  // namespace firesteel::functions
