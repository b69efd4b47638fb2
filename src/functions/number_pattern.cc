// The number formats of to_number and to_char.
#include "functions/number_pattern.h"

#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "functions/decimal_digits.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

Error Invalid(std::string_view sub, std::string_view format, std::string_view token, const Origin& origin) {
  Error::Parameters parameters{{"format", ErrorValueText(Value(std::string(format)), TypeId::kString, "UTC")}};
  if (!token.empty()) parameters.emplace("token", std::string(token));
  return Error::Condition(Cat("INVALID_FORMAT.", sub), std::move(parameters), origin);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<NumberPattern> NumberPattern::Compile(std::string_view format, const Origin& origin) {
  NumberPattern out;
  out.format_ = format;
  const std::string text = Upper(format);
  bool closing = false;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto two = std::string_view(text).substr(i, 2);
    if (c == '0' || c == '9' || c == ',' || c == 'G') {
      Token token{Kind::kDigits, "digit sequence"};
      bool after_separator = true;
      for (; i < text.size(); ++i) {
        const char d = text[i];
        if (d == ',' || d == 'G') {
          token.separator_at_edge = token.separator_at_edge || after_separator;
          after_separator = true;
        } else if (d == '0' || d == '9') {
          if (after_separator) token.runs.push_back({d == '0', 0});
          after_separator = false;
          ++token.runs.back().count;
        } else {
          break;
        }
      }
      token.separator_at_edge = token.separator_at_edge || after_separator;
      out.tokens_.push_back(std::move(token));
      continue;
    }
    if (two == "MI") {
      out.tokens_.push_back({Kind::kMinus, "MI"});
      i += 2;
    } else if (two == "PR") {
      if (!closing) out.tokens_.insert(out.tokens_.begin(), {Kind::kOpening, "PR"});
      out.tokens_.push_back({Kind::kClosing, "PR"});
      closing = true;
      i += 2;
    } else {
      const Kind kind = c == '.' || c == 'D' ? Kind::kPoint
                        : c == '$'           ? Kind::kDollar
                        : c == 'S'           ? Kind::kPlusOrMinus
                                             : Kind::kOther;
      out.tokens_.push_back({kind, kind == Kind::kPoint   ? ". or D"
                                   : kind == Kind::kOther ? Cat("character '", std::string(1, c), "'")
                                                          : std::string(1, c)});
      ++i;
    }
  }
  bool point = false;
  for (const Token& token : out.tokens_) {
    point = point || token.kind == Kind::kPoint;
    for (const Run& run : token.runs) (point ? out.after_ : out.before_) += run.count;
  }
  FS_CHECK(out.Check(origin));
  return out;
}

Status NumberPattern::Check(const Origin& origin) const {
  const std::string format = Upper(format_);
  if (format.empty()) return Invalid("EMPTY", format, "", origin);
  if (before_ + after_ == 0) return Invalid("WRONG_NUM_DIGIT", format, "", origin);
  for (Kind kind : {Kind::kPoint, Kind::kDollar, Kind::kMinus, Kind::kPlusOrMinus, Kind::kClosing}) {
    const auto is = [&](const Token& token) { return token.kind == kind; };
    if (std::count_if(tokens_.begin(), tokens_.end(), is) < 2) continue;
    return Invalid("WRONG_NUM_TOKEN", format, std::find_if(tokens_.begin(), tokens_.end(), is)->text, origin);
  }
  bool digits = false, point = false;
  for (const Token& token : tokens_) {
    if (token.kind == Kind::kDollar && digits) return Invalid("CUR_MUST_BEFORE_DIGIT", format, "", origin);
    if (token.kind == Kind::kDollar && point) return Invalid("CUR_MUST_BEFORE_DEC", format, "", origin);
    digits = digits || token.kind == Kind::kDigits;
    point = point || token.kind == Kind::kPoint;
  }
  for (const Token& token : tokens_) {
    if (token.separator_at_edge) return Invalid("CONT_THOUSANDS_SEPS", format, "", origin);
  }
  point = false;
  for (const Token& token : tokens_) {
    point = point || token.kind == Kind::kPoint;
    if (point && token.runs.size() > 1) return Invalid("THOUSANDS_SEPS_MUST_BEFORE_DEC", format, "", origin);
  }
  if (before_ + after_ > kDecimalPrecisionMax)
    return Error::Unsupported(Cat("a number format of more than ", kDecimalPrecisionMax, " digits"), origin);
  size_t next = 0;
  const auto take = [&](std::initializer_list<Kind> kinds) {
    if (next < tokens_.size() && std::find(kinds.begin(), kinds.end(), tokens_[next].kind) != kinds.end()) ++next;
  };
  take({Kind::kOpening});
  take({Kind::kMinus, Kind::kPlusOrMinus});
  take({Kind::kDollar});
  take({Kind::kDigits});
  take({Kind::kPoint});
  take({Kind::kDigits});
  take({Kind::kDollar});
  take({Kind::kMinus, Kind::kPlusOrMinus});
  take({Kind::kClosing});
  if (next < tokens_.size()) return Invalid("UNEXPECTED_TOKEN", format, tokens_[next].text, origin);
  return {};
}

// Digits, separators and blanks; the groups are compared from the right.
bool NumberPattern::ParseDigits(const Token& token, std::string_view text, size_t& at, std::string& digits) {
  std::vector<int> groups(1, 0);
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (IsDigit(c)) {
      digits += c;
      ++groups.back();
    } else if (c == ',') {
      groups.push_back(0);
    } else if (c != ' ' && (c < '\t' || c > '\r')) {
      break;
    }
  }
  if (groups.size() > token.runs.size()) return false;
  for (size_t i = 0; i < token.runs.size(); ++i) {
    const Run& run = token.runs[token.runs.size() - 1 - i];
    const int count = i < groups.size() ? groups[groups.size() - 1 - i] : 0;
    if (run.exact ? count != run.count : count > run.count) return false;
  }
  return true;
}

std::optional<int128_t> NumberPattern::Parse(std::string_view text) const {
  std::string before, after;
  bool point = false, negative = false;
  size_t at = 0;
  const auto skip = [&](char c) {
    const bool there = at < text.size() && text[at] == c;
    if (there) ++at;
    return there;
  };
  for (const Token& token : tokens_) {
    switch (token.kind) {
      case Kind::kDigits:
        if (!ParseDigits(token, text, at, point ? after : before)) return std::nullopt;
        break;
      case Kind::kPoint:
        if (skip('.')) point = true;
        break;
      case Kind::kDollar:
        if (!skip('$')) return std::nullopt;
        break;
      case Kind::kPlusOrMinus:
        if (!skip('+') && skip('-')) negative = !negative;
        break;
      case Kind::kMinus:
        if (skip('-')) negative = !negative;
        break;
      case Kind::kOpening:
        skip('<');
        break;
      case Kind::kClosing:
        if (skip('>')) negative = !negative;
        break;
      case Kind::kOther:
        return std::nullopt;
    }
  }
  if (at < text.size() || (before.empty() && after.empty())) return std::nullopt;
  if (static_cast<int>(after.size()) > after_ || static_cast<int>(before.size()) > before_) return std::nullopt;
  after.resize(static_cast<size_t>(after_), '0');
  int128_t value = 0;
  for (char c : before + after) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

std::string NumberPattern::Format(int128_t unscaled, int scale) const {
  const DecimalDigits number = DecimalDigits::Of(DecimalPlainText(unscaled < 0 ? -unscaled : unscaled, scale));
  const bool negative = unscaled < 0;
  const std::string whole = number.exponent > 0 ? number.Whole() : "";
  const std::string fraction = number.Fraction(std::max<int64_t>(number.Places(), after_));
  const bool fits = static_cast<int>(whole.size()) <= before_ && static_cast<int>(fraction.size()) <= after_;
  std::string out;
  // A sign that stands before blanks goes behind them.
  const auto blank = [&] {
    const bool sign = !out.empty() && (out.back() == '-' || out.back() == '+' || out.back() == '<');
    out.insert(out.size() - (sign ? 1 : 0), 1, ' ');
  };
  const auto close = [&](char c) {
    if (!out.empty() && out.back() == '.') out.back() = ' ';
    const size_t end = out.find_last_not_of(' ');
    out.insert(end == std::string::npos ? out.size() : end + 1, 1, c);
  };
  size_t slot = 0;
  bool point = false;
  for (size_t t = 0; t < tokens_.size(); ++t) {
    const Token& token = tokens_[t];
    switch (token.kind) {
      case Kind::kDigits:
        for (size_t r = 0; r < token.runs.size(); ++r) {
          if (r > 0) {
            if (fits && !out.empty() && IsDigit(out.back()))
              out += ',';
            else
              blank();
          }
          for (int i = 0; i < token.runs[r].count; ++i, ++slot) {
            if (!fits) {
              out += '#';
            } else if (point) {
              out += fraction[slot];
            } else if (slot + whole.size() >= static_cast<size_t>(before_)) {
              out += whole[slot + whole.size() - static_cast<size_t>(before_)];
            } else if (token.runs[r].exact) {
              out += '0';
            } else {
              blank();
            }
          }
        }
        break;
      case Kind::kPoint:
        if (!out.empty() && out.back() == ' ') out.back() = '0';
        out += '.';
        point = true;
        slot = 0;
        break;
      case Kind::kDollar:
        out += '$';
        break;
      case Kind::kPlusOrMinus:
        close(negative ? '-' : '+');
        break;
      case Kind::kMinus:
        if (negative)
          close('-');
        else
          out += ' ';
        break;
      case Kind::kOpening:
        if (negative) out += '<';
        break;
      case Kind::kClosing:
        if (negative)
          close('>');
        else
          out += "  ";
        break;
      case Kind::kOther:
        break;
    }
  }
  if (!out.empty() && out.back() == '.') out.back() = ' ';
  return out;
}

}  // namespace firesteel::functions
