// Percentiles. Exact ones gather their values in a list (memory that DuckDB counts) and pick from it as Spark does, whose
// interpolation differs from DuckDB's in the last digit.
#include <algorithm>
#include <cmath>

#include "base/cat.h"
#include "base/text.h"
#include "functions/aggregate_sql.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/row.h"
#include "functions/topics.h"
#include "plan/rewrite.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::AggregateCall;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- picking from values
enum class Method { kInterpolated, kDiscrete };

struct Weighted {
  double value;
  int64_t count;  ///< of this value and all before it, once sorted
};

bool Less(const Weighted& a, const Weighted& b) {
  return a.value < b.value || (std::isnan(b.value) && !std::isnan(a.value));
}

/// The value at a position counted over all rows.
double At(std::span<const Weighted> sorted, int64_t position) {
  return std::ranges::upper_bound(sorted, position, {}, &Weighted::count)->value;
}

double Pick(std::span<const Weighted> sorted, double percentage, Method method, bool descending) {
  const int64_t last = sorted.back().count - 1;
  const auto at = [&](double position) {
    const auto index = static_cast<int64_t>(position);
    return At(sorted, descending ? last - index : index);
  };
  if (method == Method::kDiscrete) return at(std::max(std::ceil(static_cast<double>(last + 1) * percentage) - 1, 0.0));
  const double position = static_cast<double>(last) * percentage;
  const double lower = std::floor(position), higher = std::ceil(position);
  const double low = at(lower);
  if (lower == higher) return low;
  const double high = at(higher);
  return low == high ? low : (higher - position) * low + (position - lower) * high;
}

double NumberAt(const InputVector& values, size_t row) {
  switch (values.type.id()) {
    case TypeId::kYearMonthInterval:
      return values.At<int32_t>(row);
    case TypeId::kDayTimeInterval:
      return static_cast<double>(values.At<int64_t>(row));
    default:
      return values.At<double>(row);
  }
}

void WriteNumber(OutputVector& out, size_t row, double value) {
  switch (out.type().id()) {
    case TypeId::kYearMonthInterval:
      out.Data<int32_t>()[row] = static_cast<int32_t>(value);
      break;
    case TypeId::kDayTimeInterval:
      out.Data<int64_t>()[row] = static_cast<int64_t>(value);
      break;
    default:
      out.Data<double>()[row] = value;
  }
}

/// Arguments: the values, or structs of value and frequency; the percentage or percentages; the frequency's text for errors.
template <Method kMethod, bool kDescending>
Status PercentileKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  std::vector<Weighted> values;
  for (size_t row = 0; row < rows; ++row) {
    values.clear();
    if (!in[0].IsNull(row)) {
      const auto& list = in[0].At<ListCell>(row);
      const InputVector& elements = in[0].children[0];
      const bool weighted = elements.type.Is(TypeId::kStruct);
      for (uint64_t i = list.offset; i < list.offset + list.length; ++i) {
        if (!weighted) {
          values.push_back({NumberAt(elements, i), 1});
          continue;
        }
        if (elements.children[0].IsNull(i) || elements.children[1].IsNull(i)) continue;
        const int64_t count = elements.children[1].At<int64_t>(i);
        if (count < 0) {
          return Error::Condition(
                     "NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION",
                     {{"frequencyExpression", InDoubleQuotes(in[2].StringAt(row))}, {"negativeValue", Cat(count, "L")}})
              .As(ErrorClass::kIllegalArgument);
        }
        if (count > 0) values.push_back({NumberAt(elements.children[0], i), count});
      }
    }
    const bool several = context.result_type.Is(TypeId::kArray);
    if (values.empty() || (several && in[1].At<ListCell>(row).length == 0)) {
      out.SetNull(row);
      continue;
    }
    std::ranges::sort(values, Less);
    int64_t total = 0;
    for (Weighted& value : values) {
      if (__builtin_add_overflow(total, value.count, &total)) return ArithmeticOverflow("overflow", "", context.origin);
      value.count = total;
    }
    if (!several) {
      WriteNumber(out, row, Pick(values, in[1].At<double>(row), kMethod, kDescending));
      continue;
    }
    const auto& percentages = in[1].At<ListCell>(row);
    const uint64_t first = out.AppendList(row, percentages.length);
    for (uint64_t i = 0; i < percentages.length; ++i) {
      const double percentage = in[1].children[0].At<double>(percentages.offset + i);
      WriteNumber(out.child(0), first + i, Pick(values, percentage, kMethod, kDescending));
    }
  }
  return {};
}

// ---------------------------------------------------------------- types
const TypePattern& Measurable() {
  static const TypePattern kPattern =
      TypePattern::OneOf({Class::kNumeric, Class::kDayTimeInterval, Class::kYearMonthInterval});
  return kPattern;
}

DataType ResultFor(const DataType& value) {
  if (value.Is(TypeId::kYearMonthInterval)) return DataType::YearMonth();
  if (value.Is(TypeId::kDayTimeInterval)) return DataType::DayTime();
  return TypeId::kDouble;
}

/// Makes the second argument a DOUBLE or an array of them, all constant and from 0 to 1; true for an array.
Result<bool> CoercePercentages(CallSite& site, bool names_both_types) {
  ExprPtr& percentage = site.arguments[1];
  const bool several = percentage->type.Is(TypeId::kArray);
  const DataType wanted = several ? DataType::Array(TypeId::kDouble, false) : DataType(TypeId::kDouble);
  const std::string both = "(\"DOUBLE\" or \"ARRAY<DOUBLE>\")";
  const DataType& one_type = several ? percentage->type.element() : percentage->type;
  const bool may_hold_null = several && percentage->type.contains_null();
  if (may_hold_null || !ImplicitCast(one_type, TypeId::kDouble, site.settings.ansi))
    return UnexpectedInputType(site, 1, names_both_types ? both : ErrorTypeText(wanted));
  if (!logical::IsFoldable(percentage)) {
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", "`percentage`"},
                         {"inputType", ErrorTypeText(wanted)},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*percentage))}});
  }
  percentage = CastIfNotSameType(percentage, wanted, site);
  FS_TRY(const Value value, InQuery(site).evaluate(percentage));
  if (value.IsNull()) return TypeMismatch(site, "UNEXPECTED_NULL", {{"exprName", "percentage"}});
  Value::List list = several ? value.As<Value::List>() : Value::List{value};
  std::vector<std::string> shown;
  bool in_range = true;
  for (const Value& one : list) {
    shown.push_back(ErrorValueText(one, TypeId::kDouble, site.settings.time_zone));
    in_range = in_range && one.As<double>() >= 0 && one.As<double>() <= 1;
  }
  if (!in_range) {
    return TypeMismatch(site, "VALUE_OUT_OF_RANGE",
                        {{"exprName", "percentage"}, {"valueRange", "[0.0, 1.0]"}, {"currentValue", Join(shown, ",")}});
  }
  return several;
}

Result<DataType> BindMedian(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, Measurable()));
  return ResultFor(site.arguments[0]->type);
}

Result<DataType> BindPercentile(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, Measurable()));
  FS_TRY(const bool several, CoercePercentages(site, false));
  if (site.arguments.size() > 2) {
    FS_CHECK(CoerceArgument(site, 2, Class::kIntegral));
    site.arguments[2] = CastTo(site.arguments[2], TypeId::kLong, site);
  }
  const DataType result = ResultFor(site.arguments[0]->type);
  return several ? DataType::Array(result, false) : result;
}

/// percentile_cont(0.5) WITHIN GROUP (ORDER BY x DESC): the arguments become x, 0.5 and whether to count from the end.
Result<DataType> BindOrderedPercentile(CallSite& site) {
  const std::string function = ToSqlId(site.name);
  if (InQuery(site).distinct)
    return Error::Condition("INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED", {{"funcName", function}},
                            site.origin);
  if (InQuery(site).within_group.empty())
    return Error::Condition("INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING", {{"funcName", function}},
                            site.origin);
  if (InQuery(site).within_group.size() != 1) {
    return Error::Condition(
        "INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS",
        {{"funcName", function}, {"expectedNum", "1"}, {"actualNum", Cat(InQuery(site).within_group.size())}},
        site.origin);
  }
  const logical::SortKey key = InQuery(site).within_group.front();
  InQuery(site).within_group.clear();
  site.arguments.insert(site.arguments.begin(), key.child);
  FS_TRY(const DataType type, BindPercentile(site));
  const bool descending = key.direction == logical::SortDirection::kDescending;
  site.arguments.push_back(LiteralOf(Value(descending), TypeId::kBoolean, site.origin));
  return type;
}

std::string OrderedName(std::span<const std::string> arguments, const logical::Expr& call) {
  const auto* aggregate = std::get_if<AggregateCall>(&call.node);
  if (aggregate == nullptr)
    return Cat(std::get<logical::Call>(call.node).function->name, "(", arguments[0], ", ", arguments[1], ")");
  return Cat(aggregate->function->name, "(", arguments[1], ") WITHIN GROUP (ORDER BY ", arguments[0],
             arguments[2] == "true" ? " DESC)" : ")");
}

Result<DataType> BindApproximate(CallSite& site) {
  static const TypePattern kValue =
      TypePattern::OneOf({Class::kNumeric, TypeId::kDate, TypeId::kTimestamp, TypeId::kTimestampNtz,
                          Class::kYearMonthInterval, Class::kDayTimeInterval});
  FS_CHECK(CoerceArgument(site, 0, kValue));
  FS_TRY(const bool several, CoercePercentages(site, true));
  FS_CHECK(CoerceArgument(site, 2, Class::kIntegral));
  ExprPtr& accuracy = site.arguments[2];
  if (!logical::IsFoldable(accuracy)) {
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", "`accuracy`"},
                         {"inputType", ErrorTypeText(accuracy->type)},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*accuracy))}});
  }
  FS_TRY(const Value value, InQuery(site).evaluate(accuracy));
  if (value.IsNull()) return TypeMismatch(site, "UNEXPECTED_NULL", {{"exprName", "accuracy"}});
  if (value.As<int64_t>() <= 0 || value.As<int64_t>() > INT32_MAX) {
    return TypeMismatch(site, "VALUE_OUT_OF_RANGE",
                        {{"exprName", "accuracy"},
                         {"valueRange", Cat("(0, ", INT32_MAX, "]")},
                         {"currentValue", Cat(value.As<int64_t>(), "L")}});
  }
  const DataType& type = site.arguments[0]->type;
  return several ? DataType::Array(type, false) : type;
}

// ---------------------------------------------------------------- to SQL
/// The kernel over the list of the values that are not NULL.
Result<std::string> Gathered(const logical::Expr& call, const std::string& argument, const std::string& percentage,
                             ScalarKernel kernel, Lowering& lowering) {
  const auto& aggregate = CallOf(call);
  const bool interval = aggregate.arguments[0]->type.IsAnsiInterval();
  const DataType type = interval ? aggregate.arguments[0]->type : DataType(TypeId::kDouble);
  const std::string list = Cat("list(", kDistinctMark, interval ? argument : Cat("CAST(", argument, " AS DOUBLE)"), ")",
                               OverRows(Cat(argument, " IS NOT NULL")));
  const bool several = call.type.Is(TypeId::kArray);
  return LowerKernel(
      kernel, {list, percentage},
      {DataType::Array(type), several ? DataType::Array(TypeId::kDouble, false) : DataType(TypeId::kDouble)}, call.type,
      aggregate.mode, call.origin, lowering);
}

Result<std::string> LowerMedian(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  // Half of the sum of two integers is the same whichever way it is computed.
  if (CallOf(call).arguments[0]->type.IsIntegral())
    return Cat("median(", kDistinctMark, "CAST(", arguments[0], " AS DOUBLE))", kOverMark);
  return Gathered(call, arguments[0], "CAST(0.5 AS DOUBLE)", {&PercentileKernel<Method::kInterpolated, false>},
                  lowering);
}

bool IsOne(const ExprPtr& frequency) {
  const logical::Expr* e = frequency.get();
  while (const auto* cast = std::get_if<logical::Cast>(&e->node)) e = cast->child.get();
  const auto* literal = std::get_if<logical::Literal>(&e->node);
  const auto* number = literal == nullptr ? nullptr : std::get_if<int64_t>(&literal->value.data);
  return number != nullptr && *number == 1;
}

Result<std::string> LowerPercentile(const logical::Expr& call, std::span<const std::string> arguments,
                                    Lowering& lowering) {
  const auto& aggregate = CallOf(call);
  const ScalarKernel kernel{&PercentileKernel<Method::kInterpolated, false>};
  if (IsOne(aggregate.arguments[2])) return Gathered(call, arguments[0], arguments[1], kernel, lowering);
  const bool interval = aggregate.arguments[0]->type.IsAnsiInterval();
  const DataType type = interval ? aggregate.arguments[0]->type : DataType(TypeId::kDouble);
  const DataType pair = DataType::Struct({{"v", type}, {"f", TypeId::kLong}});
  const std::string list = Cat("list(", kDistinctMark, "CAST(row(", arguments[0], ", ", arguments[2], ") AS ",
                               DuckType(pair), "))", kOverMark);
  const bool several = call.type.Is(TypeId::kArray);
  return LowerKernel(
      kernel,
      {list, arguments[1], lowering.LiteralSql(Value(logical::PrettyName(*aggregate.arguments[2])), TypeId::kString)},
      {DataType::Array(pair), several ? DataType::Array(TypeId::kDouble, false) : DataType(TypeId::kDouble),
       TypeId::kString},
      call.type, aggregate.mode, call.origin, lowering);
}

template <Method kMethod>
Result<std::string> LowerOrdered(const logical::Expr& call, std::span<const std::string> arguments,
                                 Lowering& lowering) {
  const auto& descending = std::get<logical::Literal>(CallOf(call).arguments[2]->node).value;
  const ScalarKernel kernel{descending.As<bool>() ? &PercentileKernel<kMethod, true>
                                                  : &PercentileKernel<kMethod, false>};
  return Gathered(call, arguments[0], arguments[1], kernel, lowering);
}

/// Spark's summary is exact up to the accuracy's number of values, and DuckDB's quantile always.
Result<std::string> LowerApproximate(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  const std::string quantile = Cat("CAST(quantile_disc(", kDistinctMark, arguments[0], ", ", arguments[1], ")",
                                   kOverMark, " AS ", DuckType(call.type), ")");
  if (!call.type.Is(TypeId::kArray)) return quantile;
  return Cat("CASE WHEN len(", arguments[1], ") > 0 THEN ", quantile, " END");
}

std::vector<Function> Rows() {
  const Function shared{.kind = Kind::kAggregate, .nulls = Nulls::kMaybe, .group = "agg_funcs", .since = "2.1.0"};
  const DataType number = TypeId::kDouble;
  const auto row = [&](std::string_view name, std::vector<Argument> arguments, LowerFn lower,
                       Result<DataType> (*bind)(CallSite&), std::string_view doc, std::string_view example) {
    Function made = RowOf(shared, name, std::move(arguments), number, lower, doc, example);
    made.bind = bind;
    return made;
  };
  const auto ordered = [&](Function made) {
    made.name_of = &OrderedName;
    made.since = "3.4.0";
    return made;
  };
  const Argument any{Class::kAny};
  const Argument one{.type = Class::kAny, .optional = true, .default_sql = "1"};
  const Argument accuracy{.type = Class::kAny, .optional = true, .default_sql = "10000"};
  const Function approximate =
      row("percentile_approx", {any, any, accuracy}, &LowerApproximate, &BindApproximate,
          "Returns a percentile that is a value of the group.", "percentile_approx(col, 0.5, 100)");
  return {
      row("median", {any}, &LowerMedian, &BindMedian, "Returns the median of a group.", "median(col)"),
      row("percentile", {any, any, one}, &LowerPercentile, &BindPercentile, "Returns the exact percentile of a group.",
          "percentile(col, 0.3)"),
      ordered(row("percentile_cont", {any}, &LowerOrdered<Method::kInterpolated>, &BindOrderedPercentile,
                  "Returns the percentile of the sorted values, between two of them if need be.",
                  "percentile_cont(0.25) WITHIN GROUP (ORDER BY col)")),
      ordered(row("percentile_disc", {any}, &LowerOrdered<Method::kDiscrete>, &BindOrderedPercentile,
                  "Returns the first of the sorted values at or above the percentile.",
                  "percentile_disc(0.25) WITHIN GROUP (ORDER BY col)")),
      approximate,
      Synonym(approximate, "approx_percentile"),
  };
}

}  // namespace

std::span<const Function> PercentileFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
