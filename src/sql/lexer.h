// SQL text to tokens, as Spark's SqlBaseLexer cuts it: the longest match, keywords without case, comments dropped.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sql/keywords.h"

namespace firesteel::sql {

/// A stretch of the text; nothing is copied or unescaped here.
struct Token {
  uint32_t start = 0;       ///< first byte
  uint32_t end = 0;         ///< one past the last byte
  uint32_t line = 1;        ///< 1-based
  uint32_t line_start = 0;  ///< first byte of that line
  uint32_t match = 0;       ///< parentheses: index of the partner, or kNoMatch
  Tok kind = Tok::kEndOfInput;
};
constexpr uint32_t kNoMatch = 0xFFFFFFFF;
/// Longer texts are refused by the parser: positions are 32 bits.
constexpr size_t kTextBytesMax = size_t{1} << 30;

struct Tokens {
  std::vector<Token> list;        ///< ends with kEndOfInput
  bool unclosed_comment = false;  ///< a bracketed comment has no end
};

Tokens Tokenize(std::string_view text);

/// Length of the UTF-8 sequence that `text` starts with, 1 for a stray byte.
size_t CodePointBytes(std::string_view text);

}  // namespace firesteel::sql
