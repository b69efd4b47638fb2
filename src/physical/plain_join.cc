// Conditions of outer, semi and anti joins, and windows inside of correlated queries, as DuckDB takes them.
#include "physical/plain_join.h"

#include <algorithm>
#include <functional>
#include <unordered_set>

#include "physical/generator.h"
#include "physical/predicate_subquery.h"
#include "plan/rewrite.h"

namespace firesteel::physical {
namespace {

using logical::Attribute;
using logical::ExprPtr;
using logical::JoinType;
using logical::PlanPtr;

/// A side of a join that is being given more columns.
struct Side {
  PlanPtr plan;
  std::vector<ExprPtr> added;  ///< Alias each

  bool Has(const std::unordered_set<logical::AttributeId>& ids) const {
    return std::ranges::all_of(ids, [&](logical::AttributeId id) {
      return std::ranges::any_of(plan->output, [&](const Attribute& a) { return a.id == id; });
    });
  }
  ExprPtr Add(const ExprPtr& expr) {
    Attribute attribute{logical::NewAttributeId(), "computed", expr->type, expr->nullable};
    added.push_back(logical::MakeExpr(logical::Alias{expr, attribute}, expr->type, expr->nullable, expr->origin));
    return logical::MakeExpr(logical::Column{attribute.id, attribute.name}, expr->type, expr->nullable, expr->origin);
  }
  PlanPtr Finished() const {
    if (added.empty()) return plan;
    std::vector<ExprPtr> columns;
    std::vector<Attribute> output = plan->output;
    for (const Attribute& a : output)
      columns.push_back(logical::MakeExpr(logical::Column{a.id, a.name}, a.type, a.nullable));
    for (const ExprPtr& alias : added) {
      columns.push_back(alias);
      output.push_back(std::get<logical::Alias>(alias->node).output);
    }
    return logical::MakePlan(logical::Project{plan, std::move(columns)}, std::move(output), plan->origin);
  }
};

bool IsOuterColumn(const logical::Expr& expr) {
  const auto* column = std::get_if<logical::Column>(&expr.node);
  return column != nullptr && column->outer;
}

/// A query, or NOT IN with one, whose meaning depends on standing together.
bool IsQuery(const logical::Expr& expr) {
  const auto* call = std::get_if<logical::Call>(&expr.node);
  return std::holds_alternative<logical::Subquery>(expr.node) || (call != nullptr && NegatedIn(*call) != nullptr);
}

/// `term` if it is one of those that AND joins, or null.
const logical::Call* TopLevelTerm(const ExprPtr& condition, const logical::Call* term) {
  const auto* call = std::get_if<logical::Call>(&condition->node);
  if (call == nullptr || call == term) return call;
  if (call->function->name != "and") return nullptr;
  const logical::Call* found = TopLevelTerm(call->arguments[0], term);
  return found == term ? found : TopLevelTerm(call->arguments[1], term);
}

}  // namespace

bool ReadsOuterColumns(const PlanPtr& plan) { return !logical::OuterColumns(plan).empty(); }

logical::Join WithPlainCondition(const logical::Join& join) {
  if (join.condition == nullptr || join.type == JoinType::kInner || join.type == JoinType::kCross) return join;
  if (!logical::Any(join.condition, [](const logical::Expr& e) { return IsQuery(e) || IsOuterColumn(e); })) return join;
  Side left{join.left, {}}, right{join.right, {}};
  logical::Join plain = join;
  plain.condition = logical::RewriteTopDown(join.condition, [&](const ExprPtr& e) -> ExprPtr {
    // What an enclosing query gives is the same for all rows: either side may carry it, but for the one whose rows may be made up.
    if (IsOuterColumn(*e)) return join.type == JoinType::kRightOuter ? right.Add(e) : left.Add(e);
    if (!IsQuery(*e)) return nullptr;
    std::unordered_set<logical::AttributeId> ids;
    logical::CollectColumns(e, ids);
    // Spark filters the side whose rows need not all stay; for the other one it asks whether there is a match, so that NULLs leave nothing
    // open.
    const auto* call = std::get_if<logical::Call>(&e->node);
    const bool stays = left.Has(ids) ? join.type != JoinType::kRightOuter && join.type != JoinType::kLeftSemi
                                     : join.type == JoinType::kRightOuter || join.type == JoinType::kFullOuter;
    if (call != nullptr && stays && call == TopLevelTerm(join.condition, call)) return nullptr;
    if (left.Has(ids)) return left.Add(e);
    if (right.Has(ids)) return right.Add(e);
    return nullptr;
  });
  plain.left = left.Finished();
  plain.right = right.Finished();
  return plain;
}

logical::Project WithPlainWindows(const logical::Project& project) {
  const auto reads_outer = [](const ExprPtr& expr) {
    return logical::Any(expr, [](const logical::Expr& e) {
      if (!std::holds_alternative<logical::WindowCall>(e.node)) return false;
      return std::ranges::any_of(logical::Children(e), [](const ExprPtr& child) {
        return logical::Any(child, [](const logical::Expr& c) { return IsOuterColumn(c); });
      });
    });
  };
  if (!std::ranges::any_of(project.expressions, reads_outer)) return project;
  Side input{project.input, {}};
  logical::Project plain = project;
  for (ExprPtr& expr : plain.expressions) {
    expr = logical::RewriteTopDown(expr, [&](const ExprPtr& e) -> ExprPtr {
      if (!std::holds_alternative<logical::WindowCall>(e->node)) return nullptr;
      return logical::MapChildren(e, [&](const ExprPtr& child) {
        return logical::RewriteTopDown(
            child, [&](const ExprPtr& c) -> ExprPtr { return IsOuterColumn(*c) ? input.Add(c) : nullptr; });
      });
    });
  }
  plain.input = input.Finished();
  return plain;
}

// Inside of a correlated query DuckDB knows neither semi nor anti joins.
Result<Block> Generator::SemiJoinAsFilter(const logical::Join& join, const logical::Plan&) {
  FS_TRY(Block left, Plan(join.left));
  Block block = Wrap(left);
  FS_TRY(Block right, InnerPlan(join.right));
  Block matches = Wrap(right);
  if (join.condition != nullptr) {
    FS_TRY(std::string condition, Sql(join.condition));
    matches.where.push_back(std::move(condition));
  }
  matches.select.clear();
  block.where.push_back((join.type == JoinType::kLeftSemi ? "EXISTS (" : "NOT EXISTS (") + Text(matches) + ")");
  return Wrap(block);
}

// Nor full joins: the left join's rows, then the right rows that match nothing.
Result<Block> Generator::FullJoinAsUnion(const logical::Join& join, const logical::Plan& plan) {
  logical::Join one_sided = join;
  one_sided.type = JoinType::kLeftOuter;
  FS_TRY(Block left, Node(one_sided, plan));
  logical::Join anti{join.right, join.left, JoinType::kLeftAnti, join.condition, false};
  FS_TRY(Block right, SemiJoinAsFilter(anti, plan));
  Block result;
  Block padded = Wrap(right);
  padded.select.clear();
  for (const Attribute& column : plan.output) {
    const bool own = std::ranges::any_of(join.right->output, [&](const Attribute& a) { return a.id == column.id; });
    padded.select.emplace_back(column.id,
                               own ? ColumnName(column.id) : "CAST(NULL AS " + functions::DuckType(column.type) + ")");
  }
  Block ordered = Wrap(left);
  ordered.select.clear();
  for (const Attribute& column : plan.output) ordered.select.emplace_back(column.id, ColumnName(column.id));
  result.whole = "(" + Text(ordered) + ") UNION ALL (" + Text(padded) + ")";
  for (const Attribute& column : plan.output) result.select.emplace_back(column.id, ColumnName(column.id));
  return Wrap(result);
}

}  // namespace firesteel::physical
