// Aggregate functions that sum, count and pick: sum, avg, count, min, max, first, last, bool_and …
#include <algorithm>
#include <utility>

#include "base/cat.h"
#include "functions/arithmetic.h"
#include "functions/arithmetic_kernels.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/decimal.h"

namespace firesteel::functions {
namespace {

using logical::AggregateCall;
using logical::EvalMode;
using logical::ExprPtr;
using Class = TypePattern::Class;

const TypePattern kSummable = TypePattern::OneOf({Class::kNumeric, Class::kAnsiInterval});

const AggregateCall& CallOf(const logical::Expr& call) { return std::get<AggregateCall>(call.node); }

// ---------------------------------------------------------------- sum, avg
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
  if (from.Is(TypeId::kDecimal) && mode == EvalMode::kAnsi) return Cat("CAST(", sum, " AS ", type, ")");
  if (mode == EvalMode::kLegacy && from.IsIntegral()) return Wrapped(sum);
  if (mode == EvalMode::kAnsi || from.IsAnsiInterval()) return Cat("CAST(", sum, " AS ", type, ")");
  return Cat("TRY_CAST(", sum, " AS ", type, ")");
}

Result<std::string> LowerTrySum(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  if (CallOf(call).arguments[0]->type.IsFractional())
    return Cat("sum(", kDistinctMark, "CAST(", arguments[0], " AS DOUBLE))", kOverMark);
  return Cat("TRY_CAST(sum(", kDistinctMark, arguments[0], ")", kOverMark, " AS ", DuckType(call.type), ")");
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
    // Half up, away from zero.
    return Cat("CAST(round(CAST(", sum, " AS DECIMAL(38,1)) / nullif(", count, ", 0)) AS ", DuckType(call.type), ")");
  }
  const DataType sum_type = BoundedDecimal(from.precision() + 10, from.scale());
  const DataType count_type = DataType::Decimal(20, 0);
  const bool ansi = CallOf(call).mode == EvalMode::kAnsi;
  return LowerKernel(DecimalKernel(ArithmeticOp::kDivide),
                     {Cat(ansi ? "CAST(" : "TRY_CAST(", sum, " AS ", DuckType(sum_type), ")"),
                      Cat("CAST(nullif(", count, ", 0) AS ", DuckType(count_type), ")")},
                     {sum_type, count_type}, call.type, CallOf(call).mode, call.origin, lowering);
}

// ---------------------------------------------------------------- count
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

// ---------------------------------------------------------------- first, last
/// IGNORE NULLS as a clause, or as the second argument.
bool IgnoresNulls(const AggregateCall& call) {
  if (call.ignore_nulls) return true;
  if (call.arguments.size() < 2) return false;
  const auto* literal = std::get_if<logical::Literal>(&call.arguments[1]->node);
  return literal != nullptr && !literal->value.IsNull() && literal->value.As<bool>();
}

Result<std::string> LowerFirst(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  return Cat(IgnoresNulls(CallOf(call)) ? "any_value(" : "first(", arguments[0], ")", kOverMark);
}

Result<std::string> LowerLast(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  if (!IgnoresNulls(CallOf(call))) return Cat("last(", arguments[0], ")", kOverMark);
  // max_by on the row's order of arrival is not to be had; the list's last element is.
  return Cat("list_last(list(", arguments[0], ") FILTER (WHERE ", arguments[0], " IS NOT NULL)", kOverMark, ")");
}

// ---------------------------------------------------------------- rows
const std::vector<Argument> kOneSummable = {{kSummable}};
const std::vector<Argument> kValueAndFlag = {{Class::kAny},
                                             {.type = TypeId::kBoolean, .optional = true, .foldable = true}};

const Function kRows[] = {
    {.name = "sum",
     .kind = Kind::kAggregate,
     .arguments = kOneSummable,
     .result = SumType,
     .nulls = Nulls::kMaybe,
     .runs = LowerSum,
     .group = "agg_funcs",
     .since = "1.0.0",
     .doc = "Returns the sum calculated from values of a group.",
     .example = "sum(col)"},
    {.name = "try_sum",
     .kind = Kind::kAggregate,
     .arguments = kOneSummable,
     .result = SumType,
     .nulls = Nulls::kMaybe,
     .runs = LowerTrySum,
     .group = "agg_funcs",
     .since = "3.3.0",
     .doc = "Returns the sum calculated from values of a group, or NULL on overflow.",
     .example = "try_sum(col)"},
    {.name = "avg",
     .kind = Kind::kAggregate,
     .arguments = kOneSummable,
     .result = AverageType,
     .nulls = Nulls::kMaybe,
     .runs = LowerAverage,
     .group = "agg_funcs",
     .since = "1.0.0",
     .doc = "Returns the mean calculated from values of a group.",
     .example = "avg(col)"},
    {.name = "try_avg",
     .kind = Kind::kAggregate,
     .arguments = kOneSummable,
     .result = AverageType,
     .nulls = Nulls::kMaybe,
     .runs = LowerAverage,
     .group = "agg_funcs",
     .since = "3.3.0",
     .doc = "Returns the mean calculated from values of a group, or NULL on overflow.",
     .example = "try_avg(col)"},
    {.name = "count",
     .kind = Kind::kAggregate,
     .arguments = {{.type = Class::kAny}, {.type = Class::kAny, .repeated = true}},
     .result = DataType(TypeId::kLong),
     .nulls = Nulls::kNever,
     .runs = LowerCount,
     .group = "agg_funcs",
     .since = "1.0.0",
     .doc = "Returns the number of rows for which all of the expressions are not null.",
     .example = "count(col)"},
    {.name = "count_if",
     .kind = Kind::kAggregate,
     .arguments = {{TypeId::kBoolean}},
     .result = DataType(TypeId::kLong),
     .nulls = Nulls::kNever,
     .runs = LowerCountIf,
     .group = "agg_funcs",
     .since = "3.0.0",
     .doc = "Returns the number of true values of the expression.",
     .example = "count_if(col % 2 = 0)"},
    {.name = "min",
     .kind = Kind::kAggregate,
     .arguments = {{Class::kOrderable}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = Sql{"min({0})"},
     .group = "agg_funcs",
     .since = "1.0.0",
     .doc = "Returns the minimum value of the expression.",
     .example = "min(col)"},
    {.name = "max",
     .kind = Kind::kAggregate,
     .arguments = {{Class::kOrderable}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = Sql{"max({0})"},
     .group = "agg_funcs",
     .since = "1.0.0",
     .doc = "Returns the maximum value of the expression.",
     .example = "max(col)"},
    {.name = "min_by",
     .kind = Kind::kAggregate,
     .arguments = {{Class::kAny}, {Class::kOrderable}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = Sql{"arg_min_null({*})"},
     .group = "agg_funcs",
     .since = "3.0.0",
     .doc = "Returns the value of x at the minimum of y.",
     .example = "min_by(x, y)"},
    {.name = "max_by",
     .kind = Kind::kAggregate,
     .arguments = {{Class::kAny}, {Class::kOrderable}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = Sql{"arg_max_null({*})"},
     .group = "agg_funcs",
     .since = "3.0.0",
     .doc = "Returns the value of x at the maximum of y.",
     .example = "max_by(x, y)"},
    {.name = "first",
     .kind = Kind::kAggregate,
     .arguments = kValueAndFlag,
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = LowerFirst,
     .deterministic = false,
     .group = "agg_funcs",
     .since = "2.0.0",
     .doc = "Returns the first value of a group; with isIgnoreNull the first that is not null.",
     .example = "first(col)"},
    {.name = "any_value",
     .kind = Kind::kAggregate,
     .arguments = kValueAndFlag,
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = LowerFirst,
     .deterministic = false,
     .group = "agg_funcs",
     .since = "3.4.0",
     .doc = "Returns some value of a group; with isIgnoreNull one that is not null.",
     .example = "any_value(col)"},
    {.name = "last",
     .kind = Kind::kAggregate,
     .arguments = kValueAndFlag,
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = LowerLast,
     .deterministic = false,
     .group = "agg_funcs",
     .since = "2.0.0",
     .doc = "Returns the last value of a group; with isIgnoreNull the last that is not null.",
     .example = "last(col)"},
    {.name = "bool_and",
     .kind = Kind::kAggregate,
     .arguments = {{TypeId::kBoolean}},
     .result = DataType(TypeId::kBoolean),
     .nulls = Nulls::kMaybe,
     .runs = Sql{"bool_and({0})"},
     .group = "agg_funcs",
     .since = "3.0.0",
     .doc = "Returns true if all values are true.",
     .example = "bool_and(col)"},
    {.name = "bool_or",
     .kind = Kind::kAggregate,
     .arguments = {{TypeId::kBoolean}},
     .result = DataType(TypeId::kBoolean),
     .nulls = Nulls::kMaybe,
     .runs = Sql{"bool_or({0})"},
     .group = "agg_funcs",
     .since = "3.0.0",
     .doc = "Returns true if at least one value is true.",
     .example = "bool_or(col)"},
    {.name = "bit_and",
     .kind = Kind::kAggregate,
     .arguments = {{Class::kIntegral}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = Sql{"bit_and({0})"},
     .group = "agg_funcs",
     .since = "3.0.0",
     .doc = "Returns the bitwise AND of all values that are not null.",
     .example = "bit_and(col)"},
    {.name = "bit_or",
     .kind = Kind::kAggregate,
     .arguments = {{Class::kIntegral}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = Sql{"bit_or({0})"},
     .group = "agg_funcs",
     .since = "3.0.0",
     .doc = "Returns the bitwise OR of all values that are not null.",
     .example = "bit_or(col)"},
    {.name = "bit_xor",
     .kind = Kind::kAggregate,
     .arguments = {{Class::kIntegral}},
     .result = SameAsFirst,
     .nulls = Nulls::kMaybe,
     .runs = Sql{"bit_xor({0})"},
     .group = "agg_funcs",
     .since = "3.0.0",
     .doc = "Returns the bitwise XOR of all values that are not null.",
     .example = "bit_xor(col)"},
};

}  // namespace

std::span<const Function> AggregateFunctions() {
  // Synonyms that column names show as they were written are rows of their own.
  static const std::vector<Function>* const kAll = [] {
    auto* rows = new std::vector<Function>(std::begin(kRows), std::end(kRows));
    constexpr std::pair<std::string_view, std::string_view> kSynonyms[] = {
        {"avg", "mean"},       {"first", "first_value"}, {"last", "last_value"},
        {"bool_and", "every"}, {"bool_or", "any"},       {"bool_or", "some"}};
    for (const auto& [name, synonym] : kSynonyms) {
      Function row = *std::find_if(rows->begin(), rows->end(), [&](const Function& f) { return f.name == name; });
      row.name = synonym;
      rows->push_back(std::move(row));
    }
    return rows;
  }();
  return *kAll;
}

}  // namespace firesteel::functions
