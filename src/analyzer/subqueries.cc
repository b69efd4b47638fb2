// Queries inside of queries: scalar, EXISTS and IN subqueries, LATERAL, WITH (recursive too), relations given as SQL text.
#include <absl/strings/numbers.h>

#include <algorithm>

#include "analyzer/binder.h"
#include "base/text.h"
#include "functions/comparison.h"
#include "types/type_text.h"

namespace firesteel::analyzer {

using relations::ColumnOf;

namespace {

/// Whether the relation reads a table called `name` somewhere.
bool RefersTo(const RelationPtr& relation, const std::string& name);

/// Whether the recursive table is read where rows of one step would not tell what those of the next are: in aggregates and windows, on
/// the side of an outer join that is filled up.
bool ReadsWrongly(const PlanPtr& plan, int64_t table, bool allowed) {
  if (const auto* reference = std::get_if<logical::CteRef>(&plan->node)) return reference->id == table && !allowed;
  if (const auto* join = std::get_if<logical::Join>(&plan->node)) {
    using logical::JoinType;
    const bool both = join->type == JoinType::kInner || join->type == JoinType::kCross;
    const bool left = both || join->type == JoinType::kLeftOuter || join->type == JoinType::kLeftSemi ||
                      join->type == JoinType::kLeftAnti;
    const bool right = both || join->type == JoinType::kRightOuter;
    return ReadsWrongly(join->left, table, allowed && left) || ReadsWrongly(join->right, table, allowed && right);
  }
  if (std::holds_alternative<logical::Aggregate>(plan->node)) allowed = false;
  if (const auto* project = std::get_if<logical::Project>(&plan->node))
    allowed &= !std::any_of(project->expressions.begin(), project->expressions.end(), logical::HasWindow);
  for (const PlanPtr& input : logical::Inputs(*plan)) {
    if (ReadsWrongly(input, table, allowed)) return true;
  }
  return false;
}

}  // namespace

Result<PlanPtr> Binder::ResolveInside(const RelationPtr& relation, OuterScope scope) {
  outer_.push_back(std::move(scope));
  std::vector<LambdaFrame> lambdas;
  lambdas.swap(lambdas_);
  Result<PlanPtr> plan = Resolve(relation);
  lambdas_.swap(lambdas);
  outer_.pop_back();
  return plan;
}

Result<PlanPtr> Binder::ResolveLateral(const RelationPtr& relation, const PlanPtr& left) {
  return ResolveInside(relation, {{left}, nullptr});
}

bool Binder::LegacyNullInEmptyList() {
  const std::string set = environment_.Configuration("spark.sql.legacy.nullInEmptyListBehavior");
  return EqualsIgnoreCase(set, "true") || (!EqualsIgnoreCase(set, "false") && !environment_.settings().ansi);
}

Result<ExprPtr> Binder::BindInSubquery(std::vector<ExprPtr> values, PlanPtr plan, const Origin& origin) {
  auto names = [&](const std::vector<ExprPtr>& list) {
    std::vector<std::string> out;
    for (const ExprPtr& expr : list) out.push_back(Sql(expr));
    return Join(out, ", ");
  };
  std::vector<ExprPtr> columns;
  for (const Attribute& attribute : plan->output) {  // casts that fail say which predicate wanted them
    columns.push_back(
        logical::MakeExpr(logical::Column{attribute.id, attribute.name}, attribute.type, attribute.nullable, origin));
  }
  auto whole = [&] {
    return logical::MakeExpr(logical::Subquery{logical::SubqueryKind::kIn, plan, values}, TypeId::kBoolean, true,
                             origin);
  };
  if (values.size() != columns.size()) {
    return Error::Condition("DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
                            {{"sqlExpr", Sql(whole())},
                             {"leftLength", std::to_string(values.size())},
                             {"rightLength", std::to_string(columns.size())},
                             {"leftColumns", names(values)},
                             {"rightColumns", names(columns)}},
                            origin);
  }
  const Settings& settings = environment_.settings();
  std::vector<ExprPtr> casts;
  std::vector<std::string> mismatches;
  bool cast_right = false, nullable = false;
  ExprPtr before = whole();
  for (size_t i = 0; i < values.size(); ++i) {
    const DataType left = values[i]->type, right = columns[i]->type;
    nullable = nullable || values[i]->nullable || columns[i]->nullable;
    std::optional<DataType> common;
    if (left.SameType(right) || functions::EqualButForNames(left, right)) {
      common = left;
    } else {
      common = ComparisonType(left, right, settings);
      if (!common) common = WiderType(left, right, settings);
    }
    if (!common) {
      mismatches.push_back("(" + NameOf(values[i]) + ":" + TypeCatalogString(left) + ", " + NameOf(columns[i]) + ":" +
                           TypeCatalogString(right) + ")");
      continue;
    }
    if (!left.SameType(*common)) values[i] = relations::ImplicitCast(values[i], *common, settings);
    if (right.SameType(*common)) {
      casts.push_back(columns[i]);
    } else {
      casts.push_back(relations::Named(relations::ImplicitCast(columns[i], *common, settings), plan->output[i].name));
      cast_right = true;
    }
  }
  if (!mismatches.empty()) {
    std::vector<std::string> left_types, right_types;
    for (const ExprPtr& value : values) left_types.push_back(InDoubleQuotes(TypeSql(value->type)));
    for (const ExprPtr& column : columns) right_types.push_back(InDoubleQuotes(TypeSql(column->type)));
    return Error::Condition("DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
                            {{"sqlExpr", Sql(before)},
                             {"mismatchedColumns", Join(mismatches, ", ")},
                             {"leftType", Join(left_types, ", ")},
                             {"rightType", Join(right_types, ", ")}},
                            origin);
  }
  if (values.size() == 1 && logical::IsNullConstant(*values[0]) && LegacyNullInEmptyList()) {
    return logical::Shown(logical::MakeExpr(logical::Literal{}, TypeId::kBoolean, true, origin), NameOf(before));
  }
  if (cast_right) plan = relations::ProjectTo(std::move(plan), std::move(casts), origin);
  return logical::MakeExpr(logical::Subquery{logical::SubqueryKind::kIn, std::move(plan), std::move(values)},
                           TypeId::kBoolean, nullable, origin);
}

Result<ExprPtr> Binder::BindSubquery(const unresolved::Subquery& subquery, const Origin& origin, Context& context) {
  RelationPtr relation = subquery.plan;
  if (!relation && subquery.plan_id) {
    for (auto frame = references_.rbegin(); frame != references_.rend() && !relation; ++frame) {
      for (const RelationPtr& reference : (*frame)->references) {
        if (reference->plan_id == subquery.plan_id) relation = reference;
      }
    }
  }
  if (!relation) return Error::Internal("a subquery without a plan");
  query_starts_.push_back({with_.size(), relation.get()});
  Result<PlanPtr> inside = ResolveInside(relation, {context.inputs, context.aggregate});
  query_starts_.pop_back();
  FS_TRY(PlanPtr plan, std::move(inside));
  switch (subquery.kind) {
    case unresolved::SubqueryKind::kScalar: {
      if (plan->output.size() != 1) {
        return Error::Condition("INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
                                {{"number", std::to_string(plan->output.size())}}, origin);
      }
      DataType type = plan->output[0].type;
      return logical::MakeExpr(logical::Subquery{logical::SubqueryKind::kScalar, plan, {}}, std::move(type), true,
                               origin);
    }
    case unresolved::SubqueryKind::kExists:
      return logical::MakeExpr(logical::Subquery{logical::SubqueryKind::kExists, plan, {}}, TypeId::kBoolean, false,
                               origin);
    case unresolved::SubqueryKind::kIn: {
      std::vector<ExprPtr> values;
      for (const UnresolvedPtr& value : subquery.in_values) {
        FS_TRY(UnresolvedPtr inner, Unwrap(value));
        if (const auto* tuple = std::get_if<unresolved::MultiAliasTuple>(&inner->node);
            tuple != nullptr && subquery.in_values.size() == 1) {
          for (const UnresolvedPtr& element : tuple->elements) {
            FS_TRY(ExprPtr bound, BindExpr(element, context));
            values.push_back(std::move(bound));
          }
          continue;
        }
        FS_TRY(ExprPtr bound, BindExpr(inner, context));
        values.push_back(std::move(bound));
      }
      return BindInSubquery(std::move(values), std::move(plan), origin);
    }
    case unresolved::SubqueryKind::kTableArgument:
      return Error::Unsupported("table arguments", origin);
  }
  return Error::Internal("an unknown kind of subquery");
}

// ---------------------------------------------------------------- WITH

Result<PlanPtr> Binder::RenameColumns(PlanPtr plan, const std::vector<std::string>& names, const Origin& origin) {
  if (names.empty()) return plan;
  if (names.size() != plan->output.size()) {
    return Error::Condition(
        "ASSIGNMENT_ARITY_MISMATCH",
        {{"numExpr", std::to_string(names.size())}, {"numTarget", std::to_string(plan->output.size())}}, origin);
  }
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < names.size(); ++i)
    columns.push_back(relations::Named(ColumnOf(plan->output[i]), names[i], plan->output[i].metadata));
  return relations::ProjectTo(std::move(plan), std::move(columns), origin);
}

Result<PlanPtr> Binder::ResolveDefinition(const RelationPtr& relation) {
  query_starts_.push_back({with_.size(), relation.get()});
  Result<PlanPtr> plan = Resolve(relation);
  query_starts_.pop_back();
  return plan;
}

bool Binder::LegacyPrecedence() {
  return EqualsIgnoreCase(environment_.Configuration("spark.sql.legacy.ctePrecedencePolicy"), "LEGACY");
}

std::vector<size_t> Binder::WithFrames() {
  std::vector<size_t> frames;
  for (size_t i = with_.size(); i > with_hidden_; --i) frames.push_back(i - 1);
  if (!LegacyPrecedence()) return frames;
  // Spark used to put tables into definitions and expression queries before it looked at those queries' own WITH.
  const auto depth = [&](size_t frame) {
    return std::count_if(query_starts_.begin(), query_starts_.end(),
                         [&](const QueryStart& start) { return start.frames <= frame; });
  };
  std::stable_sort(frames.begin(), frames.end(), [&](size_t a, size_t b) { return depth(a) < depth(b); });
  return frames;
}

Result<PlanPtr> Binder::FindWithTable(const Name& name) {
  if (name.size() != 1 || with_.empty()) return PlanPtr();
  for (size_t index : WithFrames()) {
    const auto& frame = with_[index];
    for (auto it = frame.rbegin(); it != frame.rend(); ++it) {
      std::shared_ptr<WithTable> table = *it;
      if (!table->visible || !SameName(table->name, name[0])) continue;
      table->used = true;
      if (!table->plan && !table->recursive) {
        // Resolved anew, seeing what its definition sees.
        auto all = with_;
        with_.resize(std::min(table->depth, with_.size()));
        Result<PlanPtr> plan = Resolve(table->definition != nullptr ? table->definition->plan : table->relation);
        with_ = std::move(all);
        if (!plan.ok() || table->definition == nullptr) return plan;
        return RenameColumns(*plan, table->definition->column_names, table->definition->origin);
      }
      const std::vector<Attribute>& columns = table->recursive && !table->plan ? table->columns : table->plan->output;
      std::vector<Attribute> output;
      logical::CteRef reference{table->id, table->name, {}};
      std::unordered_map<AttributeId, AttributeId>
          fresh_ids;  // a column put out twice stays one: its name is not ambiguous
      for (const Attribute& column : columns) {
        reference.columns.push_back(column.id);
        Attribute fresh = column;
        fresh.id = fresh_ids.try_emplace(column.id, logical::NewAttributeId()).first->second;
        output.push_back(std::move(fresh));
      }
      return logical::MakePlan(std::move(reference), std::move(output));
    }
  }
  return PlanPtr();
}

Status Binder::ResolveRecursive(const unresolved::With::Table& table, WithTable& entry) {
  // The definition is a union of an anchor and of what refers to the table.
  const unresolved::Relation* body = table.plan.get();
  std::vector<std::string> names = table.column_names;
  while (true) {
    if (const auto* alias = std::get_if<unresolved::SubqueryAlias>(&body->node)) {
      if (names.empty()) names = alias->column_names;
      body = alias->input.get();
    } else if (const auto* with = std::get_if<unresolved::With>(&body->node)) {  // tables of both sides
      with_.emplace_back();
      FS_CHECK(DefineTables(*with, body->origin));
      body = with->input.get();
    } else {
      break;
    }
  }
  const auto* set = std::get_if<unresolved::SetOperation>(&body->node);
  if (set == nullptr || set->op != unresolved::SetOperator::kUnion) return Error::Condition("INVALID_RECURSIVE_CTE");
  if (!set->all) return Error::Condition("UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE");
  if (RefersTo(set->left, table.name)) return Error::Condition("INVALID_RECURSIVE_CTE");
  FS_TRY(PlanPtr anchor, Resolve(set->left));
  FS_TRY(anchor, RenameColumns(anchor, names, table.origin));
  std::vector<Attribute> output = anchor->output;
  for (Attribute& attribute : output) {
    attribute.id = logical::NewAttributeId();
    attribute.qualifier.clear();
  }
  entry.recursive = true;
  entry.columns = output;
  for (Attribute& column : entry.columns) column.nullable = true;  // to the step, whatever the anchor gives
  FS_TRY(PlanPtr step, Resolve(set->right));
  if (ReadsWrongly(step, entry.id, true)) return Error::Condition("INVALID_RECURSIVE_REFERENCE.PLACE");
  if (step->output.size() != output.size()) {
    return Error::Condition("NUM_COLUMNS_MISMATCH",
                            {{"operator", "UNION"},
                             {"firstNumColumns", std::to_string(output.size())},
                             {"invalidOrdinalNum", "second"},
                             {"invalidNumColumns", std::to_string(step->output.size())}},
                            body->origin);
  }
  std::vector<ExprPtr> casts;
  for (size_t i = 0; i < output.size(); ++i) {
    const Attribute& from = step->output[i];
    output[i].nullable = output[i].nullable || from.nullable;
    if (from.type.SameType(output[i].type)) {
      casts.push_back(ColumnOf(from));
      continue;
    }
    const std::optional<DataType> wider = WiderType(from.type, output[i].type, environment_.settings());
    if (wider && !wider->SameType(output[i].type)) {
      return Error::Condition("CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE", {{"left", InDoubleQuotes(TypeSql(output[i].type))},
                                                                      {"right", InDoubleQuotes(TypeSql(from.type))}})
          .As(ErrorClass::kSpark);
    }
    if (!wider) {
      return Error::Condition("INCOMPATIBLE_COLUMN_TYPE",
                              {{"operator", "UNION"},
                               {"columnOrdinalNumber", OrdinalWord(i)},
                               {"tableOrdinalNumber", "second"},
                               {"dataType1", InDoubleQuotes(TypeSql(from.type))},
                               {"dataType2", InDoubleQuotes(TypeSql(output[i].type))},
                               {"hint", ""}},
                              body->origin);
    }
    casts.push_back(
        relations::Named(relations::ImplicitCast(ColumnOf(from), output[i].type, environment_.settings()), from.name));
  }
  step = relations::ProjectTo(std::move(step), std::move(casts), table.origin);
  entry.plan =
      logical::MakePlan(logical::SetOperation{{std::move(anchor), std::move(step)}, logical::SetOperator::kUnion, true},
                        std::move(output), table.origin);
  return {};
}

namespace {

struct ReferenceFinder {
  const std::string& name;
  bool found = false;
  void Of(const RelationPtr& relation) {
    if (relation && !found) found = RefersTo(relation, name);
  }
  template <typename T>
  void operator()(const T& node) {
    if constexpr (std::is_same_v<T, unresolved::ReadTable>) {
      found = node.name.size() == 1 && EqualsIgnoreCase(node.name[0], name);
    } else if constexpr (std::is_same_v<T, unresolved::With>) {
      for (const unresolved::With::Table& table : node.tables) {
        const bool same = EqualsIgnoreCase(table.name, name);
        if (!same || !node.recursive) Of(table.plan);
        if (same) return;  // from here on the name is this table's
      }
      Of(node.input);
    } else if constexpr (requires {
                           node.left;
                           node.right;
                         }) {
      Of(node.left);
      Of(node.right);
    } else if constexpr (requires { node.input; }) {
      Of(node.input);
    }
  }
};

int64_t Limit(const std::string& setting, int64_t otherwise) {
  int64_t limit = 0;
  return absl::SimpleAtoi(setting, &limit) ? limit : otherwise;
}

bool RefersTo(const RelationPtr& relation, const std::string& name) {
  ReferenceFinder finder{name};
  std::visit(finder, relation->node);
  return finder.found;
}

}  // namespace

Status Binder::DefineTables(const unresolved::With& with, const Origin& origin) {
  const size_t hidden = with_hidden_;
  if (!query_starts_.empty() && LegacyPrecedence()) with_hidden_ = query_starts_.back().frames;
  const auto define = [&]() -> Status {
    for (const unresolved::With::Table& table : with.tables) {
      auto entry = std::make_shared<WithTable>();
      entry->name = table.name;
      entry->id = logical::NewAttributeId();
      entry->definition = &table;
      if (with.recursive && RefersTo(table.plan, table.name)) {
        const size_t frame = with_.size() - 1;
        with_.back().push_back(entry);
        entry->recursive = true;
        if (Status status = ResolveRecursive(table, *entry); !status.ok()) {
          bool of_union = status.error().condition() == "UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE";
          return of_union ? status.error().At(origin) : status.error();
        }
        // Tables of its own stand beside it, but nobody else sees them.
        while (with_.size() > frame + 1) {
          for (const std::shared_ptr<WithTable>& own : with_.back()) own->visible = false;
          with_[frame].insert(with_[frame].end() - 1, with_.back().begin(), with_.back().end());
          with_.pop_back();
        }
        entry->used = false;
        continue;
      }
      FS_TRY(PlanPtr plan, ResolveDefinition(table.plan));
      if (!logical::OuterColumns(plan).empty()) {
        // It reads columns of the enclosing query: to be made anew where it is used, with those in sight.
        entry->depth = with_.size();
        with_.emplace_back();
        with_.back().push_back(entry);
        continue;
      }
      FS_TRY(entry->plan, RenameColumns(std::move(plan), table.column_names, table.origin));
      with_.back().push_back(entry);
    }
    return {};
  };
  Status status = define();
  with_hidden_ = hidden;
  return status;
}

Result<PlanPtr> Binder::ResolveWith(const unresolved::With& with, const unresolved::Relation& relation) {
  const bool starts = !query_starts_.empty() && query_starts_.back().relation == &relation;
  if (starts && EqualsIgnoreCase(environment_.Configuration("spark.sql.legacy.ctePrecedencePolicy"), "EXCEPTION")) {
    for (const unresolved::With::Table& table : with.tables) {
      for (const auto& frame : with_) {
        const bool known = std::any_of(frame.begin(), frame.end(),
                                       [&](const auto& entry) { return SameName(entry->name, table.name); });
        if (!known) continue;
        return Error::Condition("AMBIGUOUS_ALIAS_IN_NESTED_CTE",
                                {{"name", QuoteIdentifier(table.name)},
                                 {"config", "\"spark.sql.legacy.ctePrecedencePolicy\""},
                                 {"docroot", "https://spark.apache.org/docs/latest"}});
      }
    }
  }
  with_.emplace_back();
  auto resolve = [&]() -> Result<PlanPtr> {
    FS_CHECK(DefineTables(with, relation.origin));
    return Resolve(with.input);
  };
  size_t depth = with_.size() - 1;
  Result<PlanPtr> input = resolve();
  std::vector<logical::With::Table> tables;
  for (size_t frame = depth; frame < with_.size() && input.ok(); ++frame) {
    for (const auto& entry : with_[frame]) {
      if (!entry->plan || !entry->used) continue;
      logical::With::Table table{entry->id, entry->name, entry->plan, entry->recursive};
      if (entry->recursive) {
        table.max_recursion_level = entry->definition->max_recursion_level.value_or(
            Limit(environment_.Configuration("spark.sql.cteRecursionLevelLimit"), table.max_recursion_level));
        table.max_rows = Limit(environment_.Configuration("spark.sql.cteRecursionRowLimit"), table.max_rows);
      }
      tables.push_back(std::move(table));
    }
  }
  with_.resize(depth);
  if (!input.ok() || tables.empty()) return input;
  PlanPtr plan = *input;
  return logical::MakePlan(logical::With{plan, std::move(tables)}, plan->output, relation.origin);
}

Result<PlanPtr> Binder::ResolveWithReferences(const unresolved::WithRelations& relations) {
  references_.push_back(&relations);
  with_.emplace_back();
  for (const RelationPtr& reference : relations.references) {
    const auto* alias = std::get_if<unresolved::SubqueryAlias>(&reference->node);
    if (alias == nullptr) continue;
    auto entry = std::make_shared<WithTable>();
    entry->name = alias->alias;
    entry->relation = reference;
    entry->depth = with_.size() - 1;
    with_.back().push_back(std::move(entry));
  }
  Result<PlanPtr> plan = Resolve(relations.root);
  with_.pop_back();
  references_.pop_back();
  return plan;
}

Result<PlanPtr> Binder::ResolveSql(const unresolved::SqlQuery& query, const unresolved::Relation&) {
  FS_TRY(RelationPtr relation, ParseQuery(query.text));
  FS_CHECK(CheckSqlArguments(query));
  parameters_.push_back({&query.named_arguments, &query.positional_arguments});
  Result<PlanPtr> plan = Resolve(relation);
  parameters_.pop_back();
  return plan;
}

}  // namespace firesteel::analyzer
