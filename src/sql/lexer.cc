// The scanner behind Tokenize: one pass, one function for each kind of token.
#include "sql/lexer.h"

#include <unicode/uchar.h>

#include <cstring>

namespace firesteel::sql {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsWordByte(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
char UpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

// One UTF-8 sequence; a stray byte reads as itself and is no letter.
int32_t DecodeCodePoint(std::string_view text, size_t* bytes) {
  *bytes = CodePointBytes(text);
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  switch (*bytes) {
    case 2:
      return ((byte(0) & 0x1F) << 6) | (byte(1) & 0x3F);
    case 3:
      return ((byte(0) & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F);
    case 4:
      return ((byte(0) & 0x07) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) | (byte(3) & 0x3F);
    default:
      return byte(0) < 0x80 ? byte(0) : -1;
  }
}

bool IsUnicodeSpace(int32_t c) {
  return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Tokens Run() {
    result_.list.reserve(text_.size() / 5 + 8);
    while (true) {
      SkipBlanksAndComments();
      if (pos_ >= text_.size()) break;
      token_start_ = pos_;
      token_line_ = line_;
      token_line_start_ = line_start_;
      Tok kind = Next();
      CountLines(token_start_, pos_);
      Emit(kind);
    }
    token_start_ = pos_;
    token_line_ = line_;
    token_line_start_ = line_start_;
    Emit(Tok::kEndOfInput);
    return std::move(result_);
  }

 private:
  char At(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  std::string_view Rest() const { return text_.substr(pos_); }

  void CountLines(size_t from, size_t to) {
    while (from < to) {
      const void* newline = std::memchr(text_.data() + from, '\n', to - from);
      if (newline == nullptr) return;
      from = static_cast<size_t>(static_cast<const char*>(newline) - text_.data()) + 1;
      ++line_;
      line_start_ = from;
    }
  }

  void Emit(Tok kind) {
    Token token;
    token.start = static_cast<uint32_t>(token_start_);
    token.end = static_cast<uint32_t>(pos_);
    token.line = static_cast<uint32_t>(token_line_);
    token.line_start = static_cast<uint32_t>(token_line_start_);
    token.match = kNoMatch;
    token.kind = kind;
    uint32_t index = static_cast<uint32_t>(result_.list.size());
    if (kind == Tok::kLeftParen) {
      open_.push_back(index);
    } else if (kind == Tok::kRightParen && !open_.empty()) {
      token.match = open_.back();
      result_.list[open_.back()].match = index;
      open_.pop_back();
    }
    result_.list.push_back(token);
  }

  void SkipBlanksAndComments() {
    while (pos_ < text_.size()) {
      char c = text_[pos_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
        ++pos_;
      } else if (c == '\n') {
        ++pos_;
        ++line_;
        line_start_ = pos_;
      } else if (c == '-' && At(pos_ + 1) == '-') {
        SkipLineComment();
      } else if (c == '/' && At(pos_ + 1) == '*' && At(pos_ + 2) != '+') {
        SkipBracketedComment();
      } else if (static_cast<unsigned char>(c) >= 0x80) {
        size_t bytes;
        if (!IsUnicodeSpace(DecodeCodePoint(Rest(), &bytes))) return;
        pos_ += bytes;
      } else {
        return;
      }
    }
  }

  // "\" before the line's end continues the comment.
  void SkipLineComment() {
    while (pos_ < text_.size()) {
      char c = text_[pos_];
      if (c == '\\' && At(pos_ + 1) == '\n') {
        pos_ += 2;
        ++line_;
        line_start_ = pos_;
        continue;
      }
      if (c == '\n' || c == '\r') return;
      ++pos_;
    }
  }

  void SkipBracketedComment() {
    size_t start = pos_;
    int depth = 0;
    while (pos_ < text_.size()) {
      if (text_[pos_] == '/' && At(pos_ + 1) == '*' && At(pos_ + 2) != '+') {
        ++depth;
        pos_ += 2;
      } else if (text_[pos_] == '*' && At(pos_ + 1) == '/') {
        pos_ += 2;
        if (--depth == 0) {
          CountLines(start, pos_);
          return;
        }
      } else {
        ++pos_;
      }
    }
    CountLines(start, pos_);
    result_.unclosed_comment = true;
  }

  Tok Next() {
    char c = text_[pos_];
    switch (c) {
      case ';':
        return Take(1, Tok::kSemicolon);
      case '(':
        return Take(1, Tok::kLeftParen);
      case ')':
        return Take(1, Tok::kRightParen);
      case ',':
        return Take(1, Tok::kComma);
      case '[':
        return Take(1, Tok::kLeftBracket);
      case ']':
        return Take(1, Tok::kRightBracket);
      case '+':
        return Take(1, Tok::kPlus);
      case '%':
        return Take(1, Tok::kPercent);
      case '~':
        return Take(1, Tok::kTilde);
      case '&':
        return Take(1, Tok::kAmpersand);
      case '^':
        return Take(1, Tok::kHat);
      case '?':
        return Take(1, Tok::kQuestion);
      case '-':
        return At(pos_ + 1) == '>' ? Take(2, Tok::kArrow) : Take(1, Tok::kMinus);
      case '*':
        return At(pos_ + 1) == '/' ? Take(2, Tok::kHintEnd) : Take(1, Tok::kAsterisk);
      case ':':
        return At(pos_ + 1) == ':' ? Take(2, Tok::kDoubleColon) : Take(1, Tok::kColon);
      case '/':
        return At(pos_ + 1) == '*' && At(pos_ + 2) == '+' ? Take(3, Tok::kHintStart) : Take(1, Tok::kSlash);
      case '|':
        if (At(pos_ + 1) == '|') return Take(2, Tok::kConcatPipe);
        return At(pos_ + 1) == '>' ? Take(2, Tok::kOperatorPipe) : Take(1, Tok::kPipe);
      case '=':
        if (At(pos_ + 1) == '=') return Take(2, Tok::kEq);
        return At(pos_ + 1) == '>' ? Take(2, Tok::kFatArrow) : Take(1, Tok::kEq);
      case '!':
        if (At(pos_ + 1) == '=') return Take(2, Tok::kNeqJ);
        if (At(pos_ + 1) == '>') return Take(2, Tok::kLte);
        return At(pos_ + 1) == '<' ? Take(2, Tok::kGte) : Take(1, Tok::kBang);
      case '<':
        if (At(pos_ + 1) == '=') return At(pos_ + 2) == '>' ? Take(3, Tok::kNullSafeEq) : Take(2, Tok::kLte);
        if (At(pos_ + 1) == '>') return Take(2, Tok::kNeq);
        return At(pos_ + 1) == '<' ? Take(2, Tok::kShiftLeft) : Take(1, Tok::kLt);
      case '>':
        return Greater();
      case '\'':
        return Quoted('\'', Tok::kStringLiteral);
      case '"':
        return Quoted('"', Tok::kDoubleQuoted);
      case '`':
        return BackQuoted();
      case '$':
        return DollarQuoted();
      case '.':
        return IsDigit(At(pos_ + 1)) ? Number() : Take(1, Tok::kDot);
      default:
        break;
    }
    if ((c == 'r' || c == 'R') && (At(pos_ + 1) == '\'' || At(pos_ + 1) == '"')) {
      size_t close = text_.find(text_[pos_ + 1], pos_ + 2);
      if (close != std::string_view::npos) return Take(close + 1 - pos_, Tok::kStringLiteral);
    }
    if (IsDigit(c)) return Number();
    return Word();
  }

  Tok Take(size_t bytes, Tok kind) {
    pos_ += bytes;
    return kind;
  }

  // Inside of a type's angle brackets ">>" closes two of them. Spark's lexer counts the keywords that can open
  // them, whether they did or not, and so does this one.
  Tok Greater() {
    if (complex_type_level_ == 0 && At(pos_ + 1) == '>') {
      return At(pos_ + 2) == '>' ? Take(3, Tok::kShiftRightUnsigned) : Take(2, Tok::kShiftRight);
    }
    if (At(pos_ + 1) == '=') return Take(2, Tok::kGte);
    if (complex_type_level_ > 0) --complex_type_level_;
    return Take(1, Tok::kGt);
  }

  // Doubled quotes stand for one; if the text ends before the closing quote, the longest match ends at the
  // last doubled one.
  Tok Quoted(char quote, Tok kind) {
    bool& unclosed = quote == '"' ? unclosed_double_quotes_ : unclosed_quotes_;
    size_t best = 0;
    for (size_t i = pos_ + 1; !unclosed && i < text_.size();) {
      if (text_[i] == '\\') {
        i += 2;
      } else if (text_[i] == quote) {
        best = i + 1;
        if (At(i + 1) != quote) break;
        i += 2;
      } else {
        ++i;
      }
    }
    if (best != 0) return Take(best - pos_, kind);
    unclosed = true;  // no second search: the text is wrong anyway, and long ones would take quadratic time
    return Take(1, Tok::kUnrecognized);
  }

  Tok BackQuoted() {
    size_t best = 0;
    for (size_t i = pos_ + 1; i < text_.size();) {
      if (text_[i] != '`') {
        ++i;
        continue;
      }
      best = i + 1;
      if (At(i + 1) != '`') break;
      i += 2;
    }
    return best != 0 ? Take(best - pos_, Tok::kBackQuoted) : Take(1, Tok::kUnrecognized);
  }

  // $tag$ … $tag$
  Tok DollarQuoted() {
    size_t i = pos_ + 1;
    while (IsWordByte(At(i))) ++i;
    if (At(i) != '$' || unclosed_dollars_) return Take(1, Tok::kUnrecognized);
    std::string_view tag = text_.substr(pos_, i + 1 - pos_);
    size_t close = text_.find(tag, i + 1);
    if (close == std::string_view::npos) {
      unclosed_dollars_ = true;
      return Take(1, Tok::kUnrecognized);
    }
    return Take(close + tag.size() - pos_, Tok::kDollarString);
  }

  // Numbers compete with identifiers for the longest match: "1a" is an identifier, "1.5a" is "1" and ".5a".
  Tok Number() {
    size_t i = pos_;
    while (IsDigit(At(i))) ++i;
    size_t digits_end = i;
    bool point = At(i) == '.';
    if (point) {
      ++i;
      while (IsDigit(At(i))) ++i;
    }
    if (!point) return WholeNumber(digits_end);
    size_t mantissa_end = i;
    size_t exponent_end = ExponentEnd(mantissa_end);
    struct Candidate {
      size_t end;
      Tok kind;
    };
    Candidate best{0, Tok::kUnrecognized};
    auto consider = [&](size_t end, Tok kind) {
      if (end > best.end && !IsWordByte(At(end))) best = {end, kind};
    };
    if (exponent_end != mantissa_end) consider(exponent_end, Tok::kExponentValue);
    consider(mantissa_end, Tok::kDecimalValue);
    for (size_t end : {mantissa_end, exponent_end}) {
      char suffix = UpperAscii(At(end));
      if (suffix == 'F') consider(end + 1, Tok::kFloatLiteral);
      if (suffix == 'D') consider(end + 1, Tok::kDoubleLiteral);
      if (suffix == 'B' && UpperAscii(At(end + 1)) == 'D') consider(end + 2, Tok::kBigDecimalLiteral);
    }
    if (best.end != 0) return Take(best.end - pos_, best.kind);
    if (digits_end == pos_) return Take(1, Tok::kDot);
    return Take(digits_end - pos_, Tok::kIntegerValue);
  }

  size_t ExponentEnd(size_t from) const {
    if (UpperAscii(At(from)) != 'E') return from;
    size_t i = from + 1;
    if (At(i) == '+' || At(i) == '-') ++i;
    if (!IsDigit(At(i))) return from;
    while (IsDigit(At(i))) ++i;
    return i;
  }

  Tok WholeNumber(size_t digits_end) {
    size_t word_end = WordEnd(pos_);
    size_t exponent_end = ExponentEnd(digits_end);
    struct Candidate {
      size_t end;
      Tok kind;
    };
    Candidate best{digits_end, Tok::kIntegerValue};
    // In the order of the grammar: of two matches of one length the earlier rule wins.
    auto consider = [&](size_t end, Tok kind) {
      if (end > best.end) best = {end, kind};
    };
    char suffix = UpperAscii(At(digits_end));
    if (suffix == 'L') consider(digits_end + 1, Tok::kBigIntLiteral);
    if (suffix == 'S') consider(digits_end + 1, Tok::kSmallIntLiteral);
    if (suffix == 'Y') consider(digits_end + 1, Tok::kTinyIntLiteral);
    if (exponent_end != digits_end) consider(exponent_end, Tok::kExponentValue);
    for (size_t end : {digits_end, exponent_end}) {
      suffix = UpperAscii(At(end));
      if (suffix == 'F') consider(end + 1, Tok::kFloatLiteral);
      if (suffix == 'D') consider(end + 1, Tok::kDoubleLiteral);
      if (suffix == 'B' && UpperAscii(At(end + 1)) == 'D') consider(end + 2, Tok::kBigDecimalLiteral);
    }
    consider(word_end, Tok::kIdentifier);
    return Take(best.end - pos_, best.kind);
  }

  size_t WordEnd(size_t i) const {
    while (i < text_.size()) {
      if (IsWordByte(text_[i])) {
        ++i;
        continue;
      }
      if (static_cast<unsigned char>(text_[i]) < 0x80) break;
      size_t bytes;
      int32_t c = DecodeCodePoint(text_.substr(i), &bytes);
      if (c < 0 || !u_isalpha(c)) break;
      i += bytes;
    }
    return i;
  }

  Tok Word() {
    size_t end = WordEnd(pos_);
    if (end == pos_) return Take(CodePointBytes(Rest()), Tok::kUnrecognized);
    if (At(end) == ':' && At(end + 1) == '/' && At(end + 2) == '/') {
      size_t path_end = UriEnd(end + 3);
      bool letters = true;
      for (size_t i = pos_; i < end; ++i) letters = letters && !IsDigit(text_[i]) && text_[i] != '_';
      if (letters && path_end > end + 3) return Take(path_end - pos_, Tok::kIdentifier);
    }
    Tok kind = FindKeyword(text_.substr(pos_, end - pos_));
    if (kind == Tok::kArray || kind == Tok::kMap || kind == Tok::kStruct) ++complex_type_level_;
    return Take(end - pos_, kind);
  }

  size_t UriEnd(size_t i) const {
    while (i < text_.size()) {
      if (std::strchr("/-.?=&#%", text_[i]) != nullptr && text_[i] != '\0') {
        ++i;
        continue;
      }
      size_t next = WordEnd(i);
      if (next == i) break;
      i = next;
    }
    return i;
  }

  std::string_view text_;
  size_t pos_ = 0;
  size_t line_ = 1, line_start_ = 0;
  size_t token_start_ = 0, token_line_ = 1, token_line_start_ = 0;
  int complex_type_level_ = 0;
  bool unclosed_quotes_ = false, unclosed_double_quotes_ = false, unclosed_dollars_ = false;
  std::vector<uint32_t> open_;
  Tokens result_;
};

}  // namespace

size_t CodePointBytes(std::string_view text) {
  unsigned char first = static_cast<unsigned char>(text[0]);
  size_t bytes = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
  if (bytes > text.size()) return 1;
  for (size_t i = 1; i < bytes; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 1;
  }
  return bytes;
}

Tokens Tokenize(std::string_view text) { return Scanner(text).Run(); }

}  // namespace firesteel::sql
