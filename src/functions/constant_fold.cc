// Operators over constants run the same kernels as over columns, on a vector of one row.
#include "functions/constant_fold.h"

#include <algorithm>
#include <cstdlib>
#include <deque>

#include "functions/arithmetic.h"
#include "functions/cast.h"
#include "functions/function.h"
#include "plan/rewrite.h"
#include "types/memory_vector.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::Cast;
using logical::Expr;
using logical::ExprPtr;

/// Longer text stays an expression: the statement that repeats it would be larger than what is saved.
constexpr size_t kFoldedBytesMax = size_t{1} << 20;

constexpr int64_t kTimestampFoldedMax = int64_t{1} << 62;

const Value& ValueOf(const ExprPtr& expr) { return std::get<logical::Literal>(expr->node).value; }

bool IsText(const Expr& expr) {
  const auto* call = std::get_if<Call>(&expr.node);
  return call != nullptr && call->function->name == "concat" && expr.type.Is(TypeId::kString);
}

bool IsNot(const Expr& expr) {
  const auto* call = std::get_if<Call>(&expr.node);
  return call != nullptr && call->function->name == "not" && call->arguments.size() == 1;
}

/// A type whose values are written down shorter than what computes them.
bool IsPlain(const DataType& type) {
  return type.IsNumeric() || type.IsDateOrTimestamp() || type.IsAnsiInterval() || type.Is(TypeId::kBoolean);
}

/// A cast between plain types, or of text to one. What 'now' and its kind mean is known when the query runs.
bool IsPlainCast(const Expr& expr) {
  const auto* cast = std::get_if<Cast>(&expr.node);
  if (cast == nullptr || !IsPlain(expr.type) || expr.type == cast->child->type) return false;
  const DataType& from = cast->child->type;
  return IsPlain(from) || (from.Is(TypeId::kString) && !SpecialTimeOf(*cast->child, expr.type, "UTC"));
}

/// One row of the constant.
struct OneRow {
  explicit OneRow(const ExprPtr& literal) : vector(literal->type, 1) { vector.SetValue(0, ValueOf(literal)); }
  MemoryVector vector;
};

Result<Value> Concatenated(const Call& call) {
  std::string text;
  for (const ExprPtr& argument : call.arguments) {
    if (ValueOf(argument).IsNull()) return Value();
    text += ValueOf(argument).As<std::string>();
  }
  return Value(std::move(text));
}

Result<Value> Computed(const Expr& expr, const Call& call, const ScalarKernel& kernel, const std::string& time_zone) {
  KernelContext context;
  std::deque<OneRow> rows;
  std::vector<InputVector> arguments;
  for (const ExprPtr& argument : call.arguments) {
    context.argument_types.push_back(argument->type);
    context.constants.emplace_back(ValueOf(argument));
    arguments.push_back(rows.emplace_back(argument).vector.View());
  }
  context.result_type = expr.type;
  context.mode = call.mode;
  context.time_zone = time_zone;
  context.origin = expr.origin;
  MemoryVector result(expr.type, 1);
  FS_CHECK(kernel.run(context, 1, arguments, result));
  return result.View().ValueAt(0);
}

Result<Value> CastTo(const Expr& expr, const Cast& cast, const std::string& time_zone) {
  FS_TRY(const auto caster, Caster::Make(cast.child->type, expr.type, cast.mode, time_zone, expr.origin));
  const OneRow row(cast.child);
  MemoryVector result(expr.type, 1);
  FS_CHECK(caster->Cast(row.vector.View(), 0, result, 0));
  return result.View().ValueAt(0);
}

}  // namespace

std::optional<Result<Value>> FoldedValue(const Expr& expr, const std::string& time_zone) {
  if (IsPlainCast(expr)) {
    Result<Value> value = CastTo(expr, std::get<Cast>(expr.node), time_zone);
    // The last timestamps have no literal in DuckDB, where the very last one is infinity.
    const bool extreme = value.ok() && !value->IsNull() &&
                         (expr.type.Is(TypeId::kTimestamp) || expr.type.Is(TypeId::kTimestampNtz)) &&
                         std::abs(value->As<int64_t>() / 2) > kTimestampFoldedMax / 2;
    return extreme ? std::nullopt : std::optional(std::move(value));
  }
  const auto* call = std::get_if<Call>(&expr.node);
  if (call == nullptr) return std::nullopt;
  if (IsNot(expr)) {
    const Value& value = ValueOf(call->arguments[0]);
    return value.IsNull() ? Value() : Value(!value.As<bool>());
  }
  if (IsText(expr)) {
    size_t bytes = 0;
    for (const ExprPtr& argument : call->arguments) {
      if (!argument->type.Is(TypeId::kString)) return std::nullopt;
      if (const auto* text = std::get_if<std::string>(&ValueOf(argument).data)) bytes += text->size();
    }
    if (bytes > kFoldedBytesMax) return std::nullopt;
    return Concatenated(*call);
  }
  if (const auto kernel = ArithmeticKernelOf(expr)) return Computed(expr, *call, *kernel, time_zone);
  return std::nullopt;
}

std::optional<Value> ValueByTypes(const Expr& expr) {
  const auto* call = std::get_if<Call>(&expr.node);
  if (call == nullptr || call->function->name != "typeof") return std::nullopt;
  const bool aggregates = logical::Any(call->arguments[0], [](const Expr& e) {  // what makes an aggregate one stays
    return std::holds_alternative<logical::AggregateCall>(e.node);
  });
  return aggregates ? std::nullopt : std::optional(Value(TypeCatalogString(call->arguments[0]->type)));
}

bool IsFoldableOperator(const Expr& expr) { return IsText(expr) || IsNullIntolerant(expr); }

bool IsNullIntolerant(const Expr& expr) {
  return IsPlainCast(expr) || IsNot(expr) || ArithmeticKernelOf(expr).has_value();
}

}  // namespace firesteel::functions
