// What an expression may hold in the clause it stands in: aggregates, windows, generators; and Spark's errors about it.
#include "analyzer/binder.h"
#include "base/text.h"
#include "plan/explain.h"

namespace firesteel::analyzer {

std::string Binder::QualifiedName(const ExprPtr& expr, std::span<const PlanPtr> inputs) const {
  return NameOf(logical::RewriteTopDown(expr, [&](const ExprPtr& e) -> ExprPtr {
    const auto* column = std::get_if<logical::Column>(&e->node);
    if (column == nullptr || column->outer) return nullptr;
    for (const PlanPtr& input : inputs) {
      for (const Attribute& attribute : input->output) {
        if (attribute.id != column->id) continue;
        std::vector<std::string> parts = attribute.qualifier;
        parts.push_back(attribute.name);
        return logical::Shown(e, QuotePartsIfNeeded(parts));
      }
    }
    return nullptr;
  }));
}

Status Binder::CheckPlaces(const ExprPtr& expr, Clause clause, const Origin& origin,
                           std::span<const PlanPtr> inputs) const {
  auto first = [&](auto test) -> const logical::Expr* {
    const logical::Expr* found = nullptr;
    logical::Any(expr, [&](const logical::Expr& e) {
      if (!test(e)) return false;
      found = &e;
      return true;
    });
    return found;
  };
  auto named = [&](const logical::Expr* e) { return NameOf(std::make_shared<const logical::Expr>(*e)); };
  auto qualified = [&](const logical::Expr* e) {
    return QualifiedName(std::make_shared<const logical::Expr>(*e), inputs);
  };
  const logical::Expr* aggregate =
      first([](const logical::Expr& e) { return std::holds_alternative<logical::AggregateCall>(e.node); });
  const logical::Expr* window =
      first([](const logical::Expr& e) { return std::holds_alternative<logical::WindowCall>(e.node); });
  const logical::Expr* generator = first([](const logical::Expr& e) {
    const auto* call = std::get_if<logical::Call>(&e.node);
    return call != nullptr && call->function->kind == functions::Kind::kGenerator;
  });
  if (clause == Clause::kSelect || clause == Clause::kInlineTable) return {};
  if (generator != nullptr) {
    if (clause == Clause::kWhere)
      return Error::Condition("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT",
                              {{"plan", "'Filter " + logical::ToString(*expr)}});
    return Error::Condition("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", {{"plan", "'" + named(generator)}}, origin);
  }
  switch (clause) {
    case Clause::kSelect:
    case Clause::kInlineTable:
    case Clause::kQualify:
      return {};
    case Clause::kHaving:
      if (window != nullptr)
        return Error::Condition("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", {{"clauseName", "HAVING"}});
      return {};
    case Clause::kWhere:
      if (window != nullptr)
        return Error::Condition("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", {{"clauseName", "WHERE"}});
      if (aggregate != nullptr) {
        return Error::Condition("INVALID_WHERE_CONDITION",
                                {{"condition", Sql(expr)}, {"expressionList", qualified(aggregate)}});
      }
      return {};
    case Clause::kGroupBy:
      if (aggregate != nullptr)
        return Error::Condition("GROUP_BY_AGGREGATE", {{"sqlExpr", qualified(aggregate)}}, aggregate->origin);
      if (window != nullptr) {
        return Error::Condition("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", "\"" + named(window) + "\""}},
                                origin);
      }
      return {};
    case Clause::kMetrics:
      return {};
    case Clause::kOrderBy:
      if (window != nullptr)
        return Error::Condition("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", "\"" + named(window) + "\""}});
      return {};
    case Clause::kJoinCondition:
      if (const logical::Expr* bad = aggregate != nullptr ? aggregate : window) {
        return Error::Condition("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", "\"" + named(bad) + "\""}});
      }
      return {};
    case Clause::kConstant:
    case Clause::kOther:
      if (const logical::Expr* bad = aggregate != nullptr ? aggregate : window) {
        return Error::Condition("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", "\"" + named(bad) + "\""}},
                                origin);
      }
      return {};
  }
  return {};
}

}  // namespace firesteel::analyzer
