#pragma once
// Exact decimal arithmetic beyond 38 digits: intermediate results are up to 512 bits wide and rounded once, half up, as Spark's.
#include <cstdint>
#include <optional>
#include <string>

#include "types/value.h"

namespace firesteel::functions {

/// A decimal of any precision that arithmetic on two Spark decimals can have.
class WideDecimal {
 public:
  WideDecimal() = default;
  WideDecimal(int128_t unscaled, int scale);

  WideDecimal Plus(const WideDecimal& other) const;
  WideDecimal Minus(const WideDecimal& other) const { return Plus(other.Negated()); }
  WideDecimal Times(const WideDecimal& other) const;
  /// The quotient cut (not rounded) to `scale` digits of fraction; `other` is not zero.
  WideDecimal DividedBy(const WideDecimal& other, int scale) const;
  /// What Java's % gives: the dividend's sign; `other` is not zero.
  WideDecimal Remainder(const WideDecimal& other) const;
  WideDecimal Negated() const;

  bool IsZero() const;
  bool IsNegative() const { return negative_ && !IsZero(); }
  int scale() const { return scale_; }
  int Digits() const;  ///< significant ones of the unscaled value; 1 for zero
  /// Cuts the unscaled value to so many digits (MathContext with RoundingMode.DOWN).
  WideDecimal CutToDigits(int digits) const;
  /// Rounded half up to `scale`; none if it has more than `precision` digits.
  std::optional<int128_t> Rounded(int precision, int scale) const;
  /// The integer part as LONG; wraps like BigDecimal.longValue.
  int64_t ToLong() const;
  std::string ToPlainString() const;

 private:
  static constexpr int kWords = 16;
  struct Magnitude {
    uint32_t word[kWords] = {};
  };
  static int Compare(const Magnitude& a, const Magnitude& b);
  static Magnitude AddMagnitudes(const Magnitude& a, const Magnitude& b);
  static Magnitude SubtractMagnitudes(const Magnitude& a, const Magnitude& b);
  static Magnitude Multiply(const Magnitude& a, const Magnitude& b);
  static Magnitude TimesPowerOfTen(Magnitude a, int n);
  static Magnitude Divide(const Magnitude& a, const Magnitude& b, Magnitude& remainder);
  static uint32_t DivideSmall(Magnitude& a, uint32_t divisor);  ///< in place; the remainder
  static int UsedWords(const Magnitude& a);

  Magnitude magnitude_;
  bool negative_ = false;
  int scale_ = 0;
};

}  // namespace firesteel::functions
