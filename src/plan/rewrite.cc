// Walking and rewriting logical trees; see rewrite.h. Equality of expressions is in fingerprint.cc.
#include "plan/rewrite.h"

#include "plan/outer_references.h"

#include "functions/function.h"

namespace firesteel::logical {
namespace {

/// Applies a map to the expressions of a node in place and notes whether anything changed.
struct SlotMapper {
  const ExprMap& map;
  bool changed = false;

  void operator()(ExprPtr& slot) {
    if (!slot) return;
    ExprPtr mapped = map(slot);
    if (mapped != slot) {
      slot = std::move(mapped);
      changed = true;
    }
  }
  void operator()(std::vector<ExprPtr>& slots) {
    for (ExprPtr& slot : slots) (*this)(slot);
  }
  void operator()(std::vector<std::vector<ExprPtr>>& rows) {
    for (auto& row : rows) (*this)(row);
  }
  void operator()(SortKey& key) { (*this)(key.child); }
  void operator()(std::vector<SortKey>& keys) {
    for (SortKey& key : keys) (*this)(key);
  }
  // Nodes of expressions.
  void operator()(Literal&) {}
  void operator()(Column&) {}
  void operator()(LambdaVariable&) {}
  void operator()(Call& call) { (*this)(call.arguments); }
  void operator()(Cast& cast) { (*this)(cast.child); }
  void operator()(AggregateCall& call) {
    (*this)(call.arguments);
    (*this)(call.filter);
    (*this)(call.order);
  }
  void operator()(WindowCall& window) {
    (*this)(window.function);
    (*this)(window.partition);
    (*this)(window.order);
    (*this)(window.lower.offset);
    (*this)(window.upper.offset);
  }
  void operator()(Lambda& lambda) {
    (*this)(lambda.parameters);
    (*this)(lambda.body);
  }
  void operator()(Subquery& subquery) { (*this)(subquery.in_values); }
  void operator()(Alias& alias) { (*this)(alias.child); }
  // Nodes of plans.
  void operator()(Values& node) { (*this)(node.rows); }
  void operator()(Project& node) { (*this)(node.expressions); }
  void operator()(Filter& node) { (*this)(node.condition); }
  void operator()(Join& node) { (*this)(node.condition); }
  void operator()(AsOfJoin& node) {
    (*this)(node.condition);
    (*this)(node.as_of_condition);
    (*this)(node.distance);
  }
  void operator()(Aggregate& node) {
    (*this)(node.grouping);
    (*this)(node.aggregates);
  }
  void operator()(Sort& node) { (*this)(node.order); }
  void operator()(Generate& node) { (*this)(node.generator); }
  void operator()(Expand& node) { (*this)(node.projections); }
  void operator()(Repartition& node) { (*this)(node.by); }
  void operator()(CollectMetrics& node) { (*this)(node.metrics); }
  template <typename T>
  void operator()(T&) {}  // plans without expressions
};

struct InputMapper {
  const PlanMap& map;
  bool changed = false;

  void One(PlanPtr& slot) {
    PlanPtr mapped = map(slot);
    if (mapped != slot) {
      slot = std::move(mapped);
      changed = true;
    }
  }
  template <typename T>
  void operator()(T& node) {
    if constexpr (requires { node.inputs; }) {
      for (PlanPtr& input : node.inputs) One(input);
    } else if constexpr (requires { node.left; }) {
      One(node.left);
      One(node.right);
    } else if constexpr (requires { node.input; }) {
      if constexpr (requires { node.tables; }) {
        for (auto& table : node.tables) One(table.plan);  // before the input, which refers to them
      }
      One(node.input);
    }
  }
};

class IdRenewer {
 public:
  PlanPtr Renew(const PlanPtr& plan) {
    PlanPtr mapped = MapPlan(
        plan, [&](const PlanPtr& input) { return Renew(input); }, [&](const ExprPtr& expr) { return RenewExpr(expr); });
    Plan copy = *mapped;
    for (Attribute& attribute : copy.output) attribute.id = New(attribute.id);
    if (auto* node = std::get_if<Aggregate>(&copy.node)) {
      if (node->grouping_id != 0) node->grouping_id = New(node->grouping_id);
    } else if (auto* node = std::get_if<DistinctOn>(&copy.node)) {
      for (AttributeId& id : node->keys) id = New(id);
    } else if (auto* node = std::get_if<Generate>(&copy.node)) {
      for (Attribute& attribute : node->generated) attribute.id = New(attribute.id);
    } else if (auto* node = std::get_if<CteRef>(&copy.node)) {
      node->id = NewTable(node->id);
      for (AttributeId& id : node->columns) id = New(id);
    } else if (auto* node = std::get_if<With>(&copy.node)) {
      for (auto& table : node->tables) table.id = NewTable(table.id);
    }
    return std::make_shared<const Plan>(std::move(copy));
  }

 private:
  AttributeId New(AttributeId id) {
    auto [it, added] = columns_.try_emplace(id, 0);
    if (added) it->second = NewAttributeId();
    return it->second;
  }
  int64_t NewTable(int64_t id) {
    auto [it, added] = tables_.try_emplace(id, 0);
    if (added) it->second = NewAttributeId();
    return it->second;
  }
  ExprPtr RenewExpr(const ExprPtr& expr) {
    ExprPtr mapped = MapChildren(expr, [&](const ExprPtr& child) { return RenewExpr(child); });
    Expr copy = *mapped;
    if (auto* column = std::get_if<Column>(&copy.node)) {
      column->id = New(column->id);
    } else if (auto* variable = std::get_if<LambdaVariable>(&copy.node)) {
      variable->id = New(variable->id);
    } else if (auto* alias = std::get_if<Alias>(&copy.node)) {
      alias->output.id = New(alias->output.id);
    } else if (auto* subquery = std::get_if<Subquery>(&copy.node)) {
      subquery->plan = Renew(subquery->plan);
    } else {
      return mapped;
    }
    return std::make_shared<const Expr>(std::move(copy));
  }

  std::unordered_map<AttributeId, AttributeId> columns_;
  std::unordered_map<int64_t, int64_t> tables_;
};

}  // namespace

ExprPtr MapChildren(const ExprPtr& expr, const ExprMap& map) {
  if (std::holds_alternative<Literal>(expr->node) || std::holds_alternative<Column>(expr->node)) return expr;
  Expr copy = *expr;
  SlotMapper mapper{map};
  std::visit([&](auto& node) { mapper(node); }, copy.node);
  if (!mapper.changed) return expr;
  return std::make_shared<const Expr>(std::move(copy));
}

ExprPtr RewriteTopDown(const ExprPtr& expr, const ExprMap& map) {
  if (ExprPtr answer = map(expr)) return answer;
  return MapChildren(expr, [&](const ExprPtr& child) { return RewriteTopDown(child, map); });
}

PlanPtr MapPlan(const PlanPtr& plan, const PlanMap& inputs, const ExprMap& expressions) {
  Plan copy = *plan;
  InputMapper input_mapper{inputs};
  std::visit([&](auto& node) { input_mapper(node); }, copy.node);
  SlotMapper slot_mapper{expressions};
  std::visit([&](auto& node) { slot_mapper(node); }, copy.node);
  if (!input_mapper.changed && !slot_mapper.changed) return plan;
  return std::make_shared<const Plan>(std::move(copy));
}

bool Any(const ExprPtr& expr, const std::function<bool(const Expr&)>& test) {
  if (test(*expr)) return true;
  for (const ExprPtr& child : Children(*expr)) {
    if (Any(child, test)) return true;
  }
  return false;
}

void ForEachExpression(const Plan& plan, const std::function<void(const ExprPtr&)>& visit) {
  Plan copy = plan;
  ExprMap map = [&](const ExprPtr& expr) {
    visit(expr);
    return expr;
  };
  SlotMapper mapper{map};
  std::visit([&](auto& node) { mapper(node); }, copy.node);
}

namespace {

void CollectOuter(const PlanPtr& plan, std::vector<ExprPtr>& out, std::unordered_set<AttributeId>* seen);

void CollectOuter(const ExprPtr& expr, std::vector<ExprPtr>& out, std::unordered_set<AttributeId>* seen) {
  if (const auto* column = std::get_if<Column>(&expr->node)) {
    if (column->outer && (seen == nullptr || seen->insert(column->id).second)) out.push_back(expr);
    return;
  }
  for (const ExprPtr& child : Children(*expr)) CollectOuter(child, out, seen);
  // A deeper subquery's outer columns are either this plan's own or outer here too: then they are marked so here as well.
}

void CollectOuter(const PlanPtr& plan, std::vector<ExprPtr>& out, std::unordered_set<AttributeId>* seen) {
  ForEachExpression(*plan, [&](const ExprPtr& expr) { CollectOuter(expr, out, seen); });
  // The outer columns of a lateral join's right side come from its left.
  if (const auto* join = std::get_if<Join>(&plan->node); join != nullptr && join->lateral) {
    CollectOuter(join->left, out, seen);
    return;
  }
  for (const PlanPtr& input : Inputs(*plan)) CollectOuter(input, out, seen);
}

}  // namespace

std::vector<ExprPtr> OuterColumns(const PlanPtr& plan) {
  std::vector<ExprPtr> out;
  std::unordered_set<AttributeId> seen;
  CollectOuter(plan, out, &seen);
  return out;
}

std::vector<ExprPtr> OuterReferences(const PlanPtr& plan) {
  std::vector<ExprPtr> out;
  CollectOuter(plan, out, nullptr);
  return out;
}

void CollectColumns(const ExprPtr& expr, std::unordered_set<AttributeId>& ids) {
  if (const auto* column = std::get_if<Column>(&expr->node)) {
    if (!column->outer) ids.insert(column->id);
    return;
  }
  if (const auto* subquery = std::get_if<Subquery>(&expr->node)) {
    for (const ExprPtr& outer : OuterColumns(subquery->plan)) ids.insert(std::get<Column>(outer->node).id);
  }
  for (const ExprPtr& child : Children(*expr)) CollectColumns(child, ids);
}

bool IsDeterministic(const ExprPtr& expr) {
  return !Any(expr, [](const Expr& e) {
    const auto* call = std::get_if<Call>(&e.node);
    return call != nullptr && !call->function->deterministic;
  });
}

bool IsFoldable(const ExprPtr& expr) {
  return !Any(expr, [](const Expr& e) {
    if (const auto* call = std::get_if<Call>(&e.node)) {
      return !call->function->deterministic || call->function->kind != functions::Kind::kScalar;
    }
    return std::holds_alternative<Column>(e.node) || std::holds_alternative<LambdaVariable>(e.node) ||
           std::holds_alternative<AggregateCall>(e.node) || std::holds_alternative<WindowCall>(e.node) ||
           std::holds_alternative<Subquery>(e.node);
  });
}

bool HasAggregate(const ExprPtr& expr) {
  if (std::holds_alternative<AggregateCall>(expr->node)) return true;
  if (const auto* window = std::get_if<WindowCall>(&expr->node)) {
    for (const ExprPtr& child : Children(*window->function)) {
      if (HasAggregate(child)) return true;
    }
    for (const ExprPtr& child : window->partition) {
      if (HasAggregate(child)) return true;
    }
    for (const SortKey& key : window->order) {
      if (HasAggregate(key.child)) return true;
    }
    return false;
  }
  for (const ExprPtr& child : Children(*expr)) {
    if (HasAggregate(child)) return true;
  }
  return false;
}

bool HasWindow(const ExprPtr& expr) {
  return Any(expr, [](const Expr& e) { return std::holds_alternative<WindowCall>(e.node); });
}

PlanPtr WithFreshIds(const PlanPtr& plan) { return IdRenewer().Renew(plan); }

}  // namespace firesteel::logical
