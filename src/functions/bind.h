#pragma once
// What rows with a `bind` of their own share: casts that coercion puts in, calls that a bind builds, and type errors as Spark words them.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "functions/function.h"

namespace firesteel::functions {

/// The mode of casts and calls that coercion puts in: the session's, also inside try_ functions.
logical::EvalMode SessionMode(const CallSite& site);

/// `expr` as `type`: itself, a typed NULL, or an implicit Cast with the call's origin.
logical::ExprPtr CastTo(const logical::ExprPtr& expr, const DataType& type, const CallSite& site);
/// Types that differ in nullability only need no cast: castIfNotSameType.
logical::ExprPtr CastIfNotSameType(const logical::ExprPtr& expr, const DataType& type, const CallSite& site);
/// An explicit Cast with a mode of its own.
logical::ExprPtr ExplicitCast(const logical::ExprPtr& expr, const DataType& type, logical::EvalMode mode,
                              const Origin& origin);
logical::ExprPtr LiteralOf(Value value, const DataType& type, const Origin& origin);

/// The call of the row `name` (looked up) with `site.arguments` as they are.
logical::ExprPtr Built(const CallSite& site, std::string_view name, const DataType& type, bool nullable,
                       logical::EvalMode mode);

/// The BINARY that a text is cast from, under the text's name, for functions that look at bytes: the cast leaves only what is UTF-8.
/// Other texts are themselves.
logical::ExprPtr BytesBehind(const logical::ExprPtr& text);

/// For a bind that returns another call where Spark shows that one's name: without this the name written stays.
logical::ExprPtr UnderOwnName(const logical::ExprPtr& expr);

bool AnyNullable(std::span<const logical::ExprPtr> arguments);

/// Spark's text of the call as it stands ("(a + b)"), quoted: the sqlExpr of type errors.
std::string SqlExprOf(const CallSite& site);
/// DATATYPE_MISMATCH.<sub> with sqlExpr filled in.
Error TypeMismatch(const CallSite& site, std::string_view sub, Error::Parameters parameters);
/// DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE: argument `index` (from 0) is none of `required` (as TypePattern::Sql).
Error UnexpectedInputType(const CallSite& site, size_t index, std::string_view required);
/// DATATYPE_MISMATCH.DATA_DIFF_TYPES: the arguments [first, …) have no common type.
Error DataDiffTypes(const CallSite& site, size_t first = 0);
/// DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES of a two-argument operator.
Error BinaryOpDiffTypes(const CallSite& site);
/// DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE of a two-argument operator.
Error BinaryOpWrongType(const CallSite& site, std::string_view required);
/// "first", "second" … as errors count parameters; index from 0.
std::string Ordinal(size_t index);

/// Coerces one argument to a pattern, or the error UNEXPECTED_INPUT_TYPE.
Status CoerceArgument(CallSite& site, size_t index, const TypePattern& pattern);
/// WRONG_NUM_ARGS.WITHOUT_SUGGESTION, for counts that the row's arguments can't say: `expected` as "[1, 2, 6]". Without
/// an origin the error has no query context.
Error WrongArgumentCount(const CallSite& site, std::string_view expected, const Origin& origin);
/// A row's `bind`: coercion by the row's arguments, its fixed result type; the result is nullable if an argument is, and always unless
/// ANSI mode raises what else would be NULL.
Result<logical::ExprPtr> BindNullUnlessAnsi(CallSite& site);
/// Coerces the arguments [first, …) to their common type (findWiderCommonType), or DATA_DIFF_TYPES.
Result<DataType> CoerceToCommonType(CallSite& site, size_t first = 0);

}  // namespace firesteel::functions
