// Base 64.
#include "functions/base64.h"

#include <cstdint>

#include "base/cat.h"

namespace firesteel::functions {
namespace {

int Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

}  // namespace

void AppendBase64(std::string_view bytes, std::string& out) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i < 3 ? bytes.size() - i : 3;
    uint32_t three = 0;
    for (size_t k = 0; k < 3; ++k) three = three << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k) out += k <= left ? kLetters[three >> (18 - 6 * k) & 63] : '=';
  }
}

std::optional<std::string> DecodeMimeBase64(std::string_view text, std::string& bytes) {
  // Source: java.util.Base64.Decoder.decode0, MIME.
  uint32_t bits = 0;
  int shift = 18;
  size_t i = 0;
  while (i < text.size()) {
    const char c = text[i++];
    if (c == '=') {
      if (shift == 18 || (shift == 6 && (i == text.size() || text[i++] != '=')))
        return "Input byte array has wrong 4-byte ending unit";
      break;
    }
    const int digit = Digit(c);
    if (digit < 0) continue;
    bits |= static_cast<uint32_t>(digit) << shift;
    shift -= 6;
    if (shift < 0) {
      bytes += static_cast<char>(bits >> 16);
      bytes += static_cast<char>(bits >> 8);
      bytes += static_cast<char>(bits);
      shift = 18;
      bits = 0;
    }
  }
  if (shift == 6) {
    bytes += static_cast<char>(bits >> 16);
  } else if (shift == 0) {
    bytes += static_cast<char>(bits >> 16);
    bytes += static_cast<char>(bits >> 8);
  } else if (shift == 12) {
    return "Last unit does not have enough valid bits";
  }
  while (i < text.size()) {
    if (Digit(text[i++]) >= 0) return Cat("Input byte array has incorrect ending byte at ", i);
  }
  return std::nullopt;
}

bool IsBase64(std::string_view text) {
  // Source: Spark's UnBase64.isValidBase64.
  size_t position = 0;
  bool first_pad = false, second_pad = false;
  for (char c : text) {
    if (Digit(c) >= 0) {
      if (first_pad) return false;
      ++position;
    } else if (c == '=') {
      if (!first_pad) {
        if (position % 4 != 2 && position % 4 != 3) return false;
        first_pad = true;
        second_pad = position % 4 == 3;  // one sign is all that is missing
      } else if (!second_pad) {
        second_pad = true;
      } else {
        return false;
      }
    } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      return false;
    }
  }
  if (position % 4 == 1) return false;
  return !first_pad || second_pad;
}

}  // namespace firesteel::functions
