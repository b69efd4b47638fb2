// round, bround, ceil, floor: of integers, decimals and floating numbers.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/cat.h"
#include "base/text.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/topics.h"
#include "plan/rewrite.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

enum class Rounding { kHalfUp, kHalfEven, kCeiling, kFloor };

/// Divides by 10^digits and rounds; digits from 1 up.
int128_t DivideByPower(int128_t value, int digits, Rounding rounding) {
  if (digits > 38) digits = 38;  // beyond any value: the quotient is 0 or rounds as one
  const int128_t power = PowerOfTen(digits);
  int128_t quotient = value / power;
  const int128_t rest = value % power;
  if (rest == 0) return quotient;
  const int128_t magnitude = rest < 0 ? -rest : rest;
  const int128_t other = power - magnitude;
  const int sign = value < 0 ? -1 : 1;
  switch (rounding) {
    case Rounding::kHalfUp:
      return magnitude >= other ? quotient + sign : quotient;
    case Rounding::kHalfEven:
      return magnitude > other || (magnitude == other && quotient % 2 != 0) ? quotient + sign : quotient;
    case Rounding::kCeiling:
      return sign > 0 ? quotient + 1 : quotient;
    case Rounding::kFloor:
      return sign < 0 ? quotient - 1 : quotient;
  }
  return quotient;
}

/// BigDecimal(Double.toString(d)).setScale(scale, mode).doubleValue.
double RoundText(double d, std::string_view java_text, int scale, Rounding rounding) {
  std::string text(java_text);
  int exponent = 0;
  if (const size_t e = text.find('E'); e != std::string::npos) {
    exponent = std::atoi(text.c_str() + e + 1);
    text.resize(e);
  }
  const bool negative = text[0] == '-';
  if (negative) text.erase(0, 1);
  const size_t point = text.find('.');
  std::string digits = text.substr(0, point) + text.substr(point + 1);
  const int text_scale = static_cast<int>(text.size() - point - 1) - exponent;
  const int cut = text_scale - scale;
  if (cut <= 0) return d;
  if (cut > static_cast<int>(digits.size())) return negative ? -0.0 : 0.0;
  const size_t kept = digits.size() - static_cast<size_t>(cut);
  const char first = digits[kept];
  bool up = first > '5' || (first == '5' && digits.find_first_not_of('0', kept + 1) != std::string::npos);
  if (first == '5' && !up) up = rounding == Rounding::kHalfUp || (kept > 0 && (digits[kept - 1] - '0') % 2 != 0);
  digits = digits.substr(0, kept);
  if (up) {
    size_t i = kept;
    while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
    if (i == 0) {
      digits = Cat('1', digits);
    } else {
      ++digits[i - 1];
    }
  }
  if (digits.empty()) return 0.0;
  return std::strtod(Cat(negative ? "-" : "", digits, "E", -scale).c_str(), nullptr);
}

double RoundDouble(double d, int scale, Rounding rounding) {
  if (!std::isfinite(d) || d == 0) return d + 0.0;  // no negative zeros
  if (scale >= 0 && scale <= 15) {
    // Away from ties the scaled number rounds as its decimal text does, and dividing two exact numbers rounds rightly.
    static constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const double scaled = std::fabs(d) * kPowers[scale];
    if (scaled < 1e12) {
      const double below = std::floor(scaled);
      const double rest = scaled - below;
      if (std::fabs(rest - 0.5) > 1e-3) {
        const double result = std::copysign((rest > 0.5 ? below + 1 : below) / kPowers[scale], d);
        return result == 0 ? 0.0 : result;
      }
    }
  }
  const double result = RoundText(d, DoubleText(d), scale, rounding);
  return result == 0 ? 0.0 : result;
}

template <Rounding kRounding>
Status RoundKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const DataType& type = context.argument_types[0];
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || (in.size() > 1 && in[1].IsNull(row))) {
      out.SetNull(row);
      continue;
    }
    const int scale = in.size() > 1 ? in[1].At<int32_t>(row) : 0;
    if (type.Is(TypeId::kDouble)) {
      out.Data<double>()[row] = RoundDouble(in[0].At<double>(row), scale, kRounding);
      continue;
    }
    if (type.Is(TypeId::kFloat)) {
      const float f = in[0].At<float>(row);
      out.Data<float>()[row] =
          (!std::isfinite(f) ? f : static_cast<float>(RoundText(f, FloatText(f), scale, kRounding))) + 0.0F;
      continue;
    }
    if (type.Is(TypeId::kDecimal)) {
      const int to = context.result_type.scale();
      const int wanted = std::min(scale, type.scale());
      int128_t value = in[0].DecimalAt(row);
      if (wanted < type.scale()) value = DivideByPower(value, type.scale() - wanted, kRounding);
      const auto fitted = RescaleDecimal(value, std::max(wanted, 0), context.result_type.precision(), to);
      int128_t result = fitted.value_or(0);
      bool fits = fitted.has_value();
      if (wanted < 0 && fits)
        fits = !__builtin_mul_overflow(value, PowerOfTen(-wanted), &result) &&
               DecimalFits(result, context.result_type.precision());
      if (fits) {
        out.SetDecimal(row, result);
      } else if (context.Ansi()) {
        return DecimalOutOfRange(DecimalPlainText(in[0].DecimalAt(row), type.scale()), context.result_type,
                                 context.origin);
      } else {
        out.SetNull(row);
      }
      continue;
    }
    int64_t value = 0, low = INT64_MIN, high = INT64_MAX;
    switch (type.id()) {
      case TypeId::kByte:
        value = in[0].At<int8_t>(row);
        low = INT8_MIN;
        high = INT8_MAX;
        break;
      case TypeId::kShort:
        value = in[0].At<int16_t>(row);
        low = INT16_MIN;
        high = INT16_MAX;
        break;
      case TypeId::kInteger:
        value = in[0].At<int32_t>(row);
        low = INT32_MIN;
        high = INT32_MAX;
        break;
      default:
        value = in[0].At<int64_t>(row);
        break;
    }
    int128_t rounded = value;
    if (scale < 0) rounded = scale < -19 ? 0 : DivideByPower(value, -scale, kRounding) * PowerOfTen(-scale);
    if ((rounded < low || rounded > high) && context.Ansi()) return ArithmeticOverflow("Overflow", "", context.origin);
    const auto result = static_cast<int64_t>(rounded);
    switch (type.id()) {
      case TypeId::kByte:
        out.Data<int8_t>()[row] = static_cast<int8_t>(result);
        break;
      case TypeId::kShort:
        out.Data<int16_t>()[row] = static_cast<int16_t>(result);
        break;
      case TypeId::kInteger:
        out.Data<int32_t>()[row] = static_cast<int32_t>(result);
        break;
      default:
        out.Data<int64_t>()[row] = result;
        break;
    }
  }
  return {};
}

/// The scale if it is a constant whole number.
std::optional<int> ConstantScale(const ExprPtr& expr) {
  const Expr* e = expr.get();
  bool negative = false;
  while (true) {
    if (const auto* cast = std::get_if<logical::Cast>(&e->node)) {
      e = cast->child.get();
    } else if (const auto* call = std::get_if<Call>(&e->node);
               call != nullptr && call->arguments.size() == 1 &&
               (call->function->name == "-" || call->function->name == "negative")) {
      negative = !negative;
      e = call->arguments[0].get();
    } else {
      break;
    }
  }
  const auto* literal = std::get_if<logical::Literal>(&e->node);
  if (literal == nullptr) return std::nullopt;
  int64_t value = 0;
  if (const auto* number = std::get_if<int64_t>(&literal->value.data)) {
    value = *number;
  } else if (const auto* text = std::get_if<std::string>(&literal->value.data)) {
    value = ParseInteger(*text, INT32_MIN, INT32_MAX, Fraction::kCutOff).value_or(0);
  } else if (!literal->value.IsNull()) {
    return std::nullopt;
  }
  return static_cast<int>(std::clamp<int64_t>(negative ? -value : value, -1000, 1000));
}

DataType RoundedDecimal(const DataType& type, int scale) {
  const int p = type.precision(), s = type.scale();
  const int integral = p - s + 1;
  if (scale < 0) return DataType::Decimal(std::min(std::max(integral, -scale + 1), kDecimalPrecisionMax), 0);
  const int kept = std::min(s, scale);
  return DataType::Decimal(std::min(integral + kept, kDecimalPrecisionMax), kept);
}

Result<DataType> BindRound(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, Class::kNumeric));
  FS_CHECK(CoerceArgument(site, 1, TypeId::kInteger));
  ExprPtr& scale = site.arguments[1];
  if (!logical::IsFoldable(scale)) {
    return TypeMismatch(
        site, "NON_FOLDABLE_INPUT",
        {{"inputName", "`scale`"}, {"inputType", "\"INT\""}, {"inputExpr", ToSqlExpr(logical::PrettyName(*scale))}});
  }
  FS_TRY(const Value value, InQuery(site).evaluate(scale));
  const auto digits = value.IsNull() ? 0 : static_cast<int>(std::clamp<int64_t>(value.As<int64_t>(), -1000, 1000));
  if (!std::holds_alternative<logical::Literal>(scale->node))
    scale = logical::Shown(LiteralOf(value, TypeId::kInteger, site.origin), logical::PrettyName(*scale));
  const DataType type = site.arguments[0]->type;
  return type.Is(TypeId::kDecimal) ? RoundedDecimal(type, digits) : type;
}

template <Rounding kRounding>
Result<std::string> LowerRound(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const DataType& type = node.arguments[0]->type;
  const auto scale = ConstantScale(node.arguments[1]);
  const auto* literal = std::get_if<logical::Literal>(&node.arguments[1]->node);
  const bool null = literal != nullptr && literal->value.IsNull();
  if (null) return Cat("CAST(NULL AS ", DuckType(call.type), ")");  // the number is not looked at
  if (type.IsIntegral() && scale && *scale >= 0) return arguments[0];
  // A decimal cut to fewer places: DuckDB's cast rounds half away from zero as well.
  if (type.Is(TypeId::kDecimal) && kRounding == Rounding::kHalfUp && scale && *scale >= 0 &&
      call.type.precision() - call.type.scale() > type.precision() - type.scale()) {
    return Cat("CAST(", arguments[0], " AS ", DuckType(call.type), ")");
  }
  return LowerKernel({&RoundKernel<kRounding>}, call, {arguments.begin(), arguments.end()}, lowering);
}

// ---------------------------------------------------------------- ceil, floor

int64_t CeilDouble(double d) { return SaturatedLong(std::ceil(d)); }
int64_t FloorDouble(double d) { return SaturatedLong(std::floor(d)); }

bool IsCeil(std::string_view name) { return name != "floor"; }

Result<DataType> BindCeil(CallSite& site) {
  if (site.arguments.empty() || site.arguments.size() > 2) return WrongArgumentCount(site, "2", site.origin);
  if (site.arguments.size() == 2) {
    const Expr& scale_expr = *site.arguments[1];
    const auto scale = ConstantScale(site.arguments[1]);
    const auto* literal = std::get_if<logical::Literal>(&scale_expr.node);
    if (!scale || !scale_expr.type.IsIntegral() || (literal != nullptr && literal->value.IsNull())) {
      return Error::Condition("NON_FOLDABLE_ARGUMENT",
                              {{"funcName", ToSqlId(site.name)}, {"paramName", "`scale`"}, {"paramType", "\"INT\""}},
                              site.origin);
    }
    FS_CHECK(CoerceArgument(site, 0, Class::kDecimal));
    FS_CHECK(CoerceArgument(site, 1, TypeId::kInteger));
    return RoundedDecimal(site.arguments[0]->type, *scale);
  }
  FS_CHECK(CoerceArgument(site, 0, TypePattern::OneOf({TypeId::kDouble, Class::kDecimal, TypeId::kLong})));
  const DataType& type = site.arguments[0]->type;
  if (!type.Is(TypeId::kDecimal)) return DataType(TypeId::kLong);
  if (type.scale() == 0) return type;
  return DataType::Decimal(std::min(type.precision() - type.scale() + 1, kDecimalPrecisionMax), 0);
}

Result<std::string> LowerCeil(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const bool ceil = IsCeil(node.function->name);
  const DataType& type = node.arguments[0]->type;
  if (type.Is(TypeId::kLong)) return arguments[0];
  std::vector<std::string> texts(arguments.begin(), arguments.end());
  if (type.Is(TypeId::kDouble))
    return LowerKernel(ceil ? RowKernel<&CeilDouble>() : RowKernel<&FloorDouble>(), call, std::move(texts), lowering);
  return LowerKernel({ceil ? &RoundKernel<Rounding::kCeiling> : &RoundKernel<Rounding::kFloor>}, call, std::move(texts),
                     lowering);
}

std::string CeilName(std::span<const std::string> arguments, const Expr& call) {
  const std::string_view name = std::get<Call>(call.node).function->name;
  if (arguments.size() == 2) return Cat(name, "(", arguments[0], ", ", arguments[1], ")");
  return Cat(name == "ceiling" ? std::string(name) : Upper(name), "(", arguments[0], ")");
}

Function CeilRow(std::string_view name, std::string_view doc, std::string_view example) {
  return {.name = name,
          .arguments = {{.type = Class::kAny, .repeated = true}},
          .nulls = Nulls::kMaybe,
          .runs = &LowerCeil,
          .bind = &BindCeil,
          .form = Form::kSpecial,
          .name_of = &CeilName,
          .group = "math_funcs",
          .since = "1.4.0",
          .doc = doc,
          .example = example};
}

}  // namespace

std::span<const Function> RoundingFunctions() {
  static const std::vector<Function> rows = {
      {.name = "round",
       .arguments = {{Class::kAny}, {.type = Class::kAny, .optional = true, .default_sql = "0"}},
       .nulls = Nulls::kMaybe,
       .runs = &LowerRound<Rounding::kHalfUp>,
       .bind = &BindRound,
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "The number rounded to so many decimal places, ties away from 0.",
       .example = "round(2.5, 0)"},
      {.name = "bround",
       .arguments = {{Class::kAny}, {.type = Class::kAny, .optional = true, .default_sql = "0"}},
       .nulls = Nulls::kMaybe,
       .runs = &LowerRound<Rounding::kHalfEven>,
       .bind = &BindRound,
       .group = "math_funcs",
       .since = "2.0.0",
       .doc = "The number rounded to so many decimal places, ties to the even digit.",
       .example = "bround(2.5, 0)"},
      CeilRow("ceil", "The smallest whole number that is not less; or with so many decimal places.", "ceil(-0.1)"),
      CeilRow("ceiling", "The smallest whole number that is not less; or with so many decimal places.", "ceiling(5)"),
      CeilRow("floor", "The largest whole number that is not more; or with so many decimal places.", "floor(-0.1)"),
  };
  return rows;
}

}  // namespace firesteel::functions
