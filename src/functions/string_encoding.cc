// Text as bytes and back: encode, decode, unbase64, to_binary, url_encode, url_decode, is_valid_utf8 and their kin.
#include <array>

#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/base64.h"
#include "functions/bind.h"
#include "functions/charset.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/topics.h"
#include "plan/rewrite.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- encode, decode

Error UnknownCharset(std::string_view function, std::string_view charset) {
  return Error::Condition("INVALID_PARAMETER_VALUE.CHARSET",
                          {{"functionName", ToSqlId(function)},
                           {"parameter", "`charset`"},
                           {"charset", std::string(charset)},
                           {"charsets", "iso-8859-1, us-ascii, utf-16, utf-16be, utf-16le, utf-32, utf-8"}})
      .As(ErrorClass::kIllegalArgument);
}
Error MalformedCoding(std::string_view function, std::string_view charset) {
  return Error::Condition("MALFORMED_CHARACTER_CODING",
                          {{"function", ToSqlId(function)}, {"charset", std::string(charset)}})
      .As(ErrorClass::kRuntime);
}

Result<std::string> Encode(std::string_view text, std::string_view name) {
  const std::optional<Charset> charset = FindCharset(name);
  if (!charset) return UnknownCharset("encode", name);
  std::optional<std::string> bytes = EncodeText(text, *charset);
  if (!bytes) return MalformedCoding("encode", name);
  return *std::move(bytes);
}

Result<std::string> Decode(std::string_view bytes, std::string_view name) {
  const std::optional<Charset> charset = FindCharset(name);
  if (!charset) return UnknownCharset("decode", name);
  std::optional<std::string> text = DecodeText(bytes, *charset);
  if (!text) return MalformedCoding("decode", name);
  return *std::move(text);
}

/// Of two arguments text from bytes; of more a CASE: value, (what it may be, the answer) …, otherwise.
Result<ExprPtr> BindDecode(CallSite& site) {
  if (site.arguments.size() < 2) {
    return WrongArgumentCount(site, "2", site.origin);
  }
  if (site.arguments.size() == 2) {
    FS_CHECK(CoerceArgument(site, 0, TypeId::kBinary));
    FS_CHECK(CoerceArgument(site, 1, TypeId::kString));
    return Built(site, site.name, TypeId::kString, true, site.mode);
  }
  std::vector<ExprPtr> branches;
  size_t i = 1;
  for (; i + 1 < site.arguments.size(); i += 2) {
    FS_TRY(ExprPtr same, site.call("<=>", {site.arguments[0], site.arguments[i]}));
    branches.push_back(std::move(same));
    branches.push_back(site.arguments[i + 1]);
  }
  if (i < site.arguments.size()) branches.push_back(site.arguments[i]);
  return site.call("when", std::move(branches));
}

// ---------------------------------------------------------------- unbase64, to_binary

Result<std::string> UnBase64(std::string_view text) {
  std::string bytes;
  if (const auto error = DecodeMimeBase64(text, bytes)) return JavaException(kIllegalArgumentClasses, *error);
  return bytes;
}

Result<std::optional<std::string>> InvalidBinary(const KernelContext& context, std::string_view text,
                                                 std::string_view format) {
  if (context.mode == EvalMode::kTry) return std::optional<std::string>();
  return Error::Condition("CONVERSION_INVALID_INPUT",
                          {{"str", ErrorValueText(Value(std::string(text)), TypeId::kString, "UTC")},
                           {"fmt", Cat("'", format, "'")},
                           {"targetType", "\"BINARY\""},
                           {"suggestion", "`try_to_binary`"}})
      .As(ErrorClass::kIllegalArgument);
}

Result<std::optional<std::string>> BinaryOfHex(const KernelContext& context, std::string_view text) {
  std::string bytes;
  size_t at = 0;
  if (text.size() % 2 != 0) {  // the first digit stands alone
    if (HexDigit(text[0]) < 0) return InvalidBinary(context, text, "HEX");
    bytes += static_cast<char>(HexDigit(text[at++]));
  }
  for (; at < text.size(); at += 2) {
    const int high = HexDigit(text[at]), low = HexDigit(text[at + 1]);
    if (high < 0 || low < 0) return InvalidBinary(context, text, "HEX");
    bytes += static_cast<char>(high << 4 | low);
  }
  return std::optional(std::move(bytes));
}

Result<std::optional<std::string>> BinaryOfBase64(const KernelContext& context, std::string_view text) {
  std::string bytes;
  if (!IsBase64(text) || DecodeMimeBase64(text, bytes)) return InvalidBinary(context, text, "BASE64");
  return std::optional(std::move(bytes));
}

std::string Bytes(std::string_view text) { return std::string(text); }

/// to_binary(text, format); the format is a constant.
Result<ExprPtr> BindToBinary(CallSite& site) {
  const bool is_try = site.name.starts_with("try_");
  std::string format = "hex";
  bool null = false;
  if (site.arguments.size() == 2) {
    if (site.arguments[1]->type.Is(TypeId::kString) && logical::IsFoldable(site.arguments[1])) {
      std::string name = logical::PrettyName(*site.arguments[1]);
      FS_TRY(Value value, Constant(site, 1));
      site.arguments[1] = logical::Shown(LiteralOf(std::move(value), TypeId::kString, site.origin), std::move(name));
    }
    const auto* literal = std::get_if<logical::Literal>(&site.arguments[1]->node);
    const auto* text = literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value.data);
    null = literal != nullptr && literal->value.IsNull();
    if (text != nullptr) format = Lower(*text);
    if (text == nullptr && !null) {
      return TypeMismatch(site, "INVALID_ARG_VALUE",
                          {{"inputName", "fmt"},
                           {"requireType", "case-insensitive \"STRING\""},
                           {"validValues", "'hex', 'utf-8', 'utf8', or 'base64'"},
                           {"inputValue", ToSqlExpr(logical::PrettyName(*site.arguments[1]))}});
    }
    if (format == "utf8") format = "utf-8";
    if (format != "hex" && format != "utf-8" && format != "base64") {
      if (!is_try) {
        return TypeMismatch(site, "INVALID_ARG_VALUE",
                            {{"inputName", "fmt"},
                             {"requireType", "case-insensitive \"STRING\""},
                             {"validValues", "'hex', 'utf-8', 'utf8', or 'base64'"},
                             {"inputValue", ErrorValueText(Value(*text), TypeId::kString, "UTC")}});
      }
      null = true;
    }
  }
  FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
  if (null) return LiteralOf(Value(), TypeId::kBinary, site.origin);
  if (site.arguments.size() < 2) {
    return Built(site, site.name, TypeId::kBinary, true, is_try ? EvalMode::kTry : site.mode);
  }
  const bool nullable = is_try || format != "base64" || site.arguments[0]->nullable;
  return Built(site, site.name, TypeId::kBinary, nullable, is_try ? EvalMode::kTry : site.mode);
}

Result<std::string> LowerToBinary(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<logical::Call>(call.node);
  std::string format = "hex";
  if (node.arguments.size() > 1)
    format = Lower(std::get<logical::Literal>(node.arguments[1]->node).value.As<std::string>());
  const ScalarKernel kernel = format == "hex"      ? RowKernel<&BinaryOfHex>()
                              : format == "base64" ? RowKernel<&BinaryOfBase64>()
                                                   : RowKernel<&Bytes>();
  return LowerKernel(kernel, {arguments[0]}, {TypeId::kString}, TypeId::kBinary, node.mode, call.origin, lowering);
}

// ---------------------------------------------------------------- URLs

std::string UrlEncode(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                       c == '-' || c == '*' || c == '_';
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      constexpr char kHex[] = "0123456789ABCDEF";
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

Result<std::optional<std::string>> UrlDecode(const KernelContext& context, std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+') {
      out += ' ';
    } else if (text[at] != '%') {
      out += text[at];
    } else {
      const int high = at + 2 < text.size() ? HexDigit(text[at + 1]) : -1;
      const int low = at + 2 < text.size() ? HexDigit(text[at + 2]) : -1;
      if (high < 0 || low < 0) {
        if (context.mode == EvalMode::kTry) return std::optional<std::string>();
        return Error::Condition("CANNOT_DECODE_URL", {{"url", std::string(text)}}).As(ErrorClass::kIllegalArgument);
      }
      out += static_cast<char>(high << 4 | low);
      at += 2;
    }
  }
  return std::optional(std::move(out));
}

// ---------------------------------------------------------------- validity

/// Bytes stay bytes: as a string they would be valid already.
template <TypeId kResult>
Result<ExprPtr> BindUtf8(CallSite& site) {
  if (!site.arguments[0]->type.Is(TypeId::kBinary)) FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
  site.arguments[0] = BytesBehind(site.arguments[0]);
  return Built(site, site.name, kResult, true, site.mode);
}

Result<std::optional<std::string>> ValidateUtf8(const KernelContext& context, std::string_view text) {
  if (IsUtf8(text)) return std::optional<std::string>(text);
  if (context.mode == EvalMode::kTry) return std::optional<std::string>();
  std::string shown;
  for (char c : text) {
    constexpr char kHex[] = "0123456789ABCDEF";
    shown += "\\x";
    shown += kHex[static_cast<unsigned char>(c) >> 4];
    shown += kHex[static_cast<unsigned char>(c) & 15];
  }
  return Error::Condition("INVALID_UTF8_STRING", {{"str", shown}}).As(ErrorClass::kIllegalArgument);
}

Function Row(std::string_view name, std::vector<Argument> arguments, DataType result, Nulls nulls, Runs runs,
             Result<ExprPtr> (*bind)(CallSite&), std::string_view since, std::string_view doc,
             std::string_view example) {
  Function row{.name = name,
               .arguments = std::move(arguments),
               .result = std::move(result),
               .nulls = nulls,
               .runs = std::move(runs),
               .group = "string_funcs",
               .since = since,
               .doc = doc,
               .example = example};
  if (bind != nullptr) row.bind = bind;
  return row;
}

}  // namespace

std::span<const Function> StringEncodingFunctions() {
  const Argument any{Class::kAny}, text{TypeId::kString}, format{.type = Class::kAny, .optional = true},
      rest{.type = Class::kAny, .repeated = true};
  const DataType binary = TypeId::kBinary, string = TypeId::kString, none;
  static const std::vector<Function> rows = {
      Row("encode", {text, text}, binary, Nulls::kMaybe, RowKernel<&Encode>(), nullptr, "1.5.0",
          "The bytes of a text in a character set.", "encode('abc', 'utf-8')"),
      Row("decode", {rest}, none, Nulls::kMaybe, RowKernel<&Decode>(), &BindDecode, "1.5.0",
          "Bytes of a character set as text; with more arguments the answer for the first equal value.",
          "decode(encode('abc', 'utf-8'), 'utf-8')"),
      Row("unbase64", {text}, binary, Nulls::kIfAny, RowKernel<&UnBase64>(), nullptr, "1.5.0",
          "The bytes that a base 64 text stands for.", "unbase64('U3BhcmsgU1FM')"),
      Row("to_binary", {any, format}, none, Nulls::kMaybe, &LowerToBinary, &BindToBinary, "3.3.0",
          "The bytes of a text in base 16, base 64 or UTF-8.", "to_binary('abc', 'utf-8')"),
      Row("try_to_binary", {any, format}, none, Nulls::kMaybe, &LowerToBinary, &BindToBinary, "3.3.0",
          "As to_binary, NULL for malformed text.", "try_to_binary('abc', 'utf-8')"),
      Row("url_encode", {text}, string, Nulls::kMaybe, RowKernel<&UrlEncode>(), nullptr, "3.4.0",
          "A text as part of a URL.", "url_encode('https://spark.apache.org')"),
      Row("url_decode", {text}, string, Nulls::kMaybe, RowKernel<&UrlDecode>(), nullptr, "3.4.0",
          "The text that a part of a URL stands for.", "url_decode('https%3A%2F%2Fspark.apache.org')"),
      Row("try_url_decode", {text}, string, Nulls::kMaybe, RowKernel<&UrlDecode>(), nullptr, "4.0.0",
          "As url_decode, NULL for malformed text.", "try_url_decode('https%3A%2F%2Fspark.apache.org')"),
      Row("is_valid_utf8", {any}, none, Nulls::kMaybe, RowKernel<&IsUtf8>(), &BindUtf8<TypeId::kBoolean>, "4.0.0",
          "True if the bytes are UTF-8.", "is_valid_utf8('Spark')"),
      Row("make_valid_utf8", {any}, none, Nulls::kMaybe, RowKernel<&Bytes>(), &BindUtf8<TypeId::kString>, "4.0.0",
          "The text with U+FFFD for what is not UTF-8.", "make_valid_utf8('Spark')"),
      Row("validate_utf8", {any}, none, Nulls::kMaybe, RowKernel<&ValidateUtf8>(), &BindUtf8<TypeId::kString>, "4.0.0",
          "The text; an error if it is not UTF-8.", "validate_utf8('Spark')"),
      Row("try_validate_utf8", {any}, none, Nulls::kMaybe, RowKernel<&ValidateUtf8>(), &BindUtf8<TypeId::kString>,
          "4.0.0", "The text; NULL if it is not UTF-8.", "try_validate_utf8('Spark')"),
  };
  return rows;
}

}  // namespace firesteel::functions
