// crosstab and freqItems: how often values, and pairs of them, come.
#include <cmath>

#include "base/text.h"
#include "relations/relations.h"
#include "types/number_text.h"

namespace firesteel::relations {
namespace {

using UnresolvedPtr = unresolved::ExprPtr;

UnresolvedPtr CallOf(std::string name, std::vector<UnresolvedPtr> arguments) {
  unresolved::Function function;
  function.name = {std::move(name)};
  function.arguments = std::move(arguments);
  return unresolved::MakeExpr(std::move(function));
}

UnresolvedPtr TextOf(std::string text) {
  return unresolved::MakeExpr(unresolved::Literal{TypeId::kString, Value(std::move(text))});
}

/// The column as text, NULL as "null".
Result<UnresolvedPtr> Label(const std::string& column, bool heads_column, Resolver& resolver) {
  FS_TRY(unresolved::Name name, resolver.ParseName(column));
  UnresolvedPtr value = unresolved::MakeExpr(unresolved::Attribute{std::move(name), {}, false}, InMethod("crosstab"));
  UnresolvedPtr is_null = CallOf("isnull", {value});
  UnresolvedPtr text = unresolved::MakeExpr(unresolved::Cast{value, TypeId::kString, "", {}});
  // Backticks cannot stand in a column's name.
  if (heads_column) text = CallOf("replace", {text, TextOf("`"), TextOf("")});
  return CallOf("when", {std::move(is_null), TextOf("null"), std::move(text)});
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::Crosstab& node, const unresolved::Relation& relation, Resolver& resolver) {
  unresolved::Aggregate counts;
  counts.input = node.input;
  counts.type = unresolved::GroupType::kPivot;
  FS_TRY(UnresolvedPtr rows, Label(node.column1, false, resolver));
  counts.grouping = {unresolved::MakeExpr(unresolved::Alias{std::move(rows), {node.column1 + "_" + node.column2}, {}})};
  FS_TRY(counts.pivot_column, Label(node.column2, true, resolver));
  UnresolvedPtr one = unresolved::MakeExpr(unresolved::Literal{TypeId::kInteger, Value(int64_t{1})});
  counts.aggregates = {unresolved::MakeExpr(unresolved::Alias{CallOf("count", {std::move(one)}), {"count"}, {}})};
  unresolved::FillNa filled;
  filled.input = unresolved::MakeRelation(std::move(counts), relation.origin);
  filled.values = {unresolved::Literal{TypeId::kLong, Value(int64_t{0})}};
  return resolver.Resolve(unresolved::MakeRelation(std::move(filled), relation.origin));
}

Result<PlanPtr> Resolve(const unresolved::FreqItems& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  if (!(node.support >= 1e-4 && node.support <= 1.0))
    return Requirement("Support must be in [1e-4, 1], but got " + DoubleText(node.support) + ".");
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  const auto counters = static_cast<int64_t>(1 / node.support);
  logical::Aggregate aggregate;
  std::vector<Attribute> output;
  for (const std::string& name : node.columns) {
    FS_TRY(ExprPtr column, resolver.ColumnByName(name, input, InMethod("freqItems")));
    FS_TRY(ExprPtr items,
           resolver.Call("@frequent_items", {column, LiteralOf(Value(counters), TypeId::kInteger)}, origin));
    ExprPtr named = Named(std::move(items), name + "_freqItems");
    output.push_back(std::get<logical::Alias>(named->node).output);
    aggregate.aggregates.push_back(std::move(named));
  }
  aggregate.input = std::move(input);
  return logical::MakePlan(std::move(aggregate), std::move(output), origin);
}

}  // namespace firesteel::relations
