#pragma once
// Operators over constants, computed at once: what the optimizer folds.
#include <optional>
#include <string>

#include "base/result.h"
#include "plan/logical.h"

namespace firesteel::functions {

/// The value of an expression whose children are all Literals, if it is arithmetic, a concatenation of text, NOT, or a cast to a number,
/// date, timestamp, ANSI interval or BOOLEAN: Spark's answer or Spark's error. None for all others, and for values too large to be written down as a constant.
std::optional<Result<Value>> FoldedValue(const logical::Expr& expr, const std::string& time_zone);

/// The value of an expression whatever its children's values are, if it only asks for their types.
std::optional<Value> ValueByTypes(const logical::Expr& expr);

/// True if the expression is one of those: it evaluates its children from left to right until one is NULL or fails.
bool IsFoldableOperator(const logical::Expr& expr);

/// True if it is NULL whenever one of its children is, and evaluates nothing to know that.
bool IsNullIntolerant(const logical::Expr& expr);

}  // namespace firesteel::functions
