// SELECT and its clauses as relations: the rules of each are the analyzer's (Resolver::Select, Aggregate, BindOver).
#include "base/text.h"
#include "relations/comparable.h"
#include "relations/relations.h"
#include "relations/time_window.h"
#include "types/type_text.h"

namespace firesteel::relations {

Result<PlanPtr> Resolve(const unresolved::OneRow&, const unresolved::Relation& relation, Resolver&) {
  return logical::MakePlan(logical::OneRow{}, {}, relation.origin);
}

namespace {

/// SELECT a, FROM t: to the grammar, FROM is a column that is called t.
bool EndsWithFrom(const unresolved::Project& project) {
  if (!std::holds_alternative<unresolved::OneRow>(project.input->node) || project.expressions.size() < 2) return false;
  const unresolved::Expr* last = project.expressions.back().get();
  if (const auto* alias = std::get_if<unresolved::Alias>(&last->node)) last = alias->child.get();
  const auto* attribute = std::get_if<unresolved::Attribute>(&last->node);
  return attribute != nullptr && attribute->name.size() == 1 && EqualsIgnoreCase(attribute->name[0], "from");
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::Project& project, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(project.input));
  std::vector<unresolved::ExprPtr> list = project.expressions;
  FS_TRY(input, WithTimeWindow(std::move(input), {&list}, resolver));
  FS_TRY(input, WithSessionWindow(std::move(input), {&list}, nullptr, resolver));
  Result<PlanPtr> selected = resolver.Select(list, std::move(input), relation.origin);
  if (!selected.ok() && EndsWithFrom(project) && selected.error().condition().starts_with("UNRESOLVED_COLUMN"))
    return Error::Condition("TRAILING_COMMA_IN_SELECT", {}, list.back()->origin);
  return selected;
}

Result<PlanPtr> Resolve(const unresolved::Aggregate& aggregate, const unresolved::Relation& relation,
                        Resolver& resolver) {
  if (aggregate.type == unresolved::GroupType::kPivot) return ResolvePivot(aggregate, relation, resolver);
  FS_TRY(PlanPtr input, resolver.Resolve(aggregate.input));
  unresolved::Aggregate copy = aggregate;
  FS_TRY(input, WithTimeWindow(std::move(input), {&copy.grouping, &copy.aggregates}, resolver));
  FS_TRY(input, WithSessionWindow(std::move(input), {&copy.grouping, &copy.aggregates}, &aggregate, resolver));
  return resolver.Aggregate(copy, std::move(input), relation.origin);
}

namespace {

/// A Filter whose condition may need columns (or aggregates) of below the input; they are gone again above it. Conditions on
/// window functions (QUALIFY) are computed beforehand.
Result<PlanPtr> FilterOver(const PlanPtr& input, const unresolved::ExprPtr& condition, Clause clause,
                           const Origin& origin, Resolver& resolver) {
  Result<Extended> result = resolver.BindOver(std::span(&condition, 1), input, clause);
  if (!result.ok())
    return result.error().condition() == "INVALID_WHERE_CONDITION" ? result.error().At(origin) : result.error();
  Extended extended = *result;
  ExprPtr bound = extended.expressions[0];
  if (clause == Clause::kHaving && !bound->type.Is(TypeId::kBoolean) &&
      CanCast(bound->type, TypeId::kBoolean, resolver.settings().ansi)) {
    bound = ExplicitCast(std::move(bound), TypeId::kBoolean, resolver.settings());  // HAVING count(*)
  }
  if (!bound->type.Is(TypeId::kBoolean)) {
    return Error::Condition("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
                            {{"sqlExpr", InDoubleQuotes(logical::PrettyName(*bound))},
                             {"filter", InDoubleQuotes(logical::PrettyName(*bound))},
                             {"type", InDoubleQuotes(TypeSql(bound->type))}},
                            origin);
  }
  PlanPtr filtered = Over(logical::Filter{extended.plan, std::move(bound)}, extended.plan, origin);
  return KeepFirst(std::move(filtered), input->output.size(), origin);
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::Filter& filter, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(filter.input));
  return FilterOver(input, filter.condition, Clause::kWhere, relation.origin, resolver);
}

Result<PlanPtr> Resolve(const unresolved::Having& having, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(having.input));
  return FilterOver(input, having.condition, Clause::kHaving, relation.origin, resolver);
}

Result<PlanPtr> Resolve(const unresolved::Qualify& qualify, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(qualify.input));
  return FilterOver(input, qualify.condition, Clause::kQualify, relation.origin, resolver);
}

Result<PlanPtr> Resolve(const unresolved::WithWindows& windows, const unresolved::Relation&, Resolver& resolver) {
  return resolver.ResolveWithWindows(windows);
}

Result<PlanPtr> Resolve(const unresolved::Distinct& distinct, const unresolved::Relation& relation,
                        Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(distinct.input));
  FS_CHECK(CheckComparable(*input, relation.origin));
  return Over(logical::Distinct{input}, input, relation.origin);
}

}  // namespace firesteel::relations
