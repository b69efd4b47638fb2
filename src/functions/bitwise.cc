// Operators on bits. DuckDB's & | and xor mean the same on equal integer types; shifts count modulo the width as in Java.
#include <bit>

#include "base/cat.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/comparison.h"
#include "functions/lower.h"
#include "functions/registry.h"
#include "functions/topics.h"
#include "types/decimal.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

Result<DataType> BindBits(CallSite& site) {
  ExprPtr& left = site.arguments[0];
  ExprPtr& right = site.arguments[1];
  const bool string = left->type.Is(TypeId::kString) || right->type.Is(TypeId::kString);
  if (string && site.settings.ansi) {
    if (const auto promoted = StringPromotion(left->type, right->type)) {
      left = CastTo(left, *promoted, site);
      right = CastTo(right, *promoted, site);
    }
  } else if (string) {
    if (left->type.Is(TypeId::kString)) left = CastTo(left, TypeId::kDouble, site);
    if (right->type.Is(TypeId::kString)) right = CastTo(right, TypeId::kDouble, site);
  }
  // Spark also makes decimals of integers next to one before it refuses them.
  if (left->type.Is(TypeId::kDecimal)) right = NarrowInteger(right, site);
  if (right->type.Is(TypeId::kDecimal)) left = NarrowInteger(left, site);
  if (left->type.Is(TypeId::kDecimal) && right->type.IsIntegral())
    right = CastTo(right, DecimalForType(right->type), site);
  if (right->type.Is(TypeId::kDecimal) && left->type.IsIntegral())
    left = CastTo(left, DecimalForType(left->type), site);
  if (!(left->type == right->type)) {
    const auto common = TightestCommonType(left->type, right->type, site.settings.ansi);
    if (common && common->IsIntegral()) {
      left = CastTo(left, *common, site);
      right = CastTo(right, *common, site);
    }
  }
  if (left->type.Is(TypeId::kNull) && right->type.Is(TypeId::kNull)) {
    left = CastTo(left, TypeId::kInteger, site);
    right = CastTo(right, TypeId::kInteger, site);
  }
  if (!left->type.SameType(right->type)) return BinaryOpDiffTypes(site);
  if (!left->type.IsIntegral()) return BinaryOpWrongType(site, "\"INTEGRAL\"");
  return left->type;
}

template <typename T>
T ShiftLeft(T value, int32_t count) {
  using U = std::make_unsigned_t<T>;
  return static_cast<T>(static_cast<U>(value) << (static_cast<uint32_t>(count) & (sizeof(T) * 8 - 1)));
}
template <typename T>
T ShiftRight(T value, int32_t count) {
  return static_cast<T>(value >> (static_cast<uint32_t>(count) & (sizeof(T) * 8 - 1)));
}
template <typename T>
T ShiftRightUnsigned(T value, int32_t count) {
  using U = std::make_unsigned_t<T>;
  return static_cast<T>(static_cast<U>(value) >> (static_cast<uint32_t>(count) & (sizeof(T) * 8 - 1)));
}

Result<std::string> LowerShift(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const std::string_view name = std::get<Call>(call.node).function->name;
  const bool is_long = call.type.Is(TypeId::kLong);
  const std::vector<std::string> texts(arguments.begin(), arguments.end());
  if (name == "<<" || name == "shiftleft") {
    return LowerKernel(is_long ? RowKernel<&ShiftLeft<int64_t>>() : RowKernel<&ShiftLeft<int32_t>>(), call, texts,
                       lowering);
  }
  if (name == ">>" || name == "shiftright") {
    return LowerKernel(is_long ? RowKernel<&ShiftRight<int64_t>>() : RowKernel<&ShiftRight<int32_t>>(), call, texts,
                       lowering);
  }
  return LowerKernel(is_long ? RowKernel<&ShiftRightUnsigned<int64_t>>() : RowKernel<&ShiftRightUnsigned<int32_t>>(),
                     call, texts, lowering);
}

/// Negative numbers count their 64 bits.
Result<std::string> LowerBitCount(const Expr& call, std::span<const std::string> arguments, Lowering&) {
  const bool boolean = std::get<Call>(call.node).arguments[0]->type.Is(TypeId::kBoolean);
  if (boolean) return Cat("CAST(", arguments[0], " AS INTEGER)");
  return Cat("CAST(bit_count(CAST(", arguments[0], " AS BIGINT)) AS INTEGER)");
}

/// Errors know the name that was called.
template <typename T, bool kSynonym>
Result<int8_t> GetBit(T value, int32_t position) {
  constexpr int kBits = sizeof(T) * 8;
  if (position < 0 || position >= kBits) {
    return Error::Condition("INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE",
                            {{"functionName", kSynonym ? "`getbit`" : "`bit_get`"},
                             {"parameter", "`pos`"},
                             {"upper", Cat(kBits)},
                             {"invalidValue", Cat(position)}})
        .As(ErrorClass::kIllegalArgument);
  }
  return static_cast<int8_t>((static_cast<uint64_t>(value) >> position) & 1);
}
template <bool kSynonym>
Result<std::string> LowerBitGet(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const std::vector<std::string> texts(arguments.begin(), arguments.end());
  switch (std::get<Call>(call.node).arguments[0]->type.id()) {
    case TypeId::kByte:
      return LowerKernel(RowKernel<&GetBit<int8_t, kSynonym>>(), call, texts, lowering);
    case TypeId::kShort:
      return LowerKernel(RowKernel<&GetBit<int16_t, kSynonym>>(), call, texts, lowering);
    case TypeId::kInteger:
      return LowerKernel(RowKernel<&GetBit<int32_t, kSynonym>>(), call, texts, lowering);
    default:
      return LowerKernel(RowKernel<&GetBit<int64_t, kSynonym>>(), call, texts, lowering);
  }
}

std::string InfixName(std::span<const std::string> arguments, const Expr& call) {
  return Cat("(", arguments[0], " ", std::get<Call>(call.node).function->name, " ", arguments[1], ")");
}
std::string NotName(std::span<const std::string> arguments, const Expr&) { return Cat("~", arguments[0]); }

Function Bits(std::string_view name, Sql sql, std::string_view doc, std::string_view example) {
  return {.name = name,
          .arguments = {{Class::kAny}, {Class::kAny}},
          .result = &SameAsFirst,
          .runs = sql,
          .bind = &BindBits,
          .form = Form::kSpecial,
          .name_of = &InfixName,
          .group = "bitwise_funcs",
          .since = "1.4.0",
          .doc = doc,
          .example = example};
}
Function Shift(std::string_view name, Form form, std::string_view doc, std::string_view example) {
  return {.name = name,
          .arguments = {{TypePattern::OneOf({TypeId::kInteger, TypeId::kLong})}, {TypeId::kInteger}},
          .result = &SameAsFirst,
          .runs = &LowerShift,
          .form = form,
          .name_of = form == Form::kSpecial ? &InfixName : nullptr,
          .group = "bitwise_funcs",
          .since = "1.5.0",
          .doc = doc,
          .example = example};
}

}  // namespace

std::span<const Function> BitwiseFunctions() {
  static const TypePattern kCounted = TypePattern::OneOf({Class::kIntegral, TypeId::kBoolean}).Exactly();
  static const std::vector<Function> rows = {
      Bits("&", Sql{"({0} & {1})"}, "Bitwise and.", "3 & 5"),
      Bits("|", Sql{"({0} | {1})"}, "Bitwise or.", "3 | 5"),
      Bits("^", Sql{"xor({0}, {1})"}, "Bitwise exclusive or.", "3 ^ 5"),
      {.name = "~",
       .arguments = {{Class::kIntegral}},
       .result = &SameAsFirst,
       .runs = Sql{"(~{0})"},
       .form = Form::kSpecial,
       .name_of = &NotName,
       .group = "bitwise_funcs",
       .since = "1.4.0",
       .doc = "Bitwise not.",
       .example = "~ 0"},
      Shift("<<", Form::kSpecial, "Bits moved to the left.", "2 << 1"),
      Shift(">>", Form::kSpecial, "Bits moved to the right, the sign repeated.", "4 >> 1"),
      Shift(">>>", Form::kSpecial, "Bits moved to the right, zeros moved in.", "4 >>> 1"),
      Shift("shiftleft", Form::kCall, "Bits moved to the left.", "shiftleft(2, 1)"),
      Shift("shiftright", Form::kCall, "Bits moved to the right, the sign repeated.", "shiftright(4, 1)"),
      Shift("shiftrightunsigned", Form::kCall, "Bits moved to the right, zeros moved in.", "shiftrightunsigned(4, 1)"),
      {.name = "bit_count",
       .arguments = {{kCounted}},
       .result = DataType(TypeId::kInteger),
       .runs = &LowerBitCount,
       .group = "bitwise_funcs",
       .since = "3.0.0",
       .doc = "How many bits are set, negative numbers as 64 bits.",
       .example = "bit_count(0)"},
      {.name = "bit_get",
       .arguments = {{Class::kIntegral}, {TypeId::kInteger}},
       .result = DataType(TypeId::kByte),
       .runs = &LowerBitGet<false>,
       .group = "bitwise_funcs",
       .since = "3.2.0",
       .doc = "The bit at a position, counted from the lowest, from 0.",
       .example = "bit_get(11, 0)"},
      {.name = "getbit",
       .arguments = {{Class::kIntegral}, {TypeId::kInteger}},
       .result = DataType(TypeId::kByte),
       .runs = &LowerBitGet<true>,
       .group = "bitwise_funcs",
       .since = "3.2.0",
       .doc = "The bit at a position, counted from the lowest, from 0.",
       .example = "getbit(11, 0)"},
  };
  return rows;
}

}  // namespace firesteel::functions
