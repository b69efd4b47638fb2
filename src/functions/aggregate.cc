// Aggregate functions that sum, count and pick: sum, avg, count, min, max, first, last, bool_and …
#include <limits>
#include <optional>

#include "base/cat.h"
#include "base/text.h"
#include "functions/aggregate_sql.h"
#include "functions/arithmetic.h"
#include "functions/arithmetic_kernels.h"
#include "functions/bind.h"
#include "functions/collection.h"
#include "functions/decimal_math.h"
#include "functions/fold.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/row.h"
#include "functions/sort_key.h"
#include "functions/topics.h"
#include "plan/rewrite.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

using logical::AggregateCall;
using logical::EvalMode;
using logical::ExprPtr;
using Class = TypePattern::Class;

const TypePattern kSummable = TypePattern::OneOf({Class::kNumeric, Class::kAnsiInterval});

// ---------------------------------------------------------------- sum, avg
/// Numbers and ANSI intervals. Spark looks for them by hand, hence the error's words.
Status CoerceSummable(CallSite& site) {
  ExprPtr& argument = site.arguments[0];
  if (argument->type.Is(TypeId::kTimestamp)) argument = CastTo(argument, TypeId::kDouble, site);  // seconds since 1970
  const auto type = ImplicitCast(argument->type, kSummable, site.settings.ansi);
  if (!type) return UnexpectedInputType(site, 0, "\"NUMERIC\" or \"ANSI INTERVAL\"");
  argument = CastTo(argument, *type, site);
  return {};
}

DataType SumType(std::span<const ExprPtr> arguments) {
  const DataType& type = arguments[0]->type;
  if (type.Is(TypeId::kDecimal)) return BoundedDecimal(type.precision() + 10, type.scale());
  if (type.IsIntegral()) return TypeId::kLong;
  if (type.Is(TypeId::kYearMonthInterval)) return DataType::YearMonth(type.interval().start, type.interval().end);
  if (type.Is(TypeId::kDayTimeInterval)) return DataType::DayTime(type.interval().start, type.interval().end);
  return TypeId::kDouble;
}

/// A HUGEINT sum as Java's long addition would have wrapped it.
std::string Wrapped(std::string_view sum) {
  return Cat(
      "CAST((((", sum,
      " % 18446744073709551616) + 27670116110564327424) % 18446744073709551616) - 9223372036854775808 AS BIGINT)");
}

template <ResultFn kType>
Result<DataType> BindSummable(CallSite& site) {
  FS_CHECK(CoerceSummable(site));
  return kType(site.arguments);
}

/// Spark finds two constructors of these, one of which no query can call.
template <ResultFn kType>
Result<DataType> BindTrySummable(CallSite& site) {
  if (site.arguments.size() != 1) return WrongArgumentCount(site, "[1, 2]", site.origin);
  return BindSummable<kType>(site);
}

/// Sums that DuckDB computes in 128 bits, brought into their type.
Result<std::optional<DecimalCell>> DecimalSum(const KernelContext& context, DecimalCell sum) {
  const DataType& type = context.result_type;
  if (DecimalFits(sum.unscaled, type.precision())) return std::optional(sum);
  if (!context.Ansi()) return std::optional<DecimalCell>();
  return DecimalOutOfRange(DecimalPlainText(sum.unscaled, type.scale()), type, context.origin);
}
Result<int64_t> LongSum(const KernelContext& context, DecimalCell sum) {
  if (sum.unscaled >= INT64_MIN && sum.unscaled <= INT64_MAX) return static_cast<int64_t>(sum.unscaled);
  return ArithmeticOverflow("overflow", "try_add", context.origin);
}
/// A sum of decimals beyond 128 bits, where DuckDB's raises an error: it may be out of range, but says so itself.
struct WideSum {
  std::optional<WideDecimal> sum;
  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    return Merge(context, {WideDecimal(in[0].DecimalAt(row), in[0].type.scale())});
  }
  Status Merge(const KernelContext&, const WideSum& other) {
    if (other.sum) sum = sum ? sum->Plus(*other.sum) : other.sum;
    return {};
  }
  Status Finish(const KernelContext& context, ResultCell result) const {
    const DataType& type = context.result_type;
    const auto fits = sum ? sum->Rounded(type.precision(), type.scale()) : std::nullopt;
    if (sum && !fits && context.Ansi()) return DecimalOutOfRange(sum->ToPlainString(), type, context.origin);
    if (fits) {
      result.vector->SetDecimal(result.row, *fits);
    } else {
      result.vector->SetNull(result.row);
    }
    return {};
  }
};
Result<std::string> LowerWideSum(const logical::Expr& call, const DataType& type,
                                 std::span<const std::string> arguments, Lowering& lowering) {
  logical::Expr sum = call;
  sum.type = type;
  return LowerFold(StateKernel<WideSum>(), sum, {arguments[0]}, lowering);
}

template <typename T>
Result<T> IntervalSum(const KernelContext& context, DecimalCell sum) {
  if (sum.unscaled >= std::numeric_limits<T>::min() && sum.unscaled <= std::numeric_limits<T>::max())
    return static_cast<T>(sum.unscaled);
  return IntervalOverflow("try_add", context.origin);
}

/// A 128-bit sum as 64 bits or an interval, with Spark's words for an overflow: it adds up where it no longer knows the query's text.
Result<std::string> NarrowedSum(const std::string& sum, const DataType& type, EvalMode mode, Lowering& lowering) {
  if (mode == EvalMode::kTry) return Cat("TRY_CAST(", sum, " AS ", DuckType(type), ")");
  if (!lowering.precise_errors()) return Cat("CAST(", sum, " AS ", DuckType(type), ")");
  const ScalarKernel kernel = type.IsIntegral()                     ? RowKernel<&LongSum>()
                              : type.Is(TypeId::kYearMonthInterval) ? RowKernel<&IntervalSum<int32_t>>()
                                                                    : RowKernel<&IntervalSum<int64_t>>();
  const DataType wide = DataType::Decimal(kDecimalPrecisionMax, 0);
  return LowerKernel(kernel, {Cat("CAST(", sum, " AS ", DuckType(wide), ")")}, {wide}, type, mode, Origin(), lowering);
}

Result<std::string> LowerSum(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const DataType& from = CallOf(call).arguments[0]->type;
  const EvalMode mode = CallOf(call).mode;
  const std::string type = DuckType(call.type);
  if (from.IsFractional()) return Cat("sum(", kDistinctMark, "CAST(", arguments[0], " AS DOUBLE))", kOverMark);
  std::string argument = arguments[0];
  if (from.Is(TypeId::kDecimal)) {
    if (auto narrow = NarrowDecimalSql(*CallOf(call).arguments[0], argument, lowering)) argument = *narrow;
  }
  const std::string sum = Cat("sum(", kDistinctMark, argument, ")", kOverMark);
  if (from.Is(TypeId::kDecimal) && call.type.precision() == kDecimalPrecisionMax) {
    if (lowering.precise_errors()) return LowerWideSum(call, call.type, arguments, lowering);
    // DuckDB's sum has this type as well, and lets it hold 39 digits.
    return LowerKernel(RowKernel<&DecimalSum>(), {Cat("CAST(", sum, " AS ", type, ")")}, {call.type}, call.type, mode,
                       call.origin, lowering);
  }
  if (mode == EvalMode::kLegacy && from.IsIntegral()) return Wrapped(sum);
  if (!from.Is(TypeId::kDecimal)) return NarrowedSum(sum, call.type, mode, lowering);
  return Cat(mode == EvalMode::kAnsi ? "CAST(" : "TRY_CAST(", sum, " AS ", type, ")");
}

DataType AverageType(std::span<const ExprPtr> arguments) {
  const DataType& type = arguments[0]->type;
  if (type.Is(TypeId::kDecimal)) return BoundedDecimal(type.precision() + 4, type.scale() + 4);
  if (type.Is(TypeId::kYearMonthInterval)) return DataType::YearMonth();
  if (type.Is(TypeId::kDayTimeInterval)) return DataType::DayTime();
  return TypeId::kDouble;
}

Result<std::string> LowerAverage(const logical::Expr& call, std::span<const std::string> arguments,
                                 Lowering& lowering) {
  const DataType& from = CallOf(call).arguments[0]->type;
  if (!from.Is(TypeId::kDecimal) && !from.IsAnsiInterval()) {
    // 32-bit integers sum exactly whichever way; longs are added as doubles, as Spark does.
    const bool exact = from.IsIntegral() && !from.Is(TypeId::kLong);
    return exact ? Cat("avg(", kDistinctMark, arguments[0], ")", kOverMark)
                 : Cat("avg(", kDistinctMark, "CAST(", arguments[0], " AS DOUBLE))", kOverMark);
  }
  const std::string count = Cat("count(", kDistinctMark, arguments[0], ")", kOverMark);
  const std::string sum = Cat("sum(", kDistinctMark, arguments[0], ")", kOverMark);
  if (from.IsAnsiInterval()) {
    FS_TRY(const std::string narrowed, NarrowedSum(sum, call.type, CallOf(call).mode, lowering));
    // Half up, away from zero.
    return Cat("CAST(round(CAST(", narrowed, " AS DECIMAL(38,1)) / nullif(", count, ", 0)) AS ", DuckType(call.type),
               ")");
  }
  const DataType sum_type = BoundedDecimal(from.precision() + 10, from.scale());
  const DataType count_type = DataType::Decimal(20, 0);
  const bool ansi = CallOf(call).mode == EvalMode::kAnsi;
  std::string narrowed = Cat(ansi ? "CAST(" : "TRY_CAST(", sum, " AS ", DuckType(sum_type), ")");
  if (lowering.precise_errors() && sum_type.precision() == kDecimalPrecisionMax) {
    FS_TRY(narrowed, LowerWideSum(call, sum_type, arguments, lowering));
  }
  return LowerKernel(DecimalKernel(ArithmeticOp::kDivide),
                     {std::move(narrowed), Cat("CAST(nullif(", count, ", 0) AS ", DuckType(count_type), ")")},
                     {sum_type, count_type}, call.type, CallOf(call).mode, call.origin, lowering);
}

// ---------------------------------------------------------------- count
Result<DataType> BindCount(CallSite& site) {
  if (!site.arguments.empty()) return DataType(TypeId::kLong);
  return Error::Condition("WRONG_NUM_ARGS.WITH_SUGGESTION",
                          {{"functionName", "`count`"},
                           {"expectedNum", " >= 1"},
                           {"actualNum", "0"},
                           {"legacyNum", "0"},
                           {"legacyConfKey", "\"spark.sql.legacy.allowParameterlessCount\""},
                           {"legacyConfValue", "\"true\""}});
}

Result<std::string> LowerCount(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  const auto& aggregate = CallOf(call);
  if (arguments.size() == 1) {
    const bool constant = std::holds_alternative<logical::Literal>(aggregate.arguments[0]->node);
    if (constant && aggregate.arguments[0]->nullable == false && !aggregate.distinct) return Cat("count(*)", kOverMark);
    return Cat("count(", kDistinctMark, arguments[0], ")", kOverMark);
  }
  std::string all_set, row;
  for (const auto& argument : arguments) {
    Append(all_set, all_set.empty() ? "" : " AND ", argument, " IS NOT NULL");
    Append(row, row.empty() ? "" : ", ", argument);
  }
  return Cat("count(", kDistinctMark, "CASE WHEN ", all_set, " THEN row(", row, ") END)", kOverMark);
}

Result<std::string> LowerCountIf(const logical::Expr&, std::span<const std::string> arguments, Lowering&) {
  return Cat("count(", kDistinctMark, "nullif(", arguments[0], ", false))", kOverMark);
}

// ---------------------------------------------------------------- min, max, min_by, max_by
Result<DataType> BindExtreme(CallSite& site) {
  FS_CHECK(CheckOrderable(site, site.arguments[0]->type));
  return site.arguments[0]->type;
}

/// What DuckDB compares as Spark does: the value, or bytes that stand for a nested one.
Result<std::string> Comparable(const std::string& sql, const DataType& type, Lowering& lowering) {
  if (!type.IsNested()) return sql;
  return LowerKernel(kSortKey, {sql}, {type}, TypeId::kBinary, EvalMode::kAnsi, Origin(), lowering);
}

Result<std::string> LowerExtreme(std::string_view name, const logical::Expr& call, const std::string& argument,
                                 Lowering& lowering) {
  if (!call.type.IsNested()) return Cat(name, "(", argument, ")", kOverMark);
  FS_TRY(const std::string key, Comparable(argument, call.type, lowering));
  return Cat("arg_", name, "(", argument, ", ", key, ")", kOverMark);
}
Result<std::string> LowerMin(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return LowerExtreme("min", call, arguments[0], lowering);
}
Result<std::string> LowerMax(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return LowerExtreme("max", call, arguments[0], lowering);
}

Result<DataType> BindExtremeBy(CallSite& site) {
  FS_CHECK(CheckOrderable(site, site.arguments[1]->type));
  const DataType& value = site.arguments[0]->type;
  if (site.arguments.size() == 2) return value;
  FS_CHECK(CoerceArgument(site, 2, TypeId::kInteger));
  if (!logical::IsFoldable(site.arguments[2])) {
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", "`k`"},
                         {"inputType", "\"INT\""},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[2]))}});
  }
  constexpr int64_t kMax = 100000;
  FS_TRY(const Value k, InQuery(site).evaluate(site.arguments[2]));
  if (k.IsNull() || k.As<int64_t>() < 1 || k.As<int64_t>() > kMax) {
    return TypeMismatch(site, "VALUE_OUT_OF_RANGE",
                        {{"exprName", "`k`"},
                         {"valueRange", Cat("[1, ", kMax, "]")},
                         {"currentValue", k.IsNull() ? "NULL" : Cat(k.As<int64_t>())}});
  }
  return DataType::Array(value);
}

/// With a count, the values of so many rows: wrapped, since DuckDB leaves out rows whose value is NULL.
Result<std::string> LowerExtremeBy(std::string_view name, const logical::Expr& call,
                                   std::span<const std::string> arguments, Lowering& lowering) {
  FS_TRY(const std::string by, Comparable(arguments[1], CallOf(call).arguments[1]->type, lowering));
  if (arguments.size() == 2) return Cat(name, "_null(", arguments[0], ", ", by, ")", kOverMark);
  return Cat("list_transform(", name, "(struct_pack(v := ", arguments[0], "), ", by, ", ", arguments[2], ")", kOverMark,
             ", lambda fs_row: fs_row.v)");
}
Result<std::string> LowerMinBy(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return LowerExtremeBy("arg_min", call, arguments, lowering);
}
Result<std::string> LowerMaxBy(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return LowerExtremeBy("arg_max", call, arguments, lowering);
}

// ---------------------------------------------------------------- first, last
Result<DataType> BindFirst(CallSite& site) {
  if (site.arguments.size() == 2) {
    const auto* literal = std::get_if<logical::Literal>(&site.arguments[1]->node);
    if (literal == nullptr || !std::holds_alternative<bool>(literal->value.data))
      return Error::Condition("_LEGACY_ERROR_TEMP_1210", {{"funcName", std::string(site.name)}}, site.origin);
  }
  return site.arguments[0]->type;
}

/// Whether NULLs are left out does not show.
std::string FirstName(std::span<const std::string> arguments, const logical::Expr& call) {
  const auto* aggregate = std::get_if<AggregateCall>(&call.node);
  std::string_view name =
      aggregate != nullptr ? aggregate->function->name : std::get<logical::Call>(call.node).function->name;
  // The clause makes Spark forget by which name it was called.
  if (aggregate != nullptr && aggregate->ignore_nulls && name.ends_with("t_value")) name.remove_suffix(6);
  return Cat(name, aggregate != nullptr && aggregate->distinct ? "(DISTINCT " : "(", arguments[0], ")");
}

/// IGNORE NULLS as a clause, or as the second argument.
bool IgnoresNulls(const AggregateCall& call) {
  if (call.ignore_nulls) return true;
  return call.arguments.size() == 2 && std::get<logical::Literal>(call.arguments[1]->node).value.As<bool>();
}

Result<std::string> LowerFirst(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  return Cat(IgnoresNulls(CallOf(call)) ? "any_value(" : "first(", arguments[0], ")", kOverMark);
}

Result<std::string> LowerLast(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  if (!IgnoresNulls(CallOf(call))) return Cat("last(", arguments[0], ")", kOverMark);
  // As an aggregate; in windows `last` is none to DuckDB and takes no FILTER, but the list of values does.
  return Cat("list_last(list(", arguments[0], ")", OverRows(Cat(arguments[0], " IS NOT NULL")), ")");
}

}  // namespace

std::optional<std::string> OwnWindowFunction(const logical::Expr& call, std::span<const std::string> arguments) {
  const auto* aggregate = std::get_if<AggregateCall>(&call.node);
  if (aggregate == nullptr) return std::nullopt;
  const std::string_view name = aggregate->function->name;
  if (aggregate->filter != nullptr) {
    // In windows DuckDB's first and last take no FILTER, but the list of values does.
    static constexpr std::string_view kNames[] = {"first", "first_value", "any_value", "last", "last_value"};
    if (std::ranges::find(kNames, name) == std::end(kNames)) return std::nullopt;
    const std::string rows =
        IgnoresNulls(*aggregate) ? OverRows(Cat(arguments[0], " IS NOT NULL")) : std::string(kOverMark);
    return Cat(name.starts_with("last") ? "list_last(" : "list_first(", "list(", arguments[0], ")", rows, ")");
  }
  if ((name != "last" && name != "last_value") || !IgnoresNulls(*aggregate)) return std::nullopt;
  return Cat("last_value(", arguments[0], " IGNORE NULLS)", kOverMark);
}

namespace {

// ---------------------------------------------------------------- rows
const Function kAggregate{.kind = Kind::kAggregate, .nulls = Nulls::kMaybe, .group = "agg_funcs", .since = "1.0.0"};

using Bind = decltype(Function::bind);

Function Row(std::string_view name, std::vector<Argument> arguments, ResultType result, Runs runs, Bind bind,
             std::string_view since, std::string_view doc, std::string_view example) {
  Function row = RowOf(kAggregate, name, std::move(arguments), std::move(result), runs, doc, example);
  row.bind = bind;
  row.since = since;
  return row;
}

Function Never(Function row) {
  row.nulls = Nulls::kNever;
  return row;
}

Function FirstRow(std::string_view name, LowerFn lower, std::string_view since, std::string_view doc,
                  std::string_view example) {
  Function row = Row(name, {{Class::kAny}, {.type = Class::kAny, .optional = true}}, SameAsFirst, lower, &BindFirst,
                     since, doc, example);
  row.name_of = &FirstName;
  row.deterministic = false;
  row.takes_rows_in_order = true;
  return row;
}

std::vector<Function> Rows() {
  const std::vector<Argument> any = {{Class::kAny}};
  const std::vector<Argument> any_number = {{.type = Class::kAny, .repeated = true}};
  const std::vector<Argument> by = {{Class::kAny}, {Class::kAny}, {.type = Class::kAny, .optional = true}};
  const std::vector<Argument> boolean = {{TypeId::kBoolean}};
  const std::vector<Argument> integral = {{Class::kIntegral}};
  const DataType truth = TypeId::kBoolean, number = TypeId::kLong;
  const Function average = Row("avg", any, AverageType, &LowerAverage, &BindSummable<AverageType>, "1.0.0",
                               "Returns the mean calculated from values of a group.", "avg(col)");
  const Function first =
      FirstRow("first", &LowerFirst, "2.0.0",
               "Returns the first value of a group; with isIgnoreNull the first that is not null.", "first(col)");
  const Function last =
      FirstRow("last", &LowerLast, "2.0.0",
               "Returns the last value of a group; with isIgnoreNull the last that is not null.", "last(col)");
  const Function every = Row("bool_and", boolean, truth, Sql{"bool_and({0})"}, {}, "3.0.0",
                             "Returns true if all values are true.", "bool_and(col)");
  const Function some = Row("bool_or", boolean, truth, Sql{"bool_or({0})"}, {}, "3.0.0",
                            "Returns true if at least one value is true.", "bool_or(col)");
  return {
      Row("sum", any, SumType, &LowerSum, &BindSummable<SumType>, "1.0.0",
          "Returns the sum calculated from values of a group.", "sum(col)"),
      Row("try_sum", any_number, SumType, &LowerSum, &BindTrySummable<SumType>, "3.3.0",
          "Returns the sum calculated from values of a group, or NULL on overflow.", "try_sum(col)"),
      average,
      Synonym(average, "mean"),
      Row("try_avg", any_number, AverageType, &LowerAverage, &BindTrySummable<AverageType>, "3.3.0",
          "Returns the mean calculated from values of a group, or NULL on overflow.", "try_avg(col)"),
      Never(Row("count", any_number, number, &LowerCount, &BindCount, "1.0.0",
                "Returns the number of rows for which all of the expressions are not null.", "count(col)")),
      Never(Row("count_if", boolean, number, &LowerCountIf, {}, "3.0.0",
                "Returns the number of true values of the expression.", "count_if(col % 2 = 0)")),
      Row("min", any, SameAsFirst, &LowerMin, &BindExtreme, "1.0.0", "Returns the minimum value of the expression.",
          "min(col)"),
      Row("max", any, SameAsFirst, &LowerMax, &BindExtreme, "1.0.0", "Returns the maximum value of the expression.",
          "max(col)"),
      Row("min_by", by, SameAsFirst, &LowerMinBy, &BindExtremeBy, "3.0.0",
          "Returns the value of x at the minimum of y, or the values at the k smallest.", "min_by(x, y)"),
      Row("max_by", by, SameAsFirst, &LowerMaxBy, &BindExtremeBy, "3.0.0",
          "Returns the value of x at the maximum of y, or the values at the k largest.", "max_by(x, y)"),
      first,
      Synonym(first, "first_value"),
      last,
      Synonym(last, "last_value"),
      FirstRow("any_value", &LowerFirst, "3.4.0",
               "Returns some value of a group; with isIgnoreNull one that is not null.", "any_value(col)"),
      every,
      Synonym(every, "every"),
      some,
      Synonym(some, "any"),
      Synonym(some, "some"),
      Row("bit_and", integral, SameAsFirst, Sql{"bit_and({0})"}, {}, "3.0.0",
          "Returns the bitwise AND of all values that are not null.", "bit_and(col)"),
      Row("bit_or", integral, SameAsFirst, Sql{"bit_or({0})"}, {}, "3.0.0",
          "Returns the bitwise OR of all values that are not null.", "bit_or(col)"),
      Row("bit_xor", integral, SameAsFirst, Sql{"bit_xor({0})"}, {}, "3.0.0",
          "Returns the bitwise XOR of all values that are not null.", "bit_xor(col)"),
  };
}

}  // namespace

std::span<const Function> AggregateFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
