// Small pieces of plan that many relations are made of; see resolver.h.
#include <unordered_map>

#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "relations/resolver.h"

namespace firesteel::relations {

using logical::Alias;
using logical::Column;

ExprPtr ColumnOf(const Attribute& attribute) {
  return logical::MakeExpr(Column{attribute.id, attribute.name}, attribute.type, attribute.nullable);
}

ExprPtr Named(ExprPtr expression, std::string name, std::string metadata) {
  Attribute output{logical::NewAttributeId(), std::move(name),     expression->type,
                   expression->nullable,      std::move(metadata), {}};
  DataType type = expression->type;
  bool nullable = expression->nullable;
  Origin origin = expression->origin;
  return logical::MakeExpr(Alias{std::move(expression), std::move(output)}, std::move(type), nullable,
                           std::move(origin));
}

namespace {

ExprPtr MakeCast(ExprPtr expression, const DataType& type, const Settings& settings, bool implicit) {
  bool nullable = expression->nullable || CastMayBeNull(expression->type, type, settings.ansi);
  Origin origin = expression->origin;
  auto mode = settings.ansi ? logical::EvalMode::kAnsi : logical::EvalMode::kLegacy;
  return logical::MakeExpr(logical::Cast{std::move(expression), mode, implicit}, type, nullable, std::move(origin));
}

}  // namespace

ExprPtr ImplicitCast(ExprPtr expression, const DataType& type, const Settings& settings) {
  if (expression->type == type) return expression;
  return MakeCast(std::move(expression), type, settings, true);
}

ExprPtr ExplicitCast(ExprPtr expression, const DataType& type, const Settings& settings) {
  return MakeCast(std::move(expression), type, settings, false);
}

ExprPtr LiteralOf(Value value, DataType type) {
  bool nullable = value.IsNull();
  return logical::MakeExpr(logical::Literal{std::move(value)}, std::move(type), nullable);
}

PlanPtr ProjectTo(PlanPtr input, std::vector<ExprPtr> expressions, const Origin& origin) {
  std::unordered_map<logical::AttributeId, const Attribute*> by_id;
  by_id.reserve(input->output.size());
  for (const Attribute& attribute : input->output) by_id.emplace(attribute.id, &attribute);
  std::vector<Attribute> output;
  output.reserve(expressions.size());
  for (const ExprPtr& expression : expressions) {
    if (const auto* alias = std::get_if<Alias>(&expression->node)) {
      output.push_back(alias->output);
    } else {
      const auto& column = std::get<Column>(expression->node);
      auto it = by_id.find(column.id);
      if (it != by_id.end()) {
        output.push_back(*it->second);
        output.back().name = column.name;
      } else {  // a bug that the validator reports; keep the tree printable
        output.push_back({column.id, column.name, expression->type, expression->nullable, "{}", {}});
      }
    }
  }
  return logical::MakePlan(logical::Project{std::move(input), std::move(expressions)}, std::move(output), origin);
}

Error Requirement(std::string_view message) {
  return JavaException(kIllegalArgumentClasses, Cat("requirement failed: ", message));
}

Origin InMethod(const char* method) {
  Origin origin;
  origin.fragment = std::make_shared<const std::string>(method);
  return origin;
}

Result<ExprPtr> FieldByName(std::string_view name, const PlanPtr& input, const Origin& origin, Resolver& resolver) {
  Result<ExprPtr> found = resolver.ColumnByName(name, input, origin);
  if (found.ok() || found.error().condition() != "UNRESOLVED_COLUMN.WITH_SUGGESTION") return found;
  FS_TRY(unresolved::Name parts, resolver.ParseName(name));
  std::vector<std::string> proposals;
  for (const Attribute& attribute : input->output) proposals.push_back(QuoteIdentifier(attribute.name));
  return Error::Condition("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                          {{"objectName", ToSqlId(parts)}, {"proposal", firesteel::Join(proposals, ", ")}}, origin);
}

Error TableNotFound(const unresolved::Name& name, const Origin& origin) {
  return Error::Condition("TABLE_OR_VIEW_NOT_FOUND",
                          {{"relationName", ToSqlId(name)},
                           {"searchPath", "[`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]"}},
                          origin);
}

PlanPtr KeepFirst(PlanPtr plan, size_t count, const Origin& origin) {
  if (plan->output.size() == count) return plan;
  std::vector<ExprPtr> columns;
  columns.reserve(count);
  for (size_t i = 0; i < count; ++i) columns.push_back(ColumnOf(plan->output[i]));
  return ProjectTo(std::move(plan), std::move(columns), origin);
}

}  // namespace firesteel::relations
