// Numbers as digits of other bases: bin, hex, unhex, conv.
#include <algorithm>

#include "base/cat.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using Class = TypePattern::Class;

constexpr char kDigits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string Digits(uint64_t value, int base) {
  std::string text;
  do {
    text += kDigits[value % static_cast<uint64_t>(base)];
    value /= static_cast<uint64_t>(base);
  } while (value != 0);
  std::reverse(text.begin(), text.end());
  return text;
}

std::string Bin(int64_t value) { return Digits(static_cast<uint64_t>(value), 2); }
std::string HexOfLong(int64_t value) { return Digits(static_cast<uint64_t>(value), 16); }
std::string HexOfBytes(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (char c : bytes) {
    const auto b = static_cast<unsigned char>(c);
    text += kDigits[b >> 4];
    text += kDigits[b & 15];
  }
  return text;
}

const TypePattern kHexadecimal = TypePattern::OneOf({TypeId::kLong, TypeId::kBinary, TypeId::kString});

Result<DataType> BindHex(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, kHexadecimal));
  site.arguments[0] = BytesBehind(site.arguments[0]);
  return DataType(TypeId::kString);
}
Result<std::string> LowerHex(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const bool number = std::get<Call>(call.node).arguments[0]->type.Is(TypeId::kLong);
  return LowerKernel(number ? RowKernel<&HexOfLong>() : RowKernel<&HexOfBytes>(), call, {arguments[0]}, lowering);
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

std::optional<std::string> Unhex(std::string_view text) {
  std::string bytes;
  size_t i = 0;
  if (text.size() % 2 == 1) {
    const int low = DigitOf(text[0]);
    if (low > 15) return std::nullopt;
    bytes += static_cast<char>(low);
    i = 1;
  }
  for (; i < text.size(); i += 2) {
    const int high = DigitOf(text[i]), low = DigitOf(text[i + 1]);
    if (high > 15 || low > 15) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

/// Hive's conv: 64 unsigned bits, what does not fit is all ones (or an error); a negative target base means signed.
Result<std::optional<std::string>> Conv(const KernelContext& context, std::string_view number, int32_t from,
                                        int32_t to) {
  const auto none = std::optional<std::string>();
  const int64_t magnitude = to < 0 ? -static_cast<int64_t>(to) : to;
  if (from < 2 || from > 36 || magnitude < 2 || magnitude > 36) return none;
  while (!number.empty() && number.front() == ' ') number.remove_prefix(1);
  while (!number.empty() && number.back() == ' ') number.remove_suffix(1);
  if (number.empty()) return none;
  bool negative = number[0] == '-';
  if (negative) number.remove_prefix(1);
  uint64_t value = 0;
  bool overflow = false;
  for (char c : number) {
    const int digit = DigitOf(c);
    if (digit >= from) break;
    uint64_t next = 0;
    if (__builtin_mul_overflow(value, static_cast<uint64_t>(from), &next) ||
        __builtin_add_overflow(next, static_cast<uint64_t>(digit), &next)) {
      overflow = true;
      break;
    }
    value = next;
  }
  if (overflow) {
    if (context.Ansi()) return ArithmeticOverflow("Overflow in function conv()", "", context.origin);
    value = UINT64_MAX;
  }
  if (negative && to > 0) value = static_cast<int64_t>(value) < 0 ? UINT64_MAX : -value;
  if (to < 0) {
    negative = negative || static_cast<int64_t>(value) < 0;
    if (static_cast<int64_t>(value) < 0) value = -value;
  } else {
    negative = false;
  }
  return std::optional<std::string>((negative ? "-" : "") + Digits(value, static_cast<int>(magnitude)));
}

}  // namespace

std::span<const Function> NumberBaseFunctions() {
  static const DataType kString = TypeId::kString;
  static const std::vector<Function> rows = {
      {.name = "bin",
       .arguments = {{TypeId::kLong}},
       .result = kString,
       .runs = RowKernel<&Bin>(),
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "The number in base 2, negative ones as 64 bits.",
       .example = "bin(13)"},
      {.name = "hex",
       .arguments = {{kHexadecimal}},
       .result = kString,
       .runs = &LowerHex,
       .bind = &BindHex,
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "A number in base 16, or two digits for each byte.",
       .example = "hex(17)"},
      {.name = "unhex",
       .arguments = {{TypeId::kString}},
       .result = DataType(TypeId::kBinary),
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&Unhex>(),
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "The bytes of a text of base-16 digits; NULL if it is none.",
       .example = "decode(unhex('537061726B'), 'UTF-8')"},
      {.name = "conv",
       .arguments = {{TypeId::kString}, {TypeId::kInteger}, {TypeId::kInteger}},
       .result = kString,
       .nulls = Nulls::kMaybe,
       .runs = RowKernel<&Conv>(),
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "A number from one base to another.",
       .example = "conv('100', 2, 10)"},
  };
  return rows;
}

}  // namespace firesteel::functions
