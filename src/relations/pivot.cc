// PIVOT (SQL and groupBy().pivot()) and UNPIVOT.
#include <algorithm>

#include "base/text.h"
#include "plan/rewrite.h"
#include "relations/relations.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

struct PivotValue {
  std::vector<ExprPtr> values;  ///< one per pivot column
  std::string name;
};

/// The value as it stands in the new columns' names: cast to text.
Result<std::string> ValueName(const ExprPtr& value, Resolver& resolver) {
  FS_TRY(Value constant, resolver.Evaluate(value));
  if (constant.IsNull()) return std::string("null");
  if (const auto* text = std::get_if<std::string>(&constant.data); text != nullptr && value->type.Is(TypeId::kString))
    return *text;
  if (value->type.IsIntegral()) return std::to_string(constant.As<int64_t>());
  FS_TRY(Value text, resolver.Evaluate(ExplicitCast(value, TypeId::kString, resolver.settings())));
  return text.As<std::string>();
}

/// Types of which a row holds the value itself.
bool IsFixedWidth(const DataType& type) { return type.Is(TypeId::kBoolean) || type.IsNumeric(); }

/// `value` of a group that has rows for which `test` is true, else NULL.
Result<ExprPtr> IfAnyRow(const ExprPtr& test, ExprPtr value, const Origin& origin, Resolver& resolver) {
  FS_TRY(ExprPtr count, resolver.Call("count", {LiteralOf(Value(int64_t{1}), TypeId::kInteger)}, origin));
  logical::Expr filtered = *count;
  auto* call = std::get_if<logical::AggregateCall>(&filtered.node);
  if (call == nullptr) return Error::Internal("count is no aggregate");
  call->filter = test;
  count = std::make_shared<const logical::Expr>(std::move(filtered));
  FS_TRY(ExprPtr any, resolver.Call(">", {count, LiteralOf(Value(int64_t{0}), TypeId::kLong)}, origin));
  ExprPtr none = LiteralOf(Value(), value->type);
  return resolver.Call("if", {std::move(any), std::move(value), std::move(none)}, origin);
}

/// `aggregates` per pivot value, over rows where the pivot columns have that value. `groups` come first.
Result<PlanPtr> Pivot(PlanPtr input, const std::vector<ExprPtr>& groups, const std::vector<ExprPtr>& aggregates,
                      const std::vector<ExprPtr>& pivot_columns, const std::vector<PivotValue>& values,
                      const Origin& origin, Resolver& resolver) {
  logical::Aggregate node;
  std::vector<Attribute> output;
  auto attribute_of = [&](const ExprPtr& named) {
    if (const auto* alias = std::get_if<logical::Alias>(&named->node)) return alias->output;
    const auto& column = std::get<logical::Column>(named->node);
    for (const Attribute& attribute : input->output) {
      if (attribute.id == column.id) return attribute;
    }
    return Attribute{column.id, column.name, named->type, named->nullable, "{}", {}};
  };
  for (const ExprPtr& group : groups) {
    node.grouping.push_back(group);
    Attribute attribute = attribute_of(group);
    node.aggregates.push_back(ColumnOf(attribute));
    output.push_back(std::move(attribute));
  }
  // Where a group has no row of a value Spark gives NULL, but for types that a row does not hold in place.
  const bool in_place = std::ranges::all_of(aggregates, [](const ExprPtr& one) { return IsFixedWidth(one->type); });
  for (const PivotValue& value : values) {
    ExprPtr test;
    for (size_t i = 0; i < pivot_columns.size(); ++i) {
      FS_TRY(ExprPtr equal, resolver.Call("<=>", {pivot_columns[i], value.values[i]}, origin));
      if (!test) {
        test = equal;
      } else {
        FS_TRY(test, resolver.Call("and", {test, equal}, origin));
      }
    }
    for (const ExprPtr& aggregate : aggregates) {
      const auto& alias = std::get<logical::Alias>(aggregate->node);
      // Each aggregate function sees the rows of this value only.
      ExprPtr filtered = logical::RewriteTopDown(alias.child, [&](const ExprPtr& e) -> ExprPtr {
        const auto* call = std::get_if<logical::AggregateCall>(&e->node);
        if (call == nullptr) return nullptr;
        logical::Expr copy = *e;
        auto& changed = std::get<logical::AggregateCall>(copy.node);
        changed.filter = test;
        if (call->filter) {
          Result<ExprPtr> both = resolver.Call("and", {call->filter, test}, origin);
          if (both.ok()) changed.filter = *both;
        }
        copy.nullable = true;
        return std::make_shared<const logical::Expr>(std::move(copy));
      });
      const bool null_anyway =
          std::holds_alternative<logical::AggregateCall>(alias.child->node) && alias.child->nullable;
      if (in_place && !null_anyway) {
        FS_TRY(filtered, IfAnyRow(test, std::move(filtered), origin, resolver));
      }
      std::string name = aggregates.size() == 1 ? value.name : value.name + "_" + alias.output.name;
      ExprPtr named = Named(std::move(filtered), std::move(name));
      logical::Expr nullable = *named;
      nullable.nullable = in_place || alias.child->nullable;
      std::get<logical::Alias>(nullable.node).output.nullable = nullable.nullable;
      output.push_back(std::get<logical::Alias>(nullable.node).output);
      node.aggregates.push_back(std::make_shared<const logical::Expr>(std::move(nullable)));
    }
  }
  node.input = std::move(input);
  return logical::MakePlan(std::move(node), std::move(output), origin);
}

/// No stars here: nothing expands them, and only in text count(*) is count(1).
Status CheckNoStar(const unresolved::ExprPtr& expression) {
  if (std::holds_alternative<unresolved::Star>(expression->node)) {
    return Error::Condition("INVALID_USAGE_OF_STAR_OR_REGEX", {{"elem", "'*'"}, {"prettyName", "Pivot"}},
                            expression->origin);
  }
  if (const auto* alias = std::get_if<unresolved::Alias>(&expression->node)) return CheckNoStar(alias->child);
  if (const auto* cast = std::get_if<unresolved::Cast>(&expression->node)) return CheckNoStar(cast->child);
  const auto* call = std::get_if<unresolved::Function>(&expression->node);
  if (call == nullptr || (EqualsIgnoreCase(call->name.back(), "count") && expression->origin.FromSql())) return {};
  for (const unresolved::ExprPtr& argument : call->arguments) FS_CHECK(CheckNoStar(argument));
  return {};
}

/// Aggregates named as Spark names the new columns' second part.
Result<std::vector<ExprPtr>> BindAggregates(const std::vector<unresolved::ExprPtr>& list, const PlanPtr& input,
                                            Resolver& resolver) {
  std::vector<ExprPtr> bound;
  for (const unresolved::ExprPtr& expression : list) {
    FS_CHECK(CheckNoStar(expression));
    FS_TRY(std::vector<ExprPtr> named, resolver.BindList(std::span(&expression, 1), input, Clause::kSelect));
    for (ExprPtr& one : named) {
      const auto* alias = std::get_if<logical::Alias>(&one->node);
      if (alias == nullptr || !logical::HasAggregate(alias->child)) {
        std::string sql;
        if (const auto* column = std::get_if<logical::Column>(&one->node)) {
          std::vector<std::string> parts;
          for (const Attribute& attribute : input->output) {
            if (attribute.id == column->id) parts = attribute.qualifier;
          }
          parts.push_back(column->name);
          sql = QuotePartsIfNeeded(parts);
        } else {
          sql = logical::PrettyName(*one);
        }
        return Error::Condition("_LEGACY_ERROR_TEMP_1006", {{"sql", sql}});
      }
      bound.push_back(std::move(one));
    }
  }
  return bound;
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::SqlPivot& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  FS_TRY(std::vector<ExprPtr> aggregates, BindAggregates(node.aggregates, input, resolver));
  std::vector<ExprPtr> pivot_columns;
  for (const unresolved::ExprPtr& column : node.columns) {
    FS_TRY(ExprPtr bound, resolver.Bind(column, input, Clause::kOther));
    pivot_columns.push_back(std::move(bound));
  }
  std::vector<PivotValue> values;
  for (const unresolved::ExprPtr& item : node.values) {
    PivotValue value;
    unresolved::ExprPtr source = item;
    std::optional<std::string> name;
    if (const auto* alias = std::get_if<unresolved::Alias>(&source->node)) {
      if (!alias->names.empty()) name = alias->names[0];
      source = alias->child;
    }
    std::vector<unresolved::ExprPtr> parts{source};
    if (const auto* tuple = std::get_if<unresolved::MultiAliasTuple>(&source->node)) parts = tuple->elements;
    if (parts.size() != pivot_columns.size()) {
      return Error::Condition(
          "PIVOT_VALUE_DATA_TYPE_MISMATCH",
          {{"value", std::to_string(parts.size()) + " values"}, {"valueType", "struct"}, {"pivotType", "struct"}},
          origin);
    }
    std::vector<std::string> names;
    for (size_t i = 0; i < parts.size(); ++i) {
      FS_TRY(ExprPtr bound, resolver.Bind(parts[i], input, Clause::kOther));
      if (!logical::IsFoldable(bound)) {
        return Error::Condition("NON_LITERAL_PIVOT_VALUES",
                                {{"expression", InDoubleQuotes(logical::PrettyName(*bound))}});
      }
      FS_TRY(std::string text, ValueName(bound, resolver));
      names.push_back(std::move(text));
      const DataType& wanted = pivot_columns[i]->type;
      if (!bound->type.SameType(wanted)) {
        if (!CanCast(bound->type, wanted, resolver.settings().ansi)) {
          return Error::Condition("PIVOT_VALUE_DATA_TYPE_MISMATCH",
                                  {{"value", logical::PrettyName(*bound)},
                                   {"valueType", TypeSimpleString(bound->type)},
                                   {"pivotType", TypeCatalogString(wanted)}},
                                  bound->origin);
        }
        logical::Expr whole = *bound;  // the clause wants the cast: it is what an error shows
        whole.origin = origin;
        bound = ImplicitCast(std::make_shared<const logical::Expr>(std::move(whole)), wanted, resolver.settings());
      }
      value.values.push_back(std::move(bound));
    }
    value.name = name ? *name : names.size() == 1 ? names[0] : "{" + firesteel::Join(names, ", ") + "}";
    values.push_back(std::move(value));
  }
  // Every column that is neither pivoted nor aggregated is grouped by.
  std::unordered_set<logical::AttributeId> used;
  for (const ExprPtr& aggregate : aggregates) logical::CollectColumns(aggregate, used);
  for (const ExprPtr& column : pivot_columns) logical::CollectColumns(column, used);
  std::vector<ExprPtr> groups;
  for (const Attribute& attribute : input->output) {
    if (!used.contains(attribute.id)) groups.push_back(ColumnOf(attribute));
  }
  return Pivot(std::move(input), groups, aggregates, pivot_columns, values, origin, resolver);
}

/// groupBy(…).pivot(column, values).agg(…): called from the aggregate's own Resolve.
Result<PlanPtr> ResolvePivot(const unresolved::Aggregate& node, const unresolved::Relation& relation,
                             Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  FS_TRY(std::vector<ExprPtr> groups, resolver.BindList(node.grouping, input, Clause::kGroupBy));
  FS_TRY(std::vector<ExprPtr> aggregates, BindAggregates(node.aggregates, input, resolver));
  FS_TRY(ExprPtr column, resolver.Bind(node.pivot_column, input, Clause::kOther));
  std::vector<PivotValue> values;
  if (node.pivot_values.empty()) {
    PlanPtr found = ProjectTo(input, {Named(column, "value")}, origin);
    found = Over(logical::Distinct{found}, found, origin);
    found = Over(logical::Sort{found, {{ColumnOf(found->output[0])}}, true}, found, origin);
    int64_t most = resolver.settings().pivot_max_values;
    found = Over(logical::Limit{found, most + 1, 0}, found, origin);
    FS_TRY(auto rows, resolver.environment().Collect(found, most + 1));
    if (static_cast<int64_t>(rows.size()) > most) {
      return Error::Condition("_LEGACY_ERROR_TEMP_1324",
                              {{"pivotColumn", logical::PrettyName(*column)}, {"maxValues", std::to_string(most)}},
                              origin);
    }
    for (auto& row : rows) {
      PivotValue value;
      value.values.push_back(LiteralOf(std::move(row.at(0)), column->type));
      FS_TRY(value.name, ValueName(value.values[0], resolver));
      values.push_back(std::move(value));
    }
  }
  for (const unresolved::ExprPtr& item : node.pivot_values) {
    PivotValue value;
    unresolved::ExprPtr source = item;
    std::optional<std::string> name;
    if (const auto* alias = std::get_if<unresolved::Alias>(&source->node)) {
      if (!alias->names.empty()) name = alias->names[0];
      source = alias->child;
    }
    FS_TRY(ExprPtr bound, resolver.Bind(source, input, Clause::kOther));
    FS_TRY(std::string text, ValueName(bound, resolver));
    if (!bound->type.SameType(column->type)) bound = ImplicitCast(std::move(bound), column->type, resolver.settings());
    value.values.push_back(std::move(bound));
    value.name = name ? *name : text;
    values.push_back(std::move(value));
  }
  return Pivot(std::move(input), groups, aggregates, {column}, values, origin, resolver);
}

Result<PlanPtr> Resolve(const unresolved::Unpivot& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  FS_TRY(std::vector<ExprPtr> ids, resolver.BindList(node.ids, input, Clause::kOther));
  std::vector<std::vector<ExprPtr>> groups;
  if (node.values) {
    for (const auto& group : *node.values) {
      // A star, or several columns where one value is wanted, are as many groups.
      FS_TRY(std::vector<ExprPtr> bound, resolver.BindList(group, input, Clause::kOther));
      if (node.value_names.size() == 1) {
        for (ExprPtr& one : bound) groups.push_back({std::move(one)});
      } else {
        groups.push_back(std::move(bound));
      }
    }
  }
  std::unordered_set<logical::AttributeId> used;
  if (!node.values) {
    for (const ExprPtr& id : ids) logical::CollectColumns(id, used);
    for (const Attribute& attribute : input->output) {
      if (!used.contains(attribute.id)) groups.push_back({ColumnOf(attribute)});
    }
  } else if (node.ids_from_rest) {
    for (const auto& group : groups) {
      for (const ExprPtr& value : group) logical::CollectColumns(value, used);
    }
    for (const Attribute& attribute : input->output) {
      if (!used.contains(attribute.id)) ids.push_back(ColumnOf(attribute));
    }
  }
  if (groups.empty()) {
    std::vector<std::string> names;
    for (const ExprPtr& id : ids) names.push_back(InDoubleQuotes(logical::PrettyName(*id)));
    return Error::Condition("UNPIVOT_REQUIRES_VALUE_COLUMNS", {{"ids", firesteel::Join(names, ", ")}}, origin);
  }
  auto name_of = [](const ExprPtr& e) {
    if (const auto* alias = std::get_if<logical::Alias>(&e->node)) return alias->output.name;
    return std::get<logical::Column>(e->node).name;
  };
  auto value_of = [](const ExprPtr& e) {
    if (const auto* alias = std::get_if<logical::Alias>(&e->node)) return alias->child;
    return e;
  };
  size_t width = node.value_names.size();
  for (const auto& group : groups) {
    if (group.size() != width) {
      return Error::Condition("UNPIVOT_VALUE_SIZE_MISMATCH", {{"names", std::to_string(width)}}, origin);
    }
  }
  std::vector<DataType> types;
  for (size_t c = 0; c < width; ++c) {
    std::vector<DataType> all;
    for (const auto& group : groups) all.push_back(group[c]->type);
    std::optional<DataType> common = all[0];
    for (const DataType& other : all) {
      if (!other.SameType(*common)) {
        common = WiderTypeWithoutStrings(all, false);  // also in ANSI mode: INT and FLOAT are FLOAT
        break;
      }
    }
    if (!common) {
      std::vector<std::string> parts;
      for (const auto& group : groups)
        parts.push_back(InDoubleQuotes(TypeSql(group[c]->type)) + " (" + QuoteIdentifier(name_of(group[c])) + ")");
      return Error::Condition("UNPIVOT_VALUE_DATA_TYPE_MISMATCH", {{"types", firesteel::Join(parts, ", ")}});
    }
    types.push_back(*common);
  }
  std::vector<std::vector<ExprPtr>> projections;
  std::vector<bool> nullable(width, false);
  for (size_t g = 0; g < groups.size(); ++g) {
    std::vector<ExprPtr> row;
    for (const ExprPtr& id : ids) row.push_back(value_of(id));
    std::vector<std::string> names;
    for (const ExprPtr& value : groups[g]) names.push_back(name_of(value));
    std::string label = firesteel::Join(names, "_");
    if (g < node.value_aliases.size() && node.value_aliases[g]) label = *node.value_aliases[g];
    row.push_back(LiteralOf(Value(std::move(label)), TypeId::kString));
    for (size_t c = 0; c < width; ++c) {
      row.push_back(ImplicitCast(value_of(groups[g][c]), types[c], resolver.settings()));
      nullable[c] = nullable[c] || groups[g][c]->nullable;
    }
    projections.push_back(std::move(row));
  }
  std::vector<Attribute> output;
  for (const ExprPtr& id : ids)
    output.push_back({logical::NewAttributeId(), name_of(id), id->type, id->nullable, "{}", {}});
  output.push_back({logical::NewAttributeId(), node.variable_name, TypeId::kString, false, "{}", {}});
  for (size_t c = 0; c < width; ++c)
    output.push_back({logical::NewAttributeId(), node.value_names[c], types[c], nullable[c], "{}", {}});
  PlanPtr expanded = logical::MakePlan(logical::Expand{std::move(input), std::move(projections)}, output, origin);
  if (node.include_nulls) return expanded;
  ExprPtr any;
  for (size_t c = output.size() - width; c < output.size(); ++c) {
    FS_TRY(ExprPtr present, resolver.Call("isnotnull", {ColumnOf(output[c])}, origin));
    if (!any) {
      any = present;
    } else {
      FS_TRY(any, resolver.Call("or", {any, present}, origin));
    }
  }
  return Over(logical::Filter{expanded, std::move(any)}, expanded, origin);
}

}  // namespace firesteel::relations
