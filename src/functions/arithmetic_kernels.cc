// Arithmetic as Spark does it, for what DuckDB does otherwise: wrapping, NULL on overflow, exact errors, wide decimals.
#include "functions/arithmetic_kernels.h"

#include <cmath>
#include <limits>
#include <type_traits>

#include "base/cat.h"
#include "functions/arithmetic.h"
#include "functions/decimal_math.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;

std::string_view SuggestionFor(ArithmeticOp op) {
  switch (op) {
    case ArithmeticOp::kAdd:
      return "try_add";
    case ArithmeticOp::kSubtract:
      return "try_subtract";
    case ArithmeticOp::kMultiply:
      return "try_multiply";
    case ArithmeticOp::kDivide:
    case ArithmeticOp::kIntegralDivide:
      return "try_divide";
    case ArithmeticOp::kRemainder:
      return "try_mod";
    case ArithmeticOp::kPmod:
    case ArithmeticOp::kNegate:
    case ArithmeticOp::kAbs:
      return "";
  }
  return "";
}
char SymbolOf(ArithmeticOp op) { return op == ArithmeticOp::kAdd ? '+' : op == ArithmeticOp::kSubtract ? '-' : '*'; }

bool IsZeroDivision(ArithmeticOp op) {
  return op == ArithmeticOp::kDivide || op == ArithmeticOp::kIntegralDivide || op == ArithmeticOp::kRemainder ||
         op == ArithmeticOp::kPmod;
}

Error ByZero(ArithmeticOp op, const Origin& origin) {
  const bool remainder = op == ArithmeticOp::kRemainder || op == ArithmeticOp::kPmod;
  return remainder ? RemainderByZero(origin) : DivideByZero(origin);
}

template <typename T>
Error Overflow(const KernelContext& context, ArithmeticOp op, T a, T b) {
  if (context.result_type.IsAnsiInterval()) return IntervalOverflow(SuggestionFor(op), Origin());
  if (op == ArithmeticOp::kIntegralDivide)
    return ArithmeticOverflow("Overflow in integral divide", "try_divide", context.origin);
  if constexpr (sizeof(T) <= 2) {
    if (op == ArithmeticOp::kAdd || op == ArithmeticOp::kSubtract || op == ArithmeticOp::kMultiply) {
      return Error::Condition("BINARY_ARITHMETIC_OVERFLOW", {{"value1", Cat(static_cast<int>(a), "S")},
                                                             {"symbol", std::string(1, SymbolOf(op))},
                                                             {"value2", Cat(static_cast<int>(b), "S")},
                                                             {"functionName", Cat("`", SuggestionFor(op), "`")}})
          .As(ErrorClass::kArithmetic);
    }
  }
  // Negation and abs of integers tell no position in Spark.
  const bool has_context = op != ArithmeticOp::kNegate && op != ArithmeticOp::kAbs;
  return ArithmeticOverflow("overflow", SuggestionFor(op), has_context ? context.origin : Origin());
}

/// The result and whether it overflowed (then it is wrapped).
template <ArithmeticOp kOp, typename T>
bool Compute(T a, T b, T& result) {
  if constexpr (std::is_floating_point_v<T>) {
    if constexpr (kOp == ArithmeticOp::kAdd) result = a + b;
    if constexpr (kOp == ArithmeticOp::kSubtract) result = a - b;
    if constexpr (kOp == ArithmeticOp::kMultiply) result = a * b;
    if constexpr (kOp == ArithmeticOp::kDivide) result = a / b;
    if constexpr (kOp == ArithmeticOp::kRemainder) result = std::fmod(a, b);
    if constexpr (kOp == ArithmeticOp::kPmod) {
      const T r = std::fmod(a, b);
      result = r < 0 ? std::fmod(r + b, b) : r;
    }
    if constexpr (kOp == ArithmeticOp::kNegate) result = -a;
    if constexpr (kOp == ArithmeticOp::kAbs) result = std::fabs(a);
    return false;
  } else {
    using U = std::make_unsigned_t<T>;
    if constexpr (kOp == ArithmeticOp::kAdd) return __builtin_add_overflow(a, b, &result);
    if constexpr (kOp == ArithmeticOp::kSubtract) return __builtin_sub_overflow(a, b, &result);
    if constexpr (kOp == ArithmeticOp::kMultiply) return __builtin_mul_overflow(a, b, &result);
    if constexpr (kOp == ArithmeticOp::kNegate || kOp == ArithmeticOp::kAbs) {
      const bool negate = kOp == ArithmeticOp::kNegate || a < 0;
      result = negate ? static_cast<T>(U(0) - static_cast<U>(a)) : a;
      return negate && a == std::numeric_limits<T>::min();
    }
    // The smallest number divided by -1: the quotient overflows, remainders are 0.
    if (b == -1) {
      if constexpr (kOp == ArithmeticOp::kDivide || kOp == ArithmeticOp::kIntegralDivide) {
        result = static_cast<T>(U(0) - static_cast<U>(a));
        return a == std::numeric_limits<T>::min();
      }
      result = 0;
      return false;
    }
    if constexpr (kOp == ArithmeticOp::kDivide || kOp == ArithmeticOp::kIntegralDivide) result = static_cast<T>(a / b);
    if constexpr (kOp == ArithmeticOp::kRemainder) result = static_cast<T>(a % b);
    if constexpr (kOp == ArithmeticOp::kPmod) {
      const T r = static_cast<T>(a % b);
      result = r < 0 ? static_cast<T>(static_cast<T>(static_cast<U>(r) + static_cast<U>(b)) % b) : r;
    }
    return false;
  }
}

template <ArithmeticOp kOp, typename T, typename R = T>
Status Run(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  constexpr bool kUnary = kOp == ArithmeticOp::kNegate || kOp == ArithmeticOp::kAbs;
  const InputVector& left = in[0];
  const InputVector& right = kUnary ? in[0] : in[1];
  R* result = out.Data<R>();
  for (size_t row = 0; row < rows; ++row) {
    if (left.IsNull(row) || right.IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const T a = left.At<T>(row), b = right.At<T>(row);
    if constexpr (!kUnary && kOp != ArithmeticOp::kAdd && kOp != ArithmeticOp::kSubtract &&
                  kOp != ArithmeticOp::kMultiply) {
      if (b == 0) [[unlikely]] {
        if (context.Ansi()) return ByZero(kOp, context.origin);
        out.SetNull(row);
        continue;
      }
    }
    T value{};
    if (Compute<kOp, T>(a, b, value)) [[unlikely]] {
      if (context.mode == EvalMode::kTry) {
        out.SetNull(row);
        continue;
      }
      if (context.Ansi() || context.result_type.IsAnsiInterval()) return Overflow<T>(context, kOp, a, b);
    }
    result[row] = static_cast<R>(value);
  }
  return {};
}

template <ArithmeticOp kOp>
ScalarFn ForType(const DataType& type) {
  switch (type.id()) {
    case TypeId::kByte:
      return &Run<kOp, int8_t>;
    case TypeId::kShort:
      return &Run<kOp, int16_t>;
    case TypeId::kInteger:
      return &Run<kOp, int32_t>;
    case TypeId::kYearMonthInterval:
      if constexpr (kOp == ArithmeticOp::kIntegralDivide) return &Run<kOp, int32_t, int64_t>;
      return &Run<kOp, int32_t>;
    case TypeId::kFloat:
      return &Run<kOp, float>;
    case TypeId::kDouble:
      return &Run<kOp, double>;
    default:
      return &Run<kOp, int64_t>;
  }
}

/// The usual case, without wide arithmetic; none when that has to decide.
template <ArithmeticOp kOp>
std::optional<int128_t> InNativeIntegers(DecimalOperand a, DecimalOperand b, const DataType& type) {
  if (!type.Is(TypeId::kDecimal)) return std::nullopt;
  if constexpr (kOp == ArithmeticOp::kAdd) return AddDecimals(a, b, type.precision(), type.scale());
  if constexpr (kOp == ArithmeticOp::kSubtract) return SubtractDecimals(a, b, type.precision(), type.scale());
  if constexpr (kOp == ArithmeticOp::kMultiply) return MultiplyDecimals(a, b, type.precision(), type.scale());
  if constexpr (kOp == ArithmeticOp::kDivide) {
    const int shift = type.scale() - a.scale + b.scale;
    int128_t dividend = 0;
    if (shift < 0 || shift > kDecimalPrecisionMax || __builtin_mul_overflow(a.unscaled, PowerOfTen(shift), &dividend))
      return std::nullopt;
    int128_t quotient = dividend / b.unscaled;
    const int128_t rest = dividend % b.unscaled;
    const int128_t magnitude = rest < 0 ? -rest : rest, divisor = b.unscaled < 0 ? -b.unscaled : b.unscaled;
    if (magnitude >= divisor - magnitude) quotient += (dividend < 0) == (b.unscaled < 0) ? 1 : -1;
    if (DecimalFits(quotient, type.precision())) return quotient;
  }
  return std::nullopt;
}

template <ArithmeticOp kOp>
Status RunDecimal(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const int sa = context.argument_types[0].scale(), sb = context.argument_types[1].scale();
  const DataType& type = context.result_type;
  const bool to_long = type.Is(TypeId::kLong);
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const int128_t a = in[0].DecimalAt(row), b = in[1].DecimalAt(row);
    if (IsZeroDivision(kOp) && b == 0) {
      if (context.Ansi()) return ByZero(kOp, context.origin);
      out.SetNull(row);
      continue;
    }
    if (const std::optional<int128_t> quick = InNativeIntegers<kOp>({a, sa}, {b, sb}, type)) {
      out.SetDecimal(row, *quick);
      continue;
    }
    const WideDecimal x(a, sa), y(b, sb);
    WideDecimal exact;
    if constexpr (kOp == ArithmeticOp::kAdd) exact = x.Plus(y);
    if constexpr (kOp == ArithmeticOp::kSubtract) exact = x.Minus(y);
    if constexpr (kOp == ArithmeticOp::kMultiply) exact = x.Times(y).CutToDigits(kDecimalPrecisionMax + 1);
    if constexpr (kOp == ArithmeticOp::kDivide) exact = x.DividedBy(y, kDecimalPrecisionMax + 1);
    if constexpr (kOp == ArithmeticOp::kIntegralDivide) exact = x.DividedBy(y, 0);
    if constexpr (kOp == ArithmeticOp::kRemainder) exact = x.Remainder(y);
    if constexpr (kOp == ArithmeticOp::kPmod) {
      exact = x.Remainder(y);
      if (exact.IsNegative()) exact = exact.Plus(y).Remainder(y);
    }
    if (to_long) {
      const std::optional<int128_t> quotient = exact.Rounded(kDecimalPrecisionMax, 0);
      const int64_t value = exact.ToLong();
      if (!quotient || *quotient != value) {
        if (context.Ansi()) return ArithmeticOverflow("Overflow in integral divide", "try_divide", context.origin);
        if (context.mode == EvalMode::kTry) {
          out.SetNull(row);
          continue;
        }
      }
      out.Data<int64_t>()[row] = value;
      continue;
    }
    const std::optional<int128_t> rounded = exact.Rounded(type.precision(), type.scale());
    if (rounded) {
      out.SetDecimal(row, *rounded);
    } else if (context.Ansi()) {
      return DecimalOutOfRange(exact.ToPlainString(), type, context.origin);
    } else {
      out.SetNull(row);
    }
  }
  return {};
}

/// Java's BigDecimal.toString of a value with 34 digits.
std::string JavaText(int128_t unscaled, int scale) {
  if (scale >= 0) return DecimalPlainText(unscaled, scale);
  std::string digits = DecimalPlainText(unscaled, 0);
  digits.insert(unscaled < 0 ? 2 : 1, ".");
  return Cat(digits, "E+", kSignDigitsMax - 1 - scale);
}

Error SignedOutOfRange(int128_t rounded, int128_t unit, int dropped, const DataType& type) {
  const bool carried = DecimalDigits(rounded / unit) > kSignDigitsMax;  // 99…9 became 100…0
  return Error::Condition("NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION",
                          {{"roundedValue", DecimalPlainText(rounded, type.scale())},
                           {"originalValue",
                            JavaText(rounded / unit / (carried ? 10 : 1), type.scale() - dropped - (carried ? 1 : 0))},
                           {"precision", Cat(type.precision())},
                           {"scale", Cat(type.scale())}})
      .As(ErrorClass::kArithmetic);
}

/// Spark's BigDecimal has 34 digits once its sign has changed, half to even.
template <bool kAbs>
Status RunSign(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const DataType& type = context.result_type;
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const int128_t value = in[0].DecimalAt(row);
    int128_t changed = kAbs && value >= 0 ? value : -value;
    const int dropped = changed == value ? 0 : DecimalDigits(value) - kSignDigitsMax;
    if (dropped > 0) {
      const int128_t unit = PowerOfTen(dropped), rest = changed % unit, twice = (rest < 0 ? -rest : rest) * 2;
      const bool odd = changed / unit % 2 != 0;
      changed -= rest;
      if (twice > unit || (twice == unit && odd)) changed += rest < 0 ? -unit : unit;
      if (!DecimalFits(changed, type.precision())) return SignedOutOfRange(changed, unit, dropped, type);
    }
    out.SetDecimal(row, changed);
  }
  return {};
}

}  // namespace

ScalarKernel DecimalSignKernel(ArithmeticOp op) {
  return {op == ArithmeticOp::kAbs ? &RunSign<true> : &RunSign<false>};
}

ScalarKernel ArithmeticKernel(ArithmeticOp op, const DataType& type) {
  switch (op) {
    case ArithmeticOp::kAdd:
      return {ForType<ArithmeticOp::kAdd>(type)};
    case ArithmeticOp::kSubtract:
      return {ForType<ArithmeticOp::kSubtract>(type)};
    case ArithmeticOp::kMultiply:
      return {ForType<ArithmeticOp::kMultiply>(type)};
    case ArithmeticOp::kDivide:
      return {ForType<ArithmeticOp::kDivide>(type)};
    case ArithmeticOp::kRemainder:
      return {ForType<ArithmeticOp::kRemainder>(type)};
    case ArithmeticOp::kPmod:
      return {ForType<ArithmeticOp::kPmod>(type)};
    case ArithmeticOp::kIntegralDivide:
      return {ForType<ArithmeticOp::kIntegralDivide>(type)};
    case ArithmeticOp::kNegate:
      return {ForType<ArithmeticOp::kNegate>(type)};
    case ArithmeticOp::kAbs:
      return {ForType<ArithmeticOp::kAbs>(type)};
  }
  return {};
}

ScalarKernel DecimalKernel(ArithmeticOp op) {
  switch (op) {
    case ArithmeticOp::kAdd:
      return {&RunDecimal<ArithmeticOp::kAdd>};
    case ArithmeticOp::kSubtract:
      return {&RunDecimal<ArithmeticOp::kSubtract>};
    case ArithmeticOp::kMultiply:
      return {&RunDecimal<ArithmeticOp::kMultiply>};
    case ArithmeticOp::kDivide:
      return {&RunDecimal<ArithmeticOp::kDivide>};
    case ArithmeticOp::kRemainder:
      return {&RunDecimal<ArithmeticOp::kRemainder>};
    case ArithmeticOp::kPmod:
      return {&RunDecimal<ArithmeticOp::kPmod>};
    case ArithmeticOp::kIntegralDivide:
      return {&RunDecimal<ArithmeticOp::kIntegralDivide>};
    case ArithmeticOp::kNegate:
    case ArithmeticOp::kAbs:
      break;
  }
  return {};
}

}  // namespace firesteel::functions
