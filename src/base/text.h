// Small text functions that every stage needs: case-insensitive names, quoting as Spark prints it, nearest
// names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel {

/// Java's toLowerCase(Locale.ROOT) / toUpperCase(Locale.ROOT). Bytes that are not UTF-8 stay as they are in
/// ASCII text.
std::string Lower(std::string_view text);
std::string Upper(std::string_view text);
/// Java's equalsIgnoreCase: how names are compared unless spark.sql.caseSensitive is on.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

/// For hash maps whose keys are names without case: absl::flat_hash_map<std::string, T, IgnoreCaseHash,
/// IgnoreCaseEqual>.
struct IgnoreCaseHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const;
};
struct IgnoreCaseEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return EqualsIgnoreCase(a, b); }
};
/// For ordered maps: the order of the lower-case forms.
struct IgnoreCaseLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

/// "a`b" -> "`a``b`".
std::string QuoteIdentifier(std::string_view name);
/// As QuoteIdentifier, but plain names ([a-zA-Z_][a-zA-Z0-9_]*) stay as they are.
std::string QuoteIfNeeded(std::string_view name);
/// Parts quoted one by one, joined by dots.
std::string QuoteParts(const std::vector<std::string>& parts);
std::string QuotePartsIfNeeded(const std::vector<std::string>& parts);
/// Names in error messages: as QuoteParts, the qualifier of subqueries without a name left out.
std::string ToSqlId(const std::vector<std::string>& parts);
std::string ToSqlId(std::string_view name);  ///< `name` is one part, whatever it contains
/// Settings, types and expressions in error messages stand in double quotes.
std::string InDoubleQuotes(std::string_view text);
inline std::string ToSqlConf(std::string_view name) { return InDoubleQuotes(name); }
inline std::string ToSqlExpr(std::string_view pretty_sql) { return InDoubleQuotes(pretty_sql); }
/// Statements and clauses in error messages: upper case, no quotes.
std::string ToSqlStatement(std::string_view text);

std::string Join(const std::vector<std::string>& parts, std::string_view separator);
/// Java's String.trim: bytes up to and including the blank, from both ends.
std::string_view TrimControls(std::string_view text);
/// "\n" -> "\\n" and so on: names in trees and messages stay on one line.
std::string EscapeMetaCharacters(std::string_view text);

/// 0 to 15, or -1 for what is no hexadecimal digit.
constexpr int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
/// What a backslash and `c` stand for in a string literal of Spark's SQL, where `c` is one character of its own.
void AppendEscaped(char c, std::string& out);

/// Edit distance in code points.
int LevenshteinDistance(std::string_view a, std::string_view b);
/// Candidates (as name parts) quoted and ordered by similarity to `base`, `base_part_count` being the parts
/// of the name that was not found: what all candidates share in front is left out when the name has fewer
/// parts.
std::vector<std::string> SuggestBySimilarity(std::string_view base, size_t base_part_count,
                                             const std::vector<std::vector<std::string>>& candidates);

}  // namespace firesteel
