// Exact results in up to 448 bits first, then one rounding: so overflow is told of what the user would see.
#include "types/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "types/number_text.h"

namespace firesteel {
namespace {

__extension__ typedef unsigned __int128 uint128_t;

constexpr std::array<int128_t, 39> kPowers = [] {
  std::array<int128_t, 39> powers{};
  int128_t power = 1;
  for (size_t i = 0; i < powers.size(); ++i) {
    powers[i] = power;
    if (i + 1 < powers.size()) power *= 10;
  }
  return powers;
}();

uint128_t Magnitude(int128_t value) {
  return value < 0 ? -static_cast<uint128_t>(value) : static_cast<uint128_t>(value);
}

/// An unsigned number of up to 448 bits, least significant limb first: wide enough for 10^38 * 10^76 and one limb to
/// spare.
struct Wide {
  static constexpr int kLimbs = 7;
  uint64_t limbs[kLimbs] = {};

  static Wide From(uint128_t value) {
    Wide wide;
    wide.limbs[0] = static_cast<uint64_t>(value);
    wide.limbs[1] = static_cast<uint64_t>(value >> 64);
    return wide;
  }
  int Size() const {
    int size = kLimbs;
    while (size > 0 && limbs[size - 1] == 0) --size;
    return size;
  }
  bool FitsIn128() const { return Size() <= 2; }
  uint128_t Low() const { return (static_cast<uint128_t>(limbs[1]) << 64) | limbs[0]; }

  void Multiply(uint64_t factor) {
    uint64_t carry = 0;
    for (uint64_t& limb : limbs) {
      uint128_t product = static_cast<uint128_t>(limb) * factor + carry;
      limb = static_cast<uint64_t>(product);
      carry = static_cast<uint64_t>(product >> 64);
    }
  }
  void MultiplyByPowerOfTen(int exponent) {
    for (; exponent > 19; exponent -= 19) Multiply(static_cast<uint64_t>(kPowers[19]));
    Multiply(static_cast<uint64_t>(kPowers[exponent]));
  }
  void Add(const Wide& other) {
    uint64_t carry = 0;
    for (int i = 0; i < kLimbs; ++i) {
      uint128_t sum = static_cast<uint128_t>(limbs[i]) + other.limbs[i] + carry;
      limbs[i] = static_cast<uint64_t>(sum);
      carry = static_cast<uint64_t>(sum >> 64);
    }
  }
  /// *this must not be less than `other`.
  void Subtract(const Wide& other) {
    uint64_t borrow = 0;
    for (int i = 0; i < kLimbs; ++i) {
      uint128_t difference = static_cast<uint128_t>(limbs[i]) - other.limbs[i] - borrow;
      limbs[i] = static_cast<uint64_t>(difference);
      borrow = static_cast<uint64_t>(difference >> 64) & 1;
    }
  }
  void Increment() {
    for (uint64_t& limb : limbs) {
      if (++limb != 0) return;
    }
  }
  static int Compare(const Wide& a, const Wide& b) {
    for (int i = kLimbs - 1; i >= 0; --i) {
      if (a.limbs[i] != b.limbs[i]) return a.limbs[i] < b.limbs[i] ? -1 : 1;
    }
    return 0;
  }
};

Wide Product(uint128_t a, uint128_t b) {
  Wide low = Wide::From(a);
  Wide high = low;
  low.Multiply(static_cast<uint64_t>(b));
  high.Multiply(static_cast<uint64_t>(b >> 64));
  for (int i = Wide::kLimbs - 1; i > 0; --i) high.limbs[i] = high.limbs[i - 1];
  high.limbs[0] = 0;
  low.Add(high);
  return low;
}

/// Knuth's algorithm D. `divisor` must not be zero; `dividend` becomes the remainder.
Wide Divide(Wide& dividend, const Wide& divisor) {
  Wide quotient;
  const int n = divisor.Size();
  const int m = dividend.Size();
  if (Wide::Compare(dividend, divisor) < 0) return quotient;
  if (n == 1) {
    uint64_t remainder = 0;
    for (int i = m - 1; i >= 0; --i) {
      uint128_t part = (static_cast<uint128_t>(remainder) << 64) | dividend.limbs[i];
      quotient.limbs[i] = static_cast<uint64_t>(part / divisor.limbs[0]);
      remainder = static_cast<uint64_t>(part % divisor.limbs[0]);
    }
    dividend = Wide();
    dividend.limbs[0] = remainder;
    return quotient;
  }
  const int shift = __builtin_clzll(divisor.limbs[n - 1]);
  uint64_t v[Wide::kLimbs];
  uint64_t u[Wide::kLimbs + 1] = {};
  auto shifted = [&](const uint64_t* limbs, int i) {
    return shift == 0 ? limbs[i] : (limbs[i] << shift) | (i > 0 ? limbs[i - 1] >> (64 - shift) : 0);
  };
  for (int i = 0; i < n; ++i) v[i] = shifted(divisor.limbs, i);
  for (int i = 0; i < m; ++i) u[i] = shifted(dividend.limbs, i);
  u[m] = shift == 0 ? 0 : dividend.limbs[m - 1] >> (64 - shift);
  for (int j = m - n; j >= 0; --j) {
    uint128_t top = (static_cast<uint128_t>(u[j + n]) << 64) | u[j + n - 1];
    uint128_t guess = top / v[n - 1];
    uint128_t rest = top % v[n - 1];
    while ((guess >> 64) != 0 ||
           static_cast<uint128_t>(static_cast<uint64_t>(guess)) * v[n - 2] > ((rest << 64) | u[j + n - 2])) {
      --guess;
      rest += v[n - 1];
      if ((rest >> 64) != 0) break;
    }
    uint64_t carry = 0;
    uint64_t borrow = 0;
    for (int i = 0; i < n; ++i) {
      uint128_t product = static_cast<uint128_t>(static_cast<uint64_t>(guess)) * v[i] + carry;
      carry = static_cast<uint64_t>(product >> 64);
      uint128_t difference = static_cast<uint128_t>(u[i + j]) - static_cast<uint64_t>(product) - borrow;
      u[i + j] = static_cast<uint64_t>(difference);
      borrow = static_cast<uint64_t>(difference >> 64) & 1;
    }
    uint128_t difference = static_cast<uint128_t>(u[j + n]) - carry - borrow;
    u[j + n] = static_cast<uint64_t>(difference);
    if ((static_cast<uint64_t>(difference >> 64) & 1) != 0) {  // the guess was one too many
      --guess;
      uint64_t over = 0;
      for (int i = 0; i < n; ++i) {
        uint128_t sum = static_cast<uint128_t>(u[i + j]) + v[i] + over;
        u[i + j] = static_cast<uint64_t>(sum);
        over = static_cast<uint64_t>(sum >> 64);
      }
      u[j + n] += over;
    }
    quotient.limbs[j] = static_cast<uint64_t>(guess);
  }
  dividend = Wide();
  for (int i = 0; i < n; ++i) dividend.limbs[i] = shift == 0 ? u[i] : (u[i] >> shift) | (u[i + 1] << (64 - shift));
  return quotient;
}

/// Rounds half up, away from zero.
Wide DivideRounded(Wide dividend, const Wide& divisor) {
  Wide quotient = Divide(dividend, divisor);
  dividend.Add(dividend);
  if (Wide::Compare(dividend, divisor) >= 0) quotient.Increment();
  return quotient;
}

/// `magnitude` at `scale` as a number of the result's type.
std::optional<int128_t> Finish(Wide magnitude, bool negative, int scale, int precision, int to_scale) {
  if (to_scale > scale) {
    if (magnitude.Size() > 3) return std::nullopt;  // multiplying can't make it fit again
    magnitude.MultiplyByPowerOfTen(to_scale - scale);
  } else {
    for (int drop = scale - to_scale; drop > 0;) {
      // All places at once where one power of ten holds them: rounding twice would round wrong.
      if (drop <= 38) {
        magnitude = DivideRounded(magnitude, Wide::From(static_cast<uint128_t>(kPowers[drop])));
        drop = 0;
      } else {
        Wide divisor = Product(static_cast<uint128_t>(kPowers[38]), static_cast<uint128_t>(kPowers[drop - 38]));
        magnitude = DivideRounded(magnitude, divisor);
        drop = 0;
      }
    }
  }
  if (!magnitude.FitsIn128() || magnitude.Low() >= static_cast<uint128_t>(kPowers[precision])) return std::nullopt;
  int128_t value = static_cast<int128_t>(magnitude.Low());
  return negative ? -value : value;
}

Wide Aligned(int128_t unscaled, int scale, int to_scale) {
  Wide wide = Wide::From(Magnitude(unscaled));
  wide.MultiplyByPowerOfTen(to_scale - scale);
  return wide;
}

}  // namespace

int128_t PowerOfTen(int exponent) { return kPowers[exponent]; }

int DecimalDigits(int128_t unscaled) {
  uint128_t magnitude = Magnitude(unscaled);
  int digits = 1;
  while (digits < 39 && magnitude >= static_cast<uint128_t>(kPowers[digits < 38 ? digits : 38])) {
    if (digits == 38) return 39;
    ++digits;
  }
  return digits;
}

std::optional<int128_t> RescaleDecimal(int128_t unscaled, int scale, int to_precision, int to_scale) {
  if (to_scale == scale) return DecimalFits(unscaled, to_precision) ? std::optional(unscaled) : std::nullopt;
  int128_t value;
  if (to_scale > scale) {
    if (__builtin_mul_overflow(unscaled, kPowers[to_scale - scale], &value)) return std::nullopt;
  } else {
    const int128_t divisor = kPowers[scale - to_scale];
    int128_t remainder;
    if (unscaled == static_cast<int64_t>(unscaled) && divisor == static_cast<int64_t>(divisor)) {
      value = static_cast<int64_t>(unscaled) / static_cast<int64_t>(divisor);
      remainder = static_cast<int64_t>(unscaled) % static_cast<int64_t>(divisor);
    } else {
      value = unscaled / divisor;
      remainder = unscaled % divisor;
    }
    if (Magnitude(remainder) >= static_cast<uint128_t>(divisor) - Magnitude(remainder)) value += unscaled < 0 ? -1 : 1;
  }
  return DecimalFits(value, to_precision) ? std::optional(value) : std::nullopt;
}

std::optional<int128_t> AddDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale) {
  const int common = std::max(a.scale, b.scale);
  int128_t left;
  int128_t right;
  int128_t sum;
  if (!__builtin_mul_overflow(a.unscaled, kPowers[common - a.scale], &left) &&
      !__builtin_mul_overflow(b.unscaled, kPowers[common - b.scale], &right) &&
      !__builtin_add_overflow(left, right, &sum)) [[likely]] {
    return RescaleDecimal(sum, common, precision, scale);
  }
  Wide x = Aligned(a.unscaled, a.scale, common);
  Wide y = Aligned(b.unscaled, b.scale, common);
  bool negative = a.unscaled < 0;
  if (negative == (b.unscaled < 0)) {
    x.Add(y);
  } else if (Wide::Compare(x, y) >= 0) {
    x.Subtract(y);
  } else {
    y.Subtract(x);
    x = y;
    negative = !negative;
  }
  return Finish(x, negative, common, precision, scale);
}

std::optional<int128_t> SubtractDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale) {
  b.unscaled = -b.unscaled;
  return AddDecimals(a, b, precision, scale);
}

std::optional<int128_t> MultiplyDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale) {
  int128_t product;
  if (!__builtin_mul_overflow(a.unscaled, b.unscaled, &product) && a.scale + b.scale - scale <= 38) [[likely]] {
    return RescaleDecimal(product, a.scale + b.scale, precision, scale);
  }
  return Finish(Product(Magnitude(a.unscaled), Magnitude(b.unscaled)), (a.unscaled < 0) != (b.unscaled < 0),
                a.scale + b.scale, precision, scale);
}

std::optional<int128_t> DivideDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale) {
  // Rounding to 38 places first changes the result only if the divisor has more digits than those places leave; else one
  // division does.
  const int shift = scale - a.scale + b.scale;
  int128_t dividend;
  if (shift >= 0 && shift <= kDecimalPrecisionMax && DecimalFits(b.unscaled, kDecimalPrecisionMax - scale) &&
      !__builtin_mul_overflow(a.unscaled, kPowers[shift], &dividend)) {
    int128_t quotient;
    int128_t remainder;
    if (dividend == static_cast<int64_t>(dividend) && b.unscaled == static_cast<int64_t>(b.unscaled) &&
        b.unscaled != -1) {
      quotient = static_cast<int64_t>(dividend) / static_cast<int64_t>(b.unscaled);
      remainder = static_cast<int64_t>(dividend) % static_cast<int64_t>(b.unscaled);
    } else {
      quotient = dividend / b.unscaled;
      remainder = dividend % b.unscaled;
    }
    if (Magnitude(remainder) >= Magnitude(b.unscaled) - Magnitude(remainder)) {
      quotient += (a.unscaled < 0) != (b.unscaled < 0) ? -1 : 1;
    }
    return DecimalFits(quotient, precision) ? std::optional(quotient) : std::nullopt;
  }
  Wide numerator = Wide::From(Magnitude(a.unscaled));
  numerator.MultiplyByPowerOfTen(kDecimalPrecisionMax - a.scale + b.scale);
  Wide quotient = DivideRounded(numerator, Wide::From(Magnitude(b.unscaled)));
  return Finish(quotient, (a.unscaled < 0) != (b.unscaled < 0), kDecimalPrecisionMax, precision, scale);
}

std::optional<int128_t> RemainderOfDecimals(DecimalOperand a, DecimalOperand b, int precision, int scale) {
  const int common = std::max(a.scale, b.scale);
  Wide remainder = Aligned(a.unscaled, a.scale, common);
  Divide(remainder, Aligned(b.unscaled, b.scale, common));
  return Finish(remainder, a.unscaled < 0, common, precision, scale);
}

std::optional<int64_t> DivideDecimalsToInteger(DecimalOperand a, DecimalOperand b) {
  const int common = std::max(a.scale, b.scale);
  Wide dividend = Aligned(a.unscaled, a.scale, common);
  Wide quotient = Divide(dividend, Aligned(b.unscaled, b.scale, common));
  const bool negative = (a.unscaled < 0) != (b.unscaled < 0);
  if (quotient.Size() > 1 || quotient.limbs[0] > static_cast<uint64_t>(INT64_MAX) + (negative ? 1 : 0))
    return std::nullopt;
  return negative ? static_cast<int64_t>(-quotient.limbs[0]) : static_cast<int64_t>(quotient.limbs[0]);
}

int CompareDecimals(DecimalOperand a, DecimalOperand b) {
  if (a.scale == b.scale) return a.unscaled < b.unscaled ? -1 : a.unscaled > b.unscaled ? 1 : 0;
  if ((a.unscaled < 0) != (b.unscaled < 0)) return a.unscaled < 0 ? -1 : 1;
  const int common = std::max(a.scale, b.scale);
  int order = Wide::Compare(Aligned(a.unscaled, a.scale, common), Aligned(b.unscaled, b.scale, common));
  return a.unscaled < 0 ? -order : order;
}

std::optional<int128_t> DecimalFromDouble(double value, int precision, int scale) {
  if (!std::isfinite(value)) return std::nullopt;
  // Away from ties the scaled number rounds as its decimal text does.
  if (const double scaled = std::fabs(value) * (scale <= 15 ? static_cast<double>(kPowers[scale]) : INFINITY);
      scaled < 1e12) {
    const double below = std::floor(scaled);
    if (const double rest = scaled - below; std::fabs(rest - 0.5) > 1e-3) {
      const int128_t unscaled = static_cast<int64_t>(rest > 0.5 ? below + 1 : below);
      if (unscaled >= kPowers[precision]) return std::nullopt;
      return value < 0 ? -unscaled : unscaled;
    }
  }
  NumberBuffer buffer;
  int128_t unscaled;
  if (ParseDecimal(DoubleText(value, buffer), precision, scale, &unscaled) != DecimalParse::kOk) return std::nullopt;
  return unscaled;
}

std::optional<int128_t> DecimalFromInteger(int64_t value, int precision, int scale) {
  return RescaleDecimal(value, 0, precision, scale);
}

namespace {
template <typename Float>
Float ToFloating(int128_t unscaled, int scale) {
  // Both are exact in a double up to 2^53 and 10^22: then one division rounds rightly.
  if (unscaled > -(int128_t{1} << 53) && unscaled < (int128_t{1} << 53) && scale <= 22 && sizeof(Float) == 8) {
    return static_cast<Float>(static_cast<double>(static_cast<int64_t>(unscaled)) /
                              static_cast<double>(kPowers[scale]));
  }
  NumberBuffer buffer;
  std::string_view text = DecimalPlainText(unscaled, scale, buffer);
  Float value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}
}  // namespace

double DecimalToDouble(int128_t unscaled, int scale) { return ToFloating<double>(unscaled, scale); }
float DecimalToFloat(int128_t unscaled, int scale) { return ToFloating<float>(unscaled, scale); }
int128_t DecimalToInteger(int128_t unscaled, int scale) { return unscaled / kPowers[scale]; }

// ---------------------------------------------------------------- types
DataType AdjustedDecimal(int precision, int scale) {
  if (precision <= kDecimalPrecisionMax) return DataType::Decimal(precision, scale);
  const int integral = precision - scale;
  const int scale_min = std::min(scale, kDecimalAdjustedScaleMin);
  return DataType::Decimal(kDecimalPrecisionMax, std::max(kDecimalPrecisionMax - integral, scale_min));
}

DataType BoundedDecimal(int precision, int scale) {
  return DataType::Decimal(std::min(precision, kDecimalPrecisionMax), std::min(scale, kDecimalPrecisionMax));
}

DataType DecimalResultType(DecimalOperation operation, const DataType& a, const DataType& b,
                           bool allow_precision_loss) {
  const int p1 = a.precision();
  const int s1 = a.scale();
  const int p2 = b.precision();
  const int s2 = b.scale();
  auto bound = allow_precision_loss ? AdjustedDecimal : BoundedDecimal;
  switch (operation) {
    case DecimalOperation::kAdd:
    case DecimalOperation::kSubtract: {
      const int scale = std::max(s1, s2);
      return bound(std::max(p1 - s1, p2 - s2) + scale + 1, scale);
    }
    case DecimalOperation::kMultiply:
      return bound(p1 + p2 + 1, s1 + s2);
    case DecimalOperation::kDivide: {
      const int scale = std::max(kDecimalAdjustedScaleMin, s1 + p2 + 1);
      if (allow_precision_loss) return AdjustedDecimal(p1 - s1 + s2 + scale, scale);
      int integral = std::min(kDecimalPrecisionMax, p1 - s1 + s2);
      int fraction = std::min(kDecimalPrecisionMax, scale);
      const int excess = integral + fraction - kDecimalPrecisionMax;
      if (excess > 0) {
        fraction -= excess / 2 + 1;
        integral = kDecimalPrecisionMax - fraction;
      }
      return BoundedDecimal(integral + fraction, fraction);
    }
    case DecimalOperation::kRemainder: {
      const int scale = std::max(s1, s2);
      return bound(std::min(p1 - s1, p2 - s2) + scale, scale);
    }
    case DecimalOperation::kIntegralDivide: {
      const int integral = p1 - s1 + s2;
      return BoundedDecimal(integral == 0 ? 1 : integral, 0);
    }
  }
  return DataType();
}

DataType WiderDecimal(const DataType& a, const DataType& b) {
  const int scale = std::max(a.scale(), b.scale());
  const int precision = std::max(a.precision() - a.scale(), b.precision() - b.scale()) + scale;
  if (precision <= kDecimalPrecisionMax) return DataType::Decimal(precision, scale);
  return DataType::Decimal(kDecimalPrecisionMax, std::max(0, scale - (precision - kDecimalPrecisionMax)));
}

DataType DecimalForType(const DataType& type) {
  if (type.Is(TypeId::kDecimal)) return type;
  if (type.Is(TypeId::kByte)) return DataType::Decimal(3, 0);
  if (type.Is(TypeId::kShort)) return DataType::Decimal(5, 0);
  if (type.Is(TypeId::kInteger)) return DataType::Decimal(10, 0);
  if (type.Is(TypeId::kLong)) return DataType::Decimal(20, 0);
  if (type.Is(TypeId::kFloat)) return DataType::Decimal(14, 7);
  if (type.Is(TypeId::kDouble)) return DataType::Decimal(30, 15);
  return DataType::Decimal(10, 0);
}

}  // namespace firesteel
