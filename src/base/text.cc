// Case, quoting and distances of names by code points: ICU is asked only for what is not ASCII.
#include "base/text.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>

namespace firesteel {
namespace {

bool IsAscii(std::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char UpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

/// The next code point; bytes that are no UTF-8 count as themselves beyond Unicode, so that they equal only
/// themselves.
UChar32 NextFolded(std::string_view text, int32_t& index) {
  UChar32 c;
  int32_t start = index;
  U8_NEXT(text.data(), index, static_cast<int32_t>(text.size()), c);
  if (c < 0) {
    index = start + 1;
    return 0x110000 + static_cast<unsigned char>(text[start]);
  }
  return u_tolower(u_toupper(c));
}

std::vector<UChar32> CodePoints(std::string_view text) {
  std::vector<UChar32> out;
  for (int32_t i = 0; i < static_cast<int32_t>(text.size());) {
    UChar32 c;
    U8_NEXT(text.data(), i, static_cast<int32_t>(text.size()), c);
    out.push_back(c);
  }
  return out;
}

}  // namespace

std::string Lower(std::string_view text) {
  std::string out;
  if (!IsAscii(text)) {
    icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))
        .toLower(icu::Locale::getRoot())
        .toUTF8String(out);
    return out;
  }
  out.resize(text.size());
  std::transform(text.begin(), text.end(), out.begin(), LowerAscii);
  return out;
}

std::string Upper(std::string_view text) {
  std::string out;
  if (!IsAscii(text)) {
    icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))
        .toUpper(icu::Locale::getRoot())
        .toUTF8String(out);
    return out;
  }
  out.resize(text.size());
  std::transform(text.begin(), text.end(), out.begin(), UpperAscii);
  return out;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  size_t i = 0;
  for (; i < a.size() && i < b.size(); ++i) {
    if (static_cast<unsigned char>(a[i] | b[i]) >= 0x80) break;
    if (LowerAscii(a[i]) != LowerAscii(b[i])) return false;
  }
  if (i == a.size() || i == b.size()) return a.size() == b.size();
  int32_t left = static_cast<int32_t>(i);
  int32_t right = left;
  while (left < static_cast<int32_t>(a.size()) && right < static_cast<int32_t>(b.size())) {
    if (NextFolded(a, left) != NextFolded(b, right)) return false;
  }
  return left == static_cast<int32_t>(a.size()) && right == static_cast<int32_t>(b.size());
}

size_t IgnoreCaseHash::operator()(std::string_view text) const {
  uint64_t hash = 0xcbf29ce484222325u;
  for (int32_t i = 0; i < static_cast<int32_t>(text.size());) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    // ASCII letters fold as NextFolded folds them, only faster.
    UChar32 folded = c < 0x80 ? static_cast<UChar32>(LowerAscii(text[i++])) : NextFolded(text, i);
    hash = (hash ^ static_cast<uint64_t>(folded)) * 0x100000001b3u;
  }
  return hash;
}

bool IgnoreCaseLess::operator()(std::string_view a, std::string_view b) const {
  int32_t left = 0;
  int32_t right = 0;
  while (left < static_cast<int32_t>(a.size()) && right < static_cast<int32_t>(b.size())) {
    UChar32 x = NextFolded(a, left);
    UChar32 y = NextFolded(b, right);
    if (x != y) return x < y;
  }
  return left == static_cast<int32_t>(a.size()) && right < static_cast<int32_t>(b.size());
}

// ---------------------------------------------------------------- quoting
std::string QuoteIdentifier(std::string_view name) {
  std::string out = "`";
  for (char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  return out += '`';
}

std::string QuoteIfNeeded(std::string_view name) {
  bool plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
  for (char c : name) {
    char lower = LowerAscii(c);
    plain = plain && ((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_');
  }
  return plain ? std::string(name) : QuoteIdentifier(name);
}

std::string QuoteParts(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += '.';
    out += QuoteIdentifier(part);
  }
  return out;
}

std::string QuotePartsIfNeeded(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += '.';
    out += QuoteIfNeeded(part);
  }
  return out;
}

std::string ToSqlId(const std::vector<std::string>& parts) {
  if (parts.size() > 1 && parts[0] == "__auto_generated_subquery_name") {
    return QuoteParts(std::vector<std::string>(parts.begin() + 1, parts.end()));
  }
  return QuoteParts(parts);
}

std::string ToSqlId(std::string_view name) { return QuoteIdentifier(name); }

std::string InDoubleQuotes(std::string_view text) {
  std::string out = "\"";
  return out.append(text).append("\"");
}

std::string ToSqlStatement(std::string_view text) { return Upper(text); }

std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

std::string_view TrimControls(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

std::string EscapeMetaCharacters(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\v':
        out += "\\v";
        break;
      case '\a':
        out += "\\a";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void AppendEscaped(char c, std::string& out) {
  switch (c) {  // default: the character itself
    case '0':
      out += '\0';
      break;
    case 'b':
      out += '\b';
      break;
    case 'n':
      out += '\n';
      break;
    case 'r':
      out += '\r';
      break;
    case 't':
      out += '\t';
      break;
    case 'Z':
      out += '\x1A';
      break;
    case '%':
      out += "\\%";
      break;  // LIKE wants them escaped still
    case '_':
      out += "\\_";
      break;
    default:
      out += c;
      break;
  }
}

// ---------------------------------------------------------------- suggestions
int LevenshteinDistance(std::string_view a, std::string_view b) {
  std::vector<UChar32> left = CodePoints(a);
  std::vector<UChar32> right = CodePoints(b);
  std::vector<int> row(right.size() + 1);
  for (size_t j = 0; j <= right.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 0; i < left.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i) + 1;
    for (size_t j = 0; j < right.size(); ++j) {
      int replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::vector<std::string> SuggestBySimilarity(std::string_view base, size_t base_part_count,
                                             const std::vector<std::vector<std::string>>& candidates) {
  // Candidates whose parts, all but the last `kept`, are the same need not repeat them.
  auto share_prefix = [&](size_t kept) {
    for (const auto& candidate : candidates) {
      const auto& first = candidates.front();
      size_t length = candidate.size() > kept ? candidate.size() - kept : 0;
      size_t first_length = first.size() > kept ? first.size() - kept : 0;
      if (length != first_length || !std::equal(first.begin(), first.begin() + length, candidate.begin())) return false;
    }
    return !candidates.empty();
  };
  size_t kept = SIZE_MAX;
  if (base_part_count == 1 && share_prefix(1)) {
    kept = 1;
  } else if (base_part_count <= 2 && share_prefix(2)) {
    kept = 2;
  }
  std::vector<std::pair<int, std::string>> ranked;
  ranked.reserve(candidates.size());
  for (const auto& candidate : candidates) {
    size_t skipped = candidate.size() > kept ? candidate.size() - kept : 0;
    std::string quoted = QuoteParts(std::vector<std::string>(candidate.begin() + skipped, candidate.end()));
    int distance = LevenshteinDistance(quoted, base);
    ranked.emplace_back(distance, std::move(quoted));
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  out.reserve(ranked.size());
  for (auto& [distance, quoted] : ranked) out.push_back(std::move(quoted));
  return out;
}

}  // namespace firesteel
