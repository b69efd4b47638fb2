#pragma once
// What arithmetic.cc shares with the other topics: errors of overflow, decimal result types, narrow decimals.
#include <optional>
#include <string>
#include <string_view>

#include "functions/function.h"

namespace firesteel::functions {

/// ARITHMETIC_OVERFLOW; `suggested` ("try_add") may be empty.
/// Java's (long): cut, NaN is 0, the ends of the range for what is beyond.
int64_t SaturatedLong(double d);

Error ArithmeticOverflow(std::string_view message, std::string_view suggested, const Origin& origin);
Error DivideByZero(const Origin& origin);
Error RemainderByZero(const Origin& origin);
/// INTERVAL_ARITHMETIC_OVERFLOW, with a suggestion unless it is empty.
Error IntervalOverflow(std::string_view suggested, const Origin& origin);
/// NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION
Error DecimalOutOfRange(std::string_view value, const DataType& type, const Origin& origin);

/// The text of a decimal expression computed in 18 digits (overflow raises), if `sql` is one that arithmetic has widened to its
/// exact type under narrow_decimals(): sums and products of it may stay narrow. `expr` is what `sql` was made from.
std::optional<std::string> NarrowDecimalSql(const logical::Expr& expr, std::string_view sql, const Lowering& lowering);

/// A short text may stand twice in an expression; a long one would make it grow exponentially with the depth.
inline bool MayRepeat(std::string_view sql) { return sql.size() <= 48; }

/// Coercion of + - * / % div pmod for numbers, strings and NULL, by Spark's rules; returns the type of both (or two decimals).
Status CoerceArithmetic(CallSite& site, std::string_view op);
/// The result type of an operator on two decimals.
DataType DecimalResult(std::string_view op, const DataType& a, const DataType& b, bool allow_precision_loss);

/// The kernel that computes an arithmetic call on numbers as its SQL does; none for other calls.
std::optional<ScalarKernel> ArithmeticKernelOf(const logical::Expr& expr);

/// interval_operators.cc: + - * / with dates, times and intervals. Null if the types are none of those.
Result<logical::ExprPtr> BindDatetimeOperator(CallSite& site, std::string_view op);

}  // namespace firesteel::functions
