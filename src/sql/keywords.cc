// The keyword table and its lookup: an open-addressed hash table built at compile time.
#include "sql/keywords.h"

#include <array>
#include <cstddef>

namespace firesteel::sql {
namespace {

struct Keyword {
  std::string_view text;
  KeywordClass keyword_class;
  bool ansi_non_reserved;
};

constexpr Keyword kKeywords[] = {
#define X(token, text, keyword_class, ansi_non_reserved) {text, KeywordClass::keyword_class, ansi_non_reserved},
    FIRESTEEL_SQL_KEYWORDS(X)
#undef X
};
constexpr size_t kKeywordCount = std::size(kKeywords);
constexpr size_t kKeywordLengthMax = 20;
constexpr size_t kSlotCount = 2048;  // a power of two, sparse enough that most lookups take one probe
constexpr uint16_t kEmptySlot = 0xFFFF;

// Spelled differently, but the same token.
constexpr std::string_view kRegexp = "REGEXP", kTemp = "TEMP";

constexpr char UpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

constexpr size_t Hash(std::string_view word) {
  uint32_t hash = 2166136261u;
  for (char c : word) hash = (hash ^ static_cast<unsigned char>(UpperAscii(c))) * 16777619u;
  return (hash ^ (hash >> 15)) & (kSlotCount - 1);
}

struct Slots {
  std::array<uint16_t, kSlotCount> slot{};
};

constexpr Slots BuildSlots() {
  Slots slots;
  for (auto& slot : slots.slot) slot = kEmptySlot;
  for (size_t i = 0; i < kKeywordCount; ++i) {
    size_t at = Hash(kKeywords[i].text);
    while (slots.slot[at] != kEmptySlot) at = (at + 1) & (kSlotCount - 1);
    slots.slot[at] = static_cast<uint16_t>(i);
  }
  return slots;
}
constexpr Slots kSlots = BuildSlots();

constexpr bool SameWord(std::string_view word, std::string_view upper) {
  if (word.size() != upper.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (UpperAscii(word[i]) != upper[i]) return false;
  }
  return true;
}

const Keyword& KeywordOf(Tok token) {
  return kKeywords[static_cast<size_t>(token) - static_cast<size_t>(kFirstKeyword)];
}

}  // namespace

KeywordClass ClassOf(Tok token) { return KeywordOf(token).keyword_class; }

bool IsAnsiNonReserved(Tok token) { return KeywordOf(token).ansi_non_reserved; }

Tok FindKeyword(std::string_view word) {
  if (word.size() > kKeywordLengthMax) return Tok::kIdentifier;
  for (size_t at = Hash(word); kSlots.slot[at] != kEmptySlot; at = (at + 1) & (kSlotCount - 1)) {
    uint16_t index = kSlots.slot[at];
    if (SameWord(word, kKeywords[index].text)) {
      return static_cast<Tok>(static_cast<size_t>(kFirstKeyword) + index);
    }
  }
  if (SameWord(word, kRegexp)) return Tok::kRlike;
  if (SameWord(word, kTemp)) return Tok::kTemporary;
  return Tok::kIdentifier;
}

std::string_view TokenText(Tok token) {
  if (IsKeyword(token)) return KeywordOf(token).text;
  switch (token) {  // default: the kinds whose text varies
    case Tok::kSemicolon:
      return ";";
    case Tok::kLeftParen:
      return "(";
    case Tok::kRightParen:
      return ")";
    case Tok::kComma:
      return ",";
    case Tok::kDot:
      return ".";
    case Tok::kLeftBracket:
      return "[";
    case Tok::kRightBracket:
      return "]";
    case Tok::kBang:
      return "!";
    case Tok::kNullSafeEq:
      return "<=>";
    case Tok::kNeq:
      return "<>";
    case Tok::kNeqJ:
      return "!=";
    case Tok::kLt:
      return "<";
    case Tok::kGt:
      return ">";
    case Tok::kShiftLeft:
      return "<<";
    case Tok::kShiftRight:
      return ">>";
    case Tok::kShiftRightUnsigned:
      return ">>>";
    case Tok::kPlus:
      return "+";
    case Tok::kMinus:
      return "-";
    case Tok::kAsterisk:
      return "*";
    case Tok::kSlash:
      return "/";
    case Tok::kPercent:
      return "%";
    case Tok::kTilde:
      return "~";
    case Tok::kAmpersand:
      return "&";
    case Tok::kPipe:
      return "|";
    case Tok::kConcatPipe:
      return "||";
    case Tok::kOperatorPipe:
      return "|>";
    case Tok::kHat:
      return "^";
    case Tok::kColon:
      return ":";
    case Tok::kDoubleColon:
      return "::";
    case Tok::kArrow:
      return "->";
    case Tok::kFatArrow:
      return "=>";
    case Tok::kHintStart:
      return "/*+";
    case Tok::kHintEnd:
      return "*/";
    case Tok::kQuestion:
      return "?";
    default:
      return {};
  }
}

}  // namespace firesteel::sql
