// describe, summary, cov, corr, approxQuantile and sampleBy: DataFrameStatFunctions.
#include <charconv>
#include <limits>

#include "base/text.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

/// A column that statistics are taken of.
struct Measured {
  ExprPtr column;
  std::string name;
};

ExprPtr DoubleOf(double value) { return LiteralOf(Value(value), TypeId::kDouble); }

/// Text that is no number counts as NULL, whatever ANSI mode says.
ExprPtr AsNumber(const ExprPtr& column) {
  if (!column->type.Is(TypeId::kString)) return column;
  return logical::MakeExpr(logical::Cast{column, logical::EvalMode::kTry, true}, TypeId::kDouble, true, column->origin);
}

Error Unrecognized(const std::string& statistic, const Origin& origin, Resolver& resolver) {
  std::string text = ErrorValueText(Value(statistic), TypeId::kString, resolver.settings().time_zone);
  return Error::Condition("UNRECOGNIZED_STATISTIC", {{"stats", std::move(text)}}, origin)
      .As(ErrorClass::kIllegalArgument);
}

/// The share that "25%" means.
Result<double> Percentage(const std::string& statistic, const Origin& origin, Resolver& resolver) {
  double percents = 0;
  const char* end = statistic.data() + statistic.size() - 1;
  auto [rest, error] = std::from_chars(statistic.data(), end, percents);
  if (error != std::errc() || rest != end) {
    return Unrecognized(statistic, origin, resolver);
  }
  if (!(percents >= 0 && percents <= 100)) return Requirement("Percentiles must be in the range [0, 1]");
  return percents / 100.0;
}

Result<ExprPtr> Statistic(const std::string& statistic, const ExprPtr& column, const Origin& origin,
                          Resolver& resolver) {
  if (statistic.ends_with('%')) {
    FS_TRY(double share, Percentage(statistic, origin, resolver));
    return resolver.Call("percentile_approx", {AsNumber(column), DoubleOf(share)}, origin);
  }
  std::string name = Lower(statistic);
  if (name == "count" || name == "approx_count_distinct" || name == "min" || name == "max")
    return resolver.Call(name, {column}, origin);
  if (name == "mean" || name == "stddev") return resolver.Call(name, {AsNumber(column)}, origin);
  if (name == "count_distinct") {
    FS_TRY(ExprPtr count, resolver.Call("count", {column}, origin));
    logical::Expr distinct = *count;
    auto* call = std::get_if<logical::AggregateCall>(&distinct.node);
    if (call == nullptr) return Error::Internal("count is no aggregate");
    call->distinct = true;
    return std::make_shared<const logical::Expr>(std::move(distinct));
  }
  return Unrecognized(statistic, origin, resolver);
}

/// One aggregate over all rows, whose single row is then laid out as a row per statistic.
Result<PlanPtr> Summarize(PlanPtr input, const std::vector<Measured>& candidates,
                          const std::vector<std::string>& statistics, const Origin& origin, Resolver& resolver) {
  std::vector<Measured> measured;
  for (const Measured& one : candidates) {
    if (one.column->type.IsNumeric() || one.column->type.Is(TypeId::kString)) measured.push_back(one);
  }
  logical::Aggregate aggregate;
  std::vector<Attribute> cells;
  std::vector<std::vector<ExprPtr>> rows;
  for (const std::string& statistic : statistics) {
    std::vector<ExprPtr> row{LiteralOf(Value(statistic), TypeId::kString)};
    for (const Measured& one : measured) {
      FS_TRY(ExprPtr value, Statistic(statistic, one.column, origin, resolver));
      ExprPtr cell = Named(ImplicitCast(std::move(value), TypeId::kString, resolver.settings()), one.name);
      cells.push_back(std::get<logical::Alias>(cell->node).output);
      row.push_back(ColumnOf(cells.back()));
      aggregate.aggregates.push_back(std::move(cell));
    }
    rows.push_back(std::move(row));
  }
  if (measured.empty()) {  // the statistics' names still come, once each
    FS_TRY(ExprPtr count, resolver.Call("count", {LiteralOf(Value(int64_t{1}), TypeId::kInteger)}, origin));
    ExprPtr cell = Named(std::move(count), "count");
    cells.push_back(std::get<logical::Alias>(cell->node).output);
    aggregate.aggregates.push_back(std::move(cell));
  }
  aggregate.input = std::move(input);
  PlanPtr one_row = logical::MakePlan(std::move(aggregate), std::move(cells), origin);
  std::vector<Attribute> output{{logical::NewAttributeId(), "summary", TypeId::kString, true, "{}", {}}};
  for (const Measured& one : measured)
    output.push_back({logical::NewAttributeId(), one.name, TypeId::kString, true, "{}", {}});
  return logical::MakePlan(logical::Expand{std::move(one_row), std::move(rows)}, std::move(output), origin);
}

std::vector<Measured> AllColumns(const PlanPtr& input) {
  std::vector<Measured> columns;
  for (const Attribute& attribute : input->output) columns.push_back({ColumnOf(attribute), attribute.name});
  return columns;
}

/// A column that must hold numbers, as DOUBLE.
Result<ExprPtr> NumericColumn(const std::string& name, std::string_view of, const PlanPtr& input, const Origin& origin,
                              Resolver& resolver) {
  FS_TRY(ExprPtr column, of == "quantile" ? resolver.ColumnByName(name, input, InMethod("approxQuantile"))
                                          : FieldByName(name, input, origin, resolver));
  if (!column->type.IsNumeric()) {
    std::string type = TypeCatalogString(column->type);
    return Requirement(
        of == "quantile"
            ? "Quantile calculation for column " + name + " with data type " + type + " is not supported."
            : "Currently " + std::string(of) + " calculation for columns with dataType " + type + " not supported.");
  }
  return ImplicitCast(std::move(column), TypeId::kDouble, resolver.settings());
}

/// One aggregate expression over all rows.
PlanPtr OneAggregate(PlanPtr input, ExprPtr expression, std::string name, const Origin& origin) {
  ExprPtr named = Named(std::move(expression), std::move(name));
  logical::Aggregate aggregate;
  aggregate.input = std::move(input);
  std::vector<Attribute> output{std::get<logical::Alias>(named->node).output};
  aggregate.aggregates.push_back(std::move(named));
  return logical::MakePlan(std::move(aggregate), std::move(output), origin);
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::Summary& node, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  static const std::vector<std::string>* const kDefault =
      new std::vector<std::string>{"count", "mean", "stddev", "min", "25%", "50%", "75%", "max"};
  std::vector<Measured> columns = AllColumns(input);
  return Summarize(std::move(input), columns, node.statistics.empty() ? *kDefault : node.statistics, relation.origin,
                   resolver);
}

Result<PlanPtr> Resolve(const unresolved::Describe& node, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  std::vector<Measured> columns;
  if (node.columns.empty()) columns = AllColumns(input);
  for (const std::string& name : node.columns) {
    if (name == "*") {
      for (Measured& one : AllColumns(input)) columns.push_back(std::move(one));
      continue;
    }
    FS_TRY(ExprPtr column, resolver.ColumnByName(name, input, InMethod("describe")));
    if (const auto* alias = std::get_if<logical::Alias>(&column->node)) {
      columns.push_back({alias->child, alias->output.name});
    } else if (const auto* plain = std::get_if<logical::Column>(&column->node)) {
      columns.push_back({column, plain->name});
    } else {  // a struct's field
      FS_TRY(unresolved::Name parts, resolver.ParseName(name));
      columns.push_back({column, parts.empty() ? name : parts.back()});
    }
  }
  return Summarize(std::move(input), columns, {"count", "mean", "stddev", "min", "max"}, relation.origin, resolver);
}

Result<PlanPtr> Resolve(const unresolved::Covariance& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  FS_TRY(ExprPtr x, NumericColumn(node.column1, "covariance", input, origin, resolver));
  FS_TRY(ExprPtr y, NumericColumn(node.column2, "covariance", input, origin, resolver));
  // NULL counts as zero here, unlike in covar_samp().
  FS_TRY(x, resolver.Call("coalesce", {x, DoubleOf(0)}, origin));
  FS_TRY(y, resolver.Call("coalesce", {y, DoubleOf(0)}, origin));
  FS_TRY(ExprPtr value, resolver.Call("covar_samp", {x, y}, origin));
  FS_TRY(value, resolver.Call("coalesce", {value, DoubleOf(0)}, origin));
  return OneAggregate(std::move(input), std::move(value), "cov", origin);
}

Result<PlanPtr> Resolve(const unresolved::Correlation& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  if (node.method != "pearson") {
    return Requirement("Currently only the calculation of the Pearson Correlation coefficient is supported.");
  }
  FS_TRY(ExprPtr x, NumericColumn(node.column1, "correlation", input, origin, resolver));
  FS_TRY(ExprPtr y, NumericColumn(node.column2, "correlation", input, origin, resolver));
  // NULL counts as zero here, unlike in corr().
  FS_TRY(x, resolver.Call("coalesce", {x, DoubleOf(0)}, origin));
  FS_TRY(y, resolver.Call("coalesce", {y, DoubleOf(0)}, origin));
  FS_TRY(ExprPtr value, resolver.Call("corr", {x, y}, origin));
  FS_TRY(value, resolver.Call("coalesce", {value, DoubleOf(std::numeric_limits<double>::quiet_NaN())}, origin));
  return OneAggregate(std::move(input), std::move(value), "corr", origin);
}

Result<PlanPtr> Resolve(const unresolved::ApproxQuantile& node, const unresolved::Relation& relation,
                        Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  if (!(node.relative_error >= 0)) return Requirement("Relative Error must be non-negative.");
  // Exact quantiles are within every error that is asked for.
  Value::List shares;
  for (double share : node.probabilities) {
    if (!(share >= 0 && share <= 1)) return Requirement("Percentiles must be in the range [0, 1]");
    shares.emplace_back(share);
  }
  DataType list = DataType::Array(TypeId::kDouble, false);
  std::vector<ExprPtr> results;
  for (const std::string& name : node.columns) {
    FS_TRY(ExprPtr column, NumericColumn(name, "quantile", input, origin, resolver));
    // NaN is left out as NULL is; a column without values has no quantiles.
    FS_TRY(ExprPtr present, resolver.Call("nanvl", {column, LiteralOf(Value(), TypeId::kDouble)}, origin));
    ExprPtr none = LiteralOf(Value(Value::List{}), list);
    if (shares.empty()) {
      results.push_back(std::move(none));
      continue;
    }
    FS_TRY(ExprPtr quantiles, resolver.Call("percentile_approx", {present, LiteralOf(Value(shares), list)}, origin));
    FS_TRY(ExprPtr result, resolver.Call("coalesce", {quantiles, none}, origin));
    results.push_back(std::move(result));
  }
  FS_TRY(ExprPtr all, resolver.Call("array", std::move(results), origin));
  return OneAggregate(std::move(input), std::move(all), "approx_quantile", origin);
}

Result<PlanPtr> Resolve(const unresolved::SampleBy& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  FS_TRY(ExprPtr stratum, resolver.Bind(node.column, input, Clause::kOther));
  std::vector<ExprPtr> branches;
  for (const auto& [value, fraction] : node.fractions) {
    if (!(fraction >= 0 && fraction <= 1)) return Requirement("Fractions must be in [0, 1].");
    FS_TRY(ExprPtr same, resolver.Call("<=>", {stratum, LiteralOf(value.value, value.type)}, origin));
    branches.push_back(std::move(same));
    branches.push_back(DoubleOf(fraction));
  }
  // Strata that are not named have no rows in the sample.
  ExprPtr share = DoubleOf(0);
  if (!branches.empty()) {
    branches.push_back(share);
    FS_TRY(share, resolver.Call("when", std::move(branches), origin));
  }
  FS_TRY(ExprPtr draw, resolver.Call("rand", {LiteralOf(Value(node.seed), TypeId::kLong)}, origin));
  FS_TRY(ExprPtr kept, resolver.Call("<", {draw, share}, origin));
  return Over(logical::Filter{input, std::move(kept)}, input, origin);
}

}  // namespace firesteel::relations
