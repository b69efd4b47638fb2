// Schoolbook arithmetic on 512-bit magnitudes: rare enough that simple beats fast; kernels try 128 bits first.
#include "functions/decimal_math.h"

#include <algorithm>

#include "types/decimal.h"

namespace firesteel::functions {

using uint128_t = unsigned __int128;

WideDecimal::WideDecimal(int128_t unscaled, int scale) : negative_(unscaled < 0), scale_(scale) {
  uint128_t rest = negative_ ? -static_cast<uint128_t>(unscaled) : static_cast<uint128_t>(unscaled);
  for (int i = 0; i < 4; ++i, rest >>= 32) magnitude_.word[i] = static_cast<uint32_t>(rest);
}

int WideDecimal::UsedWords(const Magnitude& a) {
  int n = kWords;
  while (n > 0 && a.word[n - 1] == 0) --n;
  return n;
}

int WideDecimal::Compare(const Magnitude& a, const Magnitude& b) {
  for (int i = kWords - 1; i >= 0; --i) {
    if (a.word[i] != b.word[i]) return a.word[i] < b.word[i] ? -1 : 1;
  }
  return 0;
}

WideDecimal::Magnitude WideDecimal::AddMagnitudes(const Magnitude& a, const Magnitude& b) {
  Magnitude sum;
  uint64_t carry = 0;
  for (int i = 0; i < kWords; ++i) {
    carry += static_cast<uint64_t>(a.word[i]) + b.word[i];
    sum.word[i] = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  return sum;
}

WideDecimal::Magnitude WideDecimal::SubtractMagnitudes(const Magnitude& a, const Magnitude& b) {
  Magnitude difference;
  int64_t borrow = 0;
  for (int i = 0; i < kWords; ++i) {
    int64_t d = static_cast<int64_t>(a.word[i]) - b.word[i] - borrow;
    borrow = d < 0 ? 1 : 0;
    difference.word[i] = static_cast<uint32_t>(d);
  }
  return difference;
}

WideDecimal::Magnitude WideDecimal::Multiply(const Magnitude& a, const Magnitude& b) {
  Magnitude product;
  const int na = UsedWords(a), nb = UsedWords(b);
  for (int i = 0; i < na; ++i) {
    uint64_t carry = 0;
    for (int j = 0; i + j < kWords && (j < nb || carry != 0); ++j) {
      carry += static_cast<uint64_t>(a.word[i]) * (j < nb ? b.word[j] : 0) + product.word[i + j];
      product.word[i + j] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  return product;
}

WideDecimal::Magnitude WideDecimal::TimesPowerOfTen(Magnitude a, int n) {
  for (; n > 0; n -= std::min(n, 38)) a = Multiply(a, WideDecimal(PowerOfTen(std::min(n, 38)), 0).magnitude_);
  return a;
}

uint32_t WideDecimal::DivideSmall(Magnitude& a, uint32_t divisor) {
  uint64_t rest = 0;
  for (int i = kWords - 1; i >= 0; --i) {
    rest = (rest << 32) | a.word[i];
    a.word[i] = static_cast<uint32_t>(rest / divisor);
    rest %= divisor;
  }
  return static_cast<uint32_t>(rest);
}

WideDecimal::Magnitude WideDecimal::Divide(const Magnitude& a, const Magnitude& b, Magnitude& remainder) {
  Magnitude quotient;
  const int nb = UsedWords(b);
  if (nb == 1) {
    quotient = a;
    remainder = Magnitude();
    remainder.word[0] = DivideSmall(quotient, b.word[0]);
    return quotient;
  }
  if (Compare(a, b) < 0) {
    remainder = a;
    return quotient;
  }
  // Knuth's algorithm D: normalised so that the divisor's top bit is set.
  const int shift = __builtin_clz(b.word[nb - 1]);
  uint32_t u[kWords + 1] = {};
  uint32_t v[kWords] = {};
  const int na = UsedWords(a);
  for (int i = 0; i < nb; ++i) v[i] = (b.word[i] << shift) | (shift != 0 && i > 0 ? b.word[i - 1] >> (32 - shift) : 0);
  for (int i = 0; i <= na; ++i) {
    u[i] = (i < na ? a.word[i] << shift : 0) | (shift != 0 && i > 0 ? a.word[i - 1] >> (32 - shift) : 0);
  }
  for (int j = na - nb; j >= 0; --j) {
    const uint64_t top = (static_cast<uint64_t>(u[j + nb]) << 32) | u[j + nb - 1];
    uint64_t q = top / v[nb - 1];
    uint64_t r = top % v[nb - 1];
    while (q >> 32 != 0 || q * v[nb - 2] > ((r << 32) | u[j + nb - 2])) {
      --q;
      r += v[nb - 1];
      if (r >> 32 != 0) break;
    }
    int64_t borrow = 0;
    uint64_t carry = 0;
    for (int i = 0; i < nb; ++i) {
      carry += q * v[i];
      const int64_t d = static_cast<int64_t>(u[i + j]) - static_cast<int64_t>(static_cast<uint32_t>(carry)) - borrow;
      u[i + j] = static_cast<uint32_t>(d);
      borrow = d < 0 ? 1 : 0;
      carry >>= 32;
    }
    const int64_t d = static_cast<int64_t>(u[j + nb]) - static_cast<int64_t>(carry) - borrow;
    u[j + nb] = static_cast<uint32_t>(d);
    if (d < 0) {
      --q;
      uint64_t back = 0;
      for (int i = 0; i < nb; ++i) {
        back += static_cast<uint64_t>(u[i + j]) + v[i];
        u[i + j] = static_cast<uint32_t>(back);
        back >>= 32;
      }
      u[j + nb] += static_cast<uint32_t>(back);
    }
    quotient.word[j] = static_cast<uint32_t>(q);
  }
  remainder = Magnitude();
  for (int i = 0; i < nb; ++i) {
    remainder.word[i] =
        (u[i] >> shift) | (shift != 0 ? static_cast<uint32_t>(static_cast<uint64_t>(u[i + 1]) << (32 - shift)) : 0);
  }
  return quotient;
}

bool WideDecimal::IsZero() const { return UsedWords(magnitude_) == 0; }

WideDecimal WideDecimal::Negated() const {
  WideDecimal result = *this;
  result.negative_ = !negative_;
  return result;
}

WideDecimal WideDecimal::Plus(const WideDecimal& other) const {
  WideDecimal result;
  result.scale_ = std::max(scale_, other.scale_);
  const Magnitude a = TimesPowerOfTen(magnitude_, result.scale_ - scale_);
  const Magnitude b = TimesPowerOfTen(other.magnitude_, result.scale_ - other.scale_);
  if (negative_ == other.negative_) {
    result.magnitude_ = AddMagnitudes(a, b);
    result.negative_ = negative_;
  } else {
    const bool a_larger = Compare(a, b) >= 0;
    result.magnitude_ = a_larger ? SubtractMagnitudes(a, b) : SubtractMagnitudes(b, a);
    result.negative_ = a_larger ? negative_ : other.negative_;
  }
  return result;
}

WideDecimal WideDecimal::Times(const WideDecimal& other) const {
  WideDecimal result;
  result.magnitude_ = Multiply(magnitude_, other.magnitude_);
  result.negative_ = negative_ != other.negative_;
  result.scale_ = scale_ + other.scale_;
  return result;
}

WideDecimal WideDecimal::DividedBy(const WideDecimal& other, int scale) const {
  WideDecimal result;
  const int shift = scale - scale_ + other.scale_;
  const Magnitude a = TimesPowerOfTen(magnitude_, std::max(shift, 0));
  const Magnitude b = TimesPowerOfTen(other.magnitude_, std::max(-shift, 0));
  Magnitude remainder;
  result.magnitude_ = Divide(a, b, remainder);
  result.negative_ = negative_ != other.negative_;
  result.scale_ = scale;
  return result;
}

WideDecimal WideDecimal::Remainder(const WideDecimal& other) const {
  WideDecimal result;
  result.scale_ = std::max(scale_, other.scale_);
  const Magnitude a = TimesPowerOfTen(magnitude_, result.scale_ - scale_);
  const Magnitude b = TimesPowerOfTen(other.magnitude_, result.scale_ - other.scale_);
  Divide(a, b, result.magnitude_);
  result.negative_ = negative_;
  return result;
}

int WideDecimal::Digits() const {
  int digits = 0;
  for (Magnitude rest = magnitude_; UsedWords(rest) > 0; ++digits) DivideSmall(rest, 10);
  return std::max(digits, 1);
}

WideDecimal WideDecimal::CutToDigits(int digits) const {
  WideDecimal result = *this;
  for (int excess = Digits() - digits; excess > 0;) {
    const int step = std::min(excess, 9);
    DivideSmall(result.magnitude_, static_cast<uint32_t>(PowerOfTen(step)));
    result.scale_ -= step;
    excess -= step;
  }
  return result;
}

std::optional<int128_t> WideDecimal::Rounded(int precision, int scale) const {
  Magnitude value = magnitude_;
  if (scale >= scale_) {
    value = TimesPowerOfTen(value, scale - scale_);
  } else {
    uint32_t last = 0;  // the first digit cut off decides
    for (int cut = scale_ - scale; cut > 0; --cut) last = DivideSmall(value, 10);
    if (last >= 5) {
      Magnitude one;
      one.word[0] = 1;
      value = AddMagnitudes(value, one);
    }
  }
  if (UsedWords(value) > 4) return std::nullopt;
  uint128_t unsigned_value = 0;
  for (int i = 3; i >= 0; --i) unsigned_value = (unsigned_value << 32) | value.word[i];
  if (unsigned_value >= static_cast<uint128_t>(PowerOfTen(precision))) return std::nullopt;
  const auto signed_value = static_cast<int128_t>(unsigned_value);
  return negative_ ? -signed_value : signed_value;
}

int64_t WideDecimal::ToLong() const {
  Magnitude value = magnitude_;
  for (int cut = scale_; cut > 0; --cut) DivideSmall(value, 10);
  const uint64_t low = (static_cast<uint64_t>(value.word[1]) << 32) | value.word[0];
  return static_cast<int64_t>(negative_ ? -low : low);
}

std::string WideDecimal::ToPlainString() const {
  std::string digits;
  for (Magnitude rest = magnitude_; UsedWords(rest) > 0;) digits += static_cast<char>('0' + DivideSmall(rest, 10));
  while (static_cast<int>(digits.size()) <= scale_) digits += '0';
  std::reverse(digits.begin(), digits.end());
  if (digits.empty()) digits = "0";
  if (scale_ < 0) digits.append(static_cast<size_t>(-scale_), '0');
  if (scale_ > 0) digits.insert(digits.size() - static_cast<size_t>(scale_), ".");
  return IsNegative() ? "-" + digits : digits;
}

}  // namespace firesteel::functions
