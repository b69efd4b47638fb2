// Casts and type errors for rows with a bind of their own.
#include "functions/bind.h"

#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "functions/query_site.h"
#include "functions/registry.h"
#include "types/type_text.h"

namespace firesteel::functions {

using logical::EvalMode;
using logical::ExprPtr;

EvalMode SessionMode(const CallSite& site) { return site.settings.ansi ? EvalMode::kAnsi : EvalMode::kLegacy; }

ExprPtr ExplicitCast(const ExprPtr& expr, const DataType& type, EvalMode mode, const Origin& origin) {
  const bool may_be_null =
      mode == EvalMode::kTry ? !CanUpCast(expr->type, type) : CastMayBeNull(expr->type, type, mode == EvalMode::kAnsi);
  return logical::MakeExpr(logical::Cast{expr, mode, false}, type, expr->nullable || may_be_null, origin);
}

ExprPtr CastTo(const ExprPtr& expr, const DataType& type, const CallSite& site) {
  if (expr->type == type) return expr;
  if (expr->type.Is(TypeId::kNull) && std::holds_alternative<logical::Literal>(expr->node)) {
    return logical::MakeExpr(logical::Literal{}, type, true, expr->origin);
  }
  const EvalMode mode = SessionMode(site);
  const bool nullable = expr->nullable || CastMayBeNull(expr->type, type, mode == EvalMode::kAnsi);
  return logical::MakeExpr(logical::Cast{expr, mode, true}, type, nullable, site.origin);
}

ExprPtr CastIfNotSameType(const ExprPtr& expr, const DataType& type, const CallSite& site) {
  return expr->type.SameType(type) ? expr : CastTo(expr, type, site);
}

ExprPtr BytesBehind(const ExprPtr& text) {
  const auto* cast = std::get_if<logical::Cast>(&text->node);
  if (cast == nullptr || !text->type.Is(TypeId::kString) || !cast->child->type.Is(TypeId::kBinary)) return text;
  return logical::Shown(cast->child, logical::PrettyName(*text));
}

ExprPtr LiteralOf(Value value, const DataType& type, const Origin& origin) {
  const bool null = value.IsNull();
  return logical::MakeExpr(logical::Literal{std::move(value)}, type, null, origin);
}

ExprPtr Built(const CallSite& site, std::string_view name, const DataType& type, bool nullable, EvalMode mode) {
  return logical::MakeExpr(logical::Call{FindFunction(name), site.arguments, mode}, type, nullable, site.origin);
}

ExprPtr UnderOwnName(const ExprPtr& expr) {
  return expr->shown ? expr : logical::Shown(expr, logical::PrettyName(*expr));
}

bool AnyNullable(std::span<const ExprPtr> arguments) {
  for (const ExprPtr& argument : arguments) {
    if (argument->nullable) return true;
  }
  return false;
}

std::string SqlExprOf(const CallSite& site) {
  std::vector<ExprPtr> arguments = site.arguments;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i])
      arguments[i] = logical::Shown(LiteralOf(Value(), DataType(), site.origin),
                                    static_cast<const QuerySite&>(site).lambda_text(i));
  }
  const ExprPtr call = logical::MakeExpr(logical::Call{FindFunction(site.name), std::move(arguments), site.mode},
                                         DataType(), true, site.origin);
  return ToSqlExpr(logical::PrettyName(*call, site.settings.time_zone));
}

Error TypeMismatch(const CallSite& site, std::string_view sub, Error::Parameters parameters) {
  parameters.emplace("sqlExpr", SqlExprOf(site));
  return Error::Condition(Cat("DATATYPE_MISMATCH.", sub), std::move(parameters), site.origin);
}

std::string Ordinal(size_t index) {
  static constexpr std::string_view kNames[] = {"first", "second", "third"};
  if (index < std::size(kNames)) return std::string(kNames[index]);
  return Cat(index + 1, "th");
}

Error UnexpectedInputType(const CallSite& site, size_t index, std::string_view required) {
  const ExprPtr& argument = site.arguments[index];
  return TypeMismatch(site, "UNEXPECTED_INPUT_TYPE",
                      {{"paramIndex", Ordinal(index)},
                       {"requiredType", std::string(required)},
                       {"inputSql", ToSqlExpr(logical::PrettyName(*argument, site.settings.time_zone))},
                       {"inputType", InDoubleQuotes(TypeSql(argument->type))}});
}

Error DataDiffTypes(const CallSite& site, size_t first) {
  std::vector<std::string> types;
  for (size_t i = first; i < site.arguments.size(); ++i)
    types.push_back(InDoubleQuotes(TypeSql(site.arguments[i]->type)));
  const Function* row = FindFunction(site.name);
  const std::string_view name = row == nullptr ? site.name : row->shown_as.empty() ? row->name : row->shown_as;
  return TypeMismatch(site, "DATA_DIFF_TYPES",
                      {{"functionName", ToSqlId(name)},
                       {"dataType", types.size() == 1 ? types[0] : Cat("(", Join(types, " or "), ")")}});
}

Error BinaryOpDiffTypes(const CallSite& site) {
  return TypeMismatch(site, "BINARY_OP_DIFF_TYPES",
                      {{"left", InDoubleQuotes(TypeSql(site.arguments[0]->type))},
                       {"right", InDoubleQuotes(TypeSql(site.arguments[1]->type))}});
}

Error BinaryOpWrongType(const CallSite& site, std::string_view required) {
  return TypeMismatch(
      site, "BINARY_OP_WRONG_TYPE",
      {{"inputType", std::string(required)}, {"actualDataType", InDoubleQuotes(TypeSql(site.arguments[0]->type))}});
}

Result<Value> Constant(CallSite& site, size_t index) {
  ExprPtr& argument = site.arguments[index];
  FS_TRY(Value value, InQuery(site).evaluate(argument));
  if (!std::holds_alternative<logical::Literal>(argument->node))
    argument = logical::Shown(LiteralOf(value, argument->type, argument->origin), logical::PrettyName(*argument));
  return value;
}

bool TakesWithinGroup(const Function& row) {
  static constexpr std::string_view kNames[] = {"listagg", "string_agg", "mode", "percentile_cont", "percentile_disc"};
  return std::find(std::begin(kNames), std::end(kNames), row.name) != std::end(kNames);
}

Error WrongArgumentCount(const CallSite& site, std::string_view expected, const Origin& origin) {
  return Error::Condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                          {{"functionName", ToSqlId(site.name)},
                           {"expectedNum", std::string(expected)},
                           {"actualNum", Cat(site.arguments.size())},
                           {"docroot", "https://spark.apache.org/docs/latest"}},
                          origin);
}

Status CoerceArgument(CallSite& site, size_t index, const TypePattern& pattern) {
  const std::optional<DataType> type = ImplicitCast(site.arguments[index]->type, pattern, site.settings.ansi);
  if (!type) return UnexpectedInputType(site, index, pattern.Sql());
  site.arguments[index] = CastTo(site.arguments[index], *type, site);
  return {};
}

Result<DataType> CoerceToCommonType(CallSite& site, size_t first) {
  std::vector<DataType> types;
  bool same = true;
  for (size_t i = first; i < site.arguments.size(); ++i) {
    types.push_back(site.arguments[i]->type);
    same = same && types.back().SameType(types.front());
  }
  const std::optional<DataType> wider = WiderType(types, site.settings);
  if (!wider) return DataDiffTypes(site, first);
  if (same) return *wider;
  for (size_t i = first; i < site.arguments.size(); ++i)
    site.arguments[i] = CastIfNotSameType(site.arguments[i], *wider, site);
  return *wider;
}

Result<ExprPtr> BindNullUnlessAnsi(CallSite& site) {
  const Function& row = *FindFunction(site.name);
  for (size_t i = 0; i < site.arguments.size(); ++i) {
    const size_t rule = std::min(i, row.arguments.size() - 1);
    FS_CHECK(CoerceArgument(site, i, row.arguments[rule].type));
  }
  const bool nullable = AnyNullable(site.arguments) || site.mode != EvalMode::kAnsi;
  return Built(site, row.name, std::get<DataType>(row.result), nullable, site.mode);
}

}  // namespace firesteel::functions
