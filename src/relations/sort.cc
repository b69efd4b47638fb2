// ORDER BY, SORT BY, sort(): by columns, positions, ALL, and what is not in the select list.
#include <algorithm>

#include "base/text.h"
#include "plan/explain.h"
#include "plan/rewrite.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

logical::SortKey KeyOf(ExprPtr child, const unresolved::SortKey& key) {
  logical::NullOrder nulls = key.nulls;
  if (nulls == logical::NullOrder::kDefault) {
    nulls =
        key.direction == logical::SortDirection::kAscending ? logical::NullOrder::kFirst : logical::NullOrder::kLast;
  }
  return {std::move(child), key.direction, nulls};
}

/// The position that a key names, or nothing.
Result<std::optional<size_t>> Ordinal(const unresolved::SortKey& key, const PlanPtr& input, Resolver& resolver) {
  const auto* literal = key.child ? std::get_if<unresolved::Literal>(&key.child->node) : nullptr;
  if (literal == nullptr || !literal->type.Is(TypeId::kInteger) || literal->value.IsNull() ||
      !resolver.settings().order_by_ordinal) {
    return std::optional<size_t>();
  }
  int64_t position = literal->value.As<int64_t>();
  if (position < 1 || position > static_cast<int64_t>(input->output.size())) {
    return Error::Condition("ORDER_BY_POS_OUT_OF_RANGE",
                            {{"index", std::to_string(position)}, {"size", std::to_string(input->output.size())}},
                            key.child->origin);
  }
  return std::optional<size_t>(static_cast<size_t>(position - 1));
}

/// Queries inside of sort keys: Spark knows those that have one value for all rows.
Status CheckQueries(const std::vector<logical::SortKey>& keys, const Origin& origin) {
  bool in_or_exists = false, correlated = false;
  for (const logical::SortKey& key : keys) {
    logical::Any(key.child, [&](const logical::Expr& e) {
      const auto* subquery = std::get_if<logical::Subquery>(&e.node);
      if (subquery == nullptr) return false;
      if (subquery->kind != logical::SubqueryKind::kScalar)
        in_or_exists = true;
      else
        correlated = !logical::OuterColumns(subquery->plan).empty();
      return in_or_exists || correlated;
    });
    if (in_or_exists || correlated) break;
  }
  if (!in_or_exists && !correlated) return {};
  std::vector<std::string> shown;
  for (const logical::SortKey& key : keys) shown.push_back(logical::ToString(*key.child));
  return Error::Condition(in_or_exists
                              ? "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY"
                              : "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY",
                          {{"treeNode", "Sort [" + firesteel::Join(shown, ", ") + "], true"}}, origin);
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::Sort& sort, const unresolved::Relation& relation, Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(sort.input));
  std::vector<logical::SortKey> keys;
  const bool has_all = std::any_of(input->output.begin(), input->output.end(), [&](const Attribute& attribute) {
    return attribute.name.size() == 3 && resolver.SameName(attribute.name, "all");
  });
  if (sort.order_by_all && has_all) {  // the column of that name is meant
    FS_TRY(ExprPtr column, resolver.ColumnByName("all", input, relation.origin));
    keys.push_back(KeyOf(std::move(column), sort.order.at(0)));
    return Over(logical::Sort{input, std::move(keys), sort.global}, input, relation.origin);
  }
  if (sort.order_by_all) {
    for (const Attribute& attribute : input->output) keys.push_back(KeyOf(ColumnOf(attribute), sort.order.at(0)));
    return Over(logical::Sort{input, std::move(keys), sort.global}, input, relation.origin);
  }
  std::vector<unresolved::ExprPtr> unbound;
  std::vector<std::optional<size_t>> ordinals;
  for (const unresolved::SortKey& key : sort.order) {
    FS_TRY(std::optional<size_t> ordinal, Ordinal(key, input, resolver));
    ordinals.push_back(ordinal);
    if (!ordinal) unbound.push_back(key.child);
  }
  Result<Extended> result = resolver.BindOver(unbound, input, Clause::kOrderBy);
  if (!result.ok())
    return result.error().condition() == "UNSUPPORTED_EXPR_FOR_OPERATOR" ? result.error().At(relation.origin)
                                                                         : result.error();
  Extended extended = *result;
  size_t next = 0;
  for (size_t i = 0; i < sort.order.size(); ++i) {
    ExprPtr child = ordinals[i] ? ColumnOf(input->output[*ordinals[i]]) : extended.expressions[next++];
    if (!IsOrderable(child->type)) {
      logical::SortKey key = KeyOf(child, sort.order[i]);
      std::string name = InDoubleQuotes(logical::PrettyName(*child) +
                                        (key.direction == logical::SortDirection::kAscending ? " ASC" : " DESC") +
                                        (key.nulls == logical::NullOrder::kFirst ? " NULLS FIRST" : " NULLS LAST"));
      return Error::Condition(
          "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
          {{"sqlExpr", name}, {"functionName", "`sortorder`"}, {"dataType", InDoubleQuotes(TypeSql(child->type))}},
          child->origin);
    }
    keys.push_back(KeyOf(std::move(child), sort.order[i]));
  }
  FS_CHECK(CheckQueries(keys, relation.origin));
  PlanPtr sorted = Over(logical::Sort{extended.plan, std::move(keys), sort.global}, extended.plan, relation.origin);
  return KeepFirst(std::move(sorted), input->output.size(), relation.origin);
}

}  // namespace firesteel::relations
