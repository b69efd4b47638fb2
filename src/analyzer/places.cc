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

// Spark makes joins of these queries with one side: they may not look at both.
Status Binder::CheckJoinQueries(const ExprPtr& expr, std::span<const PlanPtr> inputs) const {
  std::optional<Error> error;
  logical::Any(expr, [&](const logical::Expr& e) {
    const auto* subquery = std::get_if<logical::Subquery>(&e.node);
    if (subquery == nullptr) return false;
    const std::vector<ExprPtr> outer = logical::OuterColumns(subquery->plan);
    if (subquery->kind == logical::SubqueryKind::kScalar) {
      if (outer.empty()) return false;
      error = Error::Condition("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY",
                               {{"treeNode", "Join " + logical::ToString(*expr)}});
      return true;
    }
    std::unordered_set<AttributeId> ids;
    for (const ExprPtr& column : outer) ids.insert(std::get<logical::Column>(column->node).id);
    for (const ExprPtr& value : subquery->in_values) logical::CollectColumns(value, ids);
    for (const PlanPtr& input : inputs) {
      size_t own = 0;
      for (const Attribute& attribute : input->output) own += ids.erase(attribute.id);
      if (own > 0 && ids.empty()) return false;
      if (own > 0) break;
    }
    if (ids.empty()) return false;
    const std::string parts = JoinQueryParts(*subquery, outer, inputs);
    std::vector<std::string> values;
    for (const ExprPtr& value : subquery->in_values) values.push_back(QualifiedName(value, inputs));
    std::string text = "exists(" + parts + ")";
    if (values.size() == 1) text = "(" + values[0] + " IN (listquery(" + parts + ")))";
    if (values.size() > 1) {
      for (size_t i = 0; i < values.size(); ++i)
        values[i] = (i == 0 ? "named_struct('_" : "'_") + std::to_string(i) + "', " + values[i];
      text = "(" + Join(values, ", ") + ") IN (listquery(" + parts + ")))";
    }
    error =
        Error::Condition("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_EXPRESSION_IN_JOIN_CONDITION",
                         {{"subqueryExpression", text}});
    return true;
  });
  return error ? Status(*error) : Status();
}

std::string Binder::JoinQueryParts(const logical::Subquery& subquery, const std::vector<ExprPtr>& outer,
                                   std::span<const PlanPtr> inputs) const {
  const auto plain = [](const ExprPtr& e) {
    return logical::RewriteTopDown(e, [](const ExprPtr& c) -> ExprPtr {
      const auto* column = std::get_if<logical::Column>(&c->node);
      if (column == nullptr || !column->outer) return nullptr;
      return logical::MakeExpr(logical::Column{column->id, column->name}, c->type, c->nullable, c->origin);
    });
  };
  std::vector<std::string> parts;
  for (const ExprPtr& column : outer) parts.push_back(QualifiedName(plain(column), inputs));
  // The terms that Spark pulls out of the query.
  std::function<void(const PlanPtr&)> walk = [&](const PlanPtr& plan) {
    for (const PlanPtr& input : logical::Inputs(*plan)) walk(input);
    const auto* filter = std::get_if<logical::Filter>(&plan->node);
    if (filter == nullptr) return;
    std::vector<PlanPtr> both(inputs.begin(), inputs.end());
    both.push_back(filter->input);
    std::function<void(const ExprPtr&)> terms = [&](const ExprPtr& term) {
      const auto* call = std::get_if<logical::Call>(&term->node);
      if (call != nullptr && call->function->name == "and") {
        for (const ExprPtr& argument : call->arguments) terms(argument);
        return;
      }
      const bool correlated = logical::Any(term, [](const logical::Expr& e) {
        const auto* column = std::get_if<logical::Column>(&e.node);
        return column != nullptr && column->outer;
      });
      if (correlated) parts.push_back(QualifiedName(plain(term), both));
    };
    terms(filter->condition);
  };
  walk(subquery.plan);
  return Join(parts, ", ");
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
      return CheckJoinQueries(expr, inputs);
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
