// What every stage asks of logical trees: inputs, children, schema. Rewriting is in rewrite.cc, printing in pretty_name.cc and
// explain.cc.
#include "plan/logical.h"

#include <atomic>

namespace firesteel::logical {

AttributeId NewAttributeId() {
  static std::atomic<AttributeId> next{0};
  return ++next;
}

DataType Schema(const Plan& plan) {
  std::vector<StructField> fields;
  fields.reserve(plan.output.size());
  for (const Attribute& attribute : plan.output)
    fields.push_back({attribute.name, attribute.type, attribute.nullable, attribute.metadata});
  return DataType::Struct(std::move(fields));
}

ExprPtr Shown(const ExprPtr& expr, std::string name) {
  Expr copy = *expr;
  copy.shown = std::make_shared<const std::string>(std::move(name));
  return std::make_shared<const Expr>(std::move(copy));
}

std::vector<PlanPtr> Inputs(const Plan& plan) {
  return std::visit(
      [](const auto& node) -> std::vector<PlanPtr> {
        if constexpr (requires { node.inputs; }) {
          return node.inputs;
        } else if constexpr (requires { node.left; }) {
          return {node.left, node.right};
        } else if constexpr (requires {
                               node.input;
                               node.tables;
                             }) {
          std::vector<PlanPtr> inputs{node.input};
          for (const auto& table : node.tables) inputs.push_back(table.plan);
          return inputs;
        } else if constexpr (requires { node.input; }) {
          return {node.input};
        } else {
          return {};
        }
      },
      plan.node);
}

namespace {

void Append(std::vector<ExprPtr>& out, const std::vector<ExprPtr>& more) {
  out.insert(out.end(), more.begin(), more.end());
}
void Append(std::vector<ExprPtr>& out, const std::vector<SortKey>& keys) {
  for (const SortKey& key : keys) out.push_back(key.child);
}
void Append(std::vector<ExprPtr>& out, const ExprPtr& expr) {
  if (expr) out.push_back(expr);
}

struct ChildrenOf {
  std::vector<ExprPtr> out;
  void operator()(const Literal&) {}
  void operator()(const Column&) {}
  void operator()(const LambdaVariable&) {}
  void operator()(const Call& call) { Append(out, call.arguments); }
  void operator()(const Cast& cast) { Append(out, cast.child); }
  void operator()(const AggregateCall& call) {
    Append(out, call.arguments);
    Append(out, call.filter);
    Append(out, call.order);
  }
  void operator()(const WindowCall& window) {
    Append(out, window.function);
    Append(out, window.partition);
    Append(out, window.order);
    Append(out, window.lower.offset);
    Append(out, window.upper.offset);
  }
  void operator()(const Lambda& lambda) {
    Append(out, lambda.parameters);
    Append(out, lambda.body);
  }
  void operator()(const Subquery& subquery) { Append(out, subquery.in_values); }
  void operator()(const Alias& alias) { Append(out, alias.child); }
};

}  // namespace

std::vector<ExprPtr> Children(const Expr& expr) {
  ChildrenOf children;
  std::visit(children, expr.node);
  return std::move(children.out);
}

}  // namespace firesteel::logical
