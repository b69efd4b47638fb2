// Unescaping of quoted strings.
#include "sql/string_text.h"

#include <cstdint>

#include "base/text.h"
#include "functions/code_points.h"

namespace firesteel::sql {
namespace {

// The value of `count` hexadecimal digits at `at`, or -1.
int64_t HexValue(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return -1;
  int64_t value = 0;
  for (size_t i = 0; i < count; ++i) {
    int digit = HexDigit(text[at + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

void AppendUtf8(std::string& out, int64_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {  // half of a pair: Java encodes it so
    out += '?';
  } else {
    functions::AppendCodePoint(out, static_cast<char32_t>(c));
  }
}

bool IsOctal(char c, char high) { return c >= '0' && c <= high; }

// Reads the escape whose backslash is at `i`; returns where the text goes on.
size_t AppendEscape(std::string& out, std::string_view text, size_t i) {
  char c = text[i + 1];
  if (c == 'u') {
    int64_t unit = HexValue(text, i + 2, 4);
    if (unit >= 0xD800 && unit <= 0xDBFF && text.substr(i + 6, 2) == "\\u") {
      int64_t low = HexValue(text, i + 8, 4);
      if (low >= 0xDC00 && low <= 0xDFFF) {
        AppendUtf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
        return i + 12;
      }
    }
    if (unit >= 0) {
      AppendUtf8(out, unit);
      return i + 6;
    }
  }
  if (c == 'U') {
    int64_t value = HexValue(text, i + 2, 8);
    if (value >= 0) {
      AppendUtf8(out, value);
      return i + 10;
    }
  }
  if (i + 3 < text.size() && IsOctal(c, '1') && IsOctal(text[i + 2], '7') && IsOctal(text[i + 3], '7')) {
    AppendUtf8(out, (c - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
    return i + 4;
  }
  AppendEscaped(c, out);
  return i + 2;
}

}  // namespace

std::string UnescapeString(std::string_view token, bool escapes_stay) {
  if (token[0] == 'r' || token[0] == 'R') return std::string(token.substr(2, token.size() - 3));
  char quote = token[0];
  std::string_view text = token.substr(1, token.size() - 2);
  if (escapes_stay) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      i = AppendEscape(out, text, i);
    } else if (text[i] == quote) {
      out += quote;
      i += 2;
    } else {
      out += text[i++];
    }
  }
  return out;
}

}  // namespace firesteel::sql
