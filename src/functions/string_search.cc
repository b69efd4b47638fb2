// Texts searched and compared, and pieces found by position: instr, contains, substring_index, split_part, levenshtein …
#include <algorithm>
#include <vector>

#include "base/cat.h"
#include "functions/base64.h"
#include "functions/bind.h"
#include "functions/code_points.h"
#include "functions/lower.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- positions

int32_t Instr(std::string_view text, std::string_view part) {
  const size_t found = text.find(part);
  return found == std::string_view::npos ? 0 : static_cast<int32_t>(CodePointCount(text.substr(0, found)) + 1);
}

/// locate(part, text, from): NULL as `from` means 0, an empty part is found at 1 wherever the search starts.
std::optional<int32_t> Locate(std::optional<std::string_view> part, std::optional<std::string_view> text,
                              std::optional<int32_t> from) {
  if (!from) return 0;
  if (!part || !text) return std::nullopt;
  if (*from < 1) return 0;
  if (part->empty()) return 1;
  const size_t start = ByteOfCodePoint(*text, *from - 1);
  const size_t found = text->find(*part, start);
  return found == std::string_view::npos ? 0 : static_cast<int32_t>(CodePointCount(text->substr(0, found)) + 1);
}
Result<ExprPtr> BindLocate(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
  FS_CHECK(CoerceArgument(site, 1, TypeId::kString));
  FS_CHECK(CoerceArgument(site, 2, TypeId::kInteger));
  return Built(site, site.name, TypeId::kInteger, site.arguments[0]->nullable || site.arguments[1]->nullable,
               site.mode);
}

int32_t FindInSet(std::string_view word, std::string_view set) {
  if (word.find(',') != std::string_view::npos) return 0;
  int32_t index = 1;
  for (size_t at = 0;; ++index) {
    const size_t end = std::min(set.find(',', at), set.size());
    if (set.substr(at, end - at) == word) return index;
    if (end == set.size()) return 0;
    at = end + 1;
  }
}

// ---------------------------------------------------------------- contains, startswith, endswith

bool Contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
bool StartsWith(std::string_view text, std::string_view part) { return text.starts_with(part); }
bool EndsWith(std::string_view text, std::string_view part) { return text.ends_with(part); }

/// Two binaries stay binaries; Spark then takes the answer for nullable.
Result<ExprPtr> BindParts(CallSite& site) {
  const bool binary = site.arguments[0]->type.Is(TypeId::kBinary) && site.arguments[1]->type.Is(TypeId::kBinary);
  if (!binary) {
    FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
    FS_CHECK(CoerceArgument(site, 1, TypeId::kString));
  }
  return Built(site, site.name, TypeId::kBoolean, binary || AnyNullable(site.arguments), site.mode);
}

Result<std::string> LowerParts(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const std::string_view name = node.function->name;
  if (node.arguments[0]->type.Is(TypeId::kBinary)) {
    const ScalarKernel kernel = name == "contains"     ? RowKernel<&Contains>()
                                : name == "startswith" ? RowKernel<&StartsWith>()
                                                       : RowKernel<&EndsWith>();
    return LowerKernel(kernel, call, {arguments.begin(), arguments.end()}, lowering);
  }
  const std::string_view duck = name == "contains" ? "contains(" : name == "startswith" ? "starts_with(" : "ends_with(";
  return Cat(duck, arguments[0], ", ", arguments[1], ")");
}

// ---------------------------------------------------------------- pieces

std::string_view SubstringIndex(std::string_view text, std::string_view delimiter, int32_t count) {
  if (delimiter.empty() || count == 0) return {};
  if (count > 0) {
    size_t found = std::string_view::npos;
    for (size_t from = 0; count > 0; --count, from = found + 1) {
      found = text.find(delimiter, from);
      if (found == std::string_view::npos) return text;
    }
    return text.substr(0, found);
  }
  size_t end = text.size();
  for (;; ++count) {
    const size_t found = end == std::string_view::npos ? end : text.rfind(delimiter, end);
    if (found == std::string_view::npos) return text;
    if (count == -1) return text.substr(found + delimiter.size());
    if (found == 0) return text;
    end = found - 1;
  }
}

// Spark's error does not say where the call stands.
Result<std::string> SplitPart(std::string_view text, std::string_view delimiter, int32_t index) {
  if (index == 0) return Error::Condition("INVALID_INDEX_OF_ZERO").As(ErrorClass::kRuntime);
  std::vector<std::string_view> parts;
  if (delimiter.empty()) {
    parts.push_back(text);
  } else {
    for (size_t at = 0;;) {
      const size_t found = text.find(delimiter, at);
      parts.push_back(text.substr(at, found == std::string_view::npos ? found : found - at));
      if (found == std::string_view::npos) break;
      at = found + delimiter.size();
    }
  }
  const auto count = static_cast<int64_t>(parts.size());
  const int64_t place = index > 0 ? index - int64_t{1} : count + index;
  return place < 0 || place >= count ? std::string() : std::string(parts[static_cast<size_t>(place)]);
}

// ---------------------------------------------------------------- characters

int32_t Ascii(std::string_view text) { return text.empty() ? 0 : static_cast<int32_t>(CodePointAt(text, 0)); }

std::string Chr(int64_t code) {
  std::string out;
  if (code >= 0) AppendCodePoint(out, static_cast<char32_t>(code & 0xFF));
  return out;
}

std::string Quote(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string Soundex(std::string_view text) {
  // Apache's: vowels part equal codes, H and W do not; what starts with no letter stays as it is.
  constexpr std::string_view kCodes = "01230127022455012623017202";  // A–Z; 7: H and W
  const auto letter = [](char c) -> int {
    return c >= 'a' && c <= 'z' ? c - 'a' : c >= 'A' && c <= 'Z' ? c - 'A' : -1;
  };
  const int first = text.empty() ? -1 : letter(text[0]);
  if (first < 0) return std::string(text);
  std::string out(1, static_cast<char>('A' + first));
  char last = kCodes[static_cast<size_t>(first)];
  for (char c : text.substr(1)) {
    const int index = letter(c);
    if (index < 0) {
      last = '0';
      continue;
    }
    const char code = kCodes[static_cast<size_t>(index)];
    if (code == '7') continue;
    if (code != '0' && code != last) {
      out += code;
      if (out.size() == 4) return out;
    }
    last = code;
  }
  out.resize(4, '0');
  return out;
}

std::vector<char32_t> Points(std::string_view text) {
  std::vector<char32_t> points;
  for (size_t at = 0; at < text.size(); at += CodePointBytes(text, at)) points.push_back(CodePointAt(text, at));
  return points;
}

int32_t Levenshtein(std::string_view a, std::string_view b) {
  const std::vector<char32_t> x = Points(a), y = Points(b);
  std::vector<int32_t> row(y.size() + 1);
  for (size_t j = 0; j <= y.size(); ++j) row[j] = static_cast<int32_t>(j);
  for (size_t i = 1; i <= x.size(); ++i) {
    int32_t diagonal = row[0];
    row[0] = static_cast<int32_t>(i);
    for (size_t j = 1; j <= y.size(); ++j) {
      const int32_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (x[i - 1] == y[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[y.size()];
}
/// Spark takes a threshold that it finds to be NULL for 0.
std::optional<int32_t> LevenshteinUpTo(std::optional<std::string_view> a, std::optional<std::string_view> b,
                                       std::optional<int32_t> threshold) {
  if (!a || !b) return std::nullopt;
  const int32_t distance = Levenshtein(*a, *b);
  return distance <= threshold.value_or(0) ? distance : -1;
}
bool IsNullConstant(const Expr& expr) {
  if (const auto* cast = std::get_if<logical::Cast>(&expr.node)) return IsNullConstant(*cast->child);
  const auto* literal = std::get_if<logical::Literal>(&expr.node);
  return literal != nullptr && literal->value.IsNull();
}
Result<std::string> LowerLevenshtein(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& given = std::get<Call>(call.node).arguments;
  if (given.size() == 3 && IsNullConstant(*given[2])) return std::string("CAST(NULL AS INTEGER)");
  return LowerKernel(arguments.size() == 3 ? RowKernel<&LevenshteinUpTo>() : RowKernel<&Levenshtein>(), call,
                     {arguments.begin(), arguments.end()}, lowering);
}

std::string Base64(std::string_view bytes) {
  std::string out;
  AppendBase64(bytes, out);
  return out;
}

}  // namespace

std::span<const Function> StringSearchFunctions() {
  static const DataType kString = TypeId::kString;
  static const DataType kInteger = TypeId::kInteger;
  static const TypePattern kText = TypeId::kString;
  static const Argument kAny = {Class::kAny};
  static const std::vector<Function> rows = {
      {.name = "instr",
       .arguments = {{kText}, {kText}},
       .result = kInteger,
       .runs = RowKernel<&Instr>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "Where a part starts in a text, from 1; 0 if nowhere.",
       .example = "instr('SparkSQL', 'SQL')"},
      {.name = "locate",
       .aliases = {"position"},
       .arguments = {kAny, kAny, {.type = Class::kAny, .optional = true, .default_sql = "1"}},
       .runs = RowKernel<&Locate>(),
       .bind = &BindLocate,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "Where a part starts in a text at or after a position.",
       .example = "locate('bar', 'foobarbar', 5)"},
      {.name = "find_in_set",
       .arguments = {{kText}, {kText}},
       .result = kInteger,
       .runs = RowKernel<&FindInSet>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The place of a word in a list parted by commas, from 1.",
       .example = "find_in_set('ab','abc,b,ab,c,def')"},
      {.name = "contains",
       .arguments = {kAny, kAny},
       .runs = &LowerParts,
       .bind = &BindParts,
       .group = "string_funcs",
       .since = "3.3.0",
       .doc = "True if the part is in the text.",
       .example = "contains('Spark SQL', 'Spark')"},
      {.name = "startswith",
       .arguments = {kAny, kAny},
       .runs = &LowerParts,
       .bind = &BindParts,
       .group = "string_funcs",
       .since = "3.3.0",
       .doc = "True if the text starts so.",
       .example = "startswith('Spark SQL', 'Spark')"},
      {.name = "endswith",
       .arguments = {kAny, kAny},
       .runs = &LowerParts,
       .bind = &BindParts,
       .group = "string_funcs",
       .since = "3.3.0",
       .doc = "True if the text ends so.",
       .example = "endswith('Spark SQL', 'SQL')"},
      {.name = "substring_index",
       .arguments = {{kText}, {kText}, {TypeId::kInteger}},
       .result = kString,
       .runs = RowKernel<&SubstringIndex>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "What is before the n-th delimiter, or behind the n-th from the end.",
       .example = "substring_index('www.apache.org', '.', 2)"},
      {.name = "split_part",
       .arguments = {{kText}, {kText}, {TypeId::kInteger}},
       .result = kString,
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&SplitPart>(),
       .group = "string_funcs",
       .since = "3.3.0",
       .doc = "The n-th part between delimiters.",
       .example = "split_part('11.12.13', '.', 3)"},
      {.name = "ascii",
       .arguments = {{kText}},
       .result = kInteger,
       .runs = RowKernel<&Ascii>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The number of the first character.",
       .example = "ascii('222')"},
      {.name = "char",
       .aliases = {"chr"},
       .arguments = {{TypeId::kLong}},
       .result = kString,
       .runs = RowKernel<&Chr>(),
       .group = "string_funcs",
       .since = "2.3.0",
       .doc = "The character with that number, modulo 256.",
       .example = "char(65)"},
      {.name = "quote",
       .arguments = {{kText}},
       .result = kString,
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&Quote>(),
       .group = "string_funcs",
       .since = "4.1.0",
       .doc = "The text in single quotes, those in it escaped.",
       .example = "quote('Don\\'t')"},
      {.name = "soundex",
       .arguments = {{kText.Exactly()}},
       .result = kString,
       .runs = RowKernel<&Soundex>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The Soundex code of a word.",
       .example = "soundex('Miller')"},
      {.name = "levenshtein",
       .arguments = {{kText}, {kText}, {.type = TypeId::kInteger, .optional = true}},
       .result = kInteger,
       .runs = &LowerLevenshtein,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The edit distance of two texts; -1 if above a threshold.",
       .example = "levenshtein('kitten', 'sitting')"},
      {.name = "base64",
       .arguments = {{TypeId::kBinary}},
       .result = kString,
       .runs = RowKernel<&Base64>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "Bytes in base 64.",
       .example = "base64('Spark SQL')"},
  };
  return rows;
}

}  // namespace firesteel::functions
