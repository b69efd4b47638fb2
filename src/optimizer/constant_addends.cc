// sum(x + c) = sum(x) + c * count(x), where x + c can't overflow: many sums that differ in a constant become one. DuckDB's own rule for that
// does not ask for overflows, and is off.
#include <cstdint>
#include <limits>
#include <optional>

#include "functions/registry.h"
#include "optimizer/rules.h"
#include "plan/rewrite.h"

namespace firesteel::optimizer {
namespace {

using logical::ExprPtr;
using logical::PlanPtr;

/// The largest value of a narrow integer type; 0 for others.
int64_t LargestOf(const DataType& type) {
  switch (type.id()) {
    case TypeId::kByte:
      return std::numeric_limits<int8_t>::max();
    case TypeId::kShort:
      return std::numeric_limits<int16_t>::max();
    case TypeId::kInteger:
      return std::numeric_limits<int32_t>::max();
    default:
      return 0;
  }
}

struct Addition {
  ExprPtr value;
  int64_t constant = 0;
};

/// An integer made wider, plus or minus a constant that leaves it in the wide type's range.
std::optional<Addition> SafeAddition(const ExprPtr& expr) {
  const auto* call = std::get_if<logical::Call>(&expr->node);
  if (call == nullptr || call->arguments.size() != 2 || LargestOf(expr->type) == 0) return std::nullopt;
  const bool minus = call->function->name == "-";
  if (!minus && call->function->name != "+") return std::nullopt;
  const bool constant_first = !minus && std::holds_alternative<logical::Literal>(call->arguments[0]->node);
  const ExprPtr& value = call->arguments[constant_first ? 1 : 0];
  const auto* cast = std::get_if<logical::Cast>(&value->node);
  const auto* literal = std::get_if<logical::Literal>(&call->arguments[constant_first ? 0 : 1]->node);
  if (cast == nullptr || literal == nullptr || literal->value.IsNull()) return std::nullopt;
  const int64_t narrow = LargestOf(cast->child->type), constant = literal->value.As<int64_t>();
  const int64_t room = LargestOf(expr->type) - narrow - 1;
  if (narrow == 0 || room <= 0 || constant > room || constant < -room) return std::nullopt;
  return Addition{value, minus ? -constant : constant};
}

ExprPtr Apart(const logical::AggregateCall& sum, const logical::Expr& whole, const Addition& addition) {
  const auto aggregate = [&](std::string_view name, bool nullable) {
    logical::AggregateCall call = sum;
    call.function = functions::FindFunction(name);
    call.arguments = {addition.value};
    call.written = {};
    return logical::MakeExpr(std::move(call), TypeId::kLong, nullable, whole.origin);
  };
  const auto arithmetic = [&](std::string_view name, ExprPtr left, ExprPtr right) {
    return logical::MakeExpr(
        logical::Call{functions::FindFunction(name), {std::move(left), std::move(right)}, sum.mode}, TypeId::kLong,
        true, whole.origin);
  };
  ExprPtr constant = logical::MakeExpr(logical::Literal{Value(addition.constant)}, TypeId::kLong, false, whole.origin);
  return arithmetic("+", aggregate("sum", true), arithmetic("*", aggregate("count", false), std::move(constant)));
}

}  // namespace

PlanPtr WithConstantAddends(const PlanPtr& plan) {
  if (!std::holds_alternative<logical::Aggregate>(plan->node)) return plan;
  return logical::MapPlan(
      plan, [](const PlanPtr& input) { return input; },
      [](const ExprPtr& expr) {
        return logical::RewriteTopDown(expr, [](const ExprPtr& e) -> ExprPtr {
          const auto* call = std::get_if<logical::AggregateCall>(&e->node);
          if (call == nullptr || call->function->name != "sum" || call->distinct || !e->type.Is(TypeId::kLong))
            return nullptr;
          const auto addition = SafeAddition(call->arguments[0]);
          return addition ? Apart(*call, *e, *addition) : nullptr;
        });
      });
}

}  // namespace firesteel::optimizer
