// Aggregates of statistics: deviations, correlations, regressions, percentiles.
#include "base/cat.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using logical::ExprPtr;
using Class = TypePattern::Class;

Function Row(std::string_view name, size_t arity, Runs runs, std::string_view doc, std::string_view example) {
  std::vector<Argument> arguments(arity, Argument{TypeId::kDouble});
  return {.name = name,
          .kind = Kind::kAggregate,
          .arguments = std::move(arguments),
          .result = DataType(TypeId::kDouble),
          .nulls = Nulls::kMaybe,
          .runs = runs,
          .group = "agg_funcs",
          .since = "1.6.0",
          .doc = doc,
          .example = example};
}

/// Percentages: one gives a value, an array gives an array.
Result<DataType> BindPercentile(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypePattern::OneOf({Class::kNumeric, Class::kAnsiInterval})));
  const DataType& value = site.arguments[0]->type;
  const DataType result = value.IsAnsiInterval() ? value : DataType(TypeId::kDouble);
  if (site.arguments.size() < 2) return result;
  if (site.arguments[1]->type.Is(TypeId::kArray)) {
    site.arguments[1] = CastIfNotSameType(site.arguments[1], DataType::Array(TypeId::kDouble, false), site);
    return DataType::Array(result, false);
  }
  FS_CHECK(CoerceArgument(site, 1, TypeId::kDouble));
  return result;
}

Result<std::string> LowerPercentile(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  const auto& aggregate = std::get<logical::AggregateCall>(call.node);
  if (arguments.size() > 2) return Error::Unsupported("percentile with frequencies", call.origin);
  const std::string value =
      aggregate.arguments[0]->type.IsAnsiInterval() ? arguments[0] : Cat("CAST(", arguments[0], " AS DOUBLE)");
  return Cat("CAST(quantile_cont(", kDistinctMark, value, ", ", arguments[1], ")", kOverMark, " AS ",
             DuckType(call.type), ")");
}

Result<DataType> BindApproxPercentile(CallSite& site) {
  const DataType value = site.arguments[0]->type;
  if (site.arguments[1]->type.Is(TypeId::kArray)) {
    site.arguments[1] = CastIfNotSameType(site.arguments[1], DataType::Array(TypeId::kDouble, false), site);
    return DataType::Array(value, false);
  }
  FS_CHECK(CoerceArgument(site, 1, TypeId::kDouble));
  return value;
}

std::vector<Function> Rows() {
  std::vector<Function> rows;
  struct Simple {
    std::string_view name, duckdb, doc;
    size_t arity;
  };
  // Fewer than two values: NULL for samples, as DuckDB's.
  static constexpr Simple kSimple[] = {
      {"stddev", "stddev_samp", "Returns the sample standard deviation of a group.", 1},
      {"std", "stddev_samp", "Returns the sample standard deviation of a group.", 1},
      {"stddev_samp", "stddev_samp", "Returns the sample standard deviation of a group.", 1},
      {"stddev_pop", "stddev_pop", "Returns the population standard deviation of a group.", 1},
      {"variance", "var_samp", "Returns the sample variance of a group.", 1},
      {"var_samp", "var_samp", "Returns the sample variance of a group.", 1},
      {"var_pop", "var_pop", "Returns the population variance of a group.", 1},
      {"covar_pop", "covar_pop", "Returns the population covariance of two columns.", 2},
      {"covar_samp", "covar_samp", "Returns the sample covariance of two columns.", 2},
      {"corr", "corr", "Returns Pearson's correlation of two columns.", 2},
      {"regr_avgx", "regr_avgx", "Returns the average of the independent variable.", 2},
      {"regr_avgy", "regr_avgy", "Returns the average of the dependent variable.", 2},
      {"regr_intercept", "regr_intercept", "Returns the regression line's intercept.", 2},
      {"regr_slope", "regr_slope", "Returns the regression line's slope.", 2},
      {"regr_r2", "regr_r2", "Returns the coefficient of determination.", 2},
      {"regr_sxx", "regr_sxx", "Returns the sum of squares of the independent variable.", 2},
      {"regr_sxy", "regr_sxy", "Returns the sum of products of both variables.", 2},
      {"regr_syy", "regr_syy", "Returns the sum of squares of the dependent variable.", 2},
  };
  static std::vector<std::string>* const templates = new std::vector<std::string>();
  templates->reserve(std::size(kSimple));
  for (const Simple& simple : kSimple) {
    templates->push_back(Cat(simple.duckdb, simple.arity == 1 ? "({0})" : "({0}, {1})"));
    rows.push_back(Row(simple.name, simple.arity, Sql{templates->back()}, simple.doc, simple.name));
  }
  Function count = Row("regr_count", 2, Sql{"CAST(regr_count({0}, {1}){over} AS BIGINT)"},
                       "Returns the number of pairs without NULL.", "regr_count(y, x)");
  count.result = DataType(TypeId::kLong);
  count.nulls = Nulls::kNever;
  rows.push_back(std::move(count));

  Function median = Row("median", 1, Sql{"CAST(median({distinct}CAST({0} AS DOUBLE)){over} AS {type})"},
                        "Returns the median of a group.", "median(col)");
  rows.push_back(std::move(median));
  Function percentile =
      Row("percentile", 2, &LowerPercentile, "Returns the exact percentile of a group.", "percentile(col, 0.3)");
  percentile.arguments = {
      {Class::kAny}, {.type = Class::kAny, .foldable = true}, {.type = TypeId::kLong, .optional = true}};
  percentile.bind = &BindPercentile;
  rows.push_back(std::move(percentile));
  for (std::string_view name : {"percentile_approx", "approx_percentile"}) {
    Function row = Row(name, 2, Sql{"CAST(quantile_disc({distinct}{0}, {1}){over} AS {type})"},
                       "Returns a percentile that is a value of the group.", "percentile_approx(col, 0.5, 100)");
    row.arguments = {{TypePattern::OneOf({Class::kNumeric, TypeId::kDate, TypeId::kTimestamp, TypeId::kTimestampNtz,
                                          Class::kAnsiInterval})},
                     {.type = Class::kAny, .foldable = true},
                     {.type = TypeId::kInteger, .optional = true, .foldable = true}};
    row.bind = &BindApproxPercentile;
    rows.push_back(std::move(row));
  }
  Function distinct = Row("approx_count_distinct", 1, Sql{"CAST(approx_count_distinct({0}){over} AS BIGINT)"},
                          "Returns about how many different values a group has.", "approx_count_distinct(col)");
  distinct.arguments = {{Class::kAny}, {.type = TypeId::kDouble, .optional = true, .foldable = true}};
  distinct.result = DataType(TypeId::kLong);
  distinct.nulls = Nulls::kNever;
  rows.push_back(std::move(distinct));
  Function mode = Row("mode", 1, Sql{"mode({0})"}, "Returns the most frequent value of a group.", "mode(col)");
  mode.arguments = {{Class::kAny}};
  mode.result = SameAsFirst;
  mode.deterministic = false;
  rows.push_back(std::move(mode));
  for (std::string_view name : {"collect_list", "array_agg"}) {
    Function row =
        Row(name, 1, Sql{"coalesce(list({distinct}{0}) FILTER (WHERE {0} IS NOT NULL){over}, CAST([] AS {type}))"},
            "Collects the values of a group, NULLs left out.", "collect_list(col)");
    row.arguments = {{Class::kAny}};
    row.result = +[](std::span<const ExprPtr> arguments) { return DataType::Array(arguments[0]->type, false); };
    row.nulls = Nulls::kNever;
    row.deterministic = false;
    rows.push_back(std::move(row));
  }
  Function set = Row("collect_set", 1,
                     Sql{"coalesce(list(DISTINCT {0}) FILTER (WHERE {0} IS NOT NULL){over}, CAST([] AS {type}))"},
                     "Collects the different values of a group, NULLs left out.", "collect_set(col)");
  set.arguments = {{Class::kAny}};
  set.result = +[](std::span<const ExprPtr> arguments) { return DataType::Array(arguments[0]->type, false); };
  set.nulls = Nulls::kNever;
  set.deterministic = false;
  rows.push_back(std::move(set));
  return rows;
}

}  // namespace

std::span<const Function> StatisticsFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
