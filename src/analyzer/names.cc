// What a name means: columns of the inputs, hidden columns, DataFrame columns by plan id, lateral aliases, outer columns. The order
// is Spark's ColumnResolutionHelper and AttributeSeq.
#include <algorithm>
#include <functional>

#include "analyzer/binder.h"
#include "base/text.h"
#include "catalog/file_listing.h"

namespace firesteel::analyzer {

using relations::ColumnOf;

namespace {

/// Functions that SQL may call without parentheses: LiteralFunctionResolution.
std::string_view LiteralFunction(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kFunctions[] = {
      {"current_date", "current_date"},         {"current_timestamp", "current_timestamp"},
      {"current_user", "current_user"},         {"user", "user"},
      {"session_user", "session_user"},         {"current_catalog", "current_catalog"},
      {"current_database", "current_database"}, {"current_time", "current_time"},
      {"localtimestamp", "localtimestamp"},     {"grouping__id", "grouping_id"},
      {"current_schema", "current_schema"},
  };
  for (const auto& [spelled, function] : kFunctions) {
    if (EqualsIgnoreCase(name, spelled)) return function;
  }
  return {};
}

bool Contains(const PlanPtr& plan, AttributeId id) {
  return std::any_of(plan->output.begin(), plan->output.end(), [&](const Attribute& a) { return a.id == id; });
}

}  // namespace

bool Binder::SameName(std::string_view a, std::string_view b) {
  return environment_.settings().case_sensitive ? a == b : EqualsIgnoreCase(a, b);
}

void Binder::Hide(const PlanPtr& plan, std::vector<Attribute> columns) {
  // What the sides of a join of joins hide can still be named.
  if (const std::vector<PlanPtr> inputs = logical::Inputs(*plan); inputs.size() == 1) {
    for (Attribute& attribute : HiddenOf(inputs[0])) columns.push_back(std::move(attribute));
  }
  hidden_[plan.get()] = {plan, std::move(columns)};
}

std::vector<const Attribute*> Binder::Visible(std::span<const PlanPtr> inputs) const {
  std::vector<const Attribute*> visible;
  for (const PlanPtr& input : inputs) {
    for (const Attribute& attribute : input->output) visible.push_back(&attribute);
  }
  return visible;
}

std::vector<Attribute> Binder::HiddenOf(const PlanPtr& plan) const {
  if (hidden_.empty()) return {};
  if (auto it = hidden_.find(plan.get()); it != hidden_.end()) return it->second.second;
  if (const auto* join = std::get_if<logical::Join>(&plan->node)) {
    std::vector<Attribute> hidden = HiddenOf(join->left);
    if (join->type != logical::JoinType::kLeftSemi && join->type != logical::JoinType::kLeftAnti) {
      for (Attribute& attribute : HiddenOf(join->right)) hidden.push_back(std::move(attribute));
    }
    return hidden;
  }
  if (std::holds_alternative<logical::Aggregate>(plan->node)) return {};
  if (const auto* alias = std::get_if<logical::SubqueryAlias>(&plan->node)) {
    std::vector<Attribute> hidden = HiddenOf(alias->input);
    std::erase_if(hidden, [](const Attribute& a) { return a.name != catalog::kFileMetadata; });
    for (Attribute& attribute : hidden) attribute.qualifier = {alias->alias};
    return hidden;
  }
  std::vector<PlanPtr> inputs = logical::Inputs(*plan);
  if (inputs.size() != 1 || std::holds_alternative<logical::SetOperation>(plan->node)) return {};
  return HiddenOf(inputs[0]);
}

Binder::NameMatch Binder::Match(const Name& name, std::span<const Attribute* const> attributes,
                                bool qualified_only) const {
  bool case_sensitive = environment_.settings().case_sensitive;
  auto same = [&](std::string_view a, std::string_view b) { return case_sensitive ? a == b : EqualsIgnoreCase(a, b); };
  NameMatch match;
  auto add = [&](const Attribute* attribute) {
    for (const Attribute* other : match.candidates) {
      if (other->id == attribute->id && other->qualifier == attribute->qualifier) return;
    }
    match.candidates.push_back(attribute);
  };
  // The longest qualifier wins: catalog.database.table, database.table, table, none.
  for (size_t parts = std::min<size_t>(3, name.size() - 1); parts > 0; --parts) {
    for (const Attribute* attribute : attributes) {
      if (attribute->qualifier.size() < parts || !same(attribute->name, name[parts])) continue;
      size_t skip = attribute->qualifier.size() - parts;
      bool all = true;
      for (size_t i = 0; i < parts && all; ++i) all = same(attribute->qualifier[skip + i], name[i]);
      if (all) add(attribute);
    }
    if (!match.candidates.empty()) {
      match.used = parts + 1;
      return match;
    }
  }
  if (qualified_only) return match;
  for (const Attribute* attribute : attributes) {
    if (same(attribute->name, name[0])) add(attribute);
  }
  match.used = 1;
  return match;
}

Result<std::optional<ExprPtr>> Binder::FromMatch(const NameMatch& match, const Name& name, const Origin& origin) {
  if (match.candidates.empty()) return std::optional<ExprPtr>();
  if (match.candidates.size() > 1) {
    std::vector<std::string> references;
    for (const Attribute* attribute : match.candidates) {
      std::vector<std::string> parts = attribute->qualifier;
      parts.push_back(name[match.used - 1]);
      references.push_back(QuoteParts(parts));
    }
    return Error::Condition("AMBIGUOUS_REFERENCE",
                            {{"name", ToSqlId(name)}, {"referenceNames", "[" + Join(references, ", ") + "]"}}, origin);
  }
  const Attribute& attribute = *match.candidates[0];
  // A column is called as the query spells it.
  ExprPtr expr = logical::MakeExpr(logical::Column{attribute.id, name[match.used - 1]}, attribute.type,
                                   attribute.nullable, origin);
  for (size_t i = match.used; i < name.size(); ++i) {
    FS_TRY(expr, ExtractField(std::move(expr), name[i], origin));
  }
  return std::optional<ExprPtr>(std::move(expr));
}

Result<std::optional<ExprPtr>> Binder::LookUp(const Name& name, std::span<const PlanPtr> inputs, const Origin& origin) {
  std::vector<const Attribute*> visible = Visible(inputs);
  NameMatch match = Match(name, visible, false);
  std::vector<Attribute> hidden;
  if (match.candidates.empty() && !hidden_.empty()) {
    for (const PlanPtr& input : inputs) {
      for (Attribute& attribute : HiddenOf(input)) hidden.push_back(std::move(attribute));
    }
    std::vector<const Attribute*> pointers;
    for (const Attribute& attribute : hidden) pointers.push_back(&attribute);
    if (name.size() > 1) match = Match(name, pointers, true);
    if (match.candidates.empty()) {
      std::erase_if(pointers, [](const Attribute* a) { return a->name != catalog::kFileMetadata; });
      match = Match(name, pointers, false);
    }
  }
  return FromMatch(match, name, origin);
}

Result<std::optional<ExprPtr>> Binder::LookUpBelow(const Name& name, const Origin& origin, Context& context) {
  for (PlanPtr plan = InputBelow(context.inputs[0]); plan; plan = InputBelow(plan)) {
    Result<std::optional<ExprPtr>> looked_up = LookUp(name, std::span(&plan, 1), origin);
    if (!looked_up.ok() && !AggregateBelow(plan)) return looked_up.error();  // else the groups may have it
    const std::optional<ExprPtr> found = looked_up.ok() ? looked_up.value() : std::nullopt;
    if (!found) continue;
    std::unordered_set<AttributeId> ids;
    logical::CollectColumns(*found, ids);
    bool refused = std::any_of(ids.begin(), ids.end(), [&](AttributeId id) { return context.refused.contains(id); });
    if (refused) break;
    return found;
  }
  return std::optional<ExprPtr>();
}

Result<std::optional<ExprPtr>> Binder::LookUpOverAggregate(const Name& name, const Origin& origin, Context& context) {
  const PlanPtr& below = std::get<logical::Aggregate>(context.aggregate->node).input;
  Result<std::optional<ExprPtr>> found = LookUp(name, std::span(&below, 1), origin);
  if (!found.ok() || !found.value()) return found;
  std::unordered_set<AttributeId> ids;
  logical::CollectColumns(**found, ids);
  // Inside an aggregate function every column of the input is fine; outside, only what Supply could match.
  if (context.aggregate_depth == 0) {
    for (AttributeId id : ids) {
      if (context.refused.contains(id)) return std::optional<ExprPtr>();
    }
  }
  return found;
}

Result<std::optional<ExprPtr>> Binder::LookUpLateral(const Name& name, const Origin& origin, const Context& context) {
  if (context.lateral == nullptr) return std::optional<ExprPtr>();
  const LateralAlias* found = nullptr;
  for (const LateralAlias& alias : *context.lateral) {
    if (!SameName(alias.name, name[0])) continue;
    if (found != nullptr) {
      int count = 0;
      for (const LateralAlias& other : *context.lateral) count += SameName(other.name, name[0]);
      return Error::Condition("AMBIGUOUS_LATERAL_COLUMN_ALIAS",
                              {{"name", ToSqlId(name)}, {"n", std::to_string(count)}});
    }
    found = &alias;
  }
  if (found == nullptr || found->generated) return std::optional<ExprPtr>();
  if (context.aggregate_depth > 0) {
    return Error::Condition("UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC",
                            {{"lca", ToSqlId(name)}, {"aggFunc", ToSqlId(name)}}, origin);
  }
  const Attribute& output = found->output;
  // Spark's name for what is built on it tells that it was an alias.
  ExprPtr expr =
      logical::Shown(logical::MakeExpr(logical::Column{output.id, output.name}, output.type, output.nullable, origin),
                     "lateralAliasReference(" + Join(Name(name.begin(), name.begin() + 1), ".") + ")");
  for (size_t i = 1; i < name.size(); ++i) {
    FS_TRY(expr, ExtractField(std::move(expr), name[i], origin));
  }
  return std::optional<ExprPtr>(std::move(expr));
}

Result<std::optional<ExprPtr>> Binder::LookUpOuter(const Name& name, const Origin& origin) {
  if (outer_.empty()) return std::optional<ExprPtr>();
  const OuterScope scope = outer_.back();
  FS_TRY(std::optional<ExprPtr> found, LookUp(name, scope.inputs, origin));
  if (!found && scope.aggregate) {
    const PlanPtr& below = std::get<logical::Aggregate>(scope.aggregate->node).input;
    FS_TRY(found, LookUp(name, std::span(&below, 1), origin));
  }
  if (!found) return found;
  return std::optional<ExprPtr>(AsOuter(*found, scope, origin));
}

ExprPtr Binder::AsOuter(const ExprPtr& expression, const OuterScope& scope, const Origin& origin) {
  return logical::RewriteTopDown(expression, [&](const ExprPtr& e) -> ExprPtr {
    const auto* column = std::get_if<logical::Column>(&e->node);
    if (column == nullptr) return nullptr;
    std::vector<std::string> parts;
    for (const PlanPtr& input : scope.inputs) {
      for (const Attribute& attribute : input->output) {
        if (attribute.id == column->id && parts.empty()) parts = attribute.qualifier;
      }
    }
    parts.push_back(column->name);
    return logical::Shown(
        logical::MakeExpr(logical::Column{column->id, column->name, true}, e->type, e->nullable, origin),
        "outer(" + QuotePartsIfNeeded(parts) + ")");
  });
}

std::optional<ExprPtr> Binder::OuterAggregate(const ExprPtr& call) {
  if (outer_.empty() || !outer_.back().aggregate) return std::nullopt;
  bool outer = false, local = false;
  for (const ExprPtr& child : logical::Children(*call)) {
    logical::Any(child, [&](const logical::Expr& e) {
      if (const auto* column = std::get_if<logical::Column>(&e.node)) (column->outer ? outer : local) = true;
      return false;
    });
  }
  if (!outer || local) return std::nullopt;
  const ExprPtr inside = logical::RewriteTopDown(call, [](const ExprPtr& e) -> ExprPtr {
    const auto* column = std::get_if<logical::Column>(&e->node);
    if (column == nullptr) return nullptr;
    return logical::MakeExpr(logical::Column{column->id, column->name}, e->type, e->nullable, e->origin);
  });
  const std::string name = NameOf(inside);
  for (const auto& [id, known] : outer_aggregates_) {
    if (logical::SemanticallyEqual(known, inside)) {
      return logical::Shown(
          logical::MakeExpr(logical::Column{id, name, true}, call->type, call->nullable, call->origin),
          "outer(" + name + ")");
    }
  }
  const AttributeId id = logical::NewAttributeId();
  outer_aggregates_.emplace(id, inside);
  return logical::Shown(logical::MakeExpr(logical::Column{id, name, true}, call->type, call->nullable, call->origin),
                        "outer(" + name + ")");
}

std::optional<ExprPtr> Binder::LookUpLambda(const std::string& name) const {
  bool case_sensitive = environment_.settings().case_sensitive;
  for (auto frame = lambdas_.rbegin(); frame != lambdas_.rend(); ++frame) {
    for (const auto& [variable, expr] : frame->variables) {
      if (case_sensitive ? variable == name : EqualsIgnoreCase(variable, name)) return expr;
    }
  }
  return std::nullopt;
}

Result<std::optional<ExprPtr>> Binder::LookUpVariable(const Name& name, const Origin& origin) {
  // x, session.x or system.session.x, and fields behind.
  for (size_t parts = std::min<size_t>(3, name.size()); parts > 0; --parts) {
    const auto own =
        catalog::VariableNameOf(Name(name.begin(), name.begin() + parts), environment_.settings().case_sensitive);
    if (!own) continue;
    auto variable = environment_.catalog().FindVariable(*own);
    if (!variable) continue;
    const std::string value = LiteralSql(variable->value, variable->type, environment_.settings().time_zone);
    const bool null = variable->value.IsNull();
    ExprPtr expr =
        logical::Shown(logical::MakeExpr(logical::Literal{std::move(variable->value)}, variable->type, null, origin),
                       std::string(kVariableReference) + "system.session." + *own + "=" + value + ")");
    for (size_t i = parts; i < name.size(); ++i) {
      FS_TRY(expr, ExtractField(std::move(expr), name[i], origin));
    }
    return std::optional<ExprPtr>(std::move(expr));
  }
  return std::optional<ExprPtr>();
}

Error Binder::UnresolvedColumn(const Name& name, const Origin& origin, const Context& context) const {
  std::vector<std::vector<std::string>> candidates;
  std::vector<const Attribute*> visible = Visible(context.inputs);
  // Spark keeps them in a set ordered by name: that decides between equally similar ones.
  std::sort(visible.begin(), visible.end(), [](const Attribute* a, const Attribute* b) {
    return a->name != b->name ? a->name < b->name : a->id < b->id;
  });
  const auto twice = [](const Attribute* a, const Attribute* b) { return a->id == b->id; };
  visible.erase(std::unique(visible.begin(), visible.end(), twice), visible.end());
  for (const Attribute* attribute : visible) {
    std::vector<std::string> parts = attribute->qualifier;
    parts.push_back(attribute->name);
    candidates.push_back(std::move(parts));
  }
  std::string object = ToSqlId(name);
  if (candidates.empty())
    return Error::Condition("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", {{"objectName", object}}, origin);
  std::vector<std::string> proposals = SuggestBySimilarity(Join(name, "."), name.size(), candidates);
  if (proposals.size() > kProposalsMax) proposals.resize(kProposalsMax);
  return Error::Condition("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                          {{"objectName", object}, {"proposal", Join(proposals, ", ")}}, origin);
}

Result<ExprPtr> Binder::EitherReading(const std::function<Result<ExprPtr>()>& read, Context& context) {
  Result<ExprPtr> first = read();
  if (first.ok() || !context.below || context.other_reading) return first;
  static constexpr std::string_view kWrongTypes[] = {"INVALID_EXTRACT_BASE_FIELD_TYPE", "INVALID_EXTRACT_FIELD_TYPE",
                                                     "FIELD_NOT_FOUND"};
  const std::string& condition = first.error().condition();
  const bool twice = condition == "AMBIGUOUS_REFERENCE" && context.clause == Clause::kHaving;
  if (!twice && std::ranges::find(kWrongTypes, condition) == std::end(kWrongTypes)) return first;
  context.other_reading = true;
  Result<ExprPtr> second = read();
  context.other_reading = false;
  return second.ok() ? second : first;
}

Result<ExprPtr> Binder::BindAttribute(const unresolved::Attribute& attribute, const Origin& origin, Context& context) {
  return EitherReading([&] { return ReadAttribute(attribute, origin, context); }, context);
}

Result<std::optional<ExprPtr>> Binder::LookUpGroupAlias(const Name& name, const Origin& origin,
                                                        const Context& context) {
  if (context.group_aliases == nullptr || name.size() != 1 || !environment_.settings().group_by_aliases)
    return std::optional<ExprPtr>();
  for (const Item& item : *context.group_aliases) {
    if (item.is_column || item.is_generator || !SameName(item.output.name, name[0])) continue;
    if (logical::HasAggregate(item.expr))
      return Error::Condition("GROUP_BY_AGGREGATE", {{"sqlExpr", NameOf(item.expr)}}, origin);
    if (item.level > 0) return Error::Condition("UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_GROUP_BY", {}, origin);
    return std::optional<ExprPtr>(item.expr);
  }
  return std::optional<ExprPtr>();
}

Result<ExprPtr> Binder::ReadAttribute(const unresolved::Attribute& attribute, const Origin& origin, Context& context) {
  const Name& name = attribute.name;
  if (name.empty()) return Error::Internal("a column without a name");
  if (attribute.plan_id) return BindByPlanId(attribute, origin, context);
  // HAVING prefers what it groups by and, in aggregate functions, the aggregate's input.
  bool aggregate_first =
      context.aggregate && !context.other_reading && (context.clause == Clause::kHaving || context.aggregate_depth > 0);
  if (aggregate_first) {
    FS_TRY(std::optional<ExprPtr> found, LookUpOverAggregate(name, origin, context));
    if (found) return *found;
  }
  Result<std::optional<ExprPtr>> found = std::optional<ExprPtr>();
  if (!context.other_reading || context.clause != Clause::kOrderBy) found = LookUp(name, context.inputs, origin);
  if (!found.ok()) {
    // ORDER BY a name that the select list has twice may still mean the input's column.
    if (!(context.below && context.clause == Clause::kOrderBy && found.error().condition() == "AMBIGUOUS_REFERENCE")) {
      return found.error();
    }
  } else if (found.value()) {
    return **found;
  }
  if (name.size() == 1) {
    if (std::string_view function = LiteralFunction(name[0]); !function.empty()) {
      unresolved::Function call;
      call.name = {std::string(function)};
      Result<ExprPtr> bound = BindFunction(call, origin, context);
      if (bound.ok() && function == "grouping_id") return logical::Shown(*bound, "grouping__id");
      if (bound.ok() || bound.error().condition() != "UNRESOLVED_ROUTINE") return bound;
    }
  }
  if (context.below && context.inputs.size() == 1) {
    if (context.aggregate && !aggregate_first) {
      FS_TRY(std::optional<ExprPtr> over, LookUpOverAggregate(name, origin, context));
      if (over) return *over;
    }
    FS_TRY(std::optional<ExprPtr> below, LookUpBelow(name, origin, context));
    if (below) return *below;
    if (!found.ok() && !context.aggregate) return found.error();
  }
  FS_TRY(std::optional<ExprPtr> alias, LookUpGroupAlias(name, origin, context));
  if (alias) return *alias;
  FS_TRY(std::optional<ExprPtr> lateral, LookUpLateral(name, origin, context));
  if (lateral) return *lateral;
  FS_TRY(std::optional<ExprPtr> outer, LookUpOuter(name, origin));
  if (outer) return *outer;
  FS_TRY(std::optional<ExprPtr> variable, LookUpVariable(name, origin));
  if (variable) return *variable;
  // Spark looks such names up when it goes through the lambdas of a whole expression.
  return UnresolvedColumn(name, lambdas_.empty() || !origin.FromSql() ? origin : context.whole, context);
}

PlanPtr Binder::PlanWithId(const PlanPtr& plan, int64_t id) const {
  auto it = plan_ids_.find(plan.get());
  if (it != plan_ids_.end() &&
      std::find(it->second.second.begin(), it->second.second.end(), id) != it->second.second.end())
    return plan;
  for (const PlanPtr& input : logical::Inputs(*plan)) {
    if (PlanPtr found = PlanWithId(input, id)) return found;
  }
  return nullptr;
}

Binder::PlanIdMatch Binder::FindByPlanId(const unresolved::Attribute& attribute, const Origin& origin,
                                         const PlanPtr& plan, int depth) {
  PlanIdMatch match;
  auto it = plan_ids_.find(plan.get());
  if (it != plan_ids_.end() &&
      std::find(it->second.second.begin(), it->second.second.end(), *attribute.plan_id) != it->second.second.end()) {
    match.depth = depth;
    Result<std::optional<ExprPtr>> found = LookUp(attribute.name, std::span(&plan, 1), origin);
    if (!found.ok()) {
      match.error = found.error();
    } else {
      match.expr = *found;
    }
    return match;
  }
  // A union's columns are not its inputs'.
  const auto* set = std::get_if<logical::SetOperation>(&plan->node);
  if (set != nullptr && set->op == logical::SetOperator::kUnion) return match;
  for (const PlanPtr& input : logical::Inputs(*plan)) {
    PlanIdMatch below = FindByPlanId(attribute, origin, input, depth + 1);
    if (below.error) {
      match.error = below.error;
      return match;
    }
    if (!below.expr) continue;
    if (match.expr && match.depth == below.depth) {
      match.error =
          Error::Condition("AMBIGUOUS_COLUMN_REFERENCE", {{"name", InDoubleQuotes(Join(attribute.name, "."))}}, origin);
      return match;
    }
    if (!match.expr || below.depth < match.depth) {
      match.expr = below.expr;
      match.depth = below.depth;
    }
  }
  if (match.expr) {  // what a node on the way does not hand up is not there
    std::unordered_set<AttributeId> ids;
    logical::CollectColumns(*match.expr, ids);
    std::vector<Attribute> hidden = HiddenOf(plan);
    for (AttributeId id : ids) {
      bool is_hidden = std::any_of(hidden.begin(), hidden.end(), [&](const Attribute& a) { return a.id == id; });
      if (!Contains(plan, id) && !is_hidden) match.expr.reset();
    }
  }
  return match;
}

Result<ExprPtr> Binder::BindByPlanId(const unresolved::Attribute& attribute, const Origin& origin, Context& context) {
  auto search = [&](std::span<const PlanPtr> inputs) {
    PlanIdMatch match;
    for (const PlanPtr& input : inputs) {
      PlanIdMatch one = FindByPlanId(attribute, origin, input, 0);
      if (one.error) match.error = one.error;
      if (!one.expr) continue;
      if (match.expr && match.depth == one.depth) {
        match.error = Error::Condition("AMBIGUOUS_COLUMN_REFERENCE",
                                       {{"name", InDoubleQuotes(Join(attribute.name, "."))}}, origin);
      } else if (!match.expr || one.depth < match.depth) {
        match.expr = one.expr;
        match.depth = one.depth;
      }
    }
    return match;
  };
  PlanIdMatch match = search(context.inputs);
  if (match.error) return *match.error;
  if (match.expr) return *match.expr;
  if (context.below && context.inputs.size() == 1) {
    for (PlanPtr plan = InputBelow(context.inputs[0]); plan; plan = InputBelow(plan)) {
      PlanIdMatch below = search(std::span(&plan, 1));
      if (below.error) return *below.error;
      if (below.expr) return *below.expr;
    }
  }
  return Error::Condition("CANNOT_RESOLVE_DATAFRAME_COLUMN", {{"name", InDoubleQuotes(Join(attribute.name, "."))}},
                          origin);
}

Result<ExprPtr> Binder::ColumnByName(std::string_view name, const PlanPtr& input, const Origin& origin) {
  FS_TRY(Name parts, ParseName(name));
  FS_TRY(std::optional<ExprPtr> found, LookUp(parts, std::span(&input, 1), origin));
  if (found) return *found;
  Context context;
  context.inputs = {input};
  return UnresolvedColumn(parts, origin, context);
}

}  // namespace firesteel::analyzer
