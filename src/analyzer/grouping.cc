// What is grouped by: expressions, positions, aliases, ALL; ROLLUP, CUBE and GROUPING SETS as sets of them. The plan that comes of it
// is made in aggregate.cc.
#include <algorithm>

#include "analyzer/binder.h"
#include "base/text.h"
#include "types/type_text.h"

namespace firesteel::analyzer {

namespace {

bool IsCall(const UnresolvedPtr& expression, std::string_view name) {
  const auto* function = std::get_if<unresolved::Function>(&expression->node);
  return function != nullptr && function->name.size() == 1 && EqualsIgnoreCase(function->name[0], name);
}

/// Orderable, with maps anywhere: Spark sorts their entries before it compares them.
bool IsGroupable(const DataType& type) {
  switch (type.id()) {
    case TypeId::kMap:
      return IsGroupable(type.key()) && IsGroupable(type.value());
    case TypeId::kArray:
      return IsGroupable(type.element());
    case TypeId::kStruct:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const StructField& field) { return IsGroupable(field.type); });
    default:
      return IsOrderable(type);
  }
}

const std::vector<UnresolvedPtr>& Arguments(const UnresolvedPtr& expression) {
  return std::get<unresolved::Function>(expression->node).arguments;
}

}  // namespace

Result<ExprPtr> Binder::BindGroupingExpression(const UnresolvedPtr& expression, const std::vector<Item>& items,
                                               Context& context) {
  FS_TRY(UnresolvedPtr source, Unwrap(expression));
  while (const auto* alias = std::get_if<unresolved::Alias>(&source->node)) source = alias->child;
  auto of_item = [&](const Item& item) -> Result<ExprPtr> {
    if (item.level > 0)
      return Error::Condition("UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_GROUP_BY", {}, source->origin);
    return item.expr;
  };
  const auto* literal = std::get_if<unresolved::Literal>(&source->node);
  if (literal != nullptr && literal->type.Is(TypeId::kInteger) && !literal->value.IsNull() &&
      settings().group_by_ordinal) {
    int64_t position = literal->value.As<int64_t>();
    if (position < 1 || position > static_cast<int64_t>(items.size())) {
      return Error::Condition("GROUP_BY_POS_OUT_OF_RANGE",
                              {{"index", std::to_string(position)}, {"size", std::to_string(items.size())}},
                              source->origin);
    }
    const Item& item = items[position - 1];
    if (logical::HasAggregate(item.expr)) {
      std::string name = NameOf(item.expr) + " AS " + QuoteIfNeeded(item.output.name);
      return Error::Condition("GROUP_BY_POS_AGGREGATE", {{"index", std::to_string(position)}, {"aggExpr", name}},
                              source->origin);
    }
    return of_item(item);
  }
  const auto* attribute = std::get_if<unresolved::Attribute>(&source->node);
  context.group_aliases = attribute == nullptr ? &items : nullptr;
  context.whole = source->origin;
  Result<ExprPtr> bound = BindExpr(source, context);
  context.group_aliases = nullptr;
  bool is_outer = bound.ok() && std::holds_alternative<logical::Column>((*bound)->node) &&
                  std::get<logical::Column>((*bound)->node).outer;
  if ((!bound.ok() || is_outer) && attribute != nullptr && attribute->name.size() == 1 && !attribute->plan_id &&
      settings().group_by_aliases) {
    for (const Item& item : items) {
      if (item.is_column || item.is_generator || !SameName(item.output.name, attribute->name[0])) continue;
      if (logical::HasAggregate(item.expr)) {
        return Error::Condition("GROUP_BY_AGGREGATE", {{"sqlExpr", NameOf(item.expr)}}, source->origin);
      }
      return of_item(item);
    }
  }
  if (!bound.ok()) return bound.error();
  FS_CHECK(CheckPlaces(*bound, Clause::kGroupBy, source->origin, context.inputs));
  const DataType& type = (*bound)->type;
  if (!IsGroupable(type)) {
    return Error::Condition("GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
                            {{"sqlExpr", Sql(*bound)}, {"dataType", InDoubleQuotes(TypeSql(type))}}, source->origin);
  }
  return bound;
}

Result<std::vector<ExprPtr>> Binder::GroupingElement(const UnresolvedPtr& element, const std::vector<Item>& items,
                                                     Context& context) {
  std::vector<ExprPtr> bound;
  if (const auto* tuple = std::get_if<unresolved::MultiAliasTuple>(&element->node)) {
    for (const UnresolvedPtr& one : tuple->elements) {
      FS_TRY(ExprPtr expr, BindGroupingExpression(one, items, context));
      bound.push_back(std::move(expr));
    }
    return bound;
  }
  FS_TRY(ExprPtr expr, BindGroupingExpression(element, items, context));
  bound.push_back(std::move(expr));
  return bound;
}

Result<std::vector<std::vector<ExprPtr>>> Binder::GroupingSets(const UnresolvedPtr& element,
                                                               const std::vector<Item>& items, Context& context) {
  std::vector<std::vector<ExprPtr>> sets;
  bool rollup = IsCall(element, "rollup"), cube = IsCall(element, "cube");
  if (rollup || cube) {
    std::vector<std::vector<ExprPtr>> parts;
    for (const UnresolvedPtr& argument : Arguments(element)) {
      FS_TRY(std::vector<ExprPtr> part, GroupingElement(argument, items, context));
      parts.push_back(std::move(part));
    }
    if (cube && parts.size() > 16) {
      return Error::Condition("GROUPING_SIZE_LIMIT_EXCEEDED", {{"maxSize", "16"}}, element->origin);
    }
    if (rollup) {
      for (size_t n = parts.size() + 1; n > 0; --n) {
        std::vector<ExprPtr> set;
        for (size_t i = 0; i + 1 < n; ++i) set.insert(set.end(), parts[i].begin(), parts[i].end());
        sets.push_back(std::move(set));
      }
    } else {
      for (size_t mask = 0; mask < (size_t{1} << parts.size()); ++mask) {
        std::vector<ExprPtr> set;
        for (size_t i = 0; i < parts.size(); ++i) {
          bool out = (mask >> (parts.size() - 1 - i)) & 1;
          if (!out) set.insert(set.end(), parts[i].begin(), parts[i].end());
        }
        sets.push_back(std::move(set));
      }
    }
    return sets;
  }
  if (IsCall(element, "grouping_sets")) {
    for (const UnresolvedPtr& argument : Arguments(element)) {
      if (IsCall(argument, "rollup") || IsCall(argument, "cube") || IsCall(argument, "grouping_sets")) {
        FS_TRY(auto nested, GroupingSets(argument, items, context));
        sets.insert(sets.end(), nested.begin(), nested.end());
        continue;
      }
      FS_TRY(std::vector<ExprPtr> set, GroupingElement(argument, items, context));
      sets.push_back(std::move(set));
    }
    return sets;
  }
  FS_TRY(ExprPtr expr, BindGroupingExpression(element, items, context));
  sets.push_back({std::move(expr)});
  return sets;
}

Binder::Grouping Binder::UniteSets(std::vector<std::vector<ExprPtr>> sets, bool has_sets) {
  Grouping grouping;
  grouping.has_sets = has_sets;
  std::unordered_map<logical::Fingerprint, int, logical::FingerprintHash> index;
  for (const std::vector<ExprPtr>& set : sets) {
    std::vector<int> numbers;
    for (const ExprPtr& expr : set) {
      auto [it, added] = index.try_emplace(logical::FingerprintOf(expr), static_cast<int>(grouping.expressions.size()));
      if (added) grouping.expressions.push_back(expr);
      if (std::find(numbers.begin(), numbers.end(), it->second) == numbers.end()) numbers.push_back(it->second);
    }
    grouping.sets.push_back(std::move(numbers));
  }
  if (!has_sets) grouping.sets.clear();
  return grouping;
}

namespace {

/// Spark computes what a generator is fed with in the aggregate, as columns of their own, and the generator above it: those are what
/// positions, names and ALL mean.
void AppendGeneratorInputs(const ExprPtr& generator, std::vector<std::pair<ExprPtr, std::string>>& inputs) {
  size_t index = 0;
  for (const ExprPtr& argument : logical::Children(*generator)) {
    if (!logical::IsFoldable(argument)) inputs.emplace_back(argument, "_gen_input_" + std::to_string(index));
    ++index;
  }
}

}  // namespace

Result<Binder::Grouping> Binder::BindGrouping(const unresolved::Aggregate& aggregate, const std::vector<Item>& selected,
                                              Context& context) {
  std::vector<Item> items;
  for (const Item& item : selected) {
    if (!item.is_generator) {
      items.push_back(item);
      continue;
    }
    std::vector<std::pair<ExprPtr, std::string>> inputs;
    AppendGeneratorInputs(item.expr, inputs);
    for (auto& [expr, name] : inputs) {
      Item input;
      input.level = item.level;
      input.output.name = std::move(name);
      input.output.type = expr->type;
      input.expr = std::move(expr);
      items.push_back(std::move(input));
    }
  }
  if (aggregate.group_by_all) {
    // A column called "all" is meant if there is one.
    FS_TRY(std::optional<ExprPtr> column, LookUp({"all"}, context.inputs, {}));
    if (column) return UniteSets({{*column}}, false);
    for (const Item& item : items) {
      if (item.is_column || item.output.name.size() != 3 || !SameName(item.output.name, "all") ||
          logical::HasAggregate(item.expr) || !settings().group_by_aliases)
        continue;
      return UniteSets({{item.expr}}, false);
    }
    std::vector<ExprPtr> expressions;
    for (const Item& item : items) {
      if (item.level > 0)
        return Error::Condition("UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_GROUP_BY", {}, item.expr->origin);
      if (!logical::HasAggregate(item.expr)) {
        if (logical::HasWindow(item.expr)) continue;
        expressions.push_back(item.expr);
        continue;
      }
      // Columns beside an aggregate function in one item are not what ALL can name.
      bool mixed = false;
      std::function<void(const ExprPtr&)> walk = [&](const ExprPtr& e) {
        if (std::holds_alternative<logical::AggregateCall>(e->node)) return;
        if (const auto* c = std::get_if<logical::Column>(&e->node); c != nullptr && !c->outer) mixed = true;
        for (const ExprPtr& child : logical::Children(*e)) walk(child);
      };
      walk(item.expr);
      if (mixed && !logical::HasWindow(item.expr))
        return Error::Condition("UNRESOLVED_ALL_IN_GROUP_BY", {}, item.expr->origin);
    }
    return UniteSets({std::move(expressions)}, false);
  }
  std::vector<std::vector<ExprPtr>> sets{{}};
  bool has_sets = false;
  auto multiply = [&](const std::vector<std::vector<ExprPtr>>& more) -> Status {
    if (sets.size() * more.size() > kGroupingSetsMax) {
      return Error::Condition("GROUPING_SIZE_LIMIT_EXCEEDED", {{"maxSize", std::to_string(kGroupingSetsMax)}}, {});
    }
    std::vector<std::vector<ExprPtr>> product;
    for (const auto& left : sets) {
      for (const auto& right : more) {
        std::vector<ExprPtr> both = left;
        both.insert(both.end(), right.begin(), right.end());
        product.push_back(std::move(both));
      }
    }
    sets = std::move(product);
    return {};
  };
  switch (aggregate.type) {
    case unresolved::GroupType::kGroupBy:
    case unresolved::GroupType::kPivot:
      for (const UnresolvedPtr& element : aggregate.grouping) {
        has_sets |= IsCall(element, "rollup") || IsCall(element, "cube") || IsCall(element, "grouping_sets");
        FS_TRY(auto more, GroupingSets(element, items, context));
        FS_CHECK(multiply(more));
      }
      break;
    case unresolved::GroupType::kRollup:
    case unresolved::GroupType::kCube: {
      has_sets = true;
      unresolved::Function call;
      call.name = {aggregate.type == unresolved::GroupType::kRollup ? "rollup" : "cube"};
      call.arguments = aggregate.grouping;
      FS_TRY(sets, GroupingSets(unresolved::MakeExpr(std::move(call)), items, context));
      break;
    }
    case unresolved::GroupType::kGroupingSets: {
      has_sets = true;
      sets.clear();
      for (const auto& set : aggregate.grouping_sets) {
        std::vector<ExprPtr> bound;
        for (const UnresolvedPtr& element : set) {
          FS_TRY(ExprPtr expr, BindGroupingExpression(element, items, context));
          bound.push_back(std::move(expr));
        }
        sets.push_back(std::move(bound));
      }
      break;
    }
  }
  Grouping grouping = UniteSets(std::move(sets), has_sets);
  // With explicit sets the columns named beside them come first: GROUP BY a, b GROUPING SETS (…), groupingSets(…, a, b).
  if (aggregate.type == unresolved::GroupType::kGroupingSets && !aggregate.grouping.empty()) {
    Grouping ordered;
    ordered.has_sets = true;
    std::unordered_map<logical::Fingerprint, int, logical::FingerprintHash> index;
    for (const UnresolvedPtr& element : aggregate.grouping) {
      FS_TRY(ExprPtr expr, BindGroupingExpression(element, items, context));
      if (index.try_emplace(logical::FingerprintOf(expr), static_cast<int>(ordered.expressions.size())).second)
        ordered.expressions.push_back(expr);
    }
    for (const ExprPtr& expr : grouping.expressions) {
      if (index.try_emplace(logical::FingerprintOf(expr), static_cast<int>(ordered.expressions.size())).second)
        ordered.expressions.push_back(expr);
    }
    for (const std::vector<int>& set : grouping.sets) {
      std::vector<int> numbers;
      for (int i : set) numbers.push_back(index.at(logical::FingerprintOf(grouping.expressions[i])));
      ordered.sets.push_back(std::move(numbers));
    }
    return ordered;
  }
  return grouping;
}

}  // namespace firesteel::analyzer
