// Queries inside of expressions. Spark runs IN with a query as a join that asks whether there is a match: outside of a filter's
// own terms the answer is true or false, never NULL, and NOT IN is false wherever a NULL leaves it open.
#include "base/cat.h"
#include "base/text.h"
#include "functions/registry.h"
#include "physical/generator.h"
#include "physical/predicate_subquery.h"
#include "plan/rewrite.h"

namespace firesteel::physical {
namespace {

const logical::Subquery* InOf(const logical::Expr& expr) {
  const auto* subquery = std::get_if<logical::Subquery>(&expr.node);
  return subquery != nullptr && subquery->kind == logical::SubqueryKind::kIn ? subquery : nullptr;
}

/// NOT expr with the NOT moved down to the terms, as Spark does before it makes joins of them: what an IN answers where NULLs leave it
/// open depends on whether it is negated itself.
logical::ExprPtr Negated(const logical::ExprPtr& expr, const functions::Function* negation) {
  const auto with = [&](const functions::Function* function, std::vector<logical::ExprPtr> arguments) {
    return logical::MakeExpr(logical::Call{function, std::move(arguments)}, expr->type, expr->nullable, expr->origin);
  };
  const auto* call = std::get_if<logical::Call>(&expr->node);
  if (call != nullptr && call->function == negation) return call->arguments[0];
  if (call != nullptr && (call->function->name == "and" || call->function->name == "or")) {
    return with(functions::FindFunction(call->function->name == "and" ? "or" : "and"),
                {Negated(call->arguments[0], negation), Negated(call->arguments[1], negation)});
  }
  return with(negation, {expr});
}

/// NOT over AND or OR with an IN below, rewritten; else null.
logical::ExprPtr Distributed(const logical::Expr& expr) {
  const auto* call = std::get_if<logical::Call>(&expr.node);
  if (call == nullptr || call->function->name != "not" || InOf(*call->arguments[0]) != nullptr) return nullptr;
  if (!logical::Any(call->arguments[0], [](const logical::Expr& e) { return InOf(e) != nullptr; })) return nullptr;
  logical::ExprPtr negated = Negated(call->arguments[0], call->function);
  const auto* still = std::get_if<logical::Call>(&negated->node);
  return still != nullptr && still->function == call->function ? nullptr : negated;
}

}  // namespace

const logical::Subquery* NegatedIn(const logical::Call& call) {
  return call.function->name == "not" ? InOf(*call.arguments[0]) : nullptr;
}

Result<Block> Generator::InnerPlan(const logical::PlanPtr& plan) {
  ++subquery_depth_;
  Result<Block> block = Plan(plan);
  --subquery_depth_;
  return block;
}

Result<std::string> Generator::SubquerySql(const logical::Expr& expr, const logical::Subquery& subquery) {
  if (subquery.kind == logical::SubqueryKind::kIn) return InSubqueryValue(expr, subquery, false);
  FS_TRY(Block block, InnerPlan(subquery.plan));
  // The plan's output order is the contract; blocks keep it.
  std::string text = Text(block);
  if (subquery.kind == logical::SubqueryKind::kExists) return Cat("EXISTS (", text, ")");
  if (!options_.precise_errors) return Cat("(", text, ")");
  // DuckDB's own error would not say which subquery has too many rows.
  const std::string column = ColumnName(subquery.plan->output[0].id);
  const bool correlated = !logical::OuterColumns(subquery.plan).empty();
  const Error error = Error::Condition("SCALAR_SUBQUERY_TOO_MANY_ROWS", {}, correlated ? Origin() : expr.origin)
                          .As(correlated ? ErrorClass::kRuntime : ErrorClass::kSpark);
  return Cat("(SELECT CASE WHEN count(*) > 1 THEN ", Fail(error, expr.type), " ELSE any_value(", column, ") END FROM (",
             text, ") AS ", Fresh("t"), ")");
}

// True where there is a match (or, negated, where there is surely none); false or NULL elsewhere.
Result<std::string> Generator::InSubquerySql(const logical::Subquery& subquery, bool negated) {
  FS_TRY(Block block, InnerPlan(subquery.plan));
  std::string text = Text(block);
  std::vector<std::string> values;
  for (const auto& value : subquery.in_values) {
    FS_TRY(std::string sql, Sql(value));
    values.push_back(std::move(sql));
  }
  if (values.size() == 1) return Cat("(", values[0], negated ? " NOT IN (" : " IN (", text, "))");
  // DuckDB compares rows as values, for which a NULL anywhere leaves all open.
  std::vector<std::string> terms;
  for (size_t i = 0; i < values.size(); ++i) {
    std::string equal = Cat("(", values[i], " = ", ColumnName(subquery.plan->output[i].id), ")");
    terms.push_back(negated ? Cat("(", equal, " IS NOT FALSE)") : std::move(equal));
  }
  return Cat(negated ? "(NOT EXISTS (" : "(EXISTS (", "SELECT 1 FROM (", text, ") AS ", Fresh("t"), " WHERE ",
             Join(terms, " AND "), "))");
}

Result<std::string> Generator::InSubqueryValue(const logical::Expr& expr, const logical::Subquery& subquery,
                                               bool negated) {
  FS_TRY(std::string sql, InSubquerySql(subquery, negated));
  if (!expr.nullable || subquery.in_values.size() > 1 || logical::IsNullConstant(*subquery.in_values[0])) return sql;
  return Cat("coalesce(", sql, ", false)");
}

Result<std::string> Generator::ConditionSql(const logical::ExprPtr& condition) {
  std::vector<logical::ExprPtr> pending = {condition};
  std::vector<std::string> terms;
  while (!pending.empty()) {
    const logical::ExprPtr next = pending.back();
    pending.pop_back();
    if (logical::ExprPtr distributed = Distributed(*next)) {
      pending.push_back(std::move(distributed));
      continue;
    }
    const auto* call = std::get_if<logical::Call>(&next->node);
    if (call != nullptr && call->function->name == "and") {
      pending.push_back(call->arguments[1]);
      pending.push_back(call->arguments[0]);
      continue;
    }
    // Terms that DuckDB runs as semi and anti joins must stand plain.
    const logical::Subquery* negated = call != nullptr ? NegatedIn(*call) : nullptr;
    const logical::Subquery* in = negated != nullptr ? negated : InOf(*next);
    Result<std::string> sql = in != nullptr ? InSubquerySql(*in, negated != nullptr) : ExprSql(*next);
    if (!sql.ok()) return sql;
    terms.push_back(std::move(sql).value());
  }
  return terms.size() == 1 ? std::move(terms[0]) : Chained(terms, " AND ");
}

}  // namespace firesteel::physical
