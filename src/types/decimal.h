// DECIMAL(precision, scale) arithmetic on unscaled 128-bit numbers: exact intermediate results, rounding half up,
// overflow told. Sources: Spark's Decimal and DecimalPrecision. Text forms are in number_text.h.
#pragma once

#include <cstdint>
#include <optional>

#include "types/data_type.h"
#include "types/value.h"

namespace firesteel {

constexpr int kDecimalAdjustedScaleMin = 6;

/// 10 to the power `exponent`, 0 to 38.
int128_t PowerOfTen(int exponent);
/// Whether |unscaled| < 10^precision.
inline bool DecimalFits(int128_t unscaled, int precision) {
  int128_t bound = PowerOfTen(precision);
  return unscaled < bound && unscaled > -bound;
}
/// The count of digits of |unscaled|; 1 for zero.
int DecimalDigits(int128_t unscaled);

/// A number as DECIMAL(precision, scale), rounded half up; none if it does not fit.
std::optional<int128_t> RescaleDecimal(int128_t unscaled, int scale, int to_precision, int to_scale);

/// Operands with their scales and the result's type; none if the result does not fit. Division by zero is the caller's.
struct DecimalOperand {
  int128_t unscaled = 0;
  int scale = 0;
};
std::optional<int128_t> AddDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale);
std::optional<int128_t> SubtractDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale);
std::optional<int128_t> MultiplyDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale);
/// As Spark divides: rounded to 38 places first, then to the result's scale.
std::optional<int128_t> DivideDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale);
std::optional<int128_t> RemainderOfDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale);
/// The quotient without its fraction (`div`); none beyond 64 bits.
std::optional<int64_t> DivideDecimalsToInteger(DecimalOperand a, DecimalOperand b);
/// -1, 0 or 1, exact whatever the scales.
int CompareDecimals(DecimalOperand a, DecimalOperand b);

/// Exactly representable conversions round half up; none if the number is not finite or does not fit. The double's
/// shortest text is what is converted, as Spark does.
std::optional<int128_t> DecimalFromDouble(double value, int precision, int scale);
std::optional<int128_t> DecimalFromInteger(int64_t value, int precision, int scale);
/// The nearest double or float (through the decimal text, as Java's BigDecimal.doubleValue).
double DecimalToDouble(int128_t unscaled, int scale);
float DecimalToFloat(int128_t unscaled, int scale);
/// The integral part.
int128_t DecimalToInteger(int128_t unscaled, int scale);

// ---------------------------------------------------------------- types
enum class DecimalOperation { kAdd, kSubtract, kMultiply, kDivide, kRemainder, kIntegralDivide };
/// The result's type (of kIntegralDivide: before the cast to BIGINT). `allow_precision_loss` is
/// spark.sql.decimalOperations.allowPrecisionLoss.
DataType DecimalResultType(DecimalOperation operation, const DataType& a, const DataType& b, bool allow_precision_loss);
/// DecimalType.adjustPrecisionScale: what exceeds 38 digits is taken from the scale, down to 6 places.
DataType AdjustedDecimal(int precision, int scale);
/// Cut at 38 each.
DataType BoundedDecimal(int precision, int scale);
/// The type that holds both (DecimalPrecision.widerDecimalType): integral digits are kept first.
DataType WiderDecimal(const DataType& a, const DataType& b);
/// The decimal that holds a numeric type: BIGINT as DECIMAL(20,0), DOUBLE as DECIMAL(30,15) …; the type itself if
/// DECIMAL.
DataType DecimalForType(const DataType& type);

}  // namespace firesteel
