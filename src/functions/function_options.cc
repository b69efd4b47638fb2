// Arguments that are read when a call is bound.
#include "functions/function_options.h"

#include "base/text.h"
#include "plan/rewrite.h"
#include "types/type_text.h"

namespace firesteel::functions {

using logical::ExprPtr;

Result<DataType> SchemaArgument(const CallSite& site, size_t index) {
  const ExprPtr& argument = site.arguments[index];
  const auto* literal = std::get_if<logical::Literal>(&argument->node);
  const auto* text = literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value.data);
  if (text == nullptr || !argument->type.Is(TypeId::kString)) {
    return Error::Condition("INVALID_SCHEMA.NON_STRING_LITERAL",
                            {{"inputSchema", ToSqlExpr(logical::PrettyName(*argument))}}, site.origin);
  }
  if (Result<DataType> json = ParseTypeJson(*text); json.ok()) return json;
  Result<DataType> type = ParseDdl(*text, {.timestamp_ntz = site.settings.timestamp_ntz_default});
  if (type.ok()) return type;
  return Error::Condition(type.error().condition(), type.error().parameters(), site.origin);
}

Result<SourceOptions::Map> OptionsArgument(const CallSite& site, size_t index) {
  SourceOptions::Map options;
  if (index >= site.arguments.size()) return options;
  const ExprPtr& argument = site.arguments[index];
  const auto* call = std::get_if<logical::Call>(&argument->node);
  if (call == nullptr || call->function->name != "map")
    return Error::Condition("INVALID_OPTIONS.NON_MAP_FUNCTION", {}, site.origin);
  for (size_t i = 0; i + 1 < call->arguments.size(); i += 2) {
    const std::string* texts[2] = {};
    for (size_t k = 0; k < 2; ++k) {
      if (!call->arguments[i + k]->type.Is(TypeId::kString)) {
        return Error::Condition("INVALID_OPTIONS.NON_STRING_TYPE",
                                {{"mapType", InDoubleQuotes(TypeSql(argument->type))}}, site.origin);
      }
      const auto* literal = std::get_if<logical::Literal>(&call->arguments[i + k]->node);
      texts[k] = literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value.data);
      if (texts[k] == nullptr) return Error::Unsupported("options that are no constants", site.origin);
    }
    options[Lower(*texts[0])] = *texts[1];
  }
  return options;
}

Result<std::string> ConstantText(const CallSite& site, size_t index, std::string_view name) {
  const ExprPtr& argument = site.arguments[index];
  if (!logical::IsFoldable(argument)) {
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", QuoteIdentifier(name)},
                         {"inputType", InDoubleQuotes(TypeSql(argument->type))},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*argument))}});
  }
  const auto* literal = std::get_if<logical::Literal>(&argument->node);
  if (literal == nullptr) return Error::Unsupported("an expression where a constant must stand", site.origin);
  if (literal->value.IsNull()) return TypeMismatch(site, "UNEXPECTED_NULL", {{"exprName", std::string(name)}});
  return literal->value.As<std::string>();
}

Status CheckFunctionMode(const SourceOptions& options, std::string_view function) {
  if (ParseModeOf(options) != ParseMode::kDropMalformed) return {};
  return Error::Condition("PARSE_MODE_UNSUPPORTED", {{"funcName", ToSqlId(function)}, {"mode", "DROPMALFORMED"}});
}

Status CheckCorruptColumn(const DataType& schema, std::string_view column) {
  for (const StructField& field : schema.fields()) {
    if (field.name != column || field.type.Is(TypeId::kString)) continue;
    return Error::Condition("INVALID_CORRUPT_RECORD_TYPE",
                            {{"columnName", ToSqlId(column)}, {"actualType", InDoubleQuotes(TypeSql(field.type))}});
  }
  return {};
}

}  // namespace firesteel::functions
