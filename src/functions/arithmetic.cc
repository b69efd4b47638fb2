// The arithmetic operators and their try_ forms: coercion, result types, and the choice between DuckDB's operators and kernels.
// Dates, times and intervals are in interval_operators.cc; the kernels in arithmetic_kernels.cc.
#include "functions/arithmetic.h"

#include <algorithm>
#include <cmath>

#include "base/cat.h"
#include "base/text.h"
#include "functions/arithmetic_kernels.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/registry.h"
#include "functions/topics.h"
#include "types/decimal.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

constexpr std::string_view kAnsiConfig = "\"spark.sql.ansi.enabled\"";
constexpr int kNarrowDigits = 18;  // what a decimal of 64 bits holds

TypePattern NumericOrInterval() {
  return TypePattern::OneOf(
      {Class::kNumeric, Class::kDayTimeInterval, Class::kYearMonthInterval, TypeId::kCalendarInterval});
}
/// BinaryOperator.inputType of each operator.
TypePattern InputType(std::string_view op) {
  if (op == "+" || op == "-") return NumericOrInterval();
  if (op == "/") return TypePattern::OneOf({TypeId::kDouble, Class::kDecimal});
  if (op == "div")
    return TypePattern::OneOf({TypeId::kLong, Class::kDecimal, Class::kYearMonthInterval, Class::kDayTimeInterval});
  return Class::kNumeric;
}

std::string_view OperatorOf(std::string_view name) {
  if (name == "try_add") return "+";
  if (name == "try_subtract") return "-";
  if (name == "try_multiply") return "*";
  if (name == "try_divide") return "/";
  if (name == "try_mod" || name == "mod") return "%";
  return name;
}

ArithmeticOp KernelOp(std::string_view op) {
  if (op == "+") return ArithmeticOp::kAdd;
  if (op == "-") return ArithmeticOp::kSubtract;
  if (op == "*") return ArithmeticOp::kMultiply;
  if (op == "/") return ArithmeticOp::kDivide;
  if (op == "%") return ArithmeticOp::kRemainder;
  if (op == "pmod") return ArithmeticOp::kPmod;
  return ArithmeticOp::kIntegralDivide;
}

/// An integer constant next to a decimal counts with the digits that it has: 2 is DECIMAL(1,0), not DECIMAL(10,0). Spark
/// does not know it of bytes.
DataType DecimalOf(const Expr& expr) {
  const auto* literal = std::get_if<logical::Literal>(&expr.node);
  if (literal == nullptr || literal->value.IsNull() || expr.type.Is(TypeId::kByte)) return DecimalForType(expr.type);
  int digits = 0;
  for (int64_t rest = literal->value.As<int64_t>(); rest != 0; rest /= 10) ++digits;
  return DataType::Decimal(std::max(digits, 1), 0);
}

bool IsNumericOrNull(const DataType& t) { return t.IsNumeric() || t.Is(TypeId::kNull); }

ExprPtr Cast(const CallSite& site, const ExprPtr& expr, const DataType& type) {
  if (site.mode == EvalMode::kTry && !expr->type.Is(TypeId::kNull) && !(expr->type == type)) {
    return logical::MakeExpr(logical::Cast{expr, EvalMode::kTry, true}, type, true, site.origin);
  }
  return CastTo(expr, type, site);
}

void PromoteStrings(CallSite& site) {
  ExprPtr& left = site.arguments[0];
  ExprPtr& right = site.arguments[1];
  if (!left->type.Is(TypeId::kString) && !right->type.Is(TypeId::kString)) return;
  if (site.settings.ansi) {
    const auto promoted = StringPromotion(left->type, right->type);
    if (!promoted) return;
    left = Cast(site, left, *promoted);
    right = Cast(site, right, *promoted);
    return;
  }
  const auto is_interval = [](const DataType& t) { return t.IsAnsiInterval() || t.Is(TypeId::kCalendarInterval); };
  if (is_interval(left->type) || is_interval(right->type)) return;
  if (left->type.Is(TypeId::kString)) left = Cast(site, left, TypeId::kDouble);
  if (right->type.Is(TypeId::kString)) right = Cast(site, right, TypeId::kDouble);
}

void WidenDecimals(CallSite& site) {
  ExprPtr& left = site.arguments[0];
  ExprPtr& right = site.arguments[1];
  const bool dl = left->type.Is(TypeId::kDecimal), dr = right->type.Is(TypeId::kDecimal);
  if (dl == dr) return;
  ExprPtr& other = dl ? right : left;
  ExprPtr& decimal = dl ? left : right;
  if (other->type.IsIntegral()) other = Cast(site, other, DecimalOf(*other));
  if (other->type.IsFractional()) decimal = Cast(site, decimal, TypeId::kDouble);
  if (other->type.Is(TypeId::kNull)) other = Cast(site, other, decimal->type);
}

/// `row` is the function called; errors speak of site.name, the operator inside a try_ function.
Result<ExprPtr> BindOperator(CallSite& site, std::string_view row) {
  const std::string_view op = OperatorOf(FindFunction(row)->name);
  FS_TRY(ExprPtr datetime, BindDatetimeOperator(site, op));
  if (datetime != nullptr) {
    if (site.mode == EvalMode::kTry) {
      logical::Expr copy = *datetime;
      copy.nullable = true;
      return std::make_shared<const Expr>(std::move(copy));
    }
    if (datetime->shown) return datetime;
    return logical::Shown(datetime, logical::PrettyName(*datetime, site.settings.time_zone));
  }
  FS_CHECK(CoerceArithmetic(site, op));
  const DataType& left = site.arguments[0]->type;
  const DataType& right = site.arguments[1]->type;
  DataType type = left;
  if (left.Is(TypeId::kDecimal)) type = DecimalResult(op, left, right, site.settings.decimal_allow_precision_loss);
  if (op == "div") type = TypeId::kLong;
  const bool division = op == "/" || op == "%" || op == "div" || op == "pmod";
  const bool null_on_overflow = type.Is(TypeId::kDecimal) && site.mode != EvalMode::kAnsi;
  const bool nullable = AnyNullable(site.arguments) || division || site.mode == EvalMode::kTry || null_on_overflow;
  return Built(site, row, type, nullable, site.mode);
}

Result<ExprPtr> BindBinary(CallSite& site) { return BindOperator(site, site.name); }

Result<ExprPtr> BindUnary(CallSite& site) {
  ExprPtr& child = site.arguments[0];
  if (child->type.Is(TypeId::kString)) child = CastTo(child, TypeId::kDouble, site);
  FS_CHECK(CoerceArgument(site, 0, NumericOrInterval().Exactly()));
  return Built(site, site.name, child->type, child->nullable, site.mode);
}

/// "+" and "-" with one argument are the signs.
Result<ExprPtr> BindSignOrBinary(CallSite& site) {
  return site.arguments.size() == 1 ? BindUnary(site) : BindBinary(site);
}

Result<ExprPtr> BindTry(CallSite& site) {
  const std::string_view row = site.name;
  site.mode = EvalMode::kTry;
  site.name = OperatorOf(row);
  return BindOperator(site, row);
}

// ---------------------------------------------------------------- to SQL

const Expr* ArithmeticCall(const Expr& expr, std::string_view& op) {
  const auto* call = std::get_if<Call>(&expr.node);
  if (call == nullptr || call->arguments.size() != 2 || !expr.type.Is(TypeId::kDecimal)) return nullptr;
  op = OperatorOf(call->function->name);
  return op == "+" || op == "-" || op == "*" ? &expr : nullptr;
}

int ExactScale(std::string_view op, const DataType& a, const DataType& b) {
  return op == "*" ? a.scale() + b.scale() : std::max(a.scale(), b.scale());
}

/// Whether arithmetic computes the decimal in 18 digits, relying on DuckDB to raise when they do not do.
bool IsNarrow(const Expr& expr, const Lowering& lowering) {
  if (!lowering.narrow_decimals()) return false;
  std::string_view op;
  if (ArithmeticCall(expr, op) == nullptr || expr.type.precision() <= kNarrowDigits) return false;
  const auto& arguments = std::get<Call>(expr.node).arguments;
  for (const ExprPtr& argument : arguments) {
    if (argument->type.precision() > kNarrowDigits && !IsNarrow(*argument, lowering)) return false;
  }
  const int scale = ExactScale(op, arguments[0]->type, arguments[1]->type);
  return scale == expr.type.scale() && scale < kNarrowDigits;
}

std::string AsDecimal(std::string_view sql, const DataType& type) {
  return Cat("CAST((", sql, ") AS ", DuckType(type), ")");
}

Result<std::string> LowerDecimal(std::string_view op, const Expr& call, std::span<const std::string> arguments,
                                 Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const DataType& a = node.arguments[0]->type;
  const DataType& b = node.arguments[1]->type;
  const DataType& type = call.type;
  const std::vector<std::string> texts(arguments.begin(), arguments.end());
  const bool plain = op == "+" || op == "-" || op == "*";
  const bool exact_scale = plain && type.scale() == ExactScale(op, a, b);
  if (IsNarrow(call, lowering)) {
    std::string sides[2];
    for (size_t i = 0; i < 2; ++i) {
      sides[i] = NarrowDecimalSql(*node.arguments[i], texts[i], lowering).value_or(texts[i]);
    }
    return AsDecimal(Cat(sides[0], " ", op, " ", sides[1]), type);
  }
  const int digits =
      op == "*" ? a.precision() + b.precision()
                : std::max(a.precision() - a.scale(), b.precision() - b.scale()) + std::max(a.scale(), b.scale()) + 1;
  const bool may_overflow = digits > kDecimalPrecisionMax || digits > type.precision();
  const bool duck =
      plain && exact_scale && (!may_overflow || (node.mode == EvalMode::kAnsi && !lowering.precise_errors()));
  if (!duck) return LowerKernel(DecimalKernel(KernelOp(op)), call, texts, lowering);
  if (digits <= kNarrowDigits) return AsDecimal(Cat(texts[0], " ", op, " ", texts[1]), type);
  // DuckDB computes in 64 bits unless an operand is wider.
  const bool widen = a.precision() <= kNarrowDigits && b.precision() <= kNarrowDigits;
  const std::string left =
      widen ? Cat("CAST(", texts[0], " AS ", DuckType(DataType::Decimal(kNarrowDigits + 1, a.scale())), ")") : texts[0];
  return AsDecimal(Cat(left, " ", op, " ", texts[1]), type);
}

/// A non-zero constant divisor: nothing to check. -1 is left out, since DuckDB raises where Java wraps.
bool IsSafeDivisor(const Expr& expr) {
  const Expr* e = &expr;
  while (const auto* cast = std::get_if<logical::Cast>(&e->node)) {
    if (!cast->child->type.IsIntegral() && !cast->child->type.IsFractional()) return false;
    e = cast->child.get();
  }
  const auto* literal = std::get_if<logical::Literal>(&e->node);
  if (literal == nullptr) return false;
  if (const auto* number = std::get_if<int64_t>(&literal->value.data)) return *number != 0 && *number != -1;
  if (const auto* number = std::get_if<double>(&literal->value.data)) return *number != 0;
  if (const auto* number = std::get_if<float>(&literal->value.data)) return *number != 0;
  return false;
}

Result<std::string> LowerOperator(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& node = std::get<Call>(call.node);
  const std::string_view op = OperatorOf(node.function->name);
  const DataType& operand = node.arguments[0]->type;
  if (operand.Is(TypeId::kDecimal)) return LowerDecimal(op, call, arguments, lowering);
  std::vector<std::string> texts(arguments.begin(), arguments.end());
  if (operand.Is(TypeId::kCalendarInterval))
    return Error::Internal("calendar interval operators have rows of their own");
  const ScalarKernel kernel = ArithmeticKernel(KernelOp(op), operand);
  const bool divides = op == "/" || op == "%" || op == "div" || op == "pmod";
  if (divides) {
    const bool plain = op != "pmod" && operand.IsNumeric() && IsSafeDivisor(*node.arguments[1]);
    if (!plain) return LowerKernel(kernel, call, std::move(texts), lowering);
    return Cat("(", texts[0], op == "div" ? " // " : Cat(" ", op, " "), texts[1], ")");
  }
  if (operand.IsFractional()) return Cat("(", texts[0], " ", op, " ", texts[1], ")");
  const bool duck = operand.IsIntegral() && node.mode == EvalMode::kAnsi && !lowering.precise_errors();
  if (!duck) return LowerKernel(kernel, call, std::move(texts), lowering);
  return Cat("(", texts[0], " ", op, " ", texts[1], ")");
}

Result<CalendarInterval> NegateInterval(const KernelContext& context, CalendarInterval i) {
  CalendarInterval negated;
  bool overflow = __builtin_sub_overflow(0, i.months, &negated.months);
  overflow |= __builtin_sub_overflow(0, i.days, &negated.days);
  overflow |= __builtin_sub_overflow(int64_t{0}, i.micros, &negated.micros);
  if (overflow && context.Ansi()) return IntervalOverflow("", Origin());
  return negated;
}

/// Whether DuckDB changes the sign as Spark does.
bool KeepsDigits(const DataType& type) {
  return type.IsFractional() || (type.Is(TypeId::kDecimal) && type.precision() <= kSignDigitsMax);
}

Result<std::string> LowerNegative(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const DataType& type = call.type;
  const EvalMode mode = std::get<Call>(call.node).mode;
  const bool exact = KeepsDigits(type);
  if (exact || (type.IsIntegral() && mode == EvalMode::kAnsi && !lowering.precise_errors()))
    return Cat("(- ", arguments[0], ")");
  if (type.Is(TypeId::kDecimal))
    return LowerKernel(DecimalSignKernel(ArithmeticOp::kNegate), call, {arguments[0]}, lowering);
  if (type.Is(TypeId::kCalendarInterval))
    return LowerKernel(RowKernel<&NegateInterval>(), call, {arguments[0]}, lowering);
  return LowerKernel(ArithmeticKernel(ArithmeticOp::kNegate, type), call, {arguments[0]}, lowering);
}

Result<std::string> LowerSignOrBinary(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  if (arguments.size() == 2) return LowerOperator(call, arguments, lowering);
  if (std::get<Call>(call.node).function->name == "+") return arguments[0];
  return LowerNegative(call, arguments, lowering);
}

Result<std::string> LowerAbs(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const DataType& type = call.type;
  const EvalMode mode = std::get<Call>(call.node).mode;
  const bool exact = KeepsDigits(type);
  if (exact || (type.IsIntegral() && mode == EvalMode::kAnsi && !lowering.precise_errors()))
    return Cat("abs(", arguments[0], ")");
  if (type.Is(TypeId::kDecimal))
    return LowerKernel(DecimalSignKernel(ArithmeticOp::kAbs), call, {arguments[0]}, lowering);
  return LowerKernel(ArithmeticKernel(ArithmeticOp::kAbs, type), call, {arguments[0]}, lowering);
}

Result<DataType> BindAbs(CallSite& site) {
  ExprPtr& child = site.arguments[0];
  if (child->type.Is(TypeId::kString)) child = CastTo(child, TypeId::kDouble, site);
  FS_CHECK(CoerceArgument(
      site, 0, TypePattern::OneOf({Class::kNumeric, Class::kDayTimeInterval, Class::kYearMonthInterval}).Exactly()));
  return child->type;
}

/// Spark forgets that `positive` was written.
std::string PositiveName(std::span<const std::string> arguments, const Expr&) { return Cat("(+ ", arguments[0], ")"); }

std::string SignOrInfixName(std::span<const std::string> arguments, const Expr& call) {
  const std::string_view op = std::get<Call>(call.node).function->name;
  if (arguments.size() == 1) return Cat("(", op, " ", arguments[0], ")");
  return Cat("(", arguments[0], " ", op, " ", arguments[1], ")");
}

const std::vector<Argument> kTwo = {{Class::kAny}, {Class::kAny}};

}  // namespace

int64_t SaturatedLong(double d) {
  if (std::isnan(d)) return 0;
  if (d >= 9223372036854775808.0) return INT64_MAX;
  return d < -9223372036854775808.0 ? INT64_MIN : static_cast<int64_t>(d);
}

Error ArithmeticOverflow(std::string_view message, std::string_view suggested, const Origin& origin) {
  const std::string alternative =
      suggested.empty() ? "" : Cat(" Use '", suggested, "' to tolerate overflow and return NULL instead.");
  return Error::Condition(
             "ARITHMETIC_OVERFLOW",
             {{"message", std::string(message)}, {"alternative", alternative}, {"config", std::string(kAnsiConfig)}},
             origin)
      .As(ErrorClass::kArithmetic);
}

Error DivideByZero(const Origin& origin) {
  return Error::Condition("DIVIDE_BY_ZERO", {{"config", std::string(kAnsiConfig)}}, origin).As(ErrorClass::kArithmetic);
}

Error RemainderByZero(const Origin& origin) {
  return Error::Condition("REMAINDER_BY_ZERO", {{"config", std::string(kAnsiConfig)}}, origin)
      .As(ErrorClass::kArithmetic);
}

Error IntervalOverflow(std::string_view suggested, const Origin& origin) {
  if (suggested.empty()) {
    return Error::Condition("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION", {}, origin).As(ErrorClass::kArithmetic);
  }
  return Error::Condition("INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION", {{"functionName", Cat("`", suggested, "`")}},
                          origin)
      .As(ErrorClass::kArithmetic);
}

Error DecimalOutOfRange(std::string_view value, const DataType& type, const Origin& origin) {
  return Error::Condition("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
                          {{"value", std::string(value)},
                           {"precision", Cat(type.precision())},
                           {"scale", Cat(type.scale())},
                           {"config", std::string(kAnsiConfig)}},
                          origin)
      .As(ErrorClass::kArithmetic);
}

std::optional<std::string> NarrowDecimalSql(const Expr& expr, std::string_view sql, const Lowering& lowering) {
  if (!IsNarrow(expr, lowering)) return std::nullopt;
  // The text is AsDecimal's: what it wraps is the narrow form.
  constexpr std::string_view kHead = "CAST((";
  const std::string tail = Cat(") AS ", DuckType(expr.type), ")");
  if (!sql.starts_with(kHead) || !sql.ends_with(tail)) return std::nullopt;
  return Cat("(", sql.substr(kHead.size(), sql.size() - kHead.size() - tail.size()), ")");
}

Status CoerceArithmetic(CallSite& site, std::string_view op) {
  PromoteStrings(site);
  WidenDecimals(site);
  ExprPtr& left = site.arguments[0];
  ExprPtr& right = site.arguments[1];
  const TypePattern input = InputType(op);
  if (op == "/") {
    const bool settled =
        left->type == right->type && (left->type.Is(TypeId::kDouble) || left->type.Is(TypeId::kDecimal));
    const bool decimals = left->type.Is(TypeId::kDecimal) && right->type.Is(TypeId::kDecimal);
    if (!settled && !decimals && IsNumericOrNull(left->type) && IsNumericOrNull(right->type)) {
      left = Cast(site, left, TypeId::kDouble);
      right = Cast(site, right, TypeId::kDouble);
    }
  }
  if (op == "div") {
    for (ExprPtr* side : {&left, &right}) {
      if ((*side)->type.IsIntegral()) *side = Cast(site, *side, TypeId::kLong);
    }
  }
  const bool decimal = left->type.Is(TypeId::kDecimal) || right->type.Is(TypeId::kDecimal);
  if (!decimal && !(left->type == right->type)) {
    const auto common = TightestCommonType(left->type, right->type, site.settings.ansi);
    if (common && input.Accepts(*common)) {
      left = Cast(site, left, *common);
      right = Cast(site, right, *common);
    }
  }
  if (left->type.Is(TypeId::kNull) && right->type.Is(TypeId::kNull)) {
    const DataType type = op == "div" ? TypeId::kLong : TypeId::kDouble;
    left = Cast(site, left, type);
    right = Cast(site, right, type);
  }
  const bool both_decimal = left->type.Is(TypeId::kDecimal) && right->type.Is(TypeId::kDecimal);
  if (!both_decimal && !left->type.SameType(right->type)) return BinaryOpDiffTypes(site);
  if (!input.Accepts(left->type)) return BinaryOpWrongType(site, input.Sql());
  return {};
}

std::optional<ScalarKernel> ArithmeticKernelOf(const Expr& expr) {
  const auto* call = std::get_if<Call>(&expr.node);
  if (call == nullptr || !expr.type.IsNumeric()) return std::nullopt;
  const auto* lower = std::get_if<LowerFn>(&call->function->runs);
  const auto& arguments = call->arguments;
  const bool numbers = std::all_of(arguments.begin(), arguments.end(),
                                   [](const ExprPtr& argument) { return argument->type.IsNumeric(); });
  if (lower == nullptr || !numbers) return std::nullopt;
  if (arguments.size() == 2 && (*lower == &LowerOperator || *lower == &LowerSignOrBinary)) {
    const ArithmeticOp op = KernelOp(OperatorOf(call->function->name));
    return arguments[0]->type.Is(TypeId::kDecimal) ? DecimalKernel(op) : ArithmeticKernel(op, arguments[0]->type);
  }
  const bool minus = *lower == &LowerNegative || (*lower == &LowerSignOrBinary && call->function->name == "-");
  if (arguments.size() == 1 && minus && !expr.type.Is(TypeId::kDecimal))
    return ArithmeticKernel(ArithmeticOp::kNegate, expr.type);
  return std::nullopt;
}

DataType DecimalResult(std::string_view op, const DataType& a, const DataType& b, bool allow_precision_loss) {
  DecimalOperation operation = DecimalOperation::kAdd;
  if (op == "-") operation = DecimalOperation::kSubtract;
  if (op == "*") operation = DecimalOperation::kMultiply;
  if (op == "/") operation = DecimalOperation::kDivide;
  if (op == "%" || op == "pmod") operation = DecimalOperation::kRemainder;
  return DecimalResultType(operation, a, b, allow_precision_loss);
}

std::span<const Function> ArithmeticFunctions() {
  static const std::vector<Function> rows = {
      {.name = "+",
       .arguments = {{Class::kAny}, {.type = Class::kAny, .optional = true}},
       .runs = &LowerSignOrBinary,
       .bind = &BindSignOrBinary,
       .form = Form::kSpecial,
       .name_of = &SignOrInfixName,
       .group = "math_funcs",
       .since = "1.0.0",
       .doc = "The sum of two numbers, two intervals, or a date or timestamp and an interval.",
       .example = "1 + 2"},
      {.name = "-",
       .arguments = {{Class::kAny}, {.type = Class::kAny, .optional = true}},
       .runs = &LowerSignOrBinary,
       .bind = &BindSignOrBinary,
       .form = Form::kSpecial,
       .name_of = &SignOrInfixName,
       .group = "math_funcs",
       .since = "1.0.0",
       .doc = "The difference of two numbers, intervals, dates or timestamps; with one operand its negation.",
       .example = "2 - 1"},
      {.name = "*",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindBinary,
       .form = Form::kInfix,
       .shown_as = "*",
       .group = "math_funcs",
       .since = "1.0.0",
       .doc = "The product of two numbers, or of an interval and a number.",
       .example = "2 * 3"},
      {.name = "/",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindBinary,
       .form = Form::kInfix,
       .shown_as = "/",
       .group = "math_funcs",
       .since = "1.0.0",
       .doc = "The quotient as DOUBLE, or as DECIMAL if both are exact.",
       .example = "3 / 2"},
      {.name = "%",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindBinary,
       .form = Form::kInfix,
       .shown_as = "%",
       .group = "math_funcs",
       .since = "1.0.0",
       .doc = "The remainder, with the sign of the dividend.",
       .example = "2 % 1.8"},
      {.name = "mod",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindBinary,
       .group = "math_funcs",
       .since = "2.3.0",
       .doc = "The remainder, with the sign of the dividend.",
       .example = "mod(-7, 3)"},
      {.name = "div",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindBinary,
       .form = Form::kInfix,
       .shown_as = "div",
       .group = "math_funcs",
       .since = "3.0.0",
       .doc = "The integer part of the quotient, as BIGINT.",
       .example = "7 div 2"},
      {.name = "pmod",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindBinary,
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "The positive remainder.",
       .example = "pmod(-10, 3)"},
      {.name = "try_add",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindTry,
       .group = "math_funcs",
       .since = "3.2.0",
       .doc = "The sum, or NULL on overflow.",
       .example = "try_add(2147483647, 1)"},
      {.name = "try_subtract",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindTry,
       .group = "math_funcs",
       .since = "3.3.0",
       .doc = "The difference, or NULL on overflow.",
       .example = "try_subtract(-2147483648, 1)"},
      {.name = "try_multiply",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindTry,
       .group = "math_funcs",
       .since = "3.3.0",
       .doc = "The product, or NULL on overflow.",
       .example = "try_multiply(2147483647, 2)"},
      {.name = "try_divide",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindTry,
       .group = "math_funcs",
       .since = "3.2.0",
       .doc = "The quotient, or NULL if the divisor is 0.",
       .example = "try_divide(1, 0)"},
      {.name = "try_mod",
       .arguments = kTwo,
       .runs = &LowerOperator,
       .bind = &BindTry,
       .group = "math_funcs",
       .since = "4.0.0",
       .doc = "The remainder, or NULL if the divisor is 0.",
       .example = "try_mod(1, 0)"},
      {.name = "negative",
       .arguments = {{Class::kAny}},
       .runs = &LowerNegative,
       .bind = &BindUnary,
       .group = "math_funcs",
       .since = "1.0.0",
       .doc = "The number or interval with its sign changed.",
       .example = "negative(1)"},
      {.name = "positive",
       .arguments = {{Class::kAny}},
       .runs = Sql{"{0}"},
       .bind = &BindUnary,
       .form = Form::kSpecial,
       .name_of = &PositiveName,
       .group = "math_funcs",
       .since = "1.5.0",
       .doc = "The number or interval itself.",
       .example = "positive(1)"},
      {.name = "abs",
       .arguments = {{Class::kAny}},
       .runs = &LowerAbs,
       .bind = &BindAbs,
       .group = "math_funcs",
       .since = "1.2.0",
       .doc = "The number or interval without its sign.",
       .example = "abs(-1)"},
  };
  return rows;
}

}  // namespace firesteel::functions
