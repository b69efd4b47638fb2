// Chains of projections become one: a loop of 400 withColumn calls stays linear.
#include <algorithm>
#include <unordered_map>

#include "functions/function.h"
#include "optimizer/rules.h"
#include "plan/rewrite.h"

namespace firesteel::optimizer {
namespace {

using logical::AttributeId;
using logical::ExprPtr;
using logical::PlanPtr;

/// An expression may be inlined into several places up to this size; larger ones are computed once, below.
constexpr size_t kInlineNodesMax = 24;
/// The same for all expressions of a collapsed projection together, so that a chain's text stays linear.
constexpr size_t kCollapsedNodesMax = 20000;

size_t NodeCount(const ExprPtr& expr) {
  size_t count = 1;
  for (const ExprPtr& child : logical::Children(*expr)) count += NodeCount(child);
  return count;
}

const ExprPtr& Unnamed(const ExprPtr& expr) {
  const auto* alias = std::get_if<logical::Alias>(&expr->node);
  return alias != nullptr ? alias->child : expr;
}

/// Whether the expression may stand in other places than it was written: no windows, subqueries or random values.
bool Movable(const ExprPtr& expr) {
  return !logical::Any(expr, [](const logical::Expr& e) {
    if (std::holds_alternative<logical::WindowCall>(e.node) || std::holds_alternative<logical::Subquery>(e.node))
      return true;
    const auto* call = std::get_if<logical::Call>(&e.node);
    return call != nullptr && (!call->function->deterministic || call->function->kind != functions::Kind::kScalar);
  });
}

void CountUses(const ExprPtr& expr, std::unordered_map<AttributeId, size_t>& uses) {
  if (const auto* column = std::get_if<logical::Column>(&expr->node)) {
    ++uses[column->id];
    return;
  }
  if (const auto* subquery = std::get_if<logical::Subquery>(&expr->node)) {
    // Columns that a correlated plan reads must stay columns.
    for (const ExprPtr& outer : logical::OuterColumns(subquery->plan))
      uses[std::get<logical::Column>(outer->node).id] += 1000000;
  }
  for (const ExprPtr& child : logical::Children(*expr)) CountUses(child, uses);
}

bool OnlyHandedThrough(const logical::Project& upper, AttributeId id) {
  return std::any_of(upper.expressions.begin(), upper.expressions.end(), [&](const ExprPtr& expr) {
    const auto* column = std::get_if<logical::Column>(&Unnamed(expr)->node);
    return column != nullptr && column->id == id;
  });
}

}  // namespace

logical::PlanPtr CollapseProjects(const logical::Project& upper, const PlanPtr& plan, ConstantFolder& folder) {
  const auto* lower = std::get_if<logical::Project>(&upper.input->node);
  if (lower == nullptr) return nullptr;
  std::unordered_map<AttributeId, ExprPtr> definitions;
  for (size_t i = 0; i < lower->expressions.size(); ++i) {
    definitions.emplace(upper.input->output[i].id, lower->expressions[i]);
  }
  std::unordered_map<AttributeId, size_t> uses;
  for (const ExprPtr& expr : upper.expressions) CountUses(expr, uses);
  size_t total = 0;
  for (const auto& [id, definition] : definitions) {
    const ExprPtr& inner = Unnamed(definition);
    if (std::holds_alternative<logical::Column>(inner->node) || std::holds_alternative<logical::Literal>(inner->node))
      continue;
    auto it = uses.find(id);
    size_t count = it == uses.end() ? 0 : it->second;
    if (!Movable(inner)) {
      // Handed through unchanged it may move up; otherwise it stays where it is computed.
      if (count != 1 || !OnlyHandedThrough(upper, id)) return nullptr;
      continue;
    }
    if (count <= 1) continue;
    size_t nodes = NodeCount(inner);
    if (nodes > kInlineNodesMax) return nullptr;
    total += nodes * count;
  }
  if (total > kCollapsedNodesMax) return nullptr;
  std::vector<ExprPtr> expressions;
  expressions.reserve(upper.expressions.size());
  for (size_t i = 0; i < upper.expressions.size(); ++i) {
    const ExprPtr& expr = upper.expressions[i];
    if (const auto* column = std::get_if<logical::Column>(&expr->node)) {
      auto it = definitions.find(column->id);
      if (it == definitions.end()) return nullptr;
      expressions.push_back(it->second);  // an Alias keeps its id and name
      continue;
    }
    bool lost = false;
    const auto definition = [&](const ExprPtr& e) -> ExprPtr {
      const auto* column = std::get_if<logical::Column>(&e->node);
      if (column == nullptr || column->outer) return nullptr;
      auto it = definitions.find(column->id);
      lost = lost || it == definitions.end();
      return lost ? e : Unnamed(it->second);
    };
    // A constant that moves up may make more constant.
    const logical::ExprMap inlined_in = [&](const ExprPtr& e) -> ExprPtr {
      if (ExprPtr found = definition(e)) return found;
      if (std::holds_alternative<logical::WindowCall>(e->node)) return logical::RewriteTopDown(e, definition);
      ExprPtr mapped = logical::MapChildren(e, inlined_in);
      return mapped == e ? e : folder.FoldNode(mapped);
    };
    ExprPtr inlined = inlined_in(expr);
    if (lost) return nullptr;
    if (logical::Any(expr, [](const logical::Expr& e) { return std::holds_alternative<logical::Subquery>(e.node); })) {
      // Its plan reads columns of the lower projection's input or its own: leave those as they are.
      for (const auto& [id, definition] : definitions) {
        if (uses[id] >= 1000000 && !std::holds_alternative<logical::Column>(definition->node)) return nullptr;
      }
    }
    expressions.push_back(std::move(inlined));
  }
  // Nothing new is computed twice, and everything else keeps its place: one projection.
  return logical::MakePlan(logical::Project{lower->input, std::move(expressions)}, plan->output, plan->origin);
}

}  // namespace firesteel::optimizer
