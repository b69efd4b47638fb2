// Java's texts of floating-point numbers from the shortest digits; integers and decimals digit by digit.
#include "types/number_text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "base/text.h"
#include "types/decimal.h"

namespace firesteel {
namespace {

/// Digits of a number, as d.ddd times ten to the power `exponent`.
struct Digits {
  char bytes[24];
  int count = 0;
  int exponent = 0;

  void TrimZeros() {
    while (count > 1 && bytes[count - 1] == '0') --count;
  }
};

/// `precision` < 0: the shortest digits that read back as `value`; else that many after the point.
template <typename Float>
Digits ScientificDigits(Float value, int precision) {
  Digits digits;
  char text[40];
  auto [end, code] = precision < 0
                         ? std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific)
                         : std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific, precision);
  const char* mark = static_cast<const char*>(std::memchr(text, 'e', end - text));
  for (const char* c = text; c < mark; ++c) {
    if (*c != '.') digits.bytes[digits.count++] = *c;
  }
  const char* exponent = mark + 1;
  if (*exponent == '+') ++exponent;
  std::from_chars(exponent, end, digits.exponent);
  return digits;
}

__extension__ typedef unsigned __int128 uint128_t;

/// Whether the digits are exactly half way between the number mantissa * 2^x and one of its neighbours. Then they read
/// back as the number (the even one of the two), but Java before 19 does not take them.
bool IsHalfway(const Digits& digits, uint64_t mantissa) {
  constexpr int kExponentMax = 24;  // 5^24 has more bits than two mantissas
  uint64_t odd = 0;
  for (int i = 0; i < digits.count; ++i) odd = odd * 10 + static_cast<uint64_t>(digits.bytes[i] - '0');
  if (odd == 0) return false;
  odd >>= __builtin_ctzll(odd);
  const int power = digits.exponent - (digits.count - 1);  // the digits as a whole number, times ten to this power
  if (power > kExponentMax || power < -kExponentMax) return false;
  uint128_t fives = 1;
  for (int i = power < 0 ? -power : power; i > 0; --i) fives *= 5;
  for (uint64_t halfway : {2 * mantissa - 1, 2 * mantissa + 1}) {
    if (power >= 0 ? odd * fives == halfway : odd == halfway * fives) return true;
  }
  return false;
}

/// The digits that Java up to version 18 prints, which are not always the shortest (Spark's answers are recorded on 17).
template <typename Float>
Digits JavaDigits(Float value) {
  constexpr int kMantissaBits = std::numeric_limits<Float>::digits;
  // value = mantissa * 2^(binary_exponent - bits); numbers below the normal range have fewer bits.
  using Bits = std::conditional_t<sizeof(Float) == 8, uint64_t, uint32_t>;
  constexpr int kExponentBias = std::numeric_limits<Float>::max_exponent - 2;
  const Bits raw = std::bit_cast<Bits>(value);
  uint64_t mantissa = raw & ((Bits{1} << (kMantissaBits - 1)) - 1);
  const int raw_exponent = static_cast<int>(raw >> (kMantissaBits - 1));
  int bits = kMantissaBits;
  if (raw_exponent != 0) {
    mantissa |= uint64_t{1} << (kMantissaBits - 1);
  } else {
    bits = 64 - __builtin_clzll(mantissa);
  }
  const int binary_exponent = std::max(raw_exponent, 1) - kExponentBias - (kMantissaBits - bits);
  const bool power_of_two = (mantissa & (mantissa - 1)) == 0;
  constexpr int kWholeBitsMax = 63;
  if (binary_exponent <= kWholeBitsMax && value >= 1 && value == std::trunc(value)) {
    // Whole numbers: all digits but those that the mantissa's width makes meaningless, rounded half up.
    uint64_t whole = static_cast<uint64_t>(value);
    const int insignificant_bits = binary_exponent - 1 - kMantissaBits - 1;
    Digits digits;
    int dropped = insignificant_bits > 1 ? insignificant_bits * 30103 / 100000 : 0;
    if (dropped > 0) {
      uint64_t power = 1;
      for (int i = 0; i < dropped; ++i) power *= 10;
      const uint64_t residue = whole % power;
      whole = whole / power + (residue >= power / 2 ? 1 : 0);
    }
    digits.count =
        static_cast<int>(std::to_chars(digits.bytes, digits.bytes + sizeof(digits.bytes), whole).ptr - digits.bytes);
    digits.exponent = digits.count - 1 + dropped;
    digits.TrimZeros();
    return digits;
  }
  Digits digits = ScientificDigits(value, -1);
  if (digits.count == 1 && (digits.exponent < -3 || digits.exponent >= 7)) {
    digits = ScientificDigits(value, 1);  // two digits at least, and the second is not made up: 4.9E-324
  }
  auto taken = [&](const Digits& candidate) {
    if (power_of_two) {
      // The neighbours are not equally far; the nearer one's distance counts on both sides.
      char text[40];
      char* out = std::copy(candidate.bytes, candidate.bytes + candidate.count, text);
      *out++ = 'e';
      out = std::to_chars(out, text + sizeof(text), candidate.exponent - (candidate.count - 1)).ptr;
      long double number = 0;
      std::from_chars(text, out, number);
      const long double distance = std::fabs(number - static_cast<long double>(value));
      return distance < std::ldexp(static_cast<long double>(value), -bits - 1);
    }
    return mantissa % 2 != 0 || !IsHalfway(candidate, mantissa);
  };
  while (!taken(digits) && digits.count < std::numeric_limits<Float>::max_digits10) {
    digits = ScientificDigits(value, digits.count);  // one digit more
  }
  digits.TrimZeros();
  return digits;
}

template <typename Float>
std::string_view FloatingText(Float value, NumberBuffer& buffer) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char* out = buffer.bytes;
  if (std::signbit(value)) *out++ = '-';
  Float magnitude = std::fabs(value);
  if (magnitude == 0) {
    std::memcpy(out, "0.0", 3);
    return {buffer.bytes, static_cast<size_t>(out + 3 - buffer.bytes)};
  }
  Digits digits = JavaDigits(magnitude);
  const int count = digits.count;
  const int exponent = digits.exponent;
  if (exponent >= -3 && exponent < 7) {
    if (exponent < 0) {
      *out++ = '0';
      *out++ = '.';
      for (int i = -1; i > exponent; --i) *out++ = '0';
      std::memcpy(out, digits.bytes, count);
      out += count;
    } else {
      for (int i = 0; i <= exponent; ++i) *out++ = i < count ? digits.bytes[i] : '0';
      *out++ = '.';
      if (count <= exponent + 1) *out++ = '0';
      for (int i = exponent + 1; i < count; ++i) *out++ = digits.bytes[i];
    }
  } else {
    *out++ = digits.bytes[0];
    *out++ = '.';
    if (count == 1) *out++ = '0';
    std::memcpy(out, digits.bytes + 1, count - 1);
    out += count - 1;
    *out++ = 'E';
    out = std::to_chars(out, buffer.bytes + sizeof(buffer.bytes), exponent).ptr;
  }
  return {buffer.bytes, static_cast<size_t>(out - buffer.bytes)};
}

/// The decimal digits of `magnitude`, at the end of `buffer`.
std::string_view MagnitudeText(unsigned __int128 magnitude, char (&buffer)[48]) {
  char* at = buffer + sizeof(buffer);
  while (magnitude > std::numeric_limits<uint64_t>::max()) {
    constexpr uint64_t kChunk = 10'000'000'000'000'000'000u;
    uint64_t low = static_cast<uint64_t>(magnitude % kChunk);
    magnitude /= kChunk;
    for (int i = 0; i < 19; ++i, low /= 10) *--at = static_cast<char>('0' + low % 10);
  }
  uint64_t rest = static_cast<uint64_t>(magnitude);
  do {
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  return {at, static_cast<size_t>(buffer + sizeof(buffer) - at)};
}

unsigned __int128 Magnitude(int128_t value) {
  return value < 0 ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
}

}  // namespace

std::string_view DoubleText(double value, NumberBuffer& buffer) { return FloatingText(value, buffer); }
std::string_view FloatText(float value, NumberBuffer& buffer) { return FloatingText(value, buffer); }

std::string_view IntegerText(int64_t value, NumberBuffer& buffer) {
  char* end = std::to_chars(buffer.bytes, buffer.bytes + sizeof(buffer.bytes), value).ptr;
  return {buffer.bytes, static_cast<size_t>(end - buffer.bytes)};
}

std::string_view DecimalPlainText(int128_t unscaled, int scale, NumberBuffer& buffer) {
  char scratch[48];
  std::string_view digits = MagnitudeText(Magnitude(unscaled), scratch);
  char* out = buffer.bytes;
  if (unscaled < 0) *out++ = '-';
  int integral = static_cast<int>(digits.size()) - scale;
  if (integral <= 0) {
    *out++ = '0';
    if (scale > 0) *out++ = '.';
    for (int i = integral; i < 0; ++i) *out++ = '0';
    integral = 0;
  } else {
    std::memcpy(out, digits.data(), integral);
    out += integral;
    if (scale > 0) *out++ = '.';
  }
  std::memcpy(out, digits.data() + integral, digits.size() - integral);
  out += digits.size() - integral;
  return {buffer.bytes, static_cast<size_t>(out - buffer.bytes)};
}

std::string_view DecimalText(int128_t unscaled, int scale, NumberBuffer& buffer) {
  char scratch[48];
  std::string_view digits = MagnitudeText(Magnitude(unscaled), scratch);
  const int exponent = static_cast<int>(digits.size()) - 1 - scale;
  if (scale >= 0 && exponent >= -6) return DecimalPlainText(unscaled, scale, buffer);
  char* out = buffer.bytes;
  if (unscaled < 0) *out++ = '-';
  *out++ = digits[0];
  if (digits.size() > 1) *out++ = '.';
  std::memcpy(out, digits.data() + 1, digits.size() - 1);
  out += digits.size() - 1;
  *out++ = 'E';
  if (exponent > 0) *out++ = '+';
  out = std::to_chars(out, buffer.bytes + sizeof(buffer.bytes), exponent).ptr;
  return {buffer.bytes, static_cast<size_t>(out - buffer.bytes)};
}

// ---------------------------------------------------------------- reading
namespace {

bool IsBlankOrControl(char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// One Unicode decimal digit (as Java's Character.digit knows them) at the front of `text`: its value, and its length
/// in bytes.
int UnicodeDigit(std::string_view text, size_t* length) {
  UChar32 c;
  int32_t i = 0;
  U8_NEXT(text.data(), i, static_cast<int32_t>(text.size()), c);
  if (c < 0) return -1;
  *length = static_cast<size_t>(i);
  return u_charDigitValue(c);
}

/// The shape of Java's floating point literals: sign, then decimal or hexadecimal digits, exponent and suffix.
/// `number` gets what std::from_chars reads; `hex` says in which base.
bool IsJavaFloat(std::string_view text, std::string_view* number, bool* negative, bool* hex) {
  *negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    *negative = text[0] == '-';
    text.remove_prefix(1);
  }
  *hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (*hex) text.remove_prefix(2);
  auto is_digit = [&](char c) { return IsDigit(c) || (*hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))); };
  size_t i = 0;
  size_t digits = 0;
  while (i < text.size() && is_digit(text[i])) ++i, ++digits;
  if (i < text.size() && text[i] == '.') {
    ++i;
    while (i < text.size() && is_digit(text[i])) ++i, ++digits;
  }
  if (digits == 0) return false;
  const char lower_mark = *hex ? 'p' : 'e';
  bool has_exponent = false;
  if (i < text.size() && (text[i] | 0x20) == lower_mark) {
    size_t at = i + 1;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    size_t first = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    if (at == first) return false;
    has_exponent = true;
    i = at;
  }
  if (*hex && !has_exponent) return false;
  *number = text.substr(0, i);
  if (i < text.size() && std::strchr("fFdD", text[i]) != nullptr) ++i;
  return i == text.size();
}

template <typename Float>
std::optional<Float> ParseFloating(std::string_view text) {
  text = TrimControls(text);
  if (text.empty()) return std::nullopt;
  std::string_view number;
  bool negative;
  bool hex;
  if (IsJavaFloat(text, &number, &negative, &hex)) {
    Float value = 0;
    // from_chars reads no number without a digit before the exponent's mark, but "5." and ".5" it does.
    auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), value,
                                       hex ? std::chars_format::hex : std::chars_format::general);
    if (code == std::errc::result_out_of_range) {
      // Too large or too small: the exponent of the first digit that is not zero tells which.
      int64_t exponent = 0;
      size_t mark = number.find_first_of(hex ? "pP" : "eE");
      std::string_view digits = number.substr(0, mark);
      if (mark != std::string_view::npos) {
        bool minus = number[mark + 1] == '-';
        for (char c : number.substr(mark + 1)) {
          if (IsDigit(c) && exponent < 1'000'000'000) exponent = exponent * 10 + (c - '0');
        }
        if (minus) exponent = -exponent;
      }
      size_t point = digits.find('.');
      if (point == std::string_view::npos) point = digits.size();
      size_t first = digits.find_first_not_of("0.");
      int64_t shift = static_cast<int64_t>(point) - static_cast<int64_t>(first == std::string_view::npos ? 0 : first);
      value = exponent + shift * (hex ? 4 : 1) > 0 ? std::numeric_limits<Float>::infinity() : 0;
    } else if (code != std::errc()) {
      return std::nullopt;
    }
    return negative ? -value : value;
  }
  std::string_view name = text;
  negative = name[0] == '-';
  const bool has_sign = negative || name[0] == '+';
  if (has_sign) name.remove_prefix(1);
  if (EqualsIgnoreCase(name, "inf") || EqualsIgnoreCase(name, "infinity")) {
    Float infinity = std::numeric_limits<Float>::infinity();
    return negative ? -infinity : infinity;
  }
  // A sign goes with Java's own spelling only.
  if (has_sign ? name == "NaN" : EqualsIgnoreCase(name, "nan")) return std::numeric_limits<Float>::quiet_NaN();
  return std::nullopt;
}

}  // namespace

std::string_view TrimAll(std::string_view text) {
  while (!text.empty() && IsBlankOrControl(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlankOrControl(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<int64_t> ParseInteger(std::string_view text, int64_t min, int64_t max, Fraction fraction) {
  text = TrimAll(text);
  if (text.empty()) return std::nullopt;
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  // Counted downwards, since the least number has no positive counterpart.
  int64_t value = 0;
  size_t i = 0;
  for (; i < text.size() && text[i] != '.'; ++i) {
    if (!IsDigit(text[i])) return std::nullopt;
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, text[i] - '0', &value)) {
      return std::nullopt;
    }
  }
  if (i < text.size()) {
    if (fraction == Fraction::kRefused) return std::nullopt;
    for (++i; i < text.size(); ++i) {
      if (!IsDigit(text[i])) return std::nullopt;
    }
  }
  if (!negative && __builtin_sub_overflow(int64_t{0}, value, &value)) return std::nullopt;
  if (value < min || value > max) return std::nullopt;
  return value;
}

std::optional<double> ParseDouble(std::string_view text) { return ParseFloating<double>(text); }
std::optional<float> ParseFloat(std::string_view text) { return ParseFloating<float>(text); }

std::optional<bool> ParseBoolean(std::string_view text) {
  text = TrimAll(text);
  for (std::string_view name : {"t", "true", "y", "yes", "1"}) {
    if (EqualsIgnoreCase(text, name)) return true;
  }
  for (std::string_view name : {"f", "false", "n", "no", "0"}) {
    if (EqualsIgnoreCase(text, name)) return false;
  }
  return std::nullopt;
}

DecimalParse ParseDecimal(std::string_view text, int precision, int scale, int128_t* unscaled) {
  text = TrimControls(text);
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  // First pass: the digits' places. `significant` counts from the first digit that is not zero.
  constexpr int kDigitsKept = 80;  // 38 before and 38 after the point, and some to round by
  char kept[kDigitsKept];
  int64_t significant = 0;
  int64_t digits = 0;
  int64_t after_point = 0;
  bool point = false;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    char c = text[i];
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    int digit = c - '0';
    if (!IsDigit(c)) {
      size_t length = 0;
      if (static_cast<unsigned char>(c) < 0x80 || (digit = UnicodeDigit(text.substr(i), &length)) < 0) break;
      i += length - 1;
    }
    ++digits;
    if (point) ++after_point;
    if (significant == 0 && digit == 0) continue;
    if (significant < kDigitsKept) kept[significant] = static_cast<char>(digit);
    ++significant;
  }
  if (digits == 0) return DecimalParse::kMalformed;
  int64_t exponent = 0;
  if (i < text.size()) {
    if ((text[i] | 0x20) != 'e') return DecimalParse::kMalformed;
    ++i;
    bool minus = false;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) minus = text[i++] == '-';
    if (i >= text.size()) return DecimalParse::kMalformed;
    for (; i < text.size(); ++i) {
      if (!IsDigit(text[i])) return DecimalParse::kMalformed;
      exponent = exponent * 10 + (text[i] - '0');
      if (exponent > std::numeric_limits<int32_t>::max()) return DecimalParse::kMalformed;
    }
    if (minus) exponent = -exponent;
  }
  const int64_t source_scale = after_point - exponent;
  if (source_scale > std::numeric_limits<int32_t>::max() || source_scale < std::numeric_limits<int32_t>::min()) {
    return DecimalParse::kMalformed;
  }
  const int64_t source_precision = significant == 0 ? 1 : significant;
  if (source_precision - source_scale > kDecimalPrecisionMax) return DecimalParse::kTooLarge;

  // How many of the significant digits stand in the result; the next one rounds.
  const int64_t wanted = significant - source_scale + scale;
  if (significant == 0 || wanted < 0) {
    *unscaled = 0;
    return DecimalParse::kOk;
  }
  if (wanted > kDecimalPrecisionMax) return DecimalParse::kOutOfRange;
  int128_t value = 0;
  for (int64_t d = 0; d < wanted; ++d) value = value * 10 + (d < significant ? kept[d] : 0);
  if (wanted < significant && kept[wanted] >= 5) ++value;
  if (!DecimalFits(value, precision)) return DecimalParse::kOutOfRange;
  *unscaled = negative ? -value : value;
  return DecimalParse::kOk;
}

}  // namespace firesteel
