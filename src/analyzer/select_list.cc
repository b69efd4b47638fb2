// Select lists: stars and regular expressions expanded, names given, generators, lateral aliases, windows.
#include <algorithm>

#include "analyzer/binder.h"
#include "base/text.h"
#include "functions/registry.h"
#include "functions/spark_functions.h"

namespace firesteel::analyzer {

using relations::ColumnOf;
using relations::Named;

namespace {

bool IsGenerator(const logical::Expr& expr) {
  const auto* call = std::get_if<logical::Call>(&expr.node);
  return call != nullptr && call->function->kind == functions::Kind::kGenerator;
}

Attribute AttributeFor(const ExprPtr& expr, std::string name, std::string metadata = "{}") {
  return {logical::NewAttributeId(), std::move(name), expr->type, expr->nullable, std::move(metadata), {}};
}

/// a.b.c: called c, and as good as an alias.
bool IsField(const unresolved::Expr& expression) {
  const auto* attribute = std::get_if<unresolved::Attribute>(&expression.node);
  return attribute != nullptr && attribute->name.size() > 1;
}

/// v:a::int is called as v:a is.
bool CastsVariantField(const unresolved::Expr& expression) {
  const auto* cast = std::get_if<unresolved::Cast>(&expression.node);
  const auto* field = cast != nullptr ? std::get_if<unresolved::Function>(&cast->child->node) : nullptr;
  return field != nullptr && field->name.size() == 1 && field->name[0] == "@variant_field";
}

/// The Java class of a function's call, as errors name it.
std::string JavaClassOf(const logical::Expr& expr) {
  const auto* call = std::get_if<logical::Call>(&expr.node);
  const auto* known = call != nullptr ? functions::FindSparkFunction(call->function->name) : nullptr;
  return std::string(known != nullptr ? known->java_class : "expression");
}

/// The alias of `(a + 1).alias("z").cast("string")`, which names the cast too; or null.
const unresolved::Alias* CastAlias(const unresolved::Expr& expression) {
  const auto* cast = std::get_if<unresolved::Cast>(&expression.node);
  const auto* alias = cast != nullptr ? std::get_if<unresolved::Alias>(&cast->child->node) : nullptr;
  return alias != nullptr && alias->names.size() == 1 ? alias : nullptr;
}

/// Whether an argument, named or not, is itself a call of a generator.
bool NestsGenerator(const unresolved::Function& call) {
  return std::any_of(call.arguments.begin(), call.arguments.end(), [](const UnresolvedPtr& argument) {
    const auto* named = std::get_if<unresolved::NamedArgument>(&argument->node);
    const auto* inner = std::get_if<unresolved::Function>(&(named != nullptr ? named->value : argument)->node);
    const functions::Function* row =
        inner != nullptr && inner->name.size() == 1 ? functions::FindFunction(inner->name[0]) : nullptr;
    return row != nullptr && row->kind == functions::Kind::kGenerator;
  });
}

}  // namespace

// ---------------------------------------------------------------- stars

Result<std::vector<ExprPtr>> Binder::ExpandStar(const unresolved::Star& star, const Origin& origin,
                                                const Context& context) {
  std::vector<ExprPtr> columns;
  if (star.plan_id) {
    for (const PlanPtr& input : context.inputs) {
      PlanPtr plan = PlanWithId(input, *star.plan_id);
      if (!plan) continue;
      // What a USING join hides of its sides counts.
      std::vector<Attribute> reachable = HiddenOf(input);
      reachable.insert(reachable.end(), input->output.begin(), input->output.end());
      for (const Attribute& attribute : plan->output) {
        const bool is_reachable =
            std::ranges::any_of(reachable, [&](const Attribute& a) { return a.id == attribute.id; });
        if (is_reachable) columns.push_back(ColumnOf(attribute));
      }
      return columns;
    }
    return Error::Condition("CANNOT_RESOLVE_DATAFRAME_COLUMN", {{"name", "*"}}, origin);
  }
  std::vector<const Attribute*> visible = Visible(context.inputs);
  if (star.target.empty()) {
    for (const Attribute* attribute : visible) columns.push_back(ColumnOf(*attribute));
    return ApplyExcept(std::move(columns), star.except, origin, context);
  }
  auto collect = [&](std::span<const Attribute* const> attributes, size_t parts) {
    for (const Attribute* attribute : attributes) {
      if (attribute->qualifier.size() < parts) continue;
      size_t skip = attribute->qualifier.size() - parts;
      bool all = true;
      for (size_t i = 0; i < parts && all; ++i) all = SameName(attribute->qualifier[skip + i], star.target[i]);
      if (all) columns.push_back(ColumnOf(*attribute));
    }
  };
  // t.* of a USING join's side has that side's own columns, in its order; what is hidden counts.
  std::vector<Attribute> hidden;
  for (const PlanPtr& input : context.inputs) {
    for (Attribute& attribute : HiddenOf(input)) hidden.push_back(std::move(attribute));
  }
  std::vector<const Attribute*> all;
  for (const Attribute& attribute : hidden) {
    bool shown = std::any_of(visible.begin(), visible.end(), [&](const Attribute* a) { return a->id == attribute.id; });
    if (!shown) all.push_back(&attribute);
  }
  all.insert(all.end(), visible.begin(), visible.end());
  collect(all, star.target.size());
  if (!columns.empty()) return ApplyExcept(std::move(columns), star.except, origin, context);
  FS_TRY(std::optional<ExprPtr> found, LookUp(star.target, context.inputs, origin));
  if (!found) {
    FS_TRY(found, LookUpOuter(star.target, origin));
  }
  if (found && (*found)->type.Is(TypeId::kStruct)) {
    for (const StructField& field : (*found)->type.fields()) {
      FS_TRY(ExprPtr value, ExtractField(*found, field.name, origin));
      columns.push_back(Named(std::move(value), field.name));
    }
    return ApplyExcept(std::move(columns), star.except, origin, context);
  }
  if (!found && !outer_.empty()) {
    const OuterScope scope = outer_.back();
    std::vector<ExprPtr> outer;
    for (const Attribute* attribute : Visible(scope.inputs)) {
      const size_t parts = star.target.size();
      if (attribute->qualifier.size() < parts) continue;
      const size_t skip = attribute->qualifier.size() - parts;
      bool same = true;
      for (size_t i = 0; i < parts && same; ++i) same = SameName(attribute->qualifier[skip + i], star.target[i]);
      if (same) outer.push_back(Named(AsOuter(ColumnOf(*attribute), scope, origin), attribute->name));
    }
    if (!outer.empty()) return ApplyExcept(std::move(outer), star.except, origin, context);
  }
  if (found) {
    return Error::Condition("_LEGACY_ERROR_TEMP_1050", {{"attributes", "List(" + star.target.back() + ")"}}, origin);
  }
  std::vector<std::string> names;
  for (const Attribute* attribute : visible) names.push_back(QuoteIdentifier(attribute->name));
  return Error::Condition("CANNOT_RESOLVE_STAR_EXPAND",
                          {{"targetString", ToSqlId(star.target)}, {"columns", Join(names, ", ")}}, origin);
}

Result<std::vector<ExprPtr>> Binder::ApplyExcept(std::vector<ExprPtr> columns, const std::vector<Name>& except,
                                                 const Origin& origin, const Context& context) {
  if (except.empty()) return columns;
  auto name_of = [](const ExprPtr& e) {
    if (const auto* alias = std::get_if<logical::Alias>(&e->node)) return alias->output.name;
    return std::get<logical::Column>(e->node).name;
  };
  std::vector<std::pair<size_t, Name>> nested;  // column, path below it
  std::vector<bool> gone(columns.size(), false);
  for (const Name& name : except) {
    bool found = false;
    for (size_t i = 0; i < columns.size(); ++i) {
      // A qualified name, a bare one, or a path into a struct.
      std::vector<const Attribute*> one;
      for (const Attribute* attribute : Visible(context.inputs)) {
        const auto* column = std::get_if<logical::Column>(&columns[i]->node);
        if (column != nullptr && attribute->id == column->id) one.push_back(attribute);
      }
      size_t used = 0;
      NameMatch match = Match(name, one, false);
      if (!match.candidates.empty()) {
        used = match.used;
      } else if (SameName(name_of(columns[i]), name[0])) {
        used = 1;
      }
      if (used == 0) continue;
      if (used == name.size()) {
        if (gone[i]) {
          std::vector<std::string> names;
          for (const Name& n : except) names.push_back(Join(n, "."));
          return Error::Condition("EXCEPT_OVERLAPPING_COLUMNS", {{"columns", Join(names, ", ")}}, origin);
        }
        gone[i] = true;
      } else {
        nested.emplace_back(i, Name(name.begin() + used, name.end()));
      }
      found = true;
      break;
    }
    if (!found) {
      std::vector<std::vector<std::string>> candidates;
      for (const ExprPtr& column : columns) candidates.push_back({name_of(column)});
      std::vector<std::string> proposals = SuggestBySimilarity(Join(name, "."), name.size(), candidates);
      if (proposals.size() > kProposalsMax) proposals.resize(kProposalsMax);
      return Error::Condition("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                              {{"objectName", ToSqlId(name)}, {"proposal", Join(proposals, ", ")}}, origin);
    }
  }
  for (const auto& [index, path] : nested) {
    if (gone[index]) continue;
    ExprPtr inner = columns[index];
    std::string name = name_of(inner);
    if (const auto* alias = std::get_if<logical::Alias>(&inner->node)) inner = alias->child;
    FS_TRY(ExprPtr updated, UpdateField(inner, path, nullptr, origin));
    columns[index] = Named(std::move(updated), std::move(name));
  }
  std::vector<ExprPtr> kept;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!gone[i]) kept.push_back(std::move(columns[i]));
  }
  return kept;
}

Result<std::vector<ExprPtr>> Binder::ExpandRegex(const unresolved::Regex& regex, const Context& context) {
  FS_TRY(auto matches, relations::ColumnPattern(regex.pattern, settings().case_sensitive));
  std::vector<ExprPtr> columns;
  for (const Attribute* attribute : Visible(context.inputs)) {
    const bool of_table =
        regex.table.empty() || (!attribute->qualifier.empty() && SameName(attribute->qualifier.back(), regex.table));
    if (of_table && matches(attribute->name)) columns.push_back(ColumnOf(*attribute));
  }
  return columns;
}

Result<std::vector<UnresolvedPtr>> Binder::ExpandStars(const UnresolvedPtr& expression, Context& context,
                                                       std::vector<ExprPtr>& bound) {
  FS_TRY(UnresolvedPtr inner, Unwrap(expression));
  if (const auto* star = std::get_if<unresolved::Star>(&inner->node)) {
    FS_TRY(bound, ExpandStar(*star, inner->origin, context));
    return std::vector<UnresolvedPtr>();
  }
  if (const auto* regex = std::get_if<unresolved::Regex>(&inner->node)) {
    FS_TRY(bound, ExpandRegex(*regex, context));
    return std::vector<UnresolvedPtr>();
  }
  return std::vector<UnresolvedPtr>{std::move(inner)};
}

// ---------------------------------------------------------------- items

Result<Binder::Item> Binder::BindItem(const UnresolvedPtr& expression, Context& context) {
  FS_TRY(UnresolvedPtr source, Unwrap(expression));
  Item item;
  std::string metadata;  // empty: none was given, not even an empty one
  std::optional<std::string> given;
  while (const auto* alias = std::get_if<unresolved::Alias>(&source->node)) {
    if (!given && item.names.empty()) {
      if (alias->names.size() == 1) given = alias->names[0];
      item.names = alias->names;
    }
    if (metadata.empty()) metadata = alias->metadata;
    FS_TRY(source, Unwrap(alias->child));
  }
  const Origin before = context.whole;
  if (std::holds_alternative<unresolved::Alias>(expression->node)) context.whole = expression->origin;
  Result<ExprPtr> bound = BindExpr(source, context);
  context.whole = before;
  if (!bound.ok()) return bound.error();
  item.expr = *bound;
  if (IsGenerator(*item.expr)) {
    item.is_generator = true;
    const auto& call = std::get<logical::Call>(item.expr->node);
    if (call.function->group == "variant_funcs") {  // table functions only
      return Error::Condition("NOT_A_SCALAR_FUNCTION", {{"functionName", QuoteIdentifier(call.function->name)}},
                              source->origin);
    }
    item.generator_outer = call.function->name.ends_with("_outer");
    return item;
  }
  if (item.names.size() > 1) {
    return Error::Condition("MULTI_ALIAS_WITHOUT_GENERATOR",
                            {{"expr", Sql(item.expr)}, {"names", Join(item.names, ", ")}}, source->origin);
  }
  if (given) {
    item.output = AttributeFor(item.expr, *given, metadata.empty() ? "{}" : metadata);
    if (metadata.empty()) {  // an alias of a column keeps the column's metadata
      if (const auto* column = std::get_if<logical::Column>(&item.expr->node)) {
        for (const Attribute* attribute : Visible(context.inputs)) {
          if (attribute->id == column->id) item.output.metadata = attribute->metadata;
        }
      }
    }
    return item;
  }
  if (const auto* column = std::get_if<logical::Column>(&item.expr->node); column != nullptr && !column->outer) {
    for (const Attribute* attribute : Visible(context.inputs)) {
      if (attribute->id == column->id) {
        item.output = *attribute;
        item.output.name = column->name;
        item.is_column = true;
        return item;
      }
    }
    // A hidden column, or a lateral alias.
    item.output = AttributeFor(item.expr, column->name);
    return item;
  }
  std::string name;
  if (const auto* attribute = std::get_if<unresolved::Attribute>(&source->node);
      attribute != nullptr &&
      (std::holds_alternative<logical::Literal>(item.expr->node)
           ? item.expr->type.Is(TypeId::kNull) ||
                 (item.expr->shown != nullptr && item.expr->shown->starts_with(kVariableReference))
           : attribute->name.size() > 1)) {
    name = attribute->name.back();  // a.b.c is called c
  } else if (CastsVariantField(*source)) {
    const auto* cast = std::get_if<logical::Cast>(&item.expr->node);
    name = NameOf(cast != nullptr ? cast->child : item.expr);
  } else if (const auto* named = CastAlias(*source); named != nullptr) {
    name = named->names[0];
  } else if (const auto* cast = std::get_if<logical::Cast>(&item.expr->node);
             cast != nullptr && !cast->implicit && std::holds_alternative<logical::Column>(cast->child->node)) {
    name = std::get<logical::Column>(cast->child->node).name;
  } else if (const auto* column = std::get_if<logical::Column>(&item.expr->node)) {
    name = column->name;
  } else {
    name = NameOf(item.expr);
  }
  item.output = AttributeFor(item.expr, std::move(name));
  return item;
}

Result<std::vector<Binder::Item>> Binder::BindItems(std::span<const SelectItem> list, Context& context) {
  std::vector<Item> items;
  std::vector<LateralAlias> laterals;
  std::unordered_map<AttributeId, int> levels;
  const std::vector<LateralAlias>* before = context.lateral;
  context.lateral = &laterals;
  auto add_bound = [&](const ExprPtr& bound) {
    Item item;
    if (const auto* alias = std::get_if<logical::Alias>(&bound->node)) {
      item.expr = alias->child;
      item.output = alias->output;
    } else {
      item.expr = bound;
      AttributeId id = std::get<logical::Column>(bound->node).id;
      item.is_column = false;
      for (const Attribute* attribute : Visible(context.inputs)) {
        if (attribute->id == id && !item.is_column) {
          item.output = *attribute;
          item.is_column = true;
        }
      }
      if (!item.is_column) item.output = AttributeFor(bound, std::get<logical::Column>(bound->node).name);
    }
    items.push_back(std::move(item));
  };
  auto bind_all = [&]() -> Status {
    for (const SelectItem& select_item : list) {
      if (select_item.bound) {
        add_bound(select_item.bound);
        continue;
      }
      std::vector<ExprPtr> columns;
      FS_TRY(std::vector<UnresolvedPtr> sources, ExpandStars(select_item.unbound, context, columns));
      for (const ExprPtr& column : columns) add_bound(column);
      for (const UnresolvedPtr& source : sources) {
        FS_TRY(Item item, BindItem(source, context));
        if (!laterals.empty() || !levels.empty()) {
          std::unordered_set<AttributeId> ids;
          logical::CollectColumns(item.expr, ids);
          for (AttributeId id : ids) {
            if (auto it = levels.find(id); it != levels.end()) item.level = std::max(item.level, it->second + 1);
          }
        }
        if (item.is_generator) {
          if (item.names.size() == 1) laterals.push_back({item.names[0], {}, true});
        } else if (!item.is_column && (std::holds_alternative<unresolved::Alias>(source->node) || IsField(*source))) {
          levels[item.output.id] = item.level;
          laterals.push_back({item.output.name, item.output});
        }
        items.push_back(std::move(item));
      }
    }
    return {};
  };
  Status status = bind_all();
  context.lateral = before;
  if (!status.ok()) return status.error();
  return items;
}

Result<std::vector<ExprPtr>> Binder::BindList(std::span<const UnresolvedPtr> expressions, const PlanPtr& input,
                                              Clause clause) {
  Context context;
  context.inputs = {input};
  context.clause = clause;
  std::vector<SelectItem> list;
  for (const UnresolvedPtr& expression : expressions) list.push_back({expression, nullptr});
  FS_TRY(std::vector<Item> items, BindItems(list, context));
  std::vector<ExprPtr> bound;
  for (Item& item : items) {
    FS_CHECK(CheckPlaces(item.expr, clause, item.expr->origin, context.inputs));
    if (item.is_generator || item.level > 0)
      return Error::Unsupported("generators and lateral aliases here", item.expr->origin);
    bound.push_back(item.is_column ? item.expr
                                   : logical::MakeExpr(logical::Alias{item.expr, item.output}, item.expr->type,
                                                       item.expr->nullable, item.expr->origin));
  }
  return bound;
}

// ---------------------------------------------------------------- plans of select lists

Result<PlanPtr> Binder::GenerateOver(PlanPtr plan, const ExprPtr& generator, bool outer,
                                     const std::vector<std::string>& names, const std::string& qualifier,
                                     const Origin& origin) {
  const auto& call = std::get<logical::Call>(generator->node);
  std::vector<StructField> fields = relations::GeneratedColumns(call);
  if (!names.empty() && names.size() != fields.size()) {
    std::vector<std::string> aliases;
    for (const std::string& name : names) aliases.push_back(name);
    return Error::Condition("UDTF_ALIAS_NUMBER_MISMATCH",
                            {{"aliasesSize", std::to_string(fields.size())}, {"aliasesNames", Join(aliases, ",")}},
                            origin);
  }
  logical::Generate node;
  node.generator = generator;
  node.outer = outer;
  for (size_t i = 0; i < fields.size(); ++i) {
    Attribute attribute{logical::NewAttributeId(),
                        names.empty() ? fields[i].name : names[i],
                        fields[i].type,
                        fields[i].nullable || outer,
                        "{}",
                        {}};
    if (!qualifier.empty()) attribute.qualifier = {qualifier};
    node.generated.push_back(std::move(attribute));
  }
  std::vector<Attribute> output = plan->output;
  output.insert(output.end(), node.generated.begin(), node.generated.end());
  node.input = std::move(plan);
  return logical::MakePlan(std::move(node), std::move(output), origin);
}

Result<PlanPtr> Binder::Generate(const UnresolvedPtr& generator, PlanPtr input, bool outer,
                                 const std::vector<std::string>& names, const std::string& qualifier,
                                 const Origin& origin) {
  Context context;
  context.inputs = {input};
  context.clause = Clause::kSelect;
  const auto* called = std::get_if<unresolved::Function>(&generator->node);
  Result<ExprPtr> result = BindExpr(generator, context);
  if (!result.ok()) {  // that an argument is a generator is worse than its type
    const auto& parameters = result.error().parameters();
    const auto text = parameters.find("sqlExpr");
    if (called == nullptr || text == parameters.end() || !NestsGenerator(*called)) return result.error();
    return Error::Condition("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", {{"expression", text->second}},
                            generator->origin);
  }
  const ExprPtr bound = std::move(result).value();
  if (!IsGenerator(*bound)) {
    return Error::Condition("UNSUPPORTED_GENERATOR.NOT_GENERATOR",
                            {{"functionName", called != nullptr ? ToSqlId(called->name) : Sql(bound)},
                             {"classCanonicalName", JavaClassOf(*bound)}},
                            origin);
  }
  const auto& call = std::get<logical::Call>(bound->node);
  for (const ExprPtr& argument : call.arguments) {
    if (logical::Any(argument, IsGenerator)) {
      return Error::Condition("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", {{"expression", Sql(bound)}},
                              generator->origin);
    }
  }
  input = Supply(input, bound);
  return GenerateOver(std::move(input), bound, outer || call.function->name.ends_with("_outer"), names, qualifier,
                      origin);
}

Result<PlanPtr> Binder::Layer(PlanPtr plan, std::vector<Item> items, const Origin& origin) {
  // Lateral aliases: what others refer to is computed by projections below.
  int top = 0;
  for (const Item& item : items) top = std::max(top, item.level);
  std::unordered_set<AttributeId> done;
  for (int level = 0; level < top; ++level) {
    std::vector<ExprPtr> columns;
    for (const Attribute& attribute : plan->output) columns.push_back(ColumnOf(attribute));
    bool added = false;
    for (const Item& item : items) {
      if (item.level != level || item.is_column || item.is_generator) continue;
      columns.push_back(logical::MakeExpr(logical::Alias{item.expr, item.output}, item.expr->type, item.expr->nullable,
                                          item.expr->origin));
      done.insert(item.output.id);
      added = true;
    }
    if (added) plan = relations::ProjectTo(std::move(plan), std::move(columns), origin);
  }
  std::vector<std::pair<size_t, size_t>> generated(items.size());  // positions of a generator's columns
  for (const Item& item : items) {
    if (!item.is_generator) {
      if (logical::Any(item.expr, IsGenerator)) {
        return Error::Condition("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", {{"expression", Sql(item.expr)}});
      }
      continue;
    }
    for (const ExprPtr& argument : logical::Children(*item.expr)) {
      if (logical::Any(argument, IsGenerator)) {
        return Error::Condition("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", {{"expression", Sql(item.expr)}});
      }
    }
  }
  const bool over_groups = std::holds_alternative<logical::Aggregate>(plan->node);
  if (over_groups && std::any_of(items.begin(), items.end(), [](const Item& item) { return item.is_generator; })) {
    // Windows look at the groups, not at what a generator makes of them.
    std::vector<ExprPtr> columns;
    for (const Attribute& attribute : plan->output) columns.push_back(ColumnOf(attribute));
    const size_t before = columns.size();
    for (const Item& item : items) {
      if (item.is_generator || item.is_column || done.contains(item.output.id) || !logical::HasWindow(item.expr))
        continue;
      columns.push_back(logical::MakeExpr(logical::Alias{item.expr, item.output}, item.expr->type, item.expr->nullable,
                                          item.expr->origin));
      done.insert(item.output.id);
    }
    if (columns.size() > before) plan = relations::ProjectTo(std::move(plan), std::move(columns), origin);
  }
  for (size_t i = 0; i < items.size(); ++i) {  // several: every row of one with every row of the other
    const Item& item = items[i];
    if (!item.is_generator) continue;
    generated[i].first = plan->output.size();
    Result<PlanPtr> over = GenerateOver(plan, item.expr, item.generator_outer, item.names, "", origin);
    if (!over.ok() && over.error().condition() == "UDTF_ALIAS_NUMBER_MISMATCH")
      return Error::Condition(over.error().condition(), over.error().parameters());  // Spark tells no place
    FS_TRY(plan, std::move(over));
    generated[i].second = plan->output.size();
  }
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    if (item.is_generator) {
      for (size_t c = generated[i].first; c < generated[i].second; ++c) columns.push_back(ColumnOf(plan->output[c]));
    } else if (item.is_column || done.contains(item.output.id)) {
      columns.push_back(item.is_column ? item.expr : ColumnOf(item.output));
    } else {
      columns.push_back(logical::MakeExpr(logical::Alias{item.expr, item.output}, item.expr->type, item.expr->nullable,
                                          item.expr->origin));
    }
  }
  return relations::ProjectTo(std::move(plan), std::move(columns), origin);
}

Result<std::vector<Binder::Item>> Binder::AtSelect(Result<std::vector<Item>> items, const Origin& origin) {
  if (items.ok() || items.error().condition() != "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE") return items;
  return items.error().At(origin);
}

// A generator's columns can be named by the items beside it: the list again over the plan that makes them.
Result<PlanPtr> Binder::SelectOverGenerator(std::span<const SelectItem> list, const PlanPtr& input,
                                            const Origin& origin) {
  std::vector<SelectItem> rest;
  PlanPtr plan;
  for (const SelectItem& select_item : list) {
    if (select_item.bound) {
      rest.push_back(select_item);
      continue;
    }
    Context context;
    context.inputs = {input};
    context.clause = Clause::kSelect;
    std::vector<ExprPtr> columns;
    Result<std::vector<UnresolvedPtr>> sources = ExpandStars(select_item.unbound, context, columns);
    if (!sources.ok()) return PlanPtr();
    for (ExprPtr& column : columns) rest.push_back({nullptr, std::move(column)});
    for (const UnresolvedPtr& source : *sources) {
      Result<Item> item = BindItem(source, context);
      if (item.ok() && logical::HasAggregate(item->expr)) return PlanPtr();
      if (item.ok() && item->is_column && !std::holds_alternative<unresolved::Alias>(source->node)) {
        rest.push_back({nullptr, item->expr});  // the input's column, whatever a generator calls its own
        continue;
      }
      if (!item.ok() || !item->is_generator || plan) {
        rest.push_back({source, nullptr});
        continue;
      }
      const PlanPtr below = Supply(input, item->expr);
      FS_TRY(plan, GenerateOver(below, item->expr, item->generator_outer, item->names, "", origin));
      for (size_t i = below->output.size(); i < plan->output.size(); ++i)
        rest.push_back({nullptr, ColumnOf(plan->output[i])});
    }
  }
  return plan ? SelectItems(rest, plan, origin) : plan;
}

Result<PlanPtr> Binder::SelectItems(std::span<const SelectItem> list, PlanPtr input, const Origin& origin) {
  Context context;
  context.inputs = {input};
  context.clause = Clause::kSelect;
  context.whole = origin;
  Result<std::vector<Item>> bound = BindItems(list, context);
  if (!bound.ok() && bound.error().condition().starts_with("UNRESOLVED_COLUMN")) {
    FS_TRY(PlanPtr over, SelectOverGenerator(list, input, origin));
    if (over) return over;
  }
  FS_TRY(std::vector<Item> items, AtSelect(std::move(bound), origin));
  bool aggregates =
      std::any_of(items.begin(), items.end(), [](const Item& item) { return logical::HasAggregate(item.expr); });
  for (const Item& item : items) input = Supply(input, item.expr);
  for (const Item& item : items) {
    const logical::Expr* grouping = nullptr;
    logical::Any(item.expr, [&](const logical::Expr& e) {
      if (IsGroupingCall(e)) grouping = &e;
      return grouping != nullptr;
    });
    if (grouping != nullptr) return Error::Condition("UNSUPPORTED_GROUPING_EXPRESSION", {}, grouping->origin);
  }
  for (const Item& item : items) {
    if (aggregates && logical::Any(item.expr, IsGenerator) && !item.is_generator)
      return Error::Condition("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", {{"expression", Sql(item.expr)}});
  }
  if (aggregates) return BuildAggregate(std::move(input), {}, std::move(items), origin);
  return Layer(std::move(input), std::move(items), origin);
}

}  // namespace firesteel::analyzer
