// Text judged, chosen, masked and split into words: luhn_check, elt, mask, sentences, str_to_map.
#include <unicode/brkiter.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <memory>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/code_points.h"
#include "functions/collection.h"
#include "functions/lower.h"
#include "functions/regexp_engine.h"
#include "functions/topics.h"
#include "plan/rewrite.h"
#include "types/memory_vector.h"

namespace firesteel::functions {
namespace {

using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

bool LuhnCheck(std::string_view text) {
  int sum = 0;
  bool twice = false;
  for (size_t i = text.size(); i-- > 0; twice = !twice) {
    if (text[i] < '0' || text[i] > '9') return false;
    const int digit = (text[i] - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return !text.empty() && sum % 10 == 0;
}

// ---------------------------------------------------------------- elt

/// All binary, or all text.
Result<ExprPtr> BindElt(CallSite& site) {
  if (site.arguments.size() < 2) {
    return WrongArgumentCount(site, "> 1", {});
  }
  FS_CHECK(CoerceArgument(site, 0, TypeId::kInteger));
  const bool binary = std::all_of(site.arguments.begin() + 1, site.arguments.end(),
                                  [](const ExprPtr& e) { return e->type.Is(TypeId::kBinary); });
  for (size_t i = 1; i < site.arguments.size() && !binary; ++i) {
    const std::optional<DataType> type = ImplicitCast(site.arguments[i]->type, TypeId::kString, site.settings.ansi);
    if (!type) return UnexpectedInputType(site, i, "(\"STRING\" or \"BINARY\")");
    site.arguments[i] = CastTo(site.arguments[i], *type, site);
  }
  return Built(site, site.name, binary ? TypeId::kBinary : TypeId::kString, true, site.mode);
}

Status Elt(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const int32_t index = in[0].At<int32_t>(row);
    if (index <= 0 || static_cast<size_t>(index) >= in.size()) {
      if (context.Ansi()) {
        return Error::Condition("INVALID_ARRAY_INDEX", {{"indexValue", Cat(index)}, {"arraySize", Cat(in.size() - 1)}},
                                context.origin)
            .As(ErrorClass::kArrayIndexOutOfBounds);
      }
      out.SetNull(row);
    } else if (in[static_cast<size_t>(index)].IsNull(row)) {
      out.SetNull(row);
    } else {
      out.SetString(row, in[static_cast<size_t>(index)].StringAt(row));
    }
  }
  return {};
}

// ---------------------------------------------------------------- mask

Result<ExprPtr> BindMask(CallSite& site) {
  static constexpr std::string_view kNames[] = {"upperChar", "lowerChar", "digitChar", "otherChar"};
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kString).Exactly()));
  for (size_t i = 1; i < site.arguments.size(); ++i) {
    FS_CHECK(CoerceArgument(site, i, TypePattern(TypeId::kString).Exactly()));
    const auto* literal = std::get_if<logical::Literal>(&site.arguments[i]->node);
    if (literal == nullptr && logical::IsFoldable(site.arguments[i])) continue;
    if (literal == nullptr) {
      return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                          {{"inputName", QuoteIdentifier(kNames[i - 1])},
                           {"inputType", "\"STRING\""},
                           {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[i]))}});
    }
    const auto* text = std::get_if<std::string>(&literal->value.data);
    if (text != nullptr && CodePointCount(*text) != 1)
      return TypeMismatch(site, "INPUT_SIZE_NOT_ONE", {{"exprName", std::string(kNames[i - 1])}});
  }
  return Built(site, site.name, TypeId::kString, true, site.mode);
}

using Replacement = std::optional<std::string_view>;

std::optional<std::string> Mask(std::optional<std::string_view> text, Replacement upper, Replacement lower,
                                Replacement digit, Replacement other) {
  if (!text) return std::nullopt;
  std::string out;
  for (size_t at = 0; at < text->size();) {
    const size_t bytes = CodePointBytes(*text, at);
    const auto point = static_cast<UChar32>(CodePointAt(*text, at));
    const Replacement& by = u_isupper(point) ? upper : u_islower(point) ? lower : u_isdigit(point) ? digit : other;
    out += by ? *by : text->substr(at, bytes);
    at += bytes;
  }
  return out;
}

// ---------------------------------------------------------------- sentences

icu::Locale LocaleOf(std::string_view language, std::string_view country) {
  if (language.empty()) return icu::Locale::getUS();
  return icu::Locale(std::string(language).c_str(), std::string(country).c_str());
}

/// The pieces between boundaries.
Status Pieces(icu::BreakIterator& breaks, const icu::UnicodeString& text, std::vector<icu::UnicodeString>& pieces) {
  breaks.setText(text);
  int32_t start = breaks.first();
  for (int32_t end = breaks.next(); end != icu::BreakIterator::DONE; start = end, end = breaks.next())
    pieces.push_back(text.tempSubStringBetween(start, end));
  return {};
}

Status Sentences(std::string_view text, std::optional<std::string_view> language,
                 std::optional<std::string_view> country, ResultCell result) {
  const icu::Locale locale = LocaleOf(language.value_or(""), country.value_or(""));
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> by_sentence(icu::BreakIterator::createSentenceInstance(locale, status));
  const std::unique_ptr<icu::BreakIterator> by_word(icu::BreakIterator::createWordInstance(locale, status));
  if (U_FAILURE(status)) return Error::Internal(Cat("ICU: ", u_errorName(status)));
  const icu::UnicodeString whole =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::vector<icu::UnicodeString> sentences;
  FS_CHECK(Pieces(*by_sentence, whole, sentences));
  uint64_t at = result.vector->AppendList(result.row, sentences.size());
  OutputVector& lists = result.vector->child(0);
  for (const icu::UnicodeString& sentence : sentences) {
    std::vector<icu::UnicodeString> words;
    FS_CHECK(Pieces(*by_word, sentence, words));
    std::erase_if(words, [](const icu::UnicodeString& word) { return !u_isalnum(word.char32At(0)); });
    uint64_t place = lists.AppendList(at++, words.size());
    for (const icu::UnicodeString& word : words) {
      std::string utf8;
      lists.child(0).SetString(place++, word.toUTF8String(utf8));
    }
  }
  return {};
}

// ---------------------------------------------------------------- str_to_map

/// Java's String.split(regex, limit) with limit below 0 (all) or of 2.
Result<std::vector<std::string_view>> Split(std::string_view text, std::string_view pattern, bool once,
                                            const Origin& origin) {
  std::vector<std::string_view> parts;
  FS_TRY(const Regex* regex, CompiledRegex(pattern, "str_to_map", origin));
  size_t start = 0;
  Match match;
  for (size_t from = 0; from <= text.size() && !(once && parts.size() == 1);) {
    FS_TRY(const bool found, regex->Find(text, from, &match, origin));
    if (!found) break;
    from = NextSearch(text, match);
    if (match.end() == 0 || (match.start() == match.end() && match.start() == text.size())) continue;
    parts.push_back(text.substr(start, match.start() - start));
    start = match.end();
  }
  parts.push_back(text.substr(start));
  return parts;
}

Status StrToMap(const KernelContext& context, std::string_view text, std::string_view pairs, std::string_view values,
                ResultCell result) {
  FS_TRY(const std::vector<std::string_view> entries, Split(text, pairs, false, context.origin));
  MemoryVector keys(TypeId::kString, entries.size()), texts(TypeId::kString, entries.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    FS_TRY(const std::vector<std::string_view> entry, Split(entries[i], values, true, context.origin));
    keys.SetString(i, entry[0]);
    if (entry.size() > 1)
      texts.SetString(i, entry[1]);
    else
      texts.SetNull(i);
  }
  const InputVector key_view = keys.View(), text_view = texts.View();
  std::vector<std::pair<Cell, Cell>> cells;
  for (size_t i = 0; i < entries.size(); ++i) cells.push_back({{&key_view, i}, {&text_view, i}});
  return WriteMap(context, cells, result);
}

}  // namespace

std::span<const Function> StringWordFunctions() {
  static const DataType kString = TypeId::kString;
  static const Argument kText = {TypeId::kString};
  static const std::vector<Function> rows = {
      {.name = "luhn_check",
       .arguments = {kText},
       .result = DataType(TypeId::kBoolean),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&LuhnCheck>(),
       .group = "string_funcs",
       .since = "3.5.0",
       .doc = "True if the digits pass the Luhn checksum.",
       .example = "luhn_check('8112189876')"},
      {.name = "elt",
       .arguments = {{.type = Class::kAny, .repeated = true}},
       .nulls = Nulls::kMaybe,
       .runs = ScalarKernel{&Elt},
       .bind = &BindElt,
       .group = "string_funcs",
       .since = "2.0.0",
       .doc = "The n-th of the texts that follow.",
       .example = "elt(1, 'scala', 'java')"},
      {.name = "mask",
       .arguments = {{.type = Class::kAny, .name = "str"},
                     {.type = Class::kAny, .name = "upperChar", .optional = true, .default_sql = "'X'"},
                     {.type = Class::kAny, .name = "lowerChar", .optional = true, .default_sql = "'x'"},
                     {.type = Class::kAny, .name = "digitChar", .optional = true, .default_sql = "'n'"},
                     {.type = Class::kAny, .name = "otherChar", .optional = true, .default_sql = "NULL"}},
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&Mask>(),
       .bind = &BindMask,
       .group = "string_funcs",
       .since = "3.5.0",
       .doc = "The text with letters and digits replaced.",
       .example = "mask('abcd-EFGH-8765-4321')"},
      {.name = "sentences",
       .arguments = {kText,
                     {.type = TypeId::kString, .optional = true, .default_sql = "''"},
                     {.type = TypeId::kString, .optional = true, .default_sql = "''"}},
       .result = DataType::Array(DataType::Array(TypeId::kString, false), false),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&Sentences>(),
       .group = "string_funcs",
       .since = "2.0.0",
       .doc = "The sentences of a text as arrays of words.",
       .example = "sentences('Hi there! Good morning.')"},
      {.name = "str_to_map",
       .arguments = {{TypePattern(TypeId::kString).Exactly()},
                     {.type = TypeId::kString, .optional = true, .default_sql = "','"},
                     {.type = TypeId::kString, .optional = true, .default_sql = "':'"}},
       .result = DataType::Map(TypeId::kString, TypeId::kString),
       .runs = RowKernel<&StrToMap>(),
       .group = "string_funcs",
       .since = "2.0.1",
       .doc = "A map from a text of keys and values.",
       .example = "str_to_map('a:1,b:2,c:3', ',', ':')"},
  };
  return rows;
}

}  // namespace firesteel::functions
