// Numbers to text as Java writes them, and text to numbers as Spark's casts read them. Nothing here allocates
// unless it returns a std::string.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "types/value.h"

namespace firesteel {

/// Room for the text of any number below.
struct NumberBuffer {
  char bytes[128];
};

/// Java 17's Double.toString and Float.toString: "1.0", "1.0E10", "NaN", "-Infinity". Nearly always the shortest digits.
std::string_view DoubleText(double value, NumberBuffer& buffer);
std::string_view FloatText(float value, NumberBuffer& buffer);
std::string_view IntegerText(int64_t value, NumberBuffer& buffer);
/// BigDecimal.toPlainString: "0.00000010". Scales from 0 to 38.
std::string_view DecimalPlainText(int128_t unscaled, int scale, NumberBuffer& buffer);
/// BigDecimal.toString: "1.0E-7" where the exponent is below -6.
std::string_view DecimalText(int128_t unscaled, int scale, NumberBuffer& buffer);

inline std::string DoubleText(double value) {
  NumberBuffer buffer;
  return std::string(DoubleText(value, buffer));
}
inline std::string FloatText(float value) {
  NumberBuffer buffer;
  return std::string(FloatText(value, buffer));
}
inline std::string DecimalPlainText(int128_t unscaled, int scale) {
  NumberBuffer buffer;
  return std::string(DecimalPlainText(unscaled, scale, buffer));
}
inline std::string DecimalText(int128_t unscaled, int scale) {
  NumberBuffer buffer;
  return std::string(DecimalText(unscaled, scale, buffer));
}

/// UTF8String.trimAll: blanks and control characters of ASCII, from both ends.
std::string_view TrimAll(std::string_view text);

/// Whether "1.9" is 1: legacy casts cut the fraction off, ANSI casts refuse it.
enum class Fraction { kCutOff, kRefused };
/// The integer in `text` if it lies in [min, max].
std::optional<int64_t> ParseInteger(std::string_view text, int64_t min, int64_t max, Fraction fraction);
/// Java's parseDouble and Spark's names ("inf", "nan" in any case).
std::optional<double> ParseDouble(std::string_view text);
std::optional<float> ParseFloat(std::string_view text);
/// t, true, y, yes, 1 and their opposites, in any case.
std::optional<bool> ParseBoolean(std::string_view text);

enum class DecimalParse {
  kOk,
  kMalformed,   ///< not a number: CAST_INVALID_INPUT
  kTooLarge,    ///< more than 38 digits before the point: NUMERIC_OUT_OF_SUPPORTED_RANGE
  kOutOfRange,  ///< does not fit precision and scale: NUMERIC_VALUE_OUT_OF_RANGE
};
/// `text` as DECIMAL(precision, scale), rounded half up.
DecimalParse ParseDecimal(std::string_view text, int precision, int scale, int128_t* unscaled);

}  // namespace firesteel
