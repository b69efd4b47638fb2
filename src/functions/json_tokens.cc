// JSON tokens as Jackson reads them.
#include "functions/json_tokens.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

#include "base/cat.h"
#include "functions/code_points.h"

namespace firesteel::functions {
namespace {

constexpr size_t kDepthMax = 1000;  // Jackson's StreamReadConstraints

bool IsIdentifierPart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsBareNamePart(char c) { return IsIdentifierPart(c) || c == '@' || c == '#' || c == '*' || c == '-' || c == '+'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

template <typename T>
T ParseNumber(std::string_view number) {
  T value = 0;
  const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (failed == std::errc::result_out_of_range) {  // zero or infinity
    const double wide = std::strtod(std::string(number).c_str(), nullptr);
    return static_cast<T>(wide);
  }
  if (failed == std::errc() && end == number.data() + number.size()) return value;
  if (number == "NaN") return std::numeric_limits<T>::quiet_NaN();
  return !number.empty() && number[0] == '-' ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
}

}  // namespace

double JsonDouble(std::string_view number) { return ParseNumber<double>(number); }
float JsonFloat(std::string_view number) { return ParseNumber<float>(number); }

JsonToken JsonTokens::Fail(std::string message) {
  error_ = std::move(message);
  return current_ = JsonToken::kError;
}

JsonToken JsonTokens::Unexpected(std::string_view wanted) {
  if (at_ >= text_.size()) return Fail(Cat("Unexpected end-of-input: ", wanted));
  const auto c = static_cast<int>(CodePointAt(text_, at_));
  std::string shown = c < 0x20 ? Cat("(CTRL-CHAR, code ", c, ")")
                               : Cat("'", text_.substr(at_, CodePointBytes(text_, at_)), "' (code ", c, ")");
  return Fail(Cat("Unexpected character (", shown, "): ", wanted));
}

JsonToken JsonTokens::UnknownWord() {
  size_t end = at_;
  while (end < text_.size() && IsIdentifierPart(text_[end])) ++end;
  if (end == at_) {
    return Unexpected(Cat("expected a valid value (JSON String, Number",
                          syntax_.non_numbers ? " (or 'NaN'/'+INF'/'-INF')" : "",
                          ", Array, Object or token 'null', 'true' or 'false')"));
  }
  return Fail(Cat("Unrecognized token '", text_.substr(at_, end - at_), "': was expecting (JSON String, Number",
                  syntax_.non_numbers ? " (or 'NaN'/'+INF'/'-INF')" : "",
                  ", Array, Object or token 'null', 'true' or 'false')"));
}

bool JsonTokens::SkipBlanks() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      ++at_;
    } else if (c == '/' && syntax_.comments && at_ + 1 < text_.size() && text_[at_ + 1] == '*') {
      const size_t end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) {
        Fail("Unexpected end-of-input in a comment");
        return false;
      }
      at_ = end + 2;
    } else if (c == '/' && syntax_.comments && at_ + 1 < text_.size() && text_[at_ + 1] == '/') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      break;
    }
  }
  return true;
}

JsonToken JsonTokens::Close(bool object) {
  ++at_;
  stack_.pop_back();
  return current_ = object ? JsonToken::kObjectEnd : JsonToken::kArrayEnd;
}

JsonToken JsonTokens::Next() {
  if (current_ == JsonToken::kError) return current_;
  if (!SkipBlanks()) return current_;
  if (at_ >= text_.size()) {
    if (stack_.empty()) return current_ = JsonToken::kNone;
    return Fail(Cat("Unexpected end-of-input: expected close marker for ", stack_.back().object ? "Object" : "Array"));
  }
  if (expects_value_) {
    expects_value_ = false;
    if (text_[at_] != ':') return Unexpected("was expecting a colon to separate field name and value");
    ++at_;
    if (!SkipBlanks()) return current_;
    return ReadValue();
  }
  if (stack_.empty()) return ReadValue();
  const bool object = stack_.back().object;
  const char closing = object ? '}' : ']';
  if (text_[at_] == closing) return Close(object);
  if (stack_.back().any) {
    if (text_[at_] != ',')
      return Unexpected(Cat("was expecting comma to separate ", object ? "Object" : "Array", " entries"));
    ++at_;
    if (!SkipBlanks()) return current_;
  }
  stack_.back().any = true;
  return object ? ReadName() : ReadValue();
}

JsonToken JsonTokens::ReadName() {
  token_start_ = at_;
  if (at_ >= text_.size()) return Unexpected("was expecting a field name");
  const char c = text_[at_];
  if (c == '"' || (c == '\'' && syntax_.single_quotes)) {
    if (ReadString(c) == JsonToken::kError) return current_;
  } else if (syntax_.bare_names && IsBareNamePart(c)) {
    size_t end = at_;
    while (end < text_.size() && IsBareNamePart(text_[end])) ++end;
    value_ = text_.substr(at_, end - at_);
    at_ = end;
  } else {
    return Unexpected("was expecting double-quote to start field name");
  }
  expects_value_ = true;
  return current_ = JsonToken::kFieldName;
}

JsonToken JsonTokens::ReadWord(std::string_view word, JsonToken token) {
  const size_t end = at_ + word.size();
  if (text_.substr(at_, word.size()) != word || (end < text_.size() && IsIdentifierPart(text_[end])))
    return UnknownWord();
  value_ = text_.substr(at_, word.size());
  at_ = end;
  return current_ = token;
}

JsonToken JsonTokens::ReadValue() {
  token_start_ = at_;
  if (at_ >= text_.size()) return Unexpected("expected a value");
  const char c = text_[at_];
  switch (c) {
    case '{':
    case '[':
      if (stack_.size() >= kDepthMax)
        return Fail(Cat("Document nesting depth (", kDepthMax + 1, ") exceeds the maximum allowed (", kDepthMax, ")"));
      stack_.push_back({c == '{', false});
      ++at_;
      return current_ = c == '{' ? JsonToken::kObjectStart : JsonToken::kArrayStart;
    case '"':
      return ReadString('"');
    case '\'':
      if (syntax_.single_quotes) return ReadString('\'');
      return UnknownWord();
    case 't':
      return ReadWord("true", JsonToken::kTrue);
    case 'f':
      return ReadWord("false", JsonToken::kFalse);
    case 'n':
      return ReadWord("null", JsonToken::kNull);
    case 'N':
      return syntax_.non_numbers ? ReadWord("NaN", JsonToken::kFloat) : UnknownWord();
    case 'I':
      return syntax_.non_numbers ? ReadWord("Infinity", JsonToken::kFloat) : UnknownWord();
    case '+':
    case '-':
      if (syntax_.non_numbers) {
        for (std::string_view word : {"+INF", "-INF", "+Infinity", "-Infinity"}) {
          if (text_.substr(at_, word.size()) == word) return ReadWord(word, JsonToken::kFloat);
        }
      }
      return c == '-' ? ReadNumber() : UnknownWord();
    default:
      return IsDigit(c) ? ReadNumber() : UnknownWord();
  }
}

JsonToken JsonTokens::ReadNumber() {
  size_t end = at_;
  if (text_[end] == '-') ++end;
  const size_t first = end;
  while (end < text_.size() && IsDigit(text_[end])) ++end;
  if (end == first) {
    at_ = end;
    return Unexpected("expected digit (0-9) to follow minus sign, for valid numeric value");
  }
  if (end - first > 1 && text_[first] == '0' && !syntax_.leading_zeros)
    return Fail("Invalid numeric value: Leading zeroes not allowed");
  bool whole = true;
  if (end < text_.size() && text_[end] == '.') {
    const size_t point = end++;
    while (end < text_.size() && IsDigit(text_[end])) ++end;
    if (end == point + 1) {
      at_ = end;
      return Unexpected("Decimal point not followed by a digit");
    }
    whole = false;
  }
  if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
    ++end;
    if (end < text_.size() && (text_[end] == '+' || text_[end] == '-')) ++end;
    const size_t digits = end;
    while (end < text_.size() && IsDigit(text_[end])) ++end;
    if (end == digits) {
      at_ = end;
      return Unexpected("Exponent indicator not followed by a digit");
    }
    whole = false;
  }
  if (stack_.empty() && end < text_.size() && std::string_view(" \n\r\t").find(text_[end]) == std::string_view::npos) {
    at_ = end;
    return Unexpected("Expected space separating root-level values");
  }
  value_ = text_.substr(at_, end - at_);
  if (whole && syntax_.leading_zeros && end - first > 1 && text_[first] == '0') {
    size_t start = first;
    while (start + 1 < end && text_[start] == '0') ++start;
    decoded_ = Cat(first > at_ ? "-" : "", text_.substr(start, end - start));
    value_ = decoded_;
  }
  at_ = end;
  return current_ = whole ? JsonToken::kInteger : JsonToken::kFloat;
}

bool JsonTokens::ReadHex(char32_t& unit) {
  if (text_.size() - at_ < 4) return false;
  uint32_t number = 0;
  const auto [end, failed] = std::from_chars(text_.data() + at_, text_.data() + at_ + 4, number, 16);
  if (failed != std::errc() || end != text_.data() + at_ + 4) return false;
  at_ += 4;
  unit = number;
  return true;
}

// What follows a backslash.
bool JsonTokens::AppendEscape() {
  if (at_ >= text_.size()) return false;
  const char c = text_[at_++];
  switch (c) {
    case 'b':
      decoded_ += '\b';
      return true;
    case 't':
      decoded_ += '\t';
      return true;
    case 'n':
      decoded_ += '\n';
      return true;
    case 'f':
      decoded_ += '\f';
      return true;
    case 'r':
      decoded_ += '\r';
      return true;
    case '"':
    case '/':
    case '\\':
      decoded_ += c;
      return true;
    case 'u': {
      char32_t unit = 0;
      if (!ReadHex(unit)) return false;
      if (unit < 0xD800 || unit > 0xDFFF) {
        AppendCodePoint(decoded_, unit);
        return true;
      }
      const size_t before = at_;
      char32_t low = 0;
      if (unit < 0xDC00 && text_.substr(at_, 2) == "\\u") {
        at_ += 2;
        if (!ReadHex(low)) return false;
        if (low >= 0xDC00 && low <= 0xDFFF) {
          AppendCodePoint(decoded_, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
          return true;
        }
        at_ = before;
      }
      decoded_ += '?';  // as Java writes half a pair in UTF-8
      return true;
    }
    default:
      if (!syntax_.any_escape && !(c == '\'' && syntax_.single_quotes)) return false;
      decoded_ += c;
      return true;
  }
}

JsonToken JsonTokens::ReadString(char quote) {
  const size_t start = ++at_;
  bool plain = true;
  for (; at_ < text_.size();) {
    const char c = text_[at_];
    if (c == quote) {
      value_ = plain ? text_.substr(start, at_ - start) : std::string_view(decoded_);
      ++at_;
      return current_ = JsonToken::kString;
    }
    if (c == '\\') {
      if (plain) decoded_ = text_.substr(start, at_ - start);
      plain = false;
      ++at_;
      if (!AppendEscape()) {
        if (at_ >= text_.size()) break;
        return Fail("Unrecognized character escape");
      }
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20 && !syntax_.control_characters) {
      return Fail(Cat("Illegal unquoted character ((CTRL-CHAR, code ", static_cast<int>(c),
                      ")): has to be escaped using backslash to be included in string value"));
    }
    if (!plain) decoded_ += c;
    ++at_;
  }
  return Fail("Unexpected end-of-input: was expecting closing quote for a string value");
}

bool JsonTokens::SkipChildren() {
  if (current_ != JsonToken::kObjectStart && current_ != JsonToken::kArrayStart) return current_ != JsonToken::kError;
  return SkipToDepth(stack_.size() - 1);
}

bool JsonTokens::SkipToDepth(size_t depth) {
  while (stack_.size() > depth) {
    if (Next() == JsonToken::kError) return false;
  }
  return current_ != JsonToken::kError;
}

}  // namespace firesteel::functions
