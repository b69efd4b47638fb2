// Mathematical functions of DOUBLE. All are kernels: DuckDB raises where Java answers NaN or NULL. Rounding is in rounding.cc,
// numbers as digits in number_bases.cc, random numbers in random.cc.
#include <cmath>
#include <limits>

#include "base/cat.h"
#include "base/text.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

template <double (*F)(double)>
Status Unary(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  double* result = out.Data<double>();
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {
      out.SetNull(row);
    } else {
      result[row] = F(in[0].At<double>(row));
    }
  }
  return {};
}

/// NULL at and below `asymptote`: logarithms.
template <double (*F)(double), int kAsymptote>
Status Logarithm(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  double* result = out.Data<double>();
  for (size_t row = 0; row < rows; ++row) {
    const double x = in[0].IsNull(row) ? kAsymptote : in[0].At<double>(row);
    if (x <= kAsymptote) {
      out.SetNull(row);
    } else {
      result[row] = F(x);
    }
  }
  return {};
}

double Sqrt(double x) { return std::sqrt(x); }
double Cbrt(double x) { return std::cbrt(x); }
double Exp(double x) { return std::exp(x); }
double Expm1(double x) { return std::expm1(x); }
double Sin(double x) { return std::sin(x); }
double Cos(double x) { return std::cos(x); }
double Tan(double x) { return std::tan(x); }
double Cot(double x) { return 1 / std::tan(x); }
double Sec(double x) { return 1 / std::cos(x); }
double Csc(double x) { return 1 / std::sin(x); }
double Sinh(double x) { return std::sinh(x); }
double Cosh(double x) { return std::cosh(x); }
double Tanh(double x) { return std::tanh(x); }
double Asin(double x) { return std::asin(x); }
double Acos(double x) { return std::acos(x); }
double Atan(double x) { return std::atan(x); }
double Asinh(double x) { return std::asinh(x); }
double Acosh(double x) { return std::acosh(x); }
/// Spark's own formula, with its rounding.
double Atanh(double x) { return 0.5 * (std::log1p(x) - std::log1p(-x)); }
double Degrees(double x) { return x * 57.29577951308232; }
double Radians(double x) { return x * 0.017453292519943295; }
double Rint(double x) { return std::nearbyint(x); }
double Signum(double x) { return x == 0 || std::isnan(x) ? x : std::copysign(1.0, x); }
double Ln(double x) { return std::log(x); }
double Log10(double x) { return std::log10(x); }
double Log2(double x) { return std::log(x) / std::log(2.0); }
double Log1p(double x) { return std::log1p(x); }

/// Java's Math.pow: as C's, but 1 to the power of NaN or infinity is NaN.
double Pow(double x, double y) {
  if (std::isnan(y)) return y;
  if (std::fabs(x) == 1 && std::isinf(y)) return std::numeric_limits<double>::quiet_NaN();
  return std::pow(x, y);
}
double Atan2(double y, double x) { return std::atan2(y + 0.0, x + 0.0); }  // + 0.0: no negative zeros
double Hypot(double x, double y) { return std::hypot(x, y); }
std::optional<double> LogOfBase(double base, double x) {
  if (base <= 0 || x <= 0) return std::nullopt;
  return std::log(x) / std::log(base);
}

std::optional<int64_t> Factorial(int32_t n) {
  if (n < 0 || n > 20) return std::nullopt;
  int64_t product = 1;
  for (int32_t i = 2; i <= n; ++i) product *= i;
  return product;
}

// ---------------------------------------------------------------- sign of numbers and intervals

Status SignumKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const bool months = context.argument_types[0].Is(TypeId::kYearMonthInterval);
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const int64_t value = months ? in[0].At<int32_t>(row) : in[0].At<int64_t>(row);
    out.Data<double>()[row] = value > 0 ? 1.0 : value < 0 ? -1.0 : 0.0;
  }
  return {};
}
Result<std::string> LowerSignum(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const bool interval = std::get<Call>(call.node).arguments[0]->type.IsAnsiInterval();
  return LowerKernel({interval ? &SignumKernel : &Unary<&Signum>}, call, {arguments[0]}, lowering);
}

// ---------------------------------------------------------------- log

Result<DataType> BindLog(CallSite& site) {
  if (site.arguments.size() == 1 && !ImplicitCast(site.arguments[0]->type, TypeId::kDouble, site.settings.ansi)) {
    // The base that Spark fills in counts as the first.
    return TypeMismatch(site, "UNEXPECTED_INPUT_TYPE",
                        {{"paramIndex", Ordinal(1)},
                         {"requiredType", "\"DOUBLE\""},
                         {"inputSql", ToSqlExpr(logical::PrettyName(*site.arguments[0]))},
                         {"inputType", ErrorTypeText(site.arguments[0]->type)}});
  }
  for (size_t i = 0; i < site.arguments.size(); ++i) FS_CHECK(CoerceArgument(site, i, TypeId::kDouble));
  return DataType(TypeId::kDouble);
}
Result<std::string> LowerLog(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  if (arguments.size() == 1) return LowerKernel({&Logarithm<&Ln, 0>}, call, {arguments[0]}, lowering);
  return LowerKernel(RowKernel<&LogOfBase>(), call, {arguments[0], arguments[1]}, lowering);
}
std::string LogName(std::span<const std::string> arguments, const Expr&) {
  if (arguments.size() == 1) return Cat("LOG(E(), ", arguments[0], ")");
  return Cat("LOG(", arguments[0], ", ", arguments[1], ")");
}

// ---------------------------------------------------------------- width_bucket

template <typename T>
std::optional<int64_t> Bucket(T value, T low, T high, int64_t count) {
  if (count <= 0 || count == INT64_MAX || low == high) return std::nullopt;
  const auto v = static_cast<double>(value), l = static_cast<double>(low), h = static_cast<double>(high);
  if (std::isnan(v) || !std::isfinite(l) || !std::isfinite(h)) return std::nullopt;
  const double lower = std::min(l, h), upper = std::max(l, h);
  if (l < h) {
    if (v < lower) return 0;
    if (v >= upper) return count + 1;
    return static_cast<int64_t>(static_cast<double>(count) * (v - lower) / (upper - lower)) + 1;
  }
  if (v > upper) return 0;
  if (v <= lower) return count + 1;
  return static_cast<int64_t>(static_cast<double>(count) * (upper - v) / (upper - lower)) + 1;
}

Result<DataType> BindWidthBucket(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  const TypePattern bound = type.Is(TypeId::kYearMonthInterval) ? TypePattern(Class::kYearMonthInterval)
                            : type.Is(TypeId::kDayTimeInterval) ? TypePattern(Class::kDayTimeInterval)
                                                                : TypePattern(TypeId::kDouble);
  const TypePattern first = TypePattern::OneOf({TypeId::kDouble, Class::kYearMonthInterval, Class::kDayTimeInterval});
  FS_CHECK(CoerceArgument(site, 0, first));
  FS_CHECK(CoerceArgument(site, 1, bound));
  FS_CHECK(CoerceArgument(site, 2, bound));
  FS_CHECK(CoerceArgument(site, 3, TypeId::kLong));
  return DataType(TypeId::kLong);
}
Result<std::string> LowerWidthBucket(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const DataType& type = std::get<Call>(call.node).arguments[0]->type;
  const std::vector<std::string> texts(arguments.begin(), arguments.end());
  if (type.Is(TypeId::kYearMonthInterval)) return LowerKernel(RowKernel<&Bucket<int32_t>>(), call, texts, lowering);
  if (type.Is(TypeId::kDayTimeInterval)) return LowerKernel(RowKernel<&Bucket<int64_t>>(), call, texts, lowering);
  return LowerKernel(RowKernel<&Bucket<double>>(), call, texts, lowering);
}

Function OfDouble(std::string_view name, std::string_view shown_as, ScalarFn kernel, std::string_view doc,
                  std::string_view example, Nulls nulls = Nulls::kMaybe) {
  return {.name = name,
          .arguments = {{TypeId::kDouble}},
          .result = DataType(TypeId::kDouble),
          .nulls = nulls,
          .runs = ScalarKernel{kernel},
          .shown_as = shown_as,
          .group = "math_funcs",
          .since = "1.4.0",
          .doc = doc,
          .example = example};
}
Function OfTwoDoubles(std::string_view name, std::string_view shown_as, ScalarKernel kernel, std::string_view doc,
                      std::string_view example) {
  return {.name = name,
          .arguments = {{TypeId::kDouble}, {TypeId::kDouble}},
          .result = DataType(TypeId::kDouble),
          .runs = kernel,
          .shown_as = shown_as,
          .group = "math_funcs",
          .since = "1.4.0",
          .doc = doc,
          .example = example};
}

}  // namespace

std::span<const Function> MathFunctions() {
  static const TypePattern kSigned =
      TypePattern::OneOf({TypeId::kDouble, Class::kYearMonthInterval, Class::kDayTimeInterval});
  static const DataType kDouble = TypeId::kDouble;
  static const std::vector<Function> rows = {
      OfDouble("sqrt", "SQRT", &Unary<&Sqrt>, "The square root; NaN of negative numbers.", "sqrt(4)"),
      OfDouble("cbrt", "CBRT", &Unary<&Cbrt>, "The cube root.", "cbrt(27.0)"),
      OfDouble("exp", "EXP", &Unary<&Exp>, "e to the power of the number.", "exp(0)"),
      OfDouble("expm1", "EXPM1", &Unary<&Expm1>, "exp(x) - 1, exact near 0.", "expm1(0)"),
      OfDouble("sin", "SIN", &Unary<&Sin>, "The sine of an angle in radians.", "sin(0)"),
      OfDouble("cos", "COS", &Unary<&Cos>, "The cosine of an angle in radians.", "cos(0)"),
      OfDouble("tan", "TAN", &Unary<&Tan>, "The tangent of an angle in radians.", "tan(0)"),
      OfDouble("cot", "COT", &Unary<&Cot>, "The cotangent of an angle in radians.", "cot(1)"),
      OfDouble("sec", "SEC", &Unary<&Sec>, "The secant of an angle in radians.", "sec(0)"),
      OfDouble("csc", "CSC", &Unary<&Csc>, "The cosecant of an angle in radians.", "csc(1)"),
      OfDouble("sinh", "SINH", &Unary<&Sinh>, "The hyperbolic sine.", "sinh(0)"),
      OfDouble("cosh", "COSH", &Unary<&Cosh>, "The hyperbolic cosine.", "cosh(0)"),
      OfDouble("tanh", "TANH", &Unary<&Tanh>, "The hyperbolic tangent.", "tanh(0)"),
      OfDouble("asin", "ASIN", &Unary<&Asin>, "The inverse sine, in radians; NaN outside [-1, 1].", "asin(0)"),
      OfDouble("acos", "ACOS", &Unary<&Acos>, "The inverse cosine, in radians; NaN outside [-1, 1].", "acos(1)"),
      OfDouble("atan", "ATAN", &Unary<&Atan>, "The inverse tangent, in radians.", "atan(0)"),
      OfDouble("asinh", "ASINH", &Unary<&Asinh>, "The inverse hyperbolic sine.", "asinh(0)"),
      OfDouble("acosh", "ACOSH", &Unary<&Acosh>, "The inverse hyperbolic cosine; NaN below 1.", "acosh(1)"),
      OfDouble("atanh", "ATANH", &Unary<&Atanh>, "The inverse hyperbolic tangent; NaN outside [-1, 1].", "atanh(0)"),
      OfDouble("degrees", "DEGREES", &Unary<&Degrees>, "Radians as degrees.", "degrees(3.141592653589793)"),
      OfDouble("radians", "RADIANS", &Unary<&Radians>, "Degrees as radians.", "radians(180)"),
      OfDouble("rint", "rint", &Unary<&Rint>, "The nearest whole number, of two the even one.", "rint(12.3456)"),
      OfDouble("ln", "ln", &Logarithm<&Ln, 0>, "The natural logarithm; NULL of 0 and below.", "ln(1)", Nulls::kMaybe),
      OfDouble("log10", "LOG10", &Logarithm<&Log10, 0>, "The logarithm to base 10; NULL of 0 and below.", "log10(10)",
               Nulls::kMaybe),
      OfDouble("log2", "LOG2", &Logarithm<&Log2, 0>, "The logarithm to base 2; NULL of 0 and below.", "log2(2)",
               Nulls::kMaybe),
      OfDouble("log1p", "LOG1P", &Logarithm<&Log1p, -1>, "ln(1 + x), exact near 0; NULL of -1 and below.", "log1p(0)",
               Nulls::kMaybe),
      OfTwoDoubles("pow", "pow", RowKernel<&Pow>(), "The first number to the power of the second.", "pow(2, 3)"),
      OfTwoDoubles("power", "POWER", RowKernel<&Pow>(), "The first number to the power of the second.", "power(2, 3)"),
      OfTwoDoubles("atan2", "ATAN2", RowKernel<&Atan2>(), "The angle of the point (x, y) given y and x, in radians.",
                   "atan2(0, 0)"),
      OfTwoDoubles("hypot", "HYPOT", RowKernel<&Hypot>(), "The length of the hypotenuse, without overflow between.",
                   "hypot(3, 4)"),
      {.name = "log",
       .arguments = {{Class::kAny}, {.type = Class::kAny, .optional = true}},
       .result = kDouble,
       .nulls = Nulls::kMaybe,
       .runs = &LowerLog,
       .bind = &BindLog,
       .form = Form::kSpecial,
       .name_of = &LogName,
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "The logarithm of the second number to the base of the first; with one argument the natural one.",
       .example = "log(10, 100)"},
      {.name = "sign",
       .arguments = {{kSigned}},
       .result = kDouble,
       .nulls = Nulls::kMaybe,
       .runs = &LowerSignum,
       .group = "math_funcs",
       .since = "1.4.0",
       .doc = "-1.0, 0.0 or 1.0 as the number or interval is below, at or above 0.",
       .example = "sign(40)"},
      {.name = "signum",
       .arguments = {{kSigned}},
       .result = kDouble,
       .nulls = Nulls::kMaybe,
       .runs = &LowerSignum,
       .shown_as = "SIGNUM",
       .group = "math_funcs",
       .since = "1.4.0",
       .doc = "-1.0, 0.0 or 1.0 as the number or interval is below, at or above 0.",
       .example = "signum(40)"},
      {.name = "e",
       .result = kDouble,
       .nulls = Nulls::kNever,
       .runs = Sql{"CAST(2.718281828459045 AS DOUBLE)"},
       .shown_as = "E",
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "Euler's number.",
       .example = "e()"},
      {.name = "pi",
       .result = kDouble,
       .nulls = Nulls::kNever,
       .runs = Sql{"CAST(3.141592653589793 AS DOUBLE)"},
       .shown_as = "PI",
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "Pi.",
       .example = "pi()"},
      {.name = "factorial",
       .arguments = {{TypeId::kInteger}},
       .result = DataType(TypeId::kLong),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&Factorial>(),
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "The factorial of 0 to 20, else NULL.",
       .example = "factorial(5)"},
      {.name = "width_bucket",
       .arguments = {{Class::kAny}, {Class::kAny}, {Class::kAny}, {Class::kAny}},
       .result = DataType(TypeId::kLong),
       .nulls = Nulls::kMaybe,
       .runs = &LowerWidthBucket,
       .bind = &BindWidthBucket,
       .group = "math_funcs",
       .since = "3.1.0",
       .doc = "The number of the bucket that the value falls in, of so many equal ones from low to high.",
       .example = "width_bucket(5.3, 0.2, 10.6, 5)"},
  };
  return rows;
}

}  // namespace firesteel::functions
