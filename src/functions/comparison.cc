// = <=> < <= > >= and their negations, AND, OR, NOT. DuckDB's operators mean the same on flat types; the order of nested
// values, which places NULLs otherwise, is a kernel.
#include "functions/comparison.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/registry.h"
#include "functions/topics.h"
#include "types/decimal.h"
#include "types/type_text.h"

namespace firesteel::functions {

bool EqualButForNames(const DataType& a, const DataType& b) {
  if (a.id() != b.id()) return false;
  if (a.Is(TypeId::kArray)) return EqualButForNames(a.element(), b.element());
  if (a.Is(TypeId::kMap)) return EqualButForNames(a.key(), b.key()) && EqualButForNames(a.value(), b.value());
  if (!a.Is(TypeId::kStruct)) return a == b;
  return std::equal(a.fields().begin(), a.fields().end(), b.fields().begin(), b.fields().end(),
                    [](const StructField& x, const StructField& y) { return EqualButForNames(x.type, y.type); });
}

namespace {

template <typename T>
int Order(T a, T b) {
  return a < b ? -1 : b < a ? 1 : 0;
}
template <typename T>
int OrderFloating(T a, T b) {
  const bool na = std::isnan(a), nb = std::isnan(b);
  if (na || nb) return Order<int>(na, nb);
  return Order(a, b);
}
int OrderBytes(std::string_view a, std::string_view b) {
  const int c = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  return c != 0 ? (c < 0 ? -1 : 1) : Order(a.size(), b.size());
}
int CompareNullable(const Cell& a, const Cell& b) {
  const bool na = a.IsNull(), nb = b.IsNull();
  if (na || nb) return Order<int>(!na, !nb);
  return CompareCells(a, b);
}

}  // namespace

int CompareCells(const Cell& a, const Cell& b) {
  switch (a.type().id()) {
    case TypeId::kNull:
      return 0;
    case TypeId::kBoolean:
      return Order(a.vector->At<uint8_t>(a.row), b.vector->At<uint8_t>(b.row));
    case TypeId::kByte:
      return Order(a.vector->At<int8_t>(a.row), b.vector->At<int8_t>(b.row));
    case TypeId::kShort:
      return Order(a.vector->At<int16_t>(a.row), b.vector->At<int16_t>(b.row));
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      return Order(a.vector->At<int32_t>(a.row), b.vector->At<int32_t>(b.row));
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDayTimeInterval:
      return Order(a.vector->At<int64_t>(a.row), b.vector->At<int64_t>(b.row));
    case TypeId::kFloat:
      return OrderFloating(a.vector->At<float>(a.row), b.vector->At<float>(b.row));
    case TypeId::kDouble:
      return OrderFloating(a.vector->At<double>(a.row), b.vector->At<double>(b.row));
    case TypeId::kDecimal:
      return Order(a.vector->DecimalAt(a.row), b.vector->DecimalAt(b.row));
    case TypeId::kString:
    case TypeId::kBinary:
      return OrderBytes(a.vector->StringAt(a.row), b.vector->StringAt(b.row));
    case TypeId::kCalendarInterval: {
      const auto& x = a.vector->At<CalendarInterval>(a.row);
      const auto& y = b.vector->At<CalendarInterval>(b.row);
      if (x.months != y.months) return Order(x.months, y.months);
      return x.days != y.days ? Order(x.days, y.days) : Order(x.micros, y.micros);
    }
    case TypeId::kArray:
    case TypeId::kMap: {
      const uint64_t na = a.ListSize(), nb = b.ListSize();
      for (uint64_t i = 0; i < std::min(na, nb); ++i) {
        if (const int c = CompareNullable(a.Element(i), b.Element(i)); c != 0) return c;
      }
      return Order(na, nb);
    }
    case TypeId::kStruct:
    case TypeId::kVariant:
      for (size_t i = 0; i < a.vector->children.size() && i < b.vector->children.size(); ++i) {
        if (const int c = CompareNullable(a.Field(i), b.Field(i)); c != 0) return c;
      }
      return 0;
    case TypeId::kUdt:
      break;
  }
  return 0;
}

using logical::Call;
using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

ExprPtr NarrowInteger(const ExprPtr& expr, const CallSite& site) {
  const auto* literal = std::get_if<logical::Literal>(&expr->node);
  if (literal == nullptr || literal->value.IsNull() || !expr->type.IsIntegral()) return expr;
  return CastTo(expr, DataType::Decimal(DecimalDigits(literal->value.As<int64_t>()), 0), site);
}

namespace {

bool IsEquality(std::string_view op) { return op == "=" || op == "<=>" || op == "equal_null"; }

/// Without ANSI a boolean equals 1 or 0: `b = 1` is b itself, any other number is compared with b as a number.
Result<ExprPtr> BooleanEquality(CallSite& site, std::string_view op) {
  const bool boolean_first = site.arguments[0]->type.Is(TypeId::kBoolean);
  const ExprPtr boolean = site.arguments[boolean_first ? 0 : 1];
  ExprPtr& number = site.arguments[boolean_first ? 1 : 0];
  std::optional<bool> constant;
  if (const auto* literal = std::get_if<logical::Literal>(&number->node);
      literal != nullptr && !literal->value.IsNull()) {
    const Value& v = literal->value;
    double as_double = -1;
    if (const auto* i = std::get_if<int64_t>(&v.data)) as_double = static_cast<double>(*i);
    if (const auto* f = std::get_if<float>(&v.data)) as_double = *f;
    if (const auto* d = std::get_if<double>(&v.data)) as_double = *d;
    if (const auto* d = std::get_if<int128_t>(&v.data))
      as_double = static_cast<double>(*d) * std::pow(10.0, -number->type.scale());
    if (as_double == 0 || as_double == 1) constant = as_double == 1;
  }
  if (!constant) {
    ExprPtr& slot = site.arguments[boolean_first ? 0 : 1];
    slot = CastTo(boolean, number->type, site);
    return ExprPtr();
  }
  ExprPtr test = boolean;
  if (!*constant) {
    FS_TRY(test, site.call("not", {boolean}));
  }
  if (op == "=") return test;
  FS_TRY(ExprPtr not_null, site.call("isnotnull", {boolean}));
  return site.call("and", {not_null, test});
}

/// An integer below or above a constant DECIMAL: Spark compares with the next integer instead of widening both. Leaves `op` as it is;
/// a constant beyond BIGINT decides the comparison.
ExprPtr IntegerAgainstDecimal(CallSite& site, std::string_view op) {
  const bool constant_first = site.arguments[1]->type.IsIntegral();
  ExprPtr& constant = site.arguments[constant_first ? 0 : 1];
  const ExprPtr& integer = site.arguments[constant_first ? 1 : 0];
  const auto* literal = std::get_if<logical::Literal>(&constant->node);
  if (IsEquality(op) || !integer->type.IsIntegral() || !constant->type.Is(TypeId::kDecimal) || literal == nullptr ||
      literal->value.IsNull()) {
    return nullptr;
  }
  const int128_t unscaled = literal->value.As<int128_t>();
  const int128_t unit = PowerOfTen(constant->type.scale());
  const int128_t truncated = unscaled / unit, rest = unscaled % unit;
  const int128_t floor = truncated - (rest < 0 ? 1 : 0), ceiling = truncated + (rest > 0 ? 1 : 0);
  const bool less = op == "<" || op == "<=";
  const bool too_large = ceiling > INT64_MAX, too_small = floor < INT64_MIN;
  if (too_large || too_small)
    return LiteralOf(Value(less == (too_large != constant_first)), TypeId::kBoolean, site.origin);
  const bool up = (op == "<" || op == ">=") != constant_first;
  constant = LiteralOf(Value(static_cast<int64_t>(up ? ceiling : floor)), TypeId::kLong, constant->origin);
  return nullptr;
}

Result<ExprPtr> BindComparison(CallSite& site) {
  const std::string_view op = FindFunction(site.name)->name;
  ExprPtr& left = site.arguments[0];
  ExprPtr& right = site.arguments[1];
  if (!site.settings.ansi && IsEquality(op) &&
      ((left->type.Is(TypeId::kBoolean) && right->type.IsNumeric()) ||
       (right->type.Is(TypeId::kBoolean) && left->type.IsNumeric()))) {
    FS_TRY(ExprPtr replaced, BooleanEquality(site, op));
    if (replaced != nullptr) return UnderOwnName(replaced);
  }
  if (const ExprPtr decided = IntegerAgainstDecimal(site, op)) return UnderOwnName(decided);
  if (left->type.Is(TypeId::kDecimal)) right = NarrowInteger(right, site);
  if (right->type.Is(TypeId::kDecimal)) left = NarrowInteger(left, site);
  if (!left->type.SameType(right->type)) {
    const auto common = ComparisonType(left->type, right->type, site.settings);
    if (common) {
      left = CastIfNotSameType(left, *common, site);
      right = CastIfNotSameType(right, *common, site);
    }
  }
  if (!EqualButForNames(left->type, right->type)) return BinaryOpDiffTypes(site);
  // DuckDB compares structs by their fields' names.
  if (!left->type.SameType(right->type)) right = CastTo(right, left->type.AsNullable(), site);
  if (!IsOrderable(left->type)) {
    return TypeMismatch(site, "INVALID_ORDERING_TYPE",
                        {{"functionName", ToSqlId(op)}, {"dataType", InDoubleQuotes(TypeSql(left->type))}});
  }
  const bool null_safe = op == "<=>" || op == "equal_null";
  return Built(site, op, TypeId::kBoolean, !null_safe && AnyNullable(site.arguments), site.mode);
}

Result<ExprPtr> BindNotEqual(CallSite& site) {
  FS_TRY(ExprPtr equal, site.call("=", site.arguments));
  FS_TRY(ExprPtr differ, site.call("not", {equal}));
  return UnderOwnName(differ);
}

template <typename Test>
Status CompareRows(size_t rows, std::span<const InputVector> in, OutputVector& out, Test test) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
    } else {
      out.Data<uint8_t>()[row] = test(CompareCells({&in[0], row}, {&in[1], row}));
    }
  }
  return {};
}
Status LessKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  return CompareRows(rows, in, out, [](int c) { return c < 0; });
}
Status LessOrEqualKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  return CompareRows(rows, in, out, [](int c) { return c <= 0; });
}
Status EqualKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  return CompareRows(rows, in, out, [](int c) { return c == 0; });
}
Status EqualNullSafeKernel(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    out.Data<uint8_t>()[row] = CompareNullable({&in[0], row}, {&in[1], row}) == 0;
  }
  return {};
}

Result<std::string> LowerComparison(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const std::string_view op = node.function->name;
  const DataType& type = node.arguments[0]->type;
  if (type.Is(TypeId::kString) && type.collation() != "UTF8_BINARY")
    return Error::Unsupported("collations", call.origin);
  const bool nested = type.IsNested() || type.Is(TypeId::kUdt);
  std::string a = arguments[0], b = arguments[1];
  if (type.Is(TypeId::kCalendarInterval) || (nested && IsEquality(op))) {
    return LowerKernel({op == "=" ? &EqualKernel : &EqualNullSafeKernel}, call, {a, b}, lowering);
  }
  if (nested) {
    const bool swap = op == ">" || op == ">=";
    const bool or_equal = op == "<=" || op == ">=";
    if (swap) std::swap(a, b);
    std::vector<DataType> types = {node.arguments[0]->type, node.arguments[1]->type};
    return LowerKernel({or_equal ? &LessOrEqualKernel : &LessKernel}, {a, b}, types, call.type, node.mode, call.origin,
                       lowering);
  }
  return Cat("(", a, op == "<=>" || op == "equal_null" ? " IS NOT DISTINCT FROM " : Cat(" ", op, " "), b, ")");
}

// ---------------------------------------------------------------- AND, OR, NOT

Result<DataType> BindLogical(CallSite& site) {
  ExprPtr& left = site.arguments[0];
  ExprPtr& right = site.arguments[1];
  const auto to_boolean = [&](ExprPtr& side, const ExprPtr& other) {
    const bool null =
        side->type.Is(TypeId::kNull) && (other->type.Is(TypeId::kBoolean) || other->type.Is(TypeId::kNull));
    const bool string = site.settings.ansi && side->type.Is(TypeId::kString) && other->type.Is(TypeId::kBoolean);
    if (null || string) side = CastTo(side, TypeId::kBoolean, site);
  };
  to_boolean(left, right);
  to_boolean(right, left);
  to_boolean(left, right);
  if (!left->type.SameType(right->type)) return BinaryOpDiffTypes(site);
  if (!left->type.Is(TypeId::kBoolean)) return BinaryOpWrongType(site, "\"BOOLEAN\"");
  return DataType(TypeId::kBoolean);
}

std::string NotName(std::span<const std::string> arguments, const Expr&) { return Cat("(NOT ", arguments[0], ")"); }

const std::vector<Argument> kTwo = {{Class::kAny}, {Class::kAny}};

Function Comparison(std::string_view name, std::string_view doc, std::string_view example) {
  return {.name = name,
          .arguments = kTwo,
          .result = DataType(TypeId::kBoolean),
          .runs = &LowerComparison,
          .bind = &BindComparison,
          .form = Form::kInfix,
          .shown_as = name,
          .group = "predicate_funcs",
          .since = "1.0.0",
          .doc = doc,
          .example = example};
}

}  // namespace

std::span<const Function> ComparisonFunctions() {
  static const std::vector<Function> rows = [] {
    std::vector<Function> list = {
        Comparison("=", "True if both are equal; NULL if one is NULL.", "2 = 2"),
        Comparison("<=>", "True if both are equal or both NULL; never NULL.", "NULL <=> NULL"),
        Comparison("<", "True if the left comes before the right.", "1 < 2"),
        Comparison("<=", "True if the left comes before the right or equals it.", "2 <= 2"),
        Comparison(">", "True if the left comes after the right.", "2 > 1"),
        Comparison(">=", "True if the left comes after the right or equals it.", "2 >= 1"),
        {.name = "!=",
         .aliases = {"<>"},
         .arguments = kTwo,
         .result = DataType(TypeId::kBoolean),
         .bind = &BindNotEqual,
         .group = "predicate_funcs",
         .since = "1.0.0",
         .doc = "True if both differ; NULL if one is NULL.",
         .example = "1 != 2"},
        {.name = "equal_null",
         .arguments = kTwo,
         .result = DataType(TypeId::kBoolean),
         .nulls = Nulls::kNever,
         .runs = &LowerComparison,
         .bind = &BindComparison,
         .group = "misc_funcs",
         .since = "3.4.0",
         .doc = "As <=>.",
         .example = "equal_null(NULL, NULL)"},
        {.name = "and",
         .arguments = kTwo,
         .result = DataType(TypeId::kBoolean),
         .runs = Sql{"({0} AND {1})"},
         .bind = &BindLogical,
         .form = Form::kInfix,
         .shown_as = "AND",
         .group = "predicate_funcs",
         .since = "1.0.0",
         .doc = "Logical and of three values.",
         .example = "true and false"},
        {.name = "or",
         .arguments = kTwo,
         .result = DataType(TypeId::kBoolean),
         .runs = Sql{"({0} OR {1})"},
         .bind = &BindLogical,
         .form = Form::kInfix,
         .shown_as = "OR",
         .group = "predicate_funcs",
         .since = "1.0.0",
         .doc = "Logical or of three values.",
         .example = "true or false"},
        {.name = "not",
         .aliases = {"!"},
         .arguments = {{TypeId::kBoolean}},
         .result = DataType(TypeId::kBoolean),
         .runs = Sql{"(NOT {0})"},
         .form = Form::kSpecial,
         .name_of = &NotName,
         .group = "predicate_funcs",
         .since = "1.0.0",
         .doc = "Logical negation.",
         .example = "not true"},
    };
    list[0].aliases = {"=="};
    return list;
  }();
  return rows;
}

}  // namespace firesteel::functions
