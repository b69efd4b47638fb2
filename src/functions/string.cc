// Text put together, cut, padded, trimmed and changed in case: concat, substring, lpad, trim, upper …
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/code_points.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

bool IsBinary(const Expr& call, size_t index = 0) {
  return std::get<Call>(call.node).arguments[index]->type.Is(TypeId::kBinary);
}

const int64_t* IntegerConstant(const ExprPtr& expr) {
  const auto* literal = std::get_if<logical::Literal>(&expr->node);
  return literal == nullptr ? nullptr : std::get_if<int64_t>(&literal->value.data);
}

// ---------------------------------------------------------------- concat

Result<ExprPtr> BindConcat(CallSite& site) {
  if (site.arguments.empty()) return LiteralOf(Value(std::string()), TypeId::kString, site.origin);
  const auto all = [&](TypeId id) {
    return std::all_of(site.arguments.begin(), site.arguments.end(), [&](const ExprPtr& e) { return e->type.Is(id); });
  };
  if (all(TypeId::kArray)) {
    FS_TRY(DataType common, CoerceToCommonType(site));
    bool contains_null = false;
    for (const ExprPtr& argument : site.arguments) contains_null = contains_null || argument->type.contains_null();
    return Built(site, site.name, DataType::Array(common.element(), contains_null), AnyNullable(site.arguments),
                 site.mode);
  }
  if (all(TypeId::kBinary)) return Built(site, site.name, TypeId::kBinary, AnyNullable(site.arguments), site.mode);
  bool same = true;
  for (ExprPtr& argument : site.arguments) {
    if (const auto type = ImplicitCast(argument->type, TypeId::kString, site.settings.ansi))
      argument = CastTo(argument, *type, site);
    same = same && argument->type.Is(site.arguments[0]->type.id());
  }
  for (size_t i = 0; i < site.arguments.size(); ++i) {
    const DataType& type = site.arguments[i]->type;
    if (type.Is(TypeId::kString) || type.Is(TypeId::kBinary) || type.Is(TypeId::kArray)) continue;
    return UnexpectedInputType(site, i, "(\"STRING\" or \"BINARY\" or \"ARRAY\")");
  }
  if (!same) return DataDiffTypes(site);
  return Built(site, site.name, TypeId::kString, AnyNullable(site.arguments), site.mode);
}

Result<std::string> LowerConcat(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  const auto& node = std::get<Call>(call.node);
  if (!call.type.Is(TypeId::kArray)) {
    // DuckDB gives NULLs alone no type of text.
    for (const ExprPtr& argument : node.arguments) {
      const auto* literal = std::get_if<logical::Literal>(&argument->node);
      if (literal != nullptr && literal->value.IsNull()) return Cat("CAST(NULL AS ", DuckType(call.type), ")");
    }
  }
  if (!call.type.Is(TypeId::kArray)) return Cat("(", Join({arguments.begin(), arguments.end()}, " || "), ")");
  // DuckDB takes a list that is NULL for an empty one.
  std::string sql = arguments[0];
  std::string nulls;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) sql = Cat("list_concat(", sql, ", ", arguments[i], ")");
    if (node.arguments[i]->nullable) Append(nulls, nulls.empty() ? "" : " OR ", arguments[i], " IS NULL");
  }
  return nulls.empty() ? sql : Cat("CASE WHEN ", nulls, " THEN NULL ELSE ", sql, " END");
}

Result<DataType> BindConcatWs(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
  for (size_t i = 1; i < site.arguments.size(); ++i) {
    FS_CHECK(CoerceArgument(site, i, TypePattern::OneOf({TypePattern::ArrayOf(TypeId::kString), TypeId::kString})));
  }
  return DataType(TypeId::kString);
}

Status ConcatWs(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  std::string text;
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const std::string_view separator = in[0].StringAt(row);
    text.clear();
    bool first = true;
    const auto add = [&](const InputVector& vector, size_t at) {
      if (vector.IsNull(at)) return;
      if (!first) text += separator;
      first = false;
      text += vector.StringAt(at);
    };
    for (const InputVector& vector : in.subspan(1)) {
      if (!vector.type.Is(TypeId::kArray)) {
        add(vector, row);
      } else if (!vector.IsNull(row)) {
        const auto& list = vector.At<ListCell>(row);
        for (uint64_t i = 0; i < list.length; ++i) add(vector.children[0], list.offset + i);
      }
    }
    out.SetString(row, text);
  }
  return {};
}

// The schema: NULL exactly when the separator is.
Result<ExprPtr> BindConcatWsCall(CallSite& site) {
  FS_TRY(DataType type, BindConcatWs(site));
  return Built(site, site.name, type, site.arguments[0]->nullable, site.mode);
}

// ---------------------------------------------------------------- case, reverse

/// The first letter of each word as a title has it, the others in lower case; words are parted by blanks.
std::string InitCap(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) {
      const std::string_view word = text.substr(at, end - at), first = word.substr(0, CodePointBytes(word, 0));
      if (first.size() == 1) {
        out += Upper(first);
      } else {
        icu::UnicodeString title =
            icu::UnicodeString::fromUTF8(icu::StringPiece(first.data(), static_cast<int32_t>(first.size())));
        title.toTitle(nullptr, icu::Locale::getRoot()).toUTF8String(out);
      }
      out += Lower(word).substr(Lower(first).size());
    }
    if (end < text.size()) out += ' ';
    at = end + 1;
  }
  return out;
}

std::string UpperOf(std::string_view text) { return Upper(text); }
std::string LowerOf(std::string_view text) { return Lower(text); }

std::string ReverseText(std::string_view text) {
  std::string out(text.size(), '\0');
  size_t end = text.size();
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = CodePointBytes(text, at);
    end -= bytes;
    text.copy(out.data() + end, bytes, at);
    at += bytes;
  }
  return out;
}
std::string ReverseBytes(std::string_view bytes) { return {bytes.rbegin(), bytes.rend()}; }

Result<std::string> LowerReverse(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  if (call.type.Is(TypeId::kArray)) return Cat("list_reverse(", arguments[0], ")");
  return LowerKernel(IsBinary(call) ? RowKernel<&ReverseBytes>() : RowKernel<&ReverseText>(), call, {arguments[0]},
                     lowering);
}

// ---------------------------------------------------------------- length

Result<std::string> LowerLength(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  return Cat("CAST(", IsBinary(call) ? "octet_length(" : "length(", arguments[0], ") AS INTEGER)");
}
Result<DataType> BindByteCount(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypePattern::OneOf({TypeId::kString, TypeId::kBinary})));
  site.arguments[0] = BytesBehind(site.arguments[0]);
  return DataType(TypeId::kInteger);
}
Result<std::string> LowerOctetLength(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  return Cat("CAST(", IsBinary(call) ? "octet_length(" : "strlen(", arguments[0], ") AS INTEGER)");
}
int32_t BitLength(std::string_view bytes) { return static_cast<int32_t>(static_cast<uint32_t>(bytes.size()) * 8U); }

// ---------------------------------------------------------------- substring, left, right

/// Spark's substringSQL: from 1 or, if negative, from the end; what lies before the start counts towards the length.
struct Range {
  int64_t start;
  int64_t end;
};
Range SubstringRange(int64_t position, int64_t length, int64_t size) {
  const int64_t start = position > 0 ? position - 1 : position < 0 ? size + position : 0;
  const int64_t end = length < 0 ? start : start + length;
  return {std::clamp<int64_t>(start, 0, size), std::clamp<int64_t>(end, 0, size)};
}

std::string_view SubstringOfText(std::string_view text, int32_t position, int32_t length) {
  if (length <= 0) return {};
  if (position >= 0) {
    const size_t start = ByteOfCodePoint(text, position > 0 ? position - 1 : 0);
    const size_t end = ByteOfCodePoint(text, length, start);
    return text.substr(start, end - start);
  }
  const Range range = SubstringRange(position, length, CodePointCount(text));
  if (range.start >= range.end) return {};
  const size_t start = ByteOfCodePoint(text, range.start);
  return text.substr(start, ByteOfCodePoint(text, range.end - range.start, start) - start);
}
std::string_view SubstringOfBytes(std::string_view bytes, int32_t position, int32_t length) {
  const Range range = SubstringRange(position, length, static_cast<int64_t>(bytes.size()));
  return range.start >= range.end
             ? std::string_view()
             : bytes.substr(static_cast<size_t>(range.start), static_cast<size_t>(range.end - range.start));
}

Result<std::string> LowerSubstring(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  if (IsBinary(call))
    return LowerKernel(RowKernel<&SubstringOfBytes>(), call, {arguments.begin(), arguments.end()}, lowering);
  const int64_t* position = IntegerConstant(node.arguments[1]);
  const int64_t* length = IntegerConstant(node.arguments[2]);
  if (position != nullptr && length != nullptr && *position > 0 && *length >= 0) {
    if (*length == INT32_MAX) return Cat("substring(", arguments[0], ", ", *position, ")");
    return Cat("substring(", arguments[0], ", ", *position, ", ", *length, ")");
  }
  return LowerKernel(RowKernel<&SubstringOfText>(), call, {arguments.begin(), arguments.end()}, lowering);
}

std::string_view LeftOfText(std::string_view text, int32_t length) { return SubstringOfText(text, 1, length); }
std::string_view LeftOfBytes(std::string_view bytes, int32_t length) { return SubstringOfBytes(bytes, 1, length); }
Result<std::string> LowerLeft(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return LowerKernel(IsBinary(call) ? RowKernel<&LeftOfBytes>() : RowKernel<&LeftOfText>(), call,
                     {arguments.begin(), arguments.end()}, lowering);
}
std::string_view Right(std::string_view text, int32_t length) {
  return length <= 0 ? std::string_view() : SubstringOfText(text, -length, length);
}

// ---------------------------------------------------------------- padding and repetition

Error TooLong(const KernelContext& context) { return ArithmeticOverflow("integer overflow", "", context.origin); }

std::string PadText(std::string_view text, int32_t length, std::string_view pad, bool left) {
  const int64_t size = CodePointCount(text);
  if (length <= size || pad.empty()) return std::string(text.substr(0, ByteOfCodePoint(text, std::max(0, length))));
  const int64_t missing = length - size;
  const int64_t pad_size = CodePointCount(pad);
  std::string padding;
  padding.reserve(static_cast<size_t>(missing / pad_size + 1) * pad.size());
  for (int64_t i = 0; i < missing / pad_size; ++i) padding += pad;
  padding += pad.substr(0, ByteOfCodePoint(pad, missing % pad_size));
  return left ? Cat(padding, text) : Cat(text, padding);
}
std::string PadBytes(std::string_view bytes, int32_t length, std::string_view pad, bool left) {
  const auto size = static_cast<size_t>(std::max(0, length));
  if (size <= bytes.size() || pad.empty()) return std::string(bytes.substr(0, size));
  std::string padding;
  const size_t missing = size - bytes.size();
  while (padding.size() < missing) padding += pad.substr(0, missing - padding.size());
  return left ? Cat(padding, bytes) : Cat(bytes, padding);
}
template <bool kLeft, bool kBytes>
std::string Pad(std::string_view text, int32_t length, std::string_view pad) {
  return kBytes ? PadBytes(text, length, pad, kLeft) : PadText(text, length, pad, kLeft);
}
template <bool kLeft>
Result<std::string> LowerPad(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return LowerKernel(call.type.Is(TypeId::kBinary) ? RowKernel<&Pad<kLeft, true>>() : RowKernel<&Pad<kLeft, false>>(),
                     call, {arguments.begin(), arguments.end()}, lowering);
}
Result<DataType> BindPad(CallSite& site) {
  const bool binary = site.arguments[0]->type.Is(TypeId::kBinary) &&
                      (site.arguments.size() < 3 || site.arguments[2]->type.Is(TypeId::kBinary));
  if (site.arguments.size() == 2) {
    site.arguments.push_back(binary ? LiteralOf(Value(std::string(1, '\0')), TypeId::kBinary, site.origin)
                                    : LiteralOf(Value(std::string(" ")), TypeId::kString, site.origin));
  }
  const TypePattern text = binary ? TypePattern(TypeId::kBinary) : TypePattern(TypeId::kString);
  FS_CHECK(CoerceArgument(site, 0, text));
  FS_CHECK(CoerceArgument(site, 1, TypeId::kInteger));
  FS_CHECK(CoerceArgument(site, 2, text));
  return DataType(binary ? TypeId::kBinary : TypeId::kString);
}

Result<std::string> Repeat(const KernelContext& context, std::string_view text, int32_t times) {
  std::string out;
  if (times <= 0 || text.empty()) return out;
  if (text.size() > static_cast<size_t>(INT32_MAX / times)) return TooLong(context);
  out.reserve(text.size() * static_cast<size_t>(times));
  for (int32_t i = 0; i < times; ++i) out += text;
  return out;
}
std::string Space(int32_t count) { return std::string(static_cast<size_t>(std::max(0, count)), ' '); }

// ---------------------------------------------------------------- trim

/// trim(characters, text), as the words of TRIM(… FROM …) are ordered; btrim(text, characters).
template <int kSide>  // 0 both, 1 leading, 2 trailing
Result<std::string> LowerTrim(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  constexpr std::string_view kNames[] = {"trim(", "ltrim(", "rtrim("};
  if (arguments.size() == 1) return Cat(kNames[kSide], arguments[0], ", ' ')");
  const bool text_first = std::get<Call>(call.node).function->name == "btrim";
  return Cat(kNames[kSide], arguments[text_first ? 0 : 1], ", ", arguments[text_first ? 1 : 0], ")");
}
std::string TrimName(std::span<const std::string> arguments, const Expr& call) {
  const std::string_view name = std::get<Call>(call.node).function->name;
  if (arguments.size() == 1) return Cat(name, "(", arguments[0], ")");
  return Cat("TRIM(",
             name == "trim"    ? "BOTH"
             : name == "ltrim" ? "LEADING"
                               : "TRAILING",
             " ", arguments[0], " FROM ", arguments[1], ")");
}

// ---------------------------------------------------------------- replace, translate, overlay

std::string Translate(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = CodePointBytes(text, at);
    const std::string_view point = text.substr(at, bytes);
    at += bytes;
    bool found = false;
    size_t t = 0;
    for (size_t f = 0; f < from.size() && !found;) {
      const size_t from_bytes = CodePointBytes(from, f);
      const size_t to_bytes = t < to.size() ? CodePointBytes(to, t) : 0;
      if (from.substr(f, from_bytes) == point) {
        found = true;
        out += to.substr(t, to_bytes);
      }
      f += from_bytes;
      t += to_bytes;
    }
    if (!found) out += point;
  }
  return out;
}

std::string OverlayText(std::string_view text, std::string_view replacement, int32_t position, int32_t length) {
  const int64_t cut = length >= 0 ? length : CodePointCount(replacement);
  const int64_t after = static_cast<int64_t>(position) + cut;
  return Cat(SubstringOfText(text, 1, static_cast<int32_t>(std::max<int64_t>(static_cast<int64_t>(position) - 1, 0))),
             replacement,
             SubstringOfText(text, static_cast<int32_t>(std::clamp<int64_t>(after, INT32_MIN, INT32_MAX)), INT32_MAX));
}
std::string OverlayBytes(std::string_view bytes, std::string_view replacement, int32_t position, int32_t length) {
  const int64_t cut = length >= 0 ? length : static_cast<int64_t>(replacement.size());
  const int64_t after = static_cast<int64_t>(position) + cut;
  return Cat(
      SubstringOfBytes(bytes, 1, static_cast<int32_t>(std::max<int64_t>(static_cast<int64_t>(position) - 1, 0))),
      replacement,
      SubstringOfBytes(bytes, static_cast<int32_t>(std::clamp<int64_t>(after, INT32_MIN, INT32_MAX)), INT32_MAX));
}
Result<std::string> LowerOverlay(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  return LowerKernel(IsBinary(call) ? RowKernel<&OverlayBytes>() : RowKernel<&OverlayText>(), call,
                     {arguments.begin(), arguments.end()}, lowering);
}
Result<DataType> BindOverlay(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, Class::kStringOrBinary));
  FS_CHECK(CoerceArgument(site, 1, Class::kStringOrBinary));
  FS_CHECK(CoerceArgument(site, 2, TypeId::kInteger));
  FS_CHECK(CoerceArgument(site, 3, TypeId::kInteger));
  if (!site.arguments[0]->type.Is(site.arguments[1]->type.id())) {
    return TypeMismatch(site, "DATA_DIFF_TYPES",
                        {{"functionName", ToSqlId(site.name)},
                         {"dataType", Cat("(", InDoubleQuotes(TypeSql(site.arguments[0]->type)), " or ",
                                          InDoubleQuotes(TypeSql(site.arguments[1]->type)), ")")}});
  }
  return site.arguments[0]->type;
}

}  // namespace

std::span<const Function> StringFunctions() {
  static const DataType kString = TypeId::kString;
  static const DataType kInteger = TypeId::kInteger;
  static const TypePattern kText = TypeId::kString;
  static const TypePattern kTextOrBytes = TypePattern::OneOf({TypeId::kString, TypeId::kBinary});
  static const TypePattern kReversible = TypePattern::OneOf({TypeId::kString, TypeId::kBinary, Class::kArray});
  static const Argument kAny = {Class::kAny};
  static const std::vector<Function> rows = {
      {.name = "concat",
       .arguments = {{.type = Class::kAny, .repeated = true}},
       .runs = &LowerConcat,
       .bind = &BindConcat,
       .group = "collection_funcs",
       .since = "1.5.0",
       .doc = "Texts, bytes or arrays, one after the other.",
       .example = "concat('Spark', 'SQL')"},
      {.name = "concat_ws",
       .arguments = {kAny, {.type = Class::kAny, .repeated = true}},
       .runs = ScalarKernel{&ConcatWs},
       .bind = &BindConcatWsCall,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "Texts and arrays of texts with a separator between them; NULLs are left out.",
       .example = "concat_ws(' ', 'Spark', 'SQL')"},
      {.name = "upper",
       .aliases = {"ucase"},
       .arguments = {{kText}},
       .result = kString,
       .runs = RowKernel<&UpperOf>(),
       .group = "string_funcs",
       .since = "1.0.1",
       .doc = "The text in upper case.",
       .example = "upper('SparkSql')"},
      {.name = "lower",
       .aliases = {"lcase"},
       .arguments = {{kText}},
       .result = kString,
       .runs = RowKernel<&LowerOf>(),
       .group = "string_funcs",
       .since = "1.0.1",
       .doc = "The text in lower case.",
       .example = "lower('SparkSql')"},
      {.name = "initcap",
       .arguments = {{kText}},
       .result = kString,
       .runs = RowKernel<&InitCap>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The first letter of each word in upper case, the others in lower case.",
       .example = "initcap('sPark sql')"},
      {.name = "reverse",
       .arguments = {{kReversible}},
       .result = &SameAsFirst,
       .runs = &LowerReverse,
       .group = "collection_funcs",
       .since = "1.5.0",
       .doc = "A text or an array back to front.",
       .example = "reverse('Spark SQL')"},
      {.name = "length",
       .aliases = {"char_length", "character_length", "len"},
       .arguments = {{kTextOrBytes}},
       .result = kInteger,
       .runs = &LowerLength,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "Characters of a text, bytes of a binary.",
       .example = "length('Spark SQL ')"},
      {.name = "octet_length",
       .arguments = {{kTextOrBytes}},
       .result = kInteger,
       .runs = &LowerOctetLength,
       .bind = &BindByteCount,
       .group = "string_funcs",
       .since = "2.3.0",
       .doc = "Bytes of a text or binary.",
       .example = "octet_length('Spark SQL')"},
      {.name = "bit_length",
       .arguments = {{kTextOrBytes}},
       .result = kInteger,
       .runs = RowKernel<&BitLength>(),
       .bind = &BindByteCount,
       .group = "string_funcs",
       .since = "2.3.0",
       .doc = "Bits of a text or binary.",
       .example = "bit_length('Spark SQL')"},
      {.name = "substring",
       .aliases = {"substr"},
       .arguments = {{kTextOrBytes},
                     {TypeId::kInteger},
                     {.type = TypeId::kInteger, .optional = true, .default_sql = "2147483647"}},
       .result = &SameAsFirst,
       .runs = &LowerSubstring,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "Part of a text or binary from a position, which counts from 1 or back from the end.",
       .example = "substring('Spark SQL', 5)"},
      {.name = "left",
       .arguments = {{kTextOrBytes}, {TypeId::kInteger}},
       .result = &SameAsFirst,
       .runs = &LowerLeft,
       .group = "string_funcs",
       .since = "2.3.0",
       .doc = "The first characters of a text.",
       .example = "left('Spark SQL', 3)"},
      {.name = "right",
       .arguments = {{kText}, {TypeId::kInteger}},
       .result = kString,
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&Right>(),
       .group = "string_funcs",
       .since = "2.3.0",
       .doc = "The last characters of a text.",
       .example = "right('Spark SQL', 3)"},
      {.name = "lpad",
       .arguments = {kAny, kAny, {.type = Class::kAny, .optional = true}},
       .runs = &LowerPad<true>,
       .bind = &BindPad,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The text padded on the left, or cut, to a length.",
       .example = "lpad('hi', 5, '*')"},
      {.name = "rpad",
       .arguments = {kAny, kAny, {.type = Class::kAny, .optional = true}},
       .runs = &LowerPad<false>,
       .bind = &BindPad,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The text padded on the right, or cut, to a length.",
       .example = "rpad('hi', 5, '*')"},
      {.name = "repeat",
       .arguments = {{kText}, {TypeId::kInteger}},
       .result = kString,
       .runs = RowKernel<&Repeat>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The text several times.",
       .example = "repeat('123', 2)"},
      {.name = "space",
       .arguments = {{TypeId::kInteger}},
       .result = kString,
       .runs = RowKernel<&Space>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "That many blanks.",
       .example = "concat(space(2), '1')"},
      {.name = "trim",
       .arguments = {{kText}, {.type = kText, .optional = true}},
       .result = kString,
       .runs = &LowerTrim<0>,
       .form = Form::kSpecial,
       .name_of = &TrimName,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The text without blanks, or the characters given, at both ends.",
       .example = "trim('    SparkSQL   ')"},
      {.name = "ltrim",
       .arguments = {{kText}, {.type = kText, .optional = true}},
       .result = kString,
       .runs = &LowerTrim<1>,
       .form = Form::kSpecial,
       .name_of = &TrimName,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The text without blanks, or the characters given, at its start.",
       .example = "ltrim('    SparkSQL   ')"},
      {.name = "rtrim",
       .arguments = {{kText}, {.type = kText, .optional = true}},
       .result = kString,
       .runs = &LowerTrim<2>,
       .form = Form::kSpecial,
       .name_of = &TrimName,
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The text without blanks, or the characters given, at its end.",
       .example = "rtrim('    SparkSQL   ')"},
      {.name = "btrim",
       .arguments = {{kText}, {.type = kText, .optional = true}},
       .result = kString,
       .runs = &LowerTrim<0>,
       .group = "string_funcs",
       .since = "3.2.0",
       .doc = "As trim, with the text first.",
       .example = "btrim('    SparkSQL   ')"},
      {.name = "replace",
       .arguments = {{kText}, {kText}, {.type = kText, .optional = true, .default_sql = "''"}},
       .result = kString,
       .runs = Sql{"replace({0}, {1}, {2})"},
       .group = "string_funcs",
       .since = "2.3.0",
       .doc = "The text with every occurrence of one text replaced.",
       .example = "replace('ABCabc', 'abc', 'DEF')"},
      {.name = "translate",
       .arguments = {{kText}, {kText}, {kText}},
       .result = kString,
       .runs = RowKernel<&Translate>(),
       .group = "string_funcs",
       .since = "1.5.0",
       .doc = "The text with characters replaced one by one.",
       .example = "translate('AaBbCc', 'abc', '123')"},
      {.name = "overlay",
       .arguments = {kAny, kAny, kAny, {.type = Class::kAny, .optional = true, .default_sql = "-1"}},
       .runs = &LowerOverlay,
       .bind = &BindOverlay,
       .group = "string_funcs",
       .since = "3.0.0",
       .doc = "The text with the part from a position replaced.",
       .example = "overlay('Spark SQL' PLACING '_' FROM 6)"},
  };
  return rows;
}

}  // namespace firesteel::functions
