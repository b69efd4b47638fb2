// Character sets.
#include "functions/charset.h"

#include <simdjson.h>

#include "base/text.h"
#include "functions/code_points.h"

namespace firesteel::functions {
namespace {

void AppendUnit(std::string& out, uint32_t unit, int bytes, bool little) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(unit >> (8 * (little ? i : bytes - 1 - i)));
}

uint32_t UnitAt(std::string_view bytes, size_t at, size_t size, bool little) {
  uint32_t unit = 0;
  for (size_t i = 0; i < size; ++i)
    unit = unit << 8 | static_cast<unsigned char>(bytes[at + (little ? size - 1 - i : i)]);
  return unit;
}

std::optional<std::string> DecodeUtf16(std::string_view bytes, bool little) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += 2) {
    char32_t point = UnitAt(bytes, at, 2, little);
    if (point >= 0xD800 && point <= 0xDFFF) {
      if (point >= 0xDC00 || at + 4 > bytes.size()) return std::nullopt;
      const char32_t low = UnitAt(bytes, at + 2, 2, little);
      if (low < 0xDC00 || low > 0xDFFF) return std::nullopt;
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    AppendCodePoint(out, point);
  }
  return out;
}

std::optional<std::string> DecodeUtf32(std::string_view bytes) {
  bool little = false;
  if (bytes.starts_with(std::string_view("\xFF\xFE\0\0", 4))) {
    little = true;
    bytes.remove_prefix(4);
  } else if (bytes.starts_with(std::string_view("\0\0\xFE\xFF", 4))) {
    bytes.remove_prefix(4);
  }
  if (bytes.size() % 4 != 0) return std::nullopt;
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += 4) {
    const char32_t point = UnitAt(bytes, at, 4, little);
    if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return std::nullopt;
    AppendCodePoint(out, point);
  }
  return out;
}

}  // namespace

std::optional<Charset> FindCharset(std::string_view name) {
  static constexpr std::pair<std::string_view, Charset> kSets[] = {
      {"UTF-8", Charset::kUtf8},   {"ISO-8859-1", Charset::kLatin1}, {"US-ASCII", Charset::kAscii},
      {"UTF-16", Charset::kUtf16}, {"UTF-16BE", Charset::kUtf16Be},  {"UTF-16LE", Charset::kUtf16Le},
      {"UTF-32", Charset::kUtf32}};
  for (const auto& [known, charset] : kSets) {
    if (EqualsIgnoreCase(known, name)) return charset;
  }
  return std::nullopt;
}

bool IsUtf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

std::optional<std::string> EncodeText(std::string_view text, Charset charset) {
  if (charset == Charset::kUtf8) return std::string(text);
  std::string out;
  if (charset == Charset::kUtf16 && !text.empty()) AppendUnit(out, 0xFEFF, 2, false);
  for (size_t at = 0; at < text.size(); at += CodePointBytes(text, at)) {
    const char32_t point = CodePointAt(text, at);
    switch (charset) {
      case Charset::kUtf8:
        break;
      case Charset::kLatin1:
      case Charset::kAscii:
        if (point > (charset == Charset::kAscii ? 0x7FU : 0xFFU)) return std::nullopt;
        out += static_cast<char>(point);
        break;
      case Charset::kUtf16:
      case Charset::kUtf16Be:
      case Charset::kUtf16Le: {
        const bool little = charset == Charset::kUtf16Le;
        if (point < 0x10000) {
          AppendUnit(out, point, 2, little);
        } else {
          AppendUnit(out, 0xD800 + ((point - 0x10000) >> 10), 2, little);
          AppendUnit(out, 0xDC00 + ((point - 0x10000) & 0x3FF), 2, little);
        }
        break;
      }
      case Charset::kUtf32:
        AppendUnit(out, point, 4, false);
        break;
    }
  }
  return out;
}

std::optional<std::string> DecodeText(std::string_view bytes, Charset charset) {
  switch (charset) {
    case Charset::kUtf8:
      return IsUtf8(bytes) ? std::optional<std::string>(bytes) : std::nullopt;
    case Charset::kLatin1:
    case Charset::kAscii: {
      std::string out;
      for (char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (charset == Charset::kAscii && byte > 0x7F) return std::nullopt;
        AppendCodePoint(out, byte);
      }
      return out;
    }
    case Charset::kUtf16:
      if (bytes.starts_with("\xFF\xFE")) return DecodeUtf16(bytes.substr(2), true);
      return DecodeUtf16(bytes.starts_with("\xFE\xFF") ? bytes.substr(2) : bytes, false);
    case Charset::kUtf16Be:
      return DecodeUtf16(bytes, false);
    case Charset::kUtf16Le:
      return DecodeUtf16(bytes, true);
    case Charset::kUtf32:
      return DecodeUtf32(bytes);
  }
  return std::nullopt;
}

}  // namespace firesteel::functions
