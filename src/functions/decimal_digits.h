#pragma once
// A number as the decimal digits that Java sees in it, for functions that write numbers in formats of their own.
#include <string>
#include <string_view>

#include "functions/kernel.h"

namespace firesteel::functions {

struct DecimalDigits {
  bool negative = false;
  std::string digits;    ///< significant digits without leading zeros; empty for zero
  int64_t exponent = 0;  ///< the value is 0.digits * 10^exponent

  /// Of Double.toString's kin: "-12.5", "1.0E-7".
  static DecimalDigits Of(std::string_view java_text);
  /// Cut to `count` digits from the front, rounding half up.
  void RoundToDigits(int64_t count);
  /// Cut to `places` digits behind the point, rounding half up.
  void RoundToPlaces(int64_t places) { RoundToDigits(exponent + places); }
  /// Digits behind the point.
  int64_t Places() const;
  /// The digits before the point ("0" for none), and `places` behind it, which must be at least Places().
  std::string Whole() const;
  std::string Fraction(int64_t places) const;
};

/// "1234567" -> "1,234,567".
std::string GroupedByThousands(std::string_view digits);

}  // namespace firesteel::functions
