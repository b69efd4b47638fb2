// Session variables, and EXECUTE IMMEDIATE, which speaks of them.
#include <set>

#include "base/text.h"
#include "commands/commands.h"
#include "relations/resolver.h"
#include "types/coercion.h"
#include "types/type_text.h"

namespace firesteel::commands {
namespace {

using unresolved::ExprPtr;
using unresolved::NamePlace;

constexpr std::string_view kSearchPath = "[`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]";

Error Unresolved(const NamePlace& place) {
  return Error::Condition("UNRESOLVED_VARIABLE",
                          {{"variableName", ToSqlId(place.name)}, {"searchPath", std::string(kSearchPath)}},
                          place.origin);
}

std::string FullName(const std::string& name) { return ToSqlId(unresolved::Name{"system", "session", name}); }

Result<std::string> NameOf(const NamePlace& place, Context& context) {
  if (auto name = catalog::VariableNameOf(place.name, context.settings().case_sensitive)) return *name;
  return Unresolved(place);
}

Result<catalog::Variable> Find(const NamePlace& place, Context& context) {
  FS_TRY(const std::string name, NameOf(place, context));
  if (auto found = context.variables().Find(name)) return *found;
  return Unresolved(place);
}

struct TypedValues {
  std::vector<std::string> names;  // as a query would call them
  std::vector<DataType> types;
  std::vector<Value> values;
};

/// Constant expressions, computed together.
Result<TypedValues> Evaluate(std::vector<ExprPtr> expressions, const Origin& origin, Context& context) {
  const auto one_row = unresolved::MakeRelation(unresolved::OneRow{}, origin);
  FS_TRY(logical::PlanPtr plan,
         context.Analyze(unresolved::MakeRelation(unresolved::Project{one_row, std::move(expressions)}, origin)));
  FS_TRY(auto rows, context.Collect(plan, 1));
  TypedValues typed;
  for (const auto& column : plan->output) {
    typed.names.push_back(column.name);
    typed.types.push_back(column.type);
  }
  if (rows.size() == 1) typed.values = std::move(rows[0]);
  if (typed.values.size() != typed.types.size()) return Error::Internal("constants that are not one row");
  return typed;
}

/// A value as its variable takes it; what fails, fails as the whole statement.
Result<Value> ValueFor(const catalog::Variable& variable, const ExprPtr& given, unresolved::EvalMode mode,
                       const Origin& origin, Context& context) {
  if (given == nullptr) return Value();
  unresolved::Cast cast{.child = given, .type = variable.type, .type_text = {}, .mode = mode};
  FS_TRY(TypedValues typed, Evaluate({unresolved::MakeExpr(std::move(cast), origin)}, origin, context));
  return std::move(typed.values[0]);
}

Status CheckDistinct(const std::vector<NamePlace>& names, Context& context) {
  std::set<std::string> seen;
  for (const NamePlace& place : names) {
    FS_TRY(const std::string name, NameOf(place, context));
    if (!seen.insert(name).second) return Error::Condition("DUPLICATE_ASSIGNMENTS", {{"nameList", ToSqlId(name)}});
  }
  return {};
}

}  // namespace

Result<logical::PlanPtr> Run(const unresolved::DeclareVariable& command, const Origin& origin, Context& context) {
  FS_CHECK(CheckDistinct(command.names, context));
  for (const NamePlace& place : command.names) {
    catalog::Variable variable{.name = {}, .type = {}, .value = {}, .default_value = command.default_value};
    FS_TRY(variable.name, NameOf(place, context));
    if (command.type) {
      variable.type = *command.type;
      FS_TRY(variable.value,
             ValueFor(variable, command.default_value, unresolved::EvalMode::kDefault, origin, context));
    } else {
      FS_TRY(TypedValues typed, Evaluate({command.default_value}, origin, context));
      variable.type = typed.types[0];
      variable.value = std::move(typed.values[0]);
    }
    const std::string shown = FullName(variable.name);
    if (!context.variables().Put(std::move(variable), command.replace))
      return Error::Condition("VARIABLE_ALREADY_EXISTS", {{"variableName", shown}});
  }
  return NoRows();
}

Status AssignFromQuery(const std::vector<NamePlace>& names, const logical::PlanPtr& query, Context& context) {
  FS_CHECK(CheckDistinct(names, context));
  if (query->output.size() != names.size()) {
    return Error::Condition("ASSIGNMENT_ARITY_MISMATCH", {{"numTarget", std::to_string(names.size())},
                                                          {"numExpr", std::to_string(query->output.size())}});
  }
  // Each value cast to its variable's type; two rows are enough to see that there are too many.
  std::vector<logical::ExprPtr> columns;
  std::vector<logical::Attribute> output;
  std::vector<std::string> targets;
  for (size_t i = 0; i < names.size(); ++i) {
    FS_TRY(const catalog::Variable variable, Find(names[i], context));
    targets.push_back(variable.name);
    const logical::Attribute& column = query->output[i];
    if (!CanCast(column.type, variable.type, true)) {
      return Error::Condition("CANNOT_UP_CAST_DATATYPE", {{"expression", column.name},
                                                          {"sourceType", InDoubleQuotes(TypeSql(column.type))},
                                                          {"targetType", InDoubleQuotes(TypeSql(variable.type))},
                                                          {"details", ""}});
    }
    auto value = logical::MakeExpr(logical::Column{column.id, column.name}, column.type, column.nullable);
    value = logical::MakeExpr(logical::Cast{std::move(value), logical::EvalMode::kAnsi, true}, variable.type, true);
    output.push_back({.id = logical::NewAttributeId(), .name = column.name, .type = variable.type});
    columns.push_back(logical::MakeExpr(logical::Alias{std::move(value), output.back()}, variable.type, true));
  }
  logical::PlanPtr plan = logical::MakePlan(logical::Limit{.input = query, .limit = 2}, query->output);
  plan = logical::MakePlan(logical::Project{std::move(plan), std::move(columns)}, std::move(output));
  FS_TRY(auto rows, context.Collect(plan, 2));
  if (rows.size() > 1) return Error::Condition("ROW_SUBQUERY_TOO_MANY_ROWS", {}).As(ErrorClass::kSpark);
  for (size_t i = 0; i < targets.size(); ++i)
    context.variables().Assign(targets[i], rows.empty() ? Value() : std::move(rows[0][i]));
  return {};
}

Result<logical::PlanPtr> Run(const unresolved::SetVariable& command, const Origin& origin, Context& context) {
  for (const NamePlace& place : command.names) FS_CHECK(Find(place, context));
  FS_CHECK(CheckDistinct(command.names, context));
  if (command.query != nullptr) {
    FS_TRY(logical::PlanPtr query, context.Analyze(command.query));
    FS_CHECK(AssignFromQuery(command.names, query, context));
    return NoRows();
  }
  // All values are computed before the first one is assigned.
  std::vector<std::pair<std::string, Value>> values;
  for (size_t i = 0; i < command.names.size(); ++i) {
    FS_TRY(const catalog::Variable variable, Find(command.names[i], context));
    const ExprPtr& given = command.values[i] != nullptr ? command.values[i] : variable.default_value;
    FS_TRY(Value value, ValueFor(variable, given, unresolved::EvalMode::kAnsi, origin, context));
    values.emplace_back(variable.name, std::move(value));
  }
  for (auto& [name, value] : values) context.variables().Assign(name, std::move(value));
  return NoRows();
}

Result<logical::PlanPtr> Run(const unresolved::DropVariable& command, const Origin&, Context& context) {
  FS_TRY(const std::string name, NameOf(command.name, context));
  if (!context.variables().Drop(name) && !command.if_exists)
    return Error::Condition("VARIABLE_NOT_FOUND", {{"variableName", FullName(name)}});
  return NoRows();
}

Result<logical::PlanPtr> Run(const unresolved::ExecuteImmediate&, const Origin& origin, Context&) {
  return Error::Unsupported("EXECUTE IMMEDIATE here", origin);
}

Result<unresolved::SqlQuery> ImmediateStatement(const unresolved::ExecuteImmediate& command, const Origin& origin,
                                                Context& context) {
  FS_TRY(const TypedValues text, Evaluate({command.text}, origin, context));
  if (!text.types[0].Is(TypeId::kString)) {
    return Error::Condition("INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE",
                            {{"exprType", InDoubleQuotes(TypeSql(text.types[0]))}});
  }
  if (text.values[0].IsNull())
    return Error::Condition("NULL_QUERY_STRING_EXECUTE_IMMEDIATE", {{"varName", ToSqlId(text.names[0])}});
  unresolved::SqlQuery query;
  query.text = text.values[0].As<std::string>();
  for (const ExprPtr& argument : command.arguments) {
    const auto* alias = std::get_if<unresolved::Alias>(&argument->node);
    const ExprPtr& child = alias != nullptr ? alias->child : argument;
    FS_TRY(
        TypedValues value,
        Evaluate({unresolved::MakeExpr(unresolved::Alias{child, {"value"}, {}}, argument->origin)}, origin, context));
    ExprPtr literal =
        unresolved::MakeExpr(unresolved::Literal{value.types[0], std::move(value.values[0])}, argument->origin);
    const auto* attribute = std::get_if<unresolved::Attribute>(&child->node);
    if (alias != nullptr) {
      query.named_arguments[alias->names[0]] = literal;
    } else if (attribute != nullptr) {
      query.named_arguments[attribute->name.back()] = literal;  // a variable gives its own name too
    }
    query.positional_arguments.push_back(std::move(literal));
  }
  return query;
}

}  // namespace firesteel::commands
