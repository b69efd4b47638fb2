// Aggregates of statistics: deviations, correlations, regressions. States and formulas are Spark's (CentralMomentAgg, Covariance,
// PearsonCorrelation), so that the last digits are; percentiles are in percentile.cc.
#include <cmath>
#include <optional>

#include "base/cat.h"
#include "functions/row.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using Class = TypePattern::Class;

double Square(double x) { return x * x; }

/// An aggregate of DOUBLEs from a state with Add, Merge and of no memory of its own; `kAnswer` is NULL where Spark's is.
template <typename State, std::optional<double> (*kAnswer)(const State&)>
struct Statistic {
  State state;
  Status Add(const KernelContext&, std::span<const InputVector> in, size_t row) {
    for (const InputVector& column : in) {
      if (column.IsNull(row)) return {};
    }
    if constexpr (State::kColumns == 1) {
      state.Add(in[0].At<double>(row));
    } else {
      state.Add(in[0].At<double>(row), in[1].At<double>(row));
    }
    return {};
  }
  Status Merge(const KernelContext&, const Statistic& other) {
    // Spark merges into empty states too; that changes nothing but the average's last digit, which no answer shows.
    if (other.state.n == 0) return {};
    if (state.n == 0) {
      state = other.state;
    } else {
      state.Merge(other.state);
    }
    return {};
  }
  Status Finish(const KernelContext&, ResultCell result) const {
    return detail::Write(*result.vector, result.row, kAnswer(state));
  }
};

/// Central moments up to the second, or up to the fourth. Kept with more digits than the answer has: which rows Spark's partitions
/// bring together shows in its last ones, and most often those are the exact ones.
template <bool kHigher, typename Real>
struct Moments {
  static constexpr size_t kColumns = 1;
  Real n = 0, average = 0, m2 = 0, m3 = 0, m4 = 0;

  void Add(Real x) {
    n += 1;
    const Real delta = x - average, delta_n = delta / n;
    average += delta_n;
    m2 += delta * (delta - delta_n);
    if constexpr (kHigher) {
      const Real delta2 = delta * delta, delta_n2 = delta_n * delta_n;
      m3 = m3 - 3.0 * delta_n * m2 + delta * (delta2 - delta_n2);
      m4 = m4 - 4.0 * delta_n * m3 - 6.0 * delta_n2 * m2 + delta * (delta * delta2 - delta_n * delta_n2);
    }
  }
  void Merge(const Moments& r) {
    const Real n1 = n, n2 = r.n;
    n = n1 + n2;
    const Real delta = r.average - average, delta_n = delta / n;
    average += delta_n * n2;
    if constexpr (kHigher) {
      m4 = m4 + r.m4 + delta_n * delta_n * delta_n * delta * n1 * n2 * (n1 * n1 - n1 * n2 + n2 * n2) +
           6.0 * delta_n * delta_n * (n1 * n1 * r.m2 + n2 * n2 * m2) + 4.0 * delta_n * (n1 * r.m3 - n2 * m3);
      m3 = m3 + r.m3 + delta_n * delta_n * delta * n1 * n2 * (n1 - n2) + 3.0 * delta_n * (n1 * r.m2 - n2 * m2);
    }
    m2 = m2 + r.m2 + delta * delta_n * n1 * n2;
  }
};
using Second = Moments<false, long double>;
using Fourth = Moments<true, long double>;
using Third = Moments<true, double>;

std::optional<double> Rounded(long double x) { return static_cast<double>(x); }

std::optional<double> VariancePop(const Second& s) { return s.n == 0 ? std::nullopt : Rounded(s.m2 / s.n); }
std::optional<double> VarianceSample(const Second& s) { return s.n < 2 ? std::nullopt : Rounded(s.m2 / (s.n - 1.0L)); }
std::optional<double> DeviationPop(const Second& s) { return s.n == 0 ? std::nullopt : Rounded(std::sqrt(s.m2 / s.n)); }
std::optional<double> DeviationSample(const Second& s) {
  return s.n < 2 ? std::nullopt : Rounded(std::sqrt(s.m2 / (s.n - 1.0L)));
}
// The third moment is often zero but for what is lost on the way to it: here with Spark's own digits.
std::optional<double> Skewness(const Third& s) {
  if (s.n == 0 || s.m2 == 0) return std::nullopt;
  return std::sqrt(s.n) * s.m3 / std::sqrt(s.m2 * s.m2 * s.m2);
}
std::optional<double> Kurtosis(const Fourth& s) {
  if (s.n == 0 || s.m2 == 0) return std::nullopt;
  return Rounded(s.n * s.m4 / (s.m2 * s.m2) - 3.0L);
}

/// Two variables: what moves together, and how much each moves.
struct Pairs {
  static constexpr size_t kColumns = 2;
  double n = 0, x_average = 0, y_average = 0, together = 0, x_moment = 0, y_moment = 0;

  void Add(double x, double y) {
    n += 1;
    const double dx = x - x_average, dy = y - y_average;
    x_average += dx / n;
    y_average += dy / n;
    together += dx * (y - y_average);
    x_moment += dx * (x - x_average);
    y_moment += dy * (y - y_average);
  }
  void Merge(const Pairs& r) {
    const double n1 = n, n2 = r.n;
    n = n1 + n2;
    const double dx = r.x_average - x_average, dx_n = dx / n;
    const double dy = r.y_average - y_average, dy_n = dy / n;
    x_average += dx_n * n2;
    y_average += dy_n * n2;
    together = together + r.together + dx * dy_n * n1 * n2;
    x_moment = x_moment + r.x_moment + dx * dx_n * n1 * n2;
    y_moment = y_moment + r.y_moment + dy * dy_n * n1 * n2;
  }
};

std::optional<double> CovariancePop(const Pairs& s) {
  return s.n == 0 ? std::nullopt : std::optional(s.together / s.n);
}
std::optional<double> CovarianceSample(const Pairs& s) {
  return s.n < 2 ? std::nullopt : std::optional(s.together / (s.n - 1.0));
}
std::optional<double> Correlation(const Pairs& s) {
  if (s.n < 2) return std::nullopt;
  return s.together / std::sqrt(s.x_moment * s.y_moment);
}

/// Regression's first argument is the dependent variable; Spark's formulas call it y.
struct Line {
  static constexpr size_t kColumns = 2;
  double n = 0;
  Pairs pairs;
  Second independent;

  void Add(double y, double x) {
    n += 1;
    pairs.Add(x, y);
    independent.Add(x);
  }
  void Merge(const Line& r) {
    n += r.n;
    pairs.Merge(r.pairs);
    independent.Merge(r.independent);
  }
};

std::optional<double> Slope(const Line& s) {
  return s.independent.m2 == 0 ? std::nullopt : std::optional(s.pairs.together / s.independent.m2);
}
std::optional<double> Intercept(const Line& s) {
  const auto slope = Slope(s);
  return slope ? std::optional(s.pairs.y_average - *slope * s.pairs.x_average) : std::nullopt;
}
std::optional<double> Determination(const Line& s) {
  if (s.pairs.x_moment == 0) return std::nullopt;
  if (s.pairs.y_moment == 0) return 1.0;
  return Square(s.pairs.together / std::sqrt(s.pairs.x_moment * s.pairs.y_moment));
}
std::optional<double> SumOfProducts(const Line& s) { return s.n == 0 ? std::nullopt : std::optional(s.pairs.together); }
std::optional<double> SumOfSquaresX(const Line& s) { return s.n == 0 ? std::nullopt : std::optional(s.independent.m2); }
std::optional<double> SumOfSquaresY(const Line& s) { return s.n == 0 ? std::nullopt : std::optional(s.pairs.y_moment); }

template <typename State, std::optional<double> (*kAnswer)(const State&)>
Function Row(std::string_view name, std::string_view doc, std::string_view example) {
  static const Function kShared{
      .kind = Kind::kAggregate, .nulls = Nulls::kMaybe, .group = "agg_funcs", .since = "1.6.0"};
  return RowOf(kShared, name, std::vector<Argument>(State::kColumns, Argument{TypeId::kDouble}),
               DataType(TypeId::kDouble), StateKernel<Statistic<State, kAnswer>>(), doc, example);
}

/// What DuckDB computes as Spark does.
Function DuckRow(std::string_view name, Sql sql, DataType result, std::string_view doc, std::string_view example) {
  Function row = Row<Line, &Slope>(name, doc, example);
  row.result = std::move(result);
  row.runs = sql;
  return row;
}

std::vector<Function> Rows() {
  const Function deviation =
      Row<Second, &DeviationSample>("stddev", "Returns the sample standard deviation of a group.", "stddev(col)");
  const Function variance =
      Row<Second, &VarianceSample>("variance", "Returns the sample variance of a group.", "variance(col)");
  Function count = DuckRow("regr_count", Sql{"CAST(regr_count({0}, {1}){over} AS BIGINT)"}, TypeId::kLong,
                           "Returns the number of pairs without NULL.", "regr_count(y, x)");
  count.nulls = Nulls::kNever;
  Function distinct =
      DuckRow("approx_count_distinct", Sql{"CAST(approx_count_distinct({0}){over} AS BIGINT)"}, TypeId::kLong,
              "Returns about how many different values a group has.", "approx_count_distinct(col)");
  distinct.arguments = {{Class::kAny}, {.type = TypeId::kDouble, .optional = true, .foldable = true}};
  distinct.nulls = Nulls::kNever;
  distinct.bind = +[](CallSite& site) -> Result<DataType> {
    if (site.arguments.size() == 2) {
      const auto* error = std::get_if<logical::Literal>(&site.arguments[1]->node);
      const bool number = error != nullptr && (std::holds_alternative<double>(error->value.data) ||
                                               std::holds_alternative<int128_t>(error->value.data));
      if (!number) return Error::Condition("_LEGACY_ERROR_TEMP_1104", {}, site.origin);
    }
    return DataType(TypeId::kLong);
  };
  distinct.name_of = +[](std::span<const std::string> arguments, const logical::Expr& call) {
    const auto* aggregate = std::get_if<logical::AggregateCall>(&call.node);
    return Cat("approx_count_distinct(", aggregate != nullptr && aggregate->distinct ? "DISTINCT " : "", arguments[0],
               ")");
  };
  return {
      deviation,
      Synonym(deviation, "std"),
      Synonym(deviation, "stddev_samp"),
      Row<Second, &DeviationPop>("stddev_pop", "Returns the population standard deviation of a group.",
                                 "stddev_pop(col)"),
      variance,
      Synonym(variance, "var_samp"),
      Row<Second, &VariancePop>("var_pop", "Returns the population variance of a group.", "var_pop(col)"),
      Row<Third, &Skewness>("skewness", "Returns the skewness of a group.", "skewness(col)"),
      Row<Fourth, &Kurtosis>("kurtosis", "Returns the kurtosis of a group, above that of a normal distribution.",
                             "kurtosis(col)"),
      Row<Pairs, &CovariancePop>("covar_pop", "Returns the population covariance of two columns.", "covar_pop(x, y)"),
      Row<Pairs, &CovarianceSample>("covar_samp", "Returns the sample covariance of two columns.", "covar_samp(x, y)"),
      Row<Pairs, &Correlation>("corr", "Returns Pearson's correlation of two columns.", "corr(x, y)"),
      Row<Line, &Slope>("regr_slope", "Returns the regression line's slope.", "regr_slope(y, x)"),
      Row<Line, &Intercept>("regr_intercept", "Returns the regression line's intercept.", "regr_intercept(y, x)"),
      Row<Line, &Determination>("regr_r2", "Returns the coefficient of determination.", "regr_r2(y, x)"),
      Row<Line, &SumOfSquaresX>("regr_sxx", "Returns the sum of squares of the independent variable.",
                                "regr_sxx(y, x)"),
      Row<Line, &SumOfProducts>("regr_sxy", "Returns the sum of products of both variables.", "regr_sxy(y, x)"),
      Row<Line, &SumOfSquaresY>("regr_syy", "Returns the sum of squares of the dependent variable.", "regr_syy(y, x)"),
      DuckRow("regr_avgx", Sql{"regr_avgx({0}, {1})"}, TypeId::kDouble,
              "Returns the average of the independent variable.", "regr_avgx(y, x)"),
      DuckRow("regr_avgy", Sql{"regr_avgy({0}, {1})"}, TypeId::kDouble,
              "Returns the average of the dependent variable.", "regr_avgy(y, x)"),
      std::move(count),
      std::move(distinct),
  };
}

}  // namespace

std::span<const Function> StatisticsFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
