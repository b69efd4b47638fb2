// The pipe operators: query |> WHERE … |> SELECT ….
#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

using unresolved::Aggregate;
using unresolved::Star;

bool IsAttributeNamed(const ExprPtr& expression, std::string_view name) {
  const auto* attribute = std::get_if<unresolved::Attribute>(&expression->node);
  return attribute != nullptr && attribute->name.size() == 1 && EqualsIgnoreCase(attribute->name[0], name);
}

}  // namespace

// After |>.
Result<RelationPtr> Parser::PipeOperator(RelationPtr input, size_t first) {
  switch (Kind()) {  // default: joins, or an error
    case Tok::kSelect:
      return SelectBody(std::move(input), first, true);
    case Tok::kExtend: {
      ++pos_;
      std::vector<ExprPtr> list = {Make(Star{}, pos_ - 1)};
      FS_TRY(auto added, NamedExpressionSeq());
      for (auto& expression : added) list.push_back(std::move(expression));
      return MakeRel(unresolved::Project{std::move(input), std::move(list)}, first);
    }
    case Tok::kSet:
      return PipeSet(std::move(input), first);
    case Tok::kDrop: {
      Star star;
      ++pos_;
      do {
        FS_TRY(Name name, MultipartIdentifier());
        star.except.push_back(std::move(name));
      } while (Accept(Tok::kComma));
      ExprPtr rest = Make(std::move(star), first);
      return MakeRel(unresolved::Project{std::move(input), {std::move(rest)}}, first);
    }
    case Tok::kAs: {
      ++pos_;
      unresolved::SubqueryAlias alias;
      alias.input = std::move(input);
      FS_TRY(alias.alias, NamingIdentifier());
      return MakeRel(std::move(alias), first);
    }
    case Tok::kWhere: {
      ++pos_;
      FS_TRY(ExprPtr condition, Expression());
      if (StartsWindowClause()) {
        FS_CHECK(WindowClause());
        Defer(ConditionAt("NOT_ALLOWED_IN_PIPE_OPERATOR_WHERE.WINDOW_CLAUSE", {}, first));
      }
      return MakeRel(unresolved::Filter{std::move(input), std::move(condition)}, first);
    }
    case Tok::kPivot:
    case Tok::kUnpivot: {
      size_t at = pos_;
      bool pivot = Is(Tok::kPivot);
      auto result = pivot ? Pivot(std::move(input), first) : Unpivot(std::move(input), first);
      FS_TRY(RelationPtr plan, std::move(result));
      if (!Is(pivot ? Tok::kUnpivot : Tok::kPivot) || !StartsClauseAt(pos_)) return plan;
      auto both = pivot ? Unpivot(std::move(plan), first) : Pivot(std::move(plan), first);
      if (both.ok()) Defer(ConditionAt("NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT", {}, at));
      return both;
    }
    case Tok::kTablesample:
      return Sample(std::move(input), first);
    case Tok::kUnion:
    case Tok::kExcept:
    case Tok::kMinusKeyword:
    case Tok::kIntersect:
      return PipeSetOperation(std::move(input), first);
    case Tok::kOrder:
    case Tok::kCluster:
    case Tok::kDistribute:
    case Tok::kSort:
    case Tok::kWindow:
    case Tok::kLimit:
    case Tok::kOffset:
      return QueryOrganization(std::move(input), first, true);
    case Tok::kAggregate:
      return PipeAggregate(std::move(input), first);
    default:
      if (StartsJoinAt(pos_)) return JoinWith(std::move(input), first);
      return input;  // no clause at all is fine
  }
}

// SET a = 1, b = a + 1: one after the other, each seeing those before.
Result<RelationPtr> Parser::PipeSet(RelationPtr input, size_t first) {
  ++pos_;
  RelationPtr plan = std::move(input);
  do {
    size_t at = pos_;
    FS_TRY(std::string name, NamingIdentifier());
    if (Is(Tok::kDot)) {
      while (Accept(Tok::kDot)) FS_CHECK(NamingIdentifier());
      Defer(ConditionAt("_LEGACY_ERROR_TEMP_0035",
                        {{"message",
                          "SQL pipe syntax |> SET operator with multi-part assignment key (only "
                          "single-part keys are allowed)"}},
                        at));
    }
    FS_CHECK(Expect(Tok::kEq));
    FS_TRY(ExprPtr value, Expression());
    FS_CHECK(GrowTree());
    ExprPtr alias = Make(unresolved::Alias{std::move(value), {std::move(name)}, {}}, at);
    plan = MakeRel(unresolved::WithColumns{std::move(plan), {std::move(alias)}}, first);
  } while (Accept(Tok::kComma));
  return plan;
}

// AGGREGATE aggregates [GROUP BY keys]: the keys come first in the result.
Result<RelationPtr> Parser::PipeAggregate(RelationPtr input, size_t first) {
  size_t at = pos_++;
  std::vector<ExprPtr> aggregates;
  bool grouped = Is(Tok::kGroup) && StartsClauseAt(pos_);
  if (!grouped && !StartsExpressionAt(pos_)) {
    Defer(ConditionAt("_LEGACY_ERROR_TEMP_0035",
                      {{"message",
                        "The AGGREGATE clause requires a list of aggregate expressions or a list of "
                        "grouping expressions, or both"}},
                      at));
    return input;
  }
  if (!grouped) {
    FS_TRY(aggregates, NamedExpressionSeq());
    grouped = Is(Tok::kGroup) && StartsClauseAt(pos_);
  }
  Aggregate aggregate;
  aggregate.from_sql = true;
  aggregate.input = std::move(input);
  if (grouped) {
    pos_ += 2;
    do {
      FS_TRY(ExprPtr key, GroupByClause());
      const auto* function = std::get_if<unresolved::Function>(&key->node);
      if (function != nullptr && function->is_operator &&
          (function->name[0] == "rollup" || function->name[0] == "cube" || function->name[0] == "grouping_sets")) {
        std::string name = Upper(function->name[0]);
        Defer(UnsupportedAggregate(name == "GROUPING_SETS" ? "GROUPING SETS" : "GROUP BY " + name, first));
      }
      // Positions are those of the input's columns here.
      const auto* literal = std::get_if<unresolved::Literal>(&key->node);
      if (literal != nullptr && literal->type.Is(TypeId::kInteger)) {
        unresolved::Function position;
        position.name = {"@input_position"};
        position.arguments = {key};
        key = unresolved::MakeExpr(std::move(position), key->origin);
      }
      // A key's name is for the result only.
      const auto* alias = std::get_if<unresolved::Alias>(&key->node);
      aggregate.grouping.push_back(alias != nullptr ? alias->child : key);
      aggregate.aggregates.push_back(std::move(key));
    } while (Accept(Tok::kComma));
    if (Is(Tok::kWith) && (Kind(1) == Tok::kRollup || Kind(1) == Tok::kCube)) {
      bool rollup = Kind(1) == Tok::kRollup;
      pos_ += 2;
      Defer(UnsupportedAggregate(rollup ? "GROUP BY ROLLUP" : "GROUP BY CUBE", at));
    } else if (Is(Tok::kGrouping, Tok::kSets)) {
      pos_ += 2;
      FS_CHECK(Expect(Tok::kLeftParen));
      do {
        FS_CHECK(GroupingSet());
      } while (Accept(Tok::kComma));
      FS_CHECK(Expect(Tok::kRightParen));
      Defer(UnsupportedAggregate("GROUPING SETS", at));
    }
    if (aggregate.grouping.size() == 1 && IsAttributeNamed(aggregate.grouping[0], "ALL")) {
      Defer(UnsupportedAggregate("GROUP BY ALL", at));
    }
  }
  for (const auto& expression : aggregates) CheckPipeAggregate(*expression, at);
  for (auto& expression : aggregates) aggregate.aggregates.push_back(std::move(expression));
  return MakeRel(std::move(aggregate), first);
}

// Grouping functions and windows have stages of their own. Subqueries and deeper calls are not looked into.
void Parser::CheckPipeAggregate(const unresolved::Expr& expression, size_t first) {
  if (const auto* alias = std::get_if<unresolved::Alias>(&expression.node))
    return CheckPipeAggregate(*alias->child, first);
  if (std::holds_alternative<unresolved::Window>(expression.node)) {
    return Defer(UnsupportedAggregate(
        "window functions; please update the query to move the window functions to a subsequent |> SELECT operator "
        "instead",
        first));
  }
  const auto* function = std::get_if<unresolved::Function>(&expression.node);
  if (function == nullptr) return;
  std::string name = Upper(function->name.back());
  if (name == "GROUPING" || name == "GROUPING_ID") return Defer(UnsupportedAggregate(name, first));
  for (const ExprPtr& argument : function->arguments) {
    if (function->is_operator) CheckPipeAggregate(*argument, first);
  }
}

Error Parser::UnsupportedAggregate(std::string what, size_t first) const {
  return ConditionAt("UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE", {{"case", std::move(what)}},
                     first);
}

Error Parser::UnsupportedInPipe(std::string what, size_t first) const {
  return ConditionAt("UNSUPPORTED_FEATURE.CLAUSE_WITH_PIPE_OPERATORS", {{"clauses", std::move(what)}}, first);
}

Result<RelationPtr> Parser::PipeSetOperation(RelationPtr input, size_t first) {
  unresolved::SetOperation operation;
  operation.op = Is(Tok::kUnion)       ? unresolved::SetOperator::kUnion
                 : Is(Tok::kIntersect) ? unresolved::SetOperator::kIntersect
                                       : unresolved::SetOperator::kExcept;
  ++pos_;
  operation.all = Accept(Tok::kAll);
  if (!operation.all) Accept(Tok::kDistinct);
  operation.left = std::move(input);
  FS_TRY(operation.right, QueryPrimary());
  return MakeRel(std::move(operation), first);
}

}  // namespace firesteel::sql
