// Columns that come from below a plan's output: ORDER BY a column that is not selected, HAVING an aggregate that is not, hidden
// columns of USING joins. The plan is made anew with more columns behind its own.
#include <algorithm>

#include "analyzer/binder.h"
#include "base/text.h"
#include "catalog/file_listing.h"
#include "plan/explain.h"

namespace firesteel::analyzer {

using relations::ColumnOf;

namespace {

std::unordered_set<AttributeId> IdsOf(const PlanPtr& plan) {
  std::unordered_set<AttributeId> ids;
  for (const Attribute& attribute : plan->output) ids.insert(attribute.id);
  return ids;
}

std::unordered_set<AttributeId> Needed(const std::vector<ExprPtr>& expressions) {
  std::unordered_set<AttributeId> ids;
  for (const ExprPtr& expression : expressions) logical::CollectColumns(expression, ids);
  return ids;
}

/// The calls of aggregate functions that are not what stands before OVER.
void CollectAggregates(const ExprPtr& expression, std::vector<ExprPtr>& calls) {
  if (std::holds_alternative<logical::AggregateCall>(expression->node)) {
    calls.push_back(expression);
    return;
  }
  const auto* window = std::get_if<logical::WindowCall>(&expression->node);
  const ExprPtr& whole = window != nullptr ? window->function : expression;
  for (const ExprPtr& child : logical::Children(*whole)) CollectAggregates(child, calls);
}
std::vector<ExprPtr> AggregatesOutsideWindows(const ExprPtr& expression) {
  std::vector<ExprPtr> calls;
  CollectAggregates(expression, calls);
  return calls;
}

/// Whether the select list below holds a window function.
bool SelectsWindows(const PlanPtr& plan) {
  for (PlanPtr at = plan; at;) {
    const auto* filter = std::get_if<logical::Filter>(&at->node);
    if (const auto* project = std::get_if<logical::Project>(&at->node)) {
      if (std::any_of(project->expressions.begin(), project->expressions.end(), logical::HasWindow)) return true;
      at = project->input;
    } else if (filter != nullptr) {
      at = filter->input;
    } else {
      return false;
    }
  }
  return false;
}

/// A projection that takes away again what a HAVING or QUALIFY wanted beside the select list: Spark lets no ORDER BY see the groups
/// through it.
bool HidesGroups(const PlanPtr& plan) {
  const auto* project = std::get_if<logical::Project>(&plan->node);
  if (project == nullptr || !std::holds_alternative<logical::Filter>(project->input->node)) return false;
  return std::all_of(project->expressions.begin(), project->expressions.end(),
                     [](const ExprPtr& e) { return std::holds_alternative<logical::Column>(e->node); }) &&
         project->expressions.size() < project->input->output.size();
}

const Attribute* Find(const PlanPtr& plan, AttributeId id) {
  for (const Attribute& attribute : plan->output) {
    if (attribute.id == id) return &attribute;
  }
  return nullptr;
}

}  // namespace

PlanPtr Binder::InputBelow(const PlanPtr& plan) {
  return std::visit(
      [](const auto& node) -> PlanPtr {
        using T = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<T, logical::Project> || std::is_same_v<T, logical::Filter> ||
                      std::is_same_v<T, logical::Sort> || std::is_same_v<T, logical::Limit> ||
                      std::is_same_v<T, logical::Aggregate> || std::is_same_v<T, logical::Generate> ||
                      std::is_same_v<T, logical::Sample> || std::is_same_v<T, logical::Repartition> ||
                      std::is_same_v<T, logical::DistinctOn>) {
          return node.input;
        } else {
          return nullptr;
        }
      },
      plan->node);
}

PlanPtr Binder::AggregateBelow(const PlanPtr& plan) {
  PlanPtr at = plan;
  while (at) {
    if (std::holds_alternative<logical::Aggregate>(at->node)) return at;
    if (!std::holds_alternative<logical::Project>(at->node) && !std::holds_alternative<logical::Filter>(at->node) &&
        !std::holds_alternative<logical::Generate>(at->node)) {
      return nullptr;
    }
    at = InputBelow(at);
  }
  return nullptr;
}

void Binder::KeepNotes(const PlanPtr& from, const PlanPtr& to) {
  if (from == to) return;
  if (auto it = plan_ids_.find(from.get()); it != plan_ids_.end()) {
    auto ids = it->second.second;
    plan_ids_[to.get()] = {to, std::move(ids)};
  }
  if (auto it = hidden_.find(from.get()); it != hidden_.end()) {
    auto columns = it->second.second;
    hidden_[to.get()] = {to, std::move(columns)};
  }
}

/// The files' hidden column, if it is among the missing ones: to the scan a partition's value, every file has its own.
PlanPtr Binder::WithFileMetadata(const PlanPtr& plan, const std::vector<AttributeId>& missing) {
  const auto hidden = hidden_.find(plan.get());
  if (hidden == hidden_.end()) return plan;
  const Attribute& metadata = hidden->second.second.front();
  if (std::find(missing.begin(), missing.end(), metadata.id) == missing.end()) return plan;
  logical::Scan scan = std::get<logical::Scan>(plan->node);
  std::vector<StructField> fields;
  if (scan.partition_schema.Is(TypeId::kStruct)) fields = scan.partition_schema.fields();
  fields.push_back({metadata.name, metadata.type, metadata.nullable, "{}"});
  scan.partition_schema = DataType::Struct(std::move(fields));
  scan.partition_values.resize(scan.files.size());
  for (size_t i = 0; i < scan.files.size(); ++i)
    scan.partition_values[i].push_back(catalog::FileMetadata(scan.files[i], metadata.type));
  std::vector<Attribute> output = plan->output;
  output.push_back(metadata);
  PlanPtr grown = logical::MakePlan(std::move(scan), std::move(output), plan->origin);
  KeepNotes(plan, grown);
  return grown;
}

Binder::Supplied Binder::SupplyAll(const PlanPtr& plan, std::vector<ExprPtr> expressions,
                                   std::unordered_set<AttributeId> available) {
  std::unordered_set<AttributeId> own = IdsOf(plan);
  available.insert(own.begin(), own.end());
  bool has_aggregate = std::any_of(expressions.begin(), expressions.end(), logical::HasAggregate);
  std::vector<AttributeId> missing;
  for (AttributeId id : Needed(expressions)) {
    if (!available.contains(id)) missing.push_back(id);
  }
  if (missing.empty() && !has_aggregate) return {plan, std::move(expressions), {}};
  if (std::holds_alternative<logical::Aggregate>(plan->node))
    return SupplyFromAggregate(plan, std::move(expressions), available);

  if (const auto* join = std::get_if<logical::Join>(&plan->node)) {
    Supplied left = SupplyAll(join->left, expressions, available);
    bool both = join->type != logical::JoinType::kLeftSemi && join->type != logical::JoinType::kLeftAnti;
    Supplied right{join->right, {}, {}};
    if (both) right = SupplyAll(join->right, left.expressions, available);
    std::vector<Attribute> output = plan->output;
    auto append = [&](const PlanPtr& before, const PlanPtr& after, bool nullable) {
      for (size_t i = before->output.size(); i < after->output.size(); ++i) {
        output.push_back(after->output[i]);
        if (nullable) output.back().nullable = true;
      }
    };
    // A join's columns are its sides' in order: with more columns on the left a projection restores that order.
    bool left_grew = left.plan->output.size() > join->left->output.size();
    bool right_grew = right.plan->output.size() > join->right->output.size();
    if (!left_grew && !right_grew) return {plan, std::move(expressions), std::move(missing)};
    using logical::JoinType;
    bool left_null = join->type == JoinType::kRightOuter || join->type == JoinType::kFullOuter;
    bool right_null = join->type == JoinType::kLeftOuter || join->type == JoinType::kFullOuter;
    append(join->left, left.plan, left_null);
    if (both) append(join->right, right.plan, right_null);
    std::vector<Attribute> natural;
    for (Attribute attribute : left.plan->output) {
      attribute.nullable |= left_null;
      natural.push_back(std::move(attribute));
    }
    if (both) {
      for (Attribute attribute : right.plan->output) {
        attribute.nullable |= right_null;
        natural.push_back(std::move(attribute));
      }
    }
    logical::Join copy = *join;
    copy.left = left.plan;
    copy.right = right.plan;
    PlanPtr joined = logical::MakePlan(std::move(copy), std::move(natural), plan->origin);
    std::vector<ExprPtr> columns;
    for (const Attribute& attribute : output) columns.push_back(ColumnOf(attribute));
    PlanPtr projected = relations::ProjectTo(std::move(joined), std::move(columns), plan->origin);
    KeepNotes(plan, projected);
    std::vector<AttributeId> still;
    std::unordered_set<AttributeId> now = IdsOf(projected);
    for (AttributeId id : missing) {
      if (!now.contains(id)) still.push_back(id);
    }
    return {std::move(projected), std::move(expressions), std::move(still)};
  }

  if (std::holds_alternative<logical::Scan>(plan->node)) {
    PlanPtr grown = WithFileMetadata(plan, missing);
    std::erase_if(missing, [&](AttributeId id) { return Find(grown, id) != nullptr; });
    return {std::move(grown), std::move(expressions), std::move(missing)};
  }

  if (const auto* alias = std::get_if<logical::SubqueryAlias>(&plan->node)) {
    // Names reach below an alias for the files' column alone.
    Supplied supplied = SupplyAll(alias->input, std::move(expressions), available);
    const size_t before = alias->input->output.size();
    if (!supplied.missing.empty() || supplied.plan->output.size() == before)
      return {plan, std::move(supplied.expressions), std::move(supplied.missing)};
    std::vector<Attribute> output = plan->output;
    for (size_t i = before; i < supplied.plan->output.size(); ++i) {
      output.push_back(supplied.plan->output[i]);
      output.back().qualifier = {alias->alias};
    }
    PlanPtr grown =
        logical::MakePlan(logical::SubqueryAlias{supplied.plan, alias->alias}, std::move(output), plan->origin);
    KeepNotes(plan, grown);
    return {std::move(grown), std::move(supplied.expressions), {}};
  }

  PlanPtr below = InputBelow(plan);
  if (!below || std::holds_alternative<logical::Aggregate>(plan->node))
    return {plan, std::move(expressions), std::move(missing)};
  Supplied supplied = SupplyAll(below, std::move(expressions), available);
  if (!supplied.missing.empty()) return {plan, std::move(supplied.expressions), std::move(supplied.missing)};
  // Hand up what this plan does not put out yet.
  std::vector<Attribute> more;
  std::unordered_set<AttributeId> seen = own;
  for (AttributeId id : Needed(supplied.expressions)) {
    const Attribute* attribute = Find(supplied.plan, id);
    if (attribute != nullptr && seen.insert(id).second) more.push_back(*attribute);
  }
  std::sort(more.begin(), more.end(), [](const Attribute& a, const Attribute& b) { return a.id < b.id; });
  PlanPtr grown;
  if (const auto* project = std::get_if<logical::Project>(&plan->node)) {
    std::vector<ExprPtr> columns = project->expressions;
    std::vector<Attribute> output = plan->output;
    for (const Attribute& attribute : more) {
      columns.push_back(ColumnOf(attribute));
      output.push_back(attribute);
    }
    grown = logical::MakePlan(logical::Project{supplied.plan, std::move(columns)}, std::move(output), plan->origin);
  } else {
    logical::Plan copy = *logical::MapPlan(
        plan, [&](const PlanPtr&) { return supplied.plan; }, [](const ExprPtr& e) { return e; });
    if (const auto* generate = std::get_if<logical::Generate>(&copy.node)) {
      // The generator's columns stand behind the input's, whatever the input puts out.
      copy.output = supplied.plan->output;
      copy.output.insert(copy.output.end(), generate->generated.begin(), generate->generated.end());
      PlanPtr generated = std::make_shared<const logical::Plan>(std::move(copy));
      std::vector<ExprPtr> columns;
      for (const Attribute& attribute : plan->output) columns.push_back(ColumnOf(attribute));
      for (const Attribute& attribute : more) columns.push_back(ColumnOf(attribute));
      grown = relations::ProjectTo(std::move(generated), std::move(columns), plan->origin);
    } else {
      copy.output = supplied.plan->output;
      grown = std::make_shared<const logical::Plan>(std::move(copy));
    }
  }
  KeepNotes(plan, grown);
  return {std::move(grown), std::move(supplied.expressions), {}};
}

Binder::Supplied Binder::SupplyFromAggregate(const PlanPtr& plan, std::vector<ExprPtr> expressions,
                                             const std::unordered_set<AttributeId>& available) {
  logical::Aggregate aggregate = std::get<logical::Aggregate>(plan->node);
  for (const ExprPtr& expression : expressions) aggregate.input = Supply(aggregate.input, expression);
  std::vector<Attribute> output = plan->output;
  std::unordered_set<AttributeId> missing;
  std::unordered_map<logical::Fingerprint, ExprPtr, logical::FingerprintHash> known;
  for (size_t i = 0; i < aggregate.aggregates.size(); ++i) {
    known.emplace(logical::FingerprintOf(aggregate.aggregates[i]), ColumnOf(output[i]));
  }
  std::unordered_map<logical::Fingerprint, ExprPtr, logical::FingerprintHash> groups;
  std::unordered_map<AttributeId, bool> is_group;
  for (const ExprPtr& group : aggregate.grouping) {
    if (const auto* alias = std::get_if<logical::Alias>(&group->node)) {
      groups.emplace(logical::FingerprintOf(alias->child), ColumnOf(alias->output));
      is_group[alias->output.id] = true;
    } else {
      groups.emplace(logical::FingerprintOf(group), group);
      is_group[std::get<logical::Column>(group->node).id] = true;
    }
  }
  auto put_out = [&](const ExprPtr& expression, std::string name) -> ExprPtr {
    logical::Fingerprint fingerprint = logical::FingerprintOf(expression);
    if (auto it = known.find(fingerprint); it != known.end()) return it->second;
    if (const auto* column = std::get_if<logical::Column>(&expression->node)) {
      for (const Attribute& attribute : output) {
        if (attribute.id == column->id) return expression;
      }
      aggregate.aggregates.push_back(expression);
      output.push_back({column->id, column->name, expression->type, expression->nullable, "{}", {}});
      known.emplace(fingerprint, expression);
      return expression;
    }
    ExprPtr named = relations::Named(expression, std::move(name));
    const Attribute& attribute = std::get<logical::Alias>(named->node).output;
    ExprPtr column = ColumnOf(attribute);
    aggregate.aggregates.push_back(named);
    output.push_back(attribute);
    known.emplace(fingerprint, column);
    return column;
  };
  std::function<ExprPtr(const ExprPtr&)> rewrite = [&](const ExprPtr& expression) -> ExprPtr {
    if (const auto* column = std::get_if<logical::Column>(&expression->node)) {
      if (column->outer) return expression;
    }
    if (auto it = groups.find(logical::FingerprintOf(expression)); it != groups.end()) {
      return put_out(it->second, NameOf(expression));
    }
    if (std::holds_alternative<logical::AggregateCall>(expression->node))
      return put_out(expression, NameOf(expression));
    if (const auto* window = std::get_if<logical::WindowCall>(&expression->node)) {
      // The window's own aggregate runs over the groups; what it is computed from comes from below.
      logical::WindowCall copy = *window;
      copy.function = logical::MapChildren(copy.function, rewrite);
      for (ExprPtr& key : copy.partition) key = rewrite(key);
      for (logical::SortKey& key : copy.order) key.child = rewrite(key.child);
      logical::Expr whole = *expression;
      whole.node = std::move(copy);
      return std::make_shared<const logical::Expr>(std::move(whole));
    }
    if (const auto* column = std::get_if<logical::Column>(&expression->node)) {
      if (available.contains(column->id)) return expression;
      if (is_group.contains(column->id) || (aggregate.grouping_id != 0 && column->id == aggregate.grouping_id)) {
        return put_out(expression, column->name);
      }
      missing.insert(column->id);
      return expression;
    }
    if (const auto* subquery = std::get_if<logical::Subquery>(&expression->node)) {
      for (const ExprPtr& outer : logical::OuterColumns(subquery->plan)) {
        const auto& column = std::get<logical::Column>(outer->node);
        if (available.contains(column.id)) continue;
        if (auto of = outer_aggregates_.find(column.id); of != outer_aggregates_.end()) {
          const bool there =
              std::any_of(output.begin(), output.end(), [&](const Attribute& a) { return a.id == of->first; });
          if (there) continue;
          Attribute attribute{of->first, column.name, of->second->type, of->second->nullable, "{}", {}};
          aggregate.aggregates.push_back(logical::MakeExpr(logical::Alias{of->second, attribute}, attribute.type,
                                                           attribute.nullable, of->second->origin));
          output.push_back(std::move(attribute));
          continue;
        }
        if (is_group.contains(column.id)) {
          // Under its own id, which the query inside uses, whatever the select list calls it.
          const bool there =
              std::any_of(output.begin(), output.end(), [&](const Attribute& a) { return a.id == column.id; });
          if (there) continue;
          aggregate.aggregates.push_back(
              logical::MakeExpr(logical::Column{column.id, column.name}, outer->type, outer->nullable));
          output.push_back({column.id, column.name, outer->type, outer->nullable, "{}", {}});
        } else {
          missing.insert(column.id);
        }
      }
    }
    return logical::MapChildren(expression, rewrite);
  };
  for (ExprPtr& expression : expressions) expression = rewrite(expression);
  if (!missing.empty()) return {plan, std::move(expressions), std::vector<AttributeId>(missing.begin(), missing.end())};
  PlanPtr grown = logical::MakePlan(std::move(aggregate), std::move(output), plan->origin);
  KeepNotes(plan, grown);
  return {std::move(grown), std::move(expressions), {}};
}

PlanPtr Binder::Supply(const PlanPtr& plan, const ExprPtr& expression) {
  if (hidden_.empty()) return plan;
  // Only what the plan hides: other columns of the expression may be another input's.
  std::unordered_set<AttributeId> ids;
  logical::CollectColumns(expression, ids);
  std::unordered_set<AttributeId> own = IdsOf(plan);
  std::vector<ExprPtr> wanted;
  for (const Attribute& attribute : HiddenOf(plan)) {
    if (ids.contains(attribute.id) && own.insert(attribute.id).second) wanted.push_back(ColumnOf(attribute));
  }
  if (wanted.empty()) return plan;
  return SupplyAll(plan, std::move(wanted), {}).plan;
}

Result<ExprPtr> Binder::ResolveGroupingCalls(const ExprPtr& expression, const logical::Aggregate& aggregate) {
  if (!logical::Any(expression, IsGroupingCall)) return expression;
  std::vector<ExprPtr> groups;
  std::unordered_map<AttributeId, ExprPtr> by_id;  // the groups as the aggregate's output names them
  for (const ExprPtr& group : aggregate.grouping) {
    const auto* alias = std::get_if<logical::Alias>(&group->node);
    groups.push_back(alias != nullptr ? alias->child : group);
    if (alias != nullptr) by_id.emplace(alias->output.id, alias->child);
  }
  std::optional<Error> error;
  ExprPtr resolved = logical::RewriteTopDown(expression, [&](const ExprPtr& e) -> ExprPtr {
    if (!IsGroupingCall(*e)) return nullptr;
    ExprPtr over_input = logical::MapChildren(e, [&](const ExprPtr& argument) {
      const auto* column = std::get_if<logical::Column>(&argument->node);
      auto it = column != nullptr ? by_id.find(column->id) : by_id.end();
      return it != by_id.end() ? it->second : argument;
    });
    Result<ExprPtr> value = GroupingValue(over_input, groups, aggregate.grouping_id);
    if (value.ok()) return *value;
    if (!error) error = value.error();
    return e;
  });
  if (error) return *error;
  return resolved;
}

Result<Extended> Binder::BindOver(std::span<const UnresolvedPtr> expressions, const PlanPtr& input, Clause clause) {
  Context context;
  context.inputs = {input};
  context.clause = clause;
  context.below = true;
  const PlanPtr aggregate = AggregateBelow(input);
  // Nor does Spark see the groups through window functions.
  const bool windows = aggregate && clause == Clause::kOrderBy && SelectsWindows(input);
  const bool hidden = windows || (aggregate && clause == Clause::kOrderBy && HidesGroups(input));
  std::vector<ExprPtr> selected(expressions.size());  // what the select list has already
  if (hidden && !windows) {
    context.aggregate = aggregate;
    for (size_t i = 0; i < expressions.size(); ++i) {
      const Result<ExprPtr> one = BindExpr(expressions[i], context);
      if (!one.ok()) continue;
      for (const ExprPtr& item : std::get<logical::Aggregate>(aggregate->node).aggregates) {
        const auto* alias = std::get_if<logical::Alias>(&item->node);
        if (alias == nullptr || Find(input, alias->output.id) == nullptr) continue;
        if (logical::SemanticallyEqual(alias->child, *one)) selected[i] = ColumnOf(alias->output);
      }
    }
    context.aggregate = nullptr;
  }
  if (hidden) {  // groups that are columns can be had all the same
    const auto& groups = std::get<logical::Aggregate>(aggregate->node);
    std::vector<Attribute> below = groups.input->output;
    for (Attribute& attribute : HiddenOf(groups.input)) below.push_back(std::move(attribute));
    for (const Attribute& attribute : below) context.refused.insert(attribute.id);
    for (const ExprPtr& group : groups.grouping) {
      if (const auto* column = std::get_if<logical::Column>(&group->node)) context.refused.erase(column->id);
    }
  } else {
    context.aggregate = aggregate;
  }
  while (true) {
    std::vector<ExprPtr> bound;
    std::vector<std::string> unsupported;
    for (size_t i = 0; i < expressions.size(); ++i) {
      if (selected[i]) {
        bound.push_back(selected[i]);
        continue;
      }
      const UnresolvedPtr& expression = expressions[i];
      context.whole = clause == Clause::kHaving ? input->origin : expression->origin;
      FS_TRY(ExprPtr one, BindExpr(expression, context));
      const bool having = context.aggregate && clause != Clause::kOrderBy && clause != Clause::kQualify;
      FS_CHECK(CheckPlaces(one, having ? Clause::kHaving : clause, expression->origin, context.inputs));
      if (clause == Clause::kQualify && !logical::HasWindow(one) && !SelectsWindows(input))
        return Error::Condition("QUALIFY_REQUIRES_WINDOW_FUNCTION");
      if (clause == Clause::kQualify && !context.aggregate) {
        if (const auto calls = AggregatesOutsideWindows(one); !calls.empty()) {
          return Error::Condition("QUALIFY_AGGREGATE_NOT_ALLOWED", {{"aggregateExpr", Sql(calls[0])}},
                                  calls[0]->origin);
        }
      }
      if (clause == Clause::kOrderBy && !context.aggregate && logical::HasAggregate(one)) {
        const std::vector<ExprPtr> calls = AggregatesOutsideWindows(one);
        if (!hidden || calls.empty()) return Error::Condition("MISSING_GROUP_BY");
        for (const ExprPtr& call : calls) unsupported.push_back(Sql(call));
      }
      if (context.aggregate) {
        FS_TRY(one, ResolveGroupingCalls(one, std::get<logical::Aggregate>(context.aggregate->node)));
      }
      bound.push_back(std::move(one));
    }
    if (!unsupported.empty())
      return Error::Condition("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", Join(unsupported, ", ")}});
    Supplied supplied = SupplyAll(input, bound, {});
    if (supplied.missing.empty()) {
      Extended extended{supplied.plan, std::move(supplied.expressions)};
      // Windows are computed in a projection below.
      std::vector<ExprPtr> columns;
      for (const Attribute& attribute : extended.plan->output) columns.push_back(ColumnOf(attribute));
      size_t before = columns.size();
      for (ExprPtr& expression : extended.expressions) {
        expression = logical::RewriteTopDown(expression, [&](const ExprPtr& e) -> ExprPtr {
          if (!std::holds_alternative<logical::WindowCall>(e->node)) return nullptr;
          columns.push_back(relations::Named(e, NameOf(e)));
          return ColumnOf(std::get<logical::Alias>(columns.back()->node).output);
        });
      }
      if (columns.size() > before)
        extended.plan = relations::ProjectTo(extended.plan, std::move(columns), input->origin);
      return extended;
    }
    bool progress = false;
    for (AttributeId id : supplied.missing) progress |= context.refused.insert(id).second;
    if (!progress) {  // columns that a query inside wants of what is grouped away
      std::vector<std::string> missing, output;
      for (const ExprPtr& expression : bound) {
        logical::Any(expression, [&](const logical::Expr& e) {
          const auto* subquery = std::get_if<logical::Subquery>(&e.node);
          if (subquery == nullptr) return false;
          for (const ExprPtr& outer : logical::OuterColumns(subquery->plan)) {
            const auto& column = std::get<logical::Column>(outer->node);
            if (std::ranges::count(supplied.missing, column.id) != 0) missing.push_back(InDoubleQuotes(column.name));
          }
          return false;
        });
      }
      for (const Attribute& attribute : input->output) output.push_back(InDoubleQuotes(attribute.name));
      return Error::Condition("MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT",
                              {{"missingAttributes", Join(missing, ", ")},
                               {"input", Join(output, ", ")},
                               {"operator", "Filter " + logical::ToString(*bound[0])}});
    }
  }
}

}  // namespace firesteel::analyzer
