#pragma once
// UTF-8 text counted in code points, as Spark's UTF8String counts it: by lead bytes, so that broken text has lengths too.
#include <cstdint>
#include <string>
#include <string_view>

namespace firesteel::functions {

/// Bytes of the code point that starts with `lead`, as the lead byte says.
inline size_t CodePointBytes(unsigned char lead) {
  return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1;
}
/// The same, but never past the end of `text`.
inline size_t CodePointBytes(std::string_view text, size_t at) {
  const size_t bytes = CodePointBytes(static_cast<unsigned char>(text[at]));
  return bytes < text.size() - at ? bytes : text.size() - at;
}

inline int64_t CodePointCount(std::string_view text) {
  int64_t count = 0;
  for (size_t at = 0; at < text.size(); at += CodePointBytes(text, at)) ++count;
  return count;
}

/// The byte at which code point `index` starts; the size if there are no more than `index`.
inline size_t ByteOfCodePoint(std::string_view text, int64_t index, size_t from = 0) {
  size_t at = from;
  while (index > 0 && at < text.size()) {
    at += CodePointBytes(text, at);
    --index;
  }
  return at;
}

/// The code point at byte `at`; broken text gives some number.
inline char32_t CodePointAt(std::string_view text, size_t at) {
  const size_t bytes = CodePointBytes(text, at);
  const auto lead = static_cast<unsigned char>(text[at]);
  if (bytes == 1) return lead;
  char32_t point = lead & (0xFFU >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  return point;
}

inline void AppendCodePoint(std::string& out, char32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

}  // namespace firesteel::functions
