// GROUP BY in all its forms: expressions, positions, aliases, ALL, ROLLUP, CUBE, GROUPING SETS; and what a select list may hold then.
#include <algorithm>

#include "analyzer/binder.h"
#include "base/text.h"
#include "functions/registry.h"
#include "plan/explain.h"
#include "types/type_text.h"

namespace firesteel::analyzer {

using relations::ColumnOf;
using relations::LiteralOf;
using relations::Named;

namespace {

bool IsCall(const UnresolvedPtr& expression, std::string_view name) {
  const auto* function = std::get_if<unresolved::Function>(&expression->node);
  return function != nullptr && function->name.size() == 1 && EqualsIgnoreCase(function->name[0], name);
}

const std::vector<UnresolvedPtr>& Arguments(const UnresolvedPtr& expression) {
  return std::get<unresolved::Function>(expression->node).arguments;
}

bool IsGroupingFunction(const logical::Expr& expr, std::string_view name) {
  const auto* call = std::get_if<logical::Call>(&expr.node);
  return call != nullptr && call->function->name == name;
}

}  // namespace

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
    if (clause == Clause::kWhere) {
      return Error::Condition("INVALID_WHERE_CONDITION",
                              {{"condition", Sql(expr)}, {"expressionList", qualified(generator)}});
    }
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

// ---------------------------------------------------------------- what is grouped by

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
  Result<ExprPtr> bound = BindExpr(source, context);
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
  if (!IsOrderable(type) && !type.Is(TypeId::kMap)) {
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

Result<Binder::Grouping> Binder::BindGrouping(const unresolved::Aggregate& aggregate, const std::vector<Item>& items,
                                              Context& context) {
  if (aggregate.group_by_all) {
    // A column called "all" is meant if there is one.
    FS_TRY(std::optional<ExprPtr> column, LookUp({"all"}, context.inputs, {}));
    if (column) return UniteSets({{*column}}, false);
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

// ---------------------------------------------------------------- the plan

/// Makes expressions over an aggregate's input into expressions over its groups.
class Binder::AggregateRewriter {
 public:
  AggregateRewriter(Binder& binder, const Grouping& grouping, const std::vector<ExprPtr>& columns,
                    AttributeId grouping_id, std::unordered_set<AttributeId> laterals)
      : binder_(binder),
        grouping_(grouping),
        columns_(columns),
        grouping_id_(grouping_id),
        laterals_(std::move(laterals)) {
    for (size_t i = 0; i < grouping.expressions.size(); ++i) {
      groups_.emplace(logical::FingerprintOf(grouping.expressions[i]), columns[i]);
    }
  }

  /// Aggregate calls become columns of the aggregate, collected in `pieces`.
  bool extract = false;
  std::vector<ExprPtr> pieces;

  Result<ExprPtr> Rewrite(const ExprPtr& expression) {
    error_.reset();
    ExprPtr result = Walk(expression);
    if (error_) return *error_;
    return result;
  }

 private:
  ExprPtr Piece(const ExprPtr& expression, const std::string& name) {
    logical::Fingerprint fingerprint = logical::FingerprintOf(expression);
    if (auto it = known_.find(fingerprint); it != known_.end()) return it->second;
    ExprPtr column;
    if (std::holds_alternative<logical::Column>(expression->node)) {
      pieces.push_back(expression);
      column = expression;
    } else {
      pieces.push_back(Named(expression, name));
      column = ColumnOf(std::get<logical::Alias>(pieces.back()->node).output);
    }
    known_.emplace(fingerprint, column);
    return column;
  }

  ExprPtr GroupingValue(const ExprPtr& expression) {
    const auto& call = std::get<logical::Call>(expression->node);
    ExprPtr id =
        logical::MakeExpr(logical::Column{grouping_id_, "spark_grouping_id"}, TypeId::kLong, false, expression->origin);
    if (call.function->name == "grouping_id") {
      bool same = call.arguments.empty() || call.arguments.size() == grouping_.expressions.size();
      for (size_t i = 0; same && i < call.arguments.size(); ++i) {
        same = logical::SemanticallyEqual(call.arguments[i], grouping_.expressions[i]);
      }
      if (!same) {
        std::vector<std::string> given, wanted;
        for (const ExprPtr& argument : call.arguments) given.push_back(logical::ToString(*argument));
        for (const ExprPtr& group : grouping_.expressions) wanted.push_back(logical::ToString(*group));
        Fail(Error::Condition("GROUPING_ID_COLUMN_MISMATCH",
                              {{"groupingIdColumn", Join(given, ",")}, {"groupByColumns", Join(wanted, ",")}}));
        return expression;
      }
      return extract ? Piece(id, "spark_grouping_id") : id;
    }
    for (size_t i = 0; i < grouping_.expressions.size(); ++i) {
      if (!logical::SemanticallyEqual(call.arguments.at(0), grouping_.expressions[i])) continue;
      auto shift = static_cast<int64_t>(grouping_.expressions.size() - 1 - i);
      Result<ExprPtr> shifted =
          binder_.Call("shiftright", {id, LiteralOf(Value(shift), TypeId::kInteger)}, expression->origin);
      if (!shifted.ok()) return Fail(shifted.error()), expression;
      Result<ExprPtr> bit =
          binder_.Call("&", {*shifted, LiteralOf(Value(int64_t{1}), TypeId::kLong)}, expression->origin);
      if (!bit.ok()) return Fail(bit.error()), expression;
      ExprPtr value = relations::ImplicitCast(*bit, TypeId::kByte, binder_.settings());
      return extract ? Piece(value, binder_.NameOf(expression)) : value;
    }
    std::vector<std::string> wanted;
    for (const ExprPtr& group : grouping_.expressions) wanted.push_back(logical::ToString(*group));
    Fail(Error::Condition("GROUPING_COLUMN_MISMATCH", {{"grouping", logical::ToString(*call.arguments.at(0))},
                                                       {"groupingColumns", Join(wanted, ",")}}));
    return expression;
  }

  ExprPtr Walk(const ExprPtr& expression) {
    if (error_) return expression;
    const auto* column = std::get_if<logical::Column>(&expression->node);
    if (column != nullptr && (column->outer || laterals_.contains(column->id))) return expression;
    if (std::holds_alternative<logical::Literal>(expression->node)) return expression;
    if (IsGroupingFunction(*expression, "grouping") || IsGroupingFunction(*expression, "grouping_id")) {
      if (grouping_id_ == 0) {
        Fail(Error::Condition("UNSUPPORTED_GROUPING_EXPRESSION", {}, expression->origin));
        return expression;
      }
      return GroupingValue(expression);
    }
    if (auto it = groups_.find(logical::FingerprintOf(expression)); it != groups_.end()) {
      return extract ? Piece(it->second, binder_.NameOf(expression)) : it->second;
    }
    if (std::holds_alternative<logical::AggregateCall>(expression->node)) {
      return extract ? Piece(expression, binder_.NameOf(expression)) : expression;
    }
    if (const auto* window = std::get_if<logical::WindowCall>(&expression->node)) {
      logical::WindowCall copy = *window;
      auto walk = [&](const ExprPtr& e) { return Walk(e); };
      copy.function = logical::MapChildren(copy.function, walk);
      for (ExprPtr& key : copy.partition) key = Walk(key);
      for (logical::SortKey& key : copy.order) key.child = Walk(key.child);
      logical::Expr whole = *expression;
      whole.node = std::move(copy);
      return std::make_shared<const logical::Expr>(std::move(whole));
    }
    if (column != nullptr) {
      MissingColumn(expression);
      return expression;
    }
    if (const auto* subquery = std::get_if<logical::Subquery>(&expression->node)) {
      for (const ExprPtr& outer : logical::OuterColumns(subquery->plan)) {
        const auto& outer_column = std::get<logical::Column>(outer->node);
        bool grouped = false;
        for (const ExprPtr& group : grouping_.expressions) {
          const auto* c = std::get_if<logical::Column>(&group->node);
          grouped |= c != nullptr && c->id == outer_column.id;
        }
        if (!grouped) MissingColumn(outer);
        if (grouped && extract) {
          Piece(logical::MakeExpr(logical::Column{outer_column.id, outer_column.name}, outer->type, outer->nullable),
                outer_column.name);
        }
      }
    }
    return logical::MapChildren(expression, [&](const ExprPtr& child) { return Walk(child); });
  }

  void MissingColumn(const ExprPtr& expression) {
    if (grouping_.expressions.empty()) {
      Fail(Error::Condition("MISSING_GROUP_BY", {}, binder_.aggregate_origin_));
      return;
    }
    std::string name = std::get<logical::Column>(expression->node).name;
    Fail(Error::Condition(
        "MISSING_AGGREGATION",
        {{"expression", InDoubleQuotes(name)}, {"expressionAnyValue", InDoubleQuotes("any_value(" + name + ")")}}, {}));
  }
  void Fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  Binder& binder_;
  const Grouping& grouping_;
  const std::vector<ExprPtr>& columns_;
  AttributeId grouping_id_;
  std::unordered_set<AttributeId> laterals_;
  std::unordered_map<logical::Fingerprint, ExprPtr, logical::FingerprintHash> groups_;
  std::unordered_map<logical::Fingerprint, ExprPtr, logical::FingerprintHash> known_;
  std::optional<Error> error_;
};

Result<PlanPtr> Binder::BuildAggregate(PlanPtr input, Grouping grouping, std::vector<Item> items,
                                       const Origin& origin) {
  aggregate_origin_ = origin;
  for (const Item& item : items) {
    // What only the enclosing query's columns feed would be aggregated there.
    bool outer = logical::Any(item.expr, [](const logical::Expr& e) {
      if (!std::holds_alternative<logical::AggregateCall>(e.node)) return false;
      for (const ExprPtr& child : logical::Children(e)) {
        if (logical::Any(child, [](const logical::Expr& c) {
              const auto* column = std::get_if<logical::Column>(&c.node);
              return column != nullptr && column->outer;
            })) {
          return true;
        }
      }
      return false;
    });
    if (!outer) continue;
    ExprPtr plain = logical::RewriteTopDown(item.expr, [](const ExprPtr& e) -> ExprPtr {
      const auto* column = std::get_if<logical::Column>(&e->node);
      return column != nullptr ? logical::Shown(e, column->name) : nullptr;
    });
    return Error::Condition("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE",
                            {{"sqlExprs", InDoubleQuotes(NameOf(plain) + " AS " + QuoteIfNeeded(item.output.name))}},
                            origin);
  }
  logical::Aggregate node;
  std::vector<ExprPtr> columns;  // the groups as the select list reads them
  for (const ExprPtr& expr : grouping.expressions) {
    if (std::holds_alternative<logical::Column>(expr->node) && !grouping.has_sets) {
      node.grouping.push_back(expr);
      columns.push_back(expr);
      continue;
    }
    // In grouping sets a group may be null where the input's column is not: it is another column.
    ExprPtr alias = Named(expr, NameOf(expr));
    if (grouping.has_sets) {
      logical::Expr copy = *alias;
      copy.nullable = true;
      std::get<logical::Alias>(copy.node).output.nullable = true;
      alias = std::make_shared<const logical::Expr>(std::move(copy));
    }
    columns.push_back(ColumnOf(std::get<logical::Alias>(alias->node).output));
    node.grouping.push_back(std::move(alias));
  }
  if (grouping.has_sets) {
    node.grouping_sets = grouping.sets;
    node.grouping_id = logical::NewAttributeId();
  }
  std::unordered_set<AttributeId> laterals;
  bool extract = false;
  for (const Item& item : items) {
    if (!item.is_column) laterals.insert(item.output.id);
    extract |= item.level > 0 || item.is_generator || logical::HasWindow(item.expr);
  }
  AggregateRewriter rewriter(*this, grouping, columns, node.grouping_id, laterals);
  rewriter.extract = extract;
  for (Item& item : items) {
    FS_TRY(item.expr, rewriter.Rewrite(item.expr));
    // A grouping column under grouping sets is a new column of the old name.
    if (item.is_column) {
      const auto& column = std::get<logical::Column>(item.expr->node);
      item.output.id = column.id;
      item.output.nullable = item.expr->nullable;
    } else if (item.is_generator) {
      continue;
    } else {
      item.output.type = item.expr->type;
      item.output.nullable = item.expr->nullable;
    }
  }
  auto output_of = [&](const std::vector<ExprPtr>& aggregates) {
    std::vector<Attribute> output;
    for (const ExprPtr& expr : aggregates) {
      if (const auto* alias = std::get_if<logical::Alias>(&expr->node)) {
        output.push_back(alias->output);
        continue;
      }
      const auto& column = std::get<logical::Column>(expr->node);
      Attribute attribute{column.id, column.name, expr->type, expr->nullable, "{}", {}};
      for (const Attribute& from : input->output) {
        if (from.id == column.id) attribute = from;
      }
      for (size_t i = 0; i < columns.size(); ++i) {  // of grouping sets: named and qualified as the input's column
        if (std::get<logical::Column>(columns[i]->node).id != column.id) continue;
        const auto* source = std::get_if<logical::Column>(&grouping.expressions[i]->node);
        for (const Attribute& from : input->output) {
          if (source == nullptr || from.id != source->id) continue;
          attribute.qualifier = from.qualifier;
          attribute.metadata = from.metadata;
        }
      }
      attribute.name = column.name;
      output.push_back(std::move(attribute));
    }
    return output;
  };
  if (!extract) {
    for (const Item& item : items) {
      if (std::holds_alternative<logical::Column>(item.expr->node) && item.is_column) {
        node.aggregates.push_back(item.expr);
      } else {
        node.aggregates.push_back(logical::MakeExpr(logical::Alias{item.expr, item.output}, item.expr->type,
                                                    item.expr->nullable, item.expr->origin));
      }
    }
    std::vector<Attribute> output = output_of(node.aggregates);
    node.input = std::move(input);
    return logical::MakePlan(std::move(node), std::move(output), origin);
  }
  node.aggregates = std::move(rewriter.pieces);
  std::vector<Attribute> output = output_of(node.aggregates);
  node.input = std::move(input);
  PlanPtr plan = logical::MakePlan(std::move(node), std::move(output), origin);
  return Layer(std::move(plan), std::move(items), origin);
}

Result<PlanPtr> Binder::Aggregate(const unresolved::Aggregate& aggregate, PlanPtr input, const Origin& origin) {
  Context context;
  context.inputs = {input};
  context.clause = Clause::kSelect;
  std::vector<SelectItem> list;
  if (!aggregate.from_sql && !aggregate.group_by_all) {
    for (const UnresolvedPtr& expression : aggregate.grouping) list.push_back({expression, nullptr});
  }
  for (const UnresolvedPtr& expression : aggregate.aggregates) list.push_back({expression, nullptr});
  bool has_star = false, has_ordinal = false;
  for (const UnresolvedPtr& expression : aggregate.aggregates)
    has_star |= std::holds_alternative<unresolved::Star>(expression->node);
  for (const UnresolvedPtr& expression : aggregate.grouping) {
    const auto* literal = std::get_if<unresolved::Literal>(&expression->node);
    has_ordinal |= literal != nullptr && literal->type.Is(TypeId::kInteger) && settings().group_by_ordinal;
  }
  if (aggregate.from_sql && has_star && has_ordinal) return Error::Condition("STAR_GROUP_BY_POS");
  FS_TRY(std::vector<Item> items, AtSelect(BindItems(list, context), origin));
  context.clause = Clause::kGroupBy;
  FS_TRY(Grouping grouping, BindGrouping(aggregate, items, context));
  for (const Item& item : items) input = Supply(input, item.expr);
  for (const ExprPtr& expr : grouping.expressions) input = Supply(input, expr);
  return BuildAggregate(std::move(input), std::move(grouping), std::move(items), origin);
}

}  // namespace firesteel::analyzer
