// A number as decimal digits.
#include "functions/decimal_digits.h"

#include <algorithm>
#include <charconv>

namespace firesteel::functions {

DecimalDigits DecimalDigits::Of(std::string_view text) {
  DecimalDigits out;
  if (!text.empty() && text[0] == '-') {
    out.negative = true;
    text.remove_prefix(1);
  }
  int64_t exponent = 0;
  if (const size_t e = text.find('E'); e != std::string_view::npos) {
    const char* first = text.data() + e + 1;
    if (*first == '+') ++first;
    std::from_chars(first, text.data() + text.size(), exponent);
    text = text.substr(0, e);
  }
  const size_t point = std::min(text.find('.'), text.size());
  out.digits = text.substr(0, point);
  if (point < text.size()) out.digits += text.substr(point + 1);
  out.exponent = exponent + static_cast<int64_t>(point);
  const size_t zeros = std::min(out.digits.find_first_not_of('0'), out.digits.size());
  out.digits.erase(0, zeros);
  out.exponent -= static_cast<int64_t>(zeros);
  while (!out.digits.empty() && out.digits.back() == '0') out.digits.pop_back();
  if (out.digits.empty()) out.exponent = 0;
  return out;
}

void DecimalDigits::RoundToDigits(int64_t count) {
  if (count >= static_cast<int64_t>(digits.size())) return;
  const bool up = count >= 0 && digits[static_cast<size_t>(count)] >= '5';
  digits.resize(static_cast<size_t>(std::max<int64_t>(count, 0)));
  if (up) {
    while (!digits.empty() && digits.back() == '9') digits.pop_back();
    if (digits.empty()) {
      digits = "1";
      ++exponent;
    } else {
      ++digits.back();
    }
  }
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  if (digits.empty()) exponent = 0;
}

int64_t DecimalDigits::Places() const { return std::max<int64_t>(0, static_cast<int64_t>(digits.size()) - exponent); }

std::string DecimalDigits::Whole() const {
  if (exponent <= 0) return "0";
  std::string whole = digits.substr(0, static_cast<size_t>(exponent));
  whole.resize(static_cast<size_t>(exponent), '0');
  return whole;
}

std::string DecimalDigits::Fraction(int64_t places) const {
  std::string fraction;
  if (exponent < 0) fraction.assign(static_cast<size_t>(std::min(-exponent, places)), '0');
  if (exponent < static_cast<int64_t>(digits.size()))
    fraction += digits.substr(static_cast<size_t>(std::max<int64_t>(exponent, 0)));
  fraction.resize(static_cast<size_t>(places), '0');
  return fraction;
}

std::string GroupedByThousands(std::string_view digits) {
  std::string out;
  out.reserve(digits.size() + digits.size() / 3);
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

}  // namespace firesteel::functions
