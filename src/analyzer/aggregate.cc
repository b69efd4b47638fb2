// The plan of a GROUP BY: the select list over the groups, grouping() and grouping_id(), and what neither groups nor aggregates refused.
#include <algorithm>

#include "analyzer/binder.h"
#include "base/text.h"
#include "plan/explain.h"

namespace firesteel::analyzer {

using relations::ColumnOf;
using relations::LiteralOf;
using relations::Named;

bool IsGroupingCall(const logical::Expr& expr) {
  const auto* call = std::get_if<logical::Call>(&expr.node);
  return call != nullptr && (call->function->name == "grouping" || call->function->name == "grouping_id");
}

Result<ExprPtr> Binder::GroupingValue(const ExprPtr& expression, const std::vector<ExprPtr>& groups,
                                      AttributeId grouping_id) {
  if (grouping_id == 0) return Error::Condition("UNSUPPORTED_GROUPING_EXPRESSION", {}, expression->origin);
  const auto& call = std::get<logical::Call>(expression->node);
  auto shown = [](const std::vector<ExprPtr>& list) {
    std::vector<std::string> texts;
    for (const ExprPtr& one : list) texts.push_back(logical::ToString(*one));
    return Join(texts, ",");
  };
  ExprPtr id =
      logical::MakeExpr(logical::Column{grouping_id, "spark_grouping_id"}, TypeId::kLong, false, expression->origin);
  if (call.function->name == "grouping_id") {
    bool same = call.arguments.empty() || call.arguments.size() == groups.size();
    for (size_t i = 0; same && i < call.arguments.size(); ++i)
      same = logical::SemanticallyEqual(call.arguments[i], groups[i]);
    if (same) return id;
    return Error::Condition("GROUPING_ID_COLUMN_MISMATCH",
                            {{"groupingIdColumn", shown(call.arguments)}, {"groupByColumns", shown(groups)}});
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    if (!logical::SemanticallyEqual(call.arguments.at(0), groups[i])) continue;
    auto shift = static_cast<int64_t>(groups.size() - 1 - i);
    FS_TRY(ExprPtr shifted, Call("shiftright", {id, LiteralOf(Value(shift), TypeId::kInteger)}, expression->origin));
    FS_TRY(ExprPtr bit, Call("&", {shifted, LiteralOf(Value(int64_t{1}), TypeId::kLong)}, expression->origin));
    return relations::ImplicitCast(bit, TypeId::kByte, settings());
  }
  return Error::Condition("GROUPING_COLUMN_MISMATCH",
                          {{"grouping", logical::ToString(*call.arguments.at(0))}, {"groupingColumns", shown(groups)}});
}

/// Makes expressions over an aggregate's input into expressions over its groups.
class Binder::AggregateRewriter {
 public:
  AggregateRewriter(Binder& binder, const Grouping& grouping, const std::vector<ExprPtr>& columns,
                    AttributeId grouping_id, std::unordered_set<AttributeId> laterals)
      : binder_(binder), grouping_(grouping), grouping_id_(grouping_id), laterals_(std::move(laterals)) {
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

  ExprPtr Walk(const ExprPtr& expression) {
    if (error_) return expression;
    const auto* column = std::get_if<logical::Column>(&expression->node);
    if (column != nullptr && (column->outer || laterals_.contains(column->id))) return expression;
    if (std::holds_alternative<logical::Literal>(expression->node)) return expression;
    if (IsGroupingCall(*expression)) {
      Result<ExprPtr> value = binder_.GroupingValue(expression, grouping_.expressions, grouping_id_);
      if (!value.ok()) return Fail(value.error()), expression;
      bool plain = std::holds_alternative<logical::Column>((*value)->node);
      return extract ? Piece(*value, plain ? "spark_grouping_id" : binder_.NameOf(expression)) : *value;
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
  AttributeId grouping_id_;
  std::unordered_set<AttributeId> laterals_;
  std::unordered_map<logical::Fingerprint, ExprPtr, logical::FingerprintHash> groups_;
  std::unordered_map<logical::Fingerprint, ExprPtr, logical::FingerprintHash> known_;
  std::optional<Error> error_;
};

Result<PlanPtr> Binder::BuildAggregate(PlanPtr input, Grouping grouping, std::vector<Item> items,
                                       const Origin& origin) {
  aggregate_origin_ = origin;
  std::vector<std::string> generators;
  for (const Item& item : items) {
    if (item.is_generator) generators.push_back(Sql(item.expr));
  }
  if (generators.size() > 1) {
    return Error::Condition("UNSUPPORTED_GENERATOR.MULTI_GENERATOR",
                            {{"num", std::to_string(generators.size())}, {"generators", Join(generators, ", ")}});
  }
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
  std::vector<std::string> outer_groups;
  for (const ExprPtr& expr : grouping.expressions) {
    const bool outer = logical::Any(expr, [](const logical::Expr& e) {
      const auto* column = std::get_if<logical::Column>(&e.node);
      return column != nullptr && column->outer;
    });
    if (!outer) continue;
    outer_groups.push_back(Sql(logical::RewriteTopDown(expr, [](const ExprPtr& e) -> ExprPtr {
      const auto* column = std::get_if<logical::Column>(&e->node);
      return column != nullptr ? logical::Shown(e, column->name) : nullptr;
    })));
  }
  if (!outer_groups.empty()) {
    return Error::Condition("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE",
                            {{"sqlExprs", Join(outer_groups, ", ")}}, origin);
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
    const int index = static_cast<int>(columns.size());
    if (std::any_of(grouping.sets.begin(), grouping.sets.end(), [&](const std::vector<int>& set) {
          return std::find(set.begin(), set.end(), index) == set.end();
        })) {
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
      if (column.name != item.output.name) {
        item.expr = logical::MakeExpr(logical::Column{column.id, item.output.name}, item.expr->type,
                                      item.expr->nullable, item.expr->origin);
      }
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

Result<PlanPtr> Binder::Aggregate(const unresolved::Aggregate& whole, PlanPtr input, const Origin& origin) {
  Context context;
  context.inputs = {input};
  context.clause = Clause::kSelect;
  std::vector<SelectItem> list;
  unresolved::Aggregate aggregate = whole;
  std::map<size_t, ExprPtr> columns_by_position;
  for (size_t i = 0; i < aggregate.grouping.size(); ++i) {
    const auto* function = std::get_if<unresolved::Function>(&aggregate.grouping[i]->node);
    if (function == nullptr || function->name.size() != 1 || function->name[0] != "@input_position") continue;
    const UnresolvedPtr number = function->arguments.at(0);
    if (!settings().group_by_ordinal) {
      aggregate.grouping[i] = aggregate.aggregates[i] = number;
      continue;
    }
    const auto* literal = std::get_if<unresolved::Literal>(&number->node);
    const int64_t position = literal->value.As<int64_t>();
    if (position < 1 || position > static_cast<int64_t>(input->output.size())) {
      return Error::Condition("GROUP_BY_POS_OUT_OF_RANGE",
                              {{"index", std::to_string(position)}, {"size", std::to_string(input->output.size())}},
                              aggregate.grouping[i]->origin);
    }
    columns_by_position[i] = ColumnOf(input->output[static_cast<size_t>(position - 1)]);
    aggregate.grouping[i] = unresolved::MakeExpr(
        unresolved::Literal{TypeId::kInteger, Value(static_cast<int64_t>(i + 1))}, aggregate.grouping[i]->origin);
  }
  if (!aggregate.from_sql && !aggregate.group_by_all) {
    for (const UnresolvedPtr& expression : aggregate.grouping) list.push_back({expression, nullptr});
  }
  for (const UnresolvedPtr& expression : aggregate.aggregates) {
    const auto at = columns_by_position.find(list.size());
    list.push_back(at != columns_by_position.end() ? SelectItem{nullptr, at->second} : SelectItem{expression, nullptr});
  }
  bool has_star = false, has_ordinal = false;
  for (const UnresolvedPtr& expression : aggregate.aggregates)
    has_star |= std::holds_alternative<unresolved::Star>(expression->node);
  for (const UnresolvedPtr& expression : aggregate.grouping) {
    const auto* literal = std::get_if<unresolved::Literal>(&expression->node);
    has_ordinal |= literal != nullptr && literal->type.Is(TypeId::kInteger) && settings().group_by_ordinal;
  }
  if (aggregate.from_sql && has_star && has_ordinal) return Error::Condition("STAR_GROUP_BY_POS");
  context.whole = origin;
  FS_TRY(std::vector<Item> items, AtSelect(BindItems(list, context), origin));
  context.clause = Clause::kGroupBy;
  FS_TRY(Grouping grouping, BindGrouping(aggregate, items, context));
  for (const Item& item : items) input = Supply(input, item.expr);
  for (const ExprPtr& expr : grouping.expressions) input = Supply(input, expr);
  return BuildAggregate(std::move(input), std::move(grouping), std::move(items), origin);
}

}  // namespace firesteel::analyzer
