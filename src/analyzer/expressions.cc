// Every kind of expression but calls, fields, windows and subqueries, which have files of their own.
#include "analyzer/analyzer.h"
#include "analyzer/binder.h"
#include "base/deep_stack.h"
#include "base/text.h"
#include "types/decimal.h"
#include "types/type_text.h"

namespace firesteel::analyzer {

using relations::LiteralOf;

std::string OrdinalWord(size_t index) {
  static constexpr const char* kWords[] = {"first", "second", "third"};
  return index < 3 ? kWords[index] : std::to_string(index + 1) + "th";
}

std::string Binder::Sql(const ExprPtr& expr) const { return InDoubleQuotes(NameOf(expr)); }

Result<UnresolvedPtr> Binder::Unwrap(UnresolvedPtr expression) {
  while (true) {
    if (const auto* text = std::get_if<unresolved::SqlExpression>(&expression->node)) {
      FS_TRY(expression, ParseExpression(text->text));
    } else if (const auto* clause = std::get_if<unresolved::IdentifierClause>(&expression->node)) {
      FS_TRY(Name name, IdentifierName(clause->child));
      expression = unresolved::MakeExpr(unresolved::Attribute{std::move(name), {}, false}, expression->origin);
    } else {
      return expression;
    }
  }
}

Result<Name> Binder::IdentifierName(const UnresolvedPtr& expression) {
  Context context;
  context.clause = Clause::kConstant;
  Result<ExprPtr> bound = BindExpr(expression, context);
  auto refuse = [&](const std::string& sql) {
    return Error::Condition("NOT_A_CONSTANT_STRING.NOT_CONSTANT", {{"name", "IDENTIFIER"}, {"expr", sql}},
                            expression->origin);
  };
  if (!bound.ok()) return bound.error();
  if (!logical::IsFoldable(*bound)) return refuse(NameOf(*bound));
  if (!(*bound)->type.Is(TypeId::kString)) {
    return Error::Condition(
        "NOT_A_CONSTANT_STRING.WRONG_TYPE",
        {{"name", "IDENTIFIER"}, {"expr", NameOf(*bound)}, {"dataType", TypeSimpleString((*bound)->type)}},
        expression->origin);
  }
  FS_TRY(Value value, Evaluate(*bound));
  if (value.IsNull()) {
    return Error::Condition("NOT_A_CONSTANT_STRING.NULL", {{"name", "IDENTIFIER"}, {"expr", NameOf(*bound)}},
                            expression->origin);
  }
  return sql::ParseMultipartIdentifier(value.As<std::string>());
}

Result<ExprPtr> Binder::BindParameter(const unresolved::Parameter& parameter, const Origin& origin, Context& context) {
  if (!parameters_.empty()) {
    ParameterFrame frame = parameters_.back();
    UnresolvedPtr value;
    if (!parameter.name.empty() && frame.named != nullptr) {
      if (auto it = frame.named->find(parameter.name); it != frame.named->end()) value = it->second;
    } else if (parameter.name.empty() && frame.positional != nullptr && parameter.position >= 0 &&
               static_cast<size_t>(parameter.position) < frame.positional->size()) {
      value = (*frame.positional)[parameter.position];
    }
    if (value) {
      parameters_.pop_back();  // a parameter's value has no parameters itself
      Context constant;
      constant.clause = context.clause;
      constant.of_parameter = true;
      Result<ExprPtr> bound = BindExpr(value, constant);
      parameters_.push_back(frame);
      return bound;
    }
  }
  std::string name = parameter.name.empty()
                         ? "_" + std::to_string(origin.start >= 0 ? origin.start : parameter.position)
                         : parameter.name;
  Origin unplaced = origin;  // the message does not say where
  unplaced.line = 0;
  return Error::Condition("UNBOUND_SQL_PARAMETER", {{"name", name}}, unplaced);
}

Result<bool> Binder::IsSqlArgument(const UnresolvedPtr& argument) {
  FS_TRY(const UnresolvedPtr expression, Unwrap(argument));
  if (std::holds_alternative<unresolved::Literal>(expression->node)) return true;
  if (const auto* alias = std::get_if<unresolved::Alias>(&expression->node)) return IsSqlArgument(alias->child);
  const auto* call = std::get_if<unresolved::Function>(&expression->node);
  static constexpr std::string_view kConstructors[] = {"array",  "map",         "map_from_arrays", "map_from_entries",
                                                       "struct", "named_struct"};
  if (call == nullptr || call->name.size() != 1) return false;
  const std::string name = Lower(call->name[0]);
  if (std::find(std::begin(kConstructors), std::end(kConstructors), name) == std::end(kConstructors)) return false;
  for (const UnresolvedPtr& one : call->arguments) {
    FS_TRY(const bool is, IsSqlArgument(one));
    if (!is) return false;
  }
  return true;
}

Status Binder::CheckSqlArguments(const unresolved::SqlQuery& query) {
  const auto check = [&](const std::string& name, const UnresolvedPtr& argument) -> Status {
    FS_TRY(const bool is, IsSqlArgument(argument));
    if (!is) return Error::Condition("INVALID_SQL_ARG", {{"name", name}}, argument->origin);
    return {};
  };
  for (const auto& [name, argument] : query.named_arguments) FS_CHECK(check(name, argument));
  for (size_t i = 0; i < query.positional_arguments.size(); ++i)
    FS_CHECK(check("_pos_" + std::to_string(i), query.positional_arguments[i]));
  return {};
}

Result<ExprPtr> Binder::BindTuple(const std::vector<UnresolvedPtr>& elements, const Origin& origin, Context& context) {
  std::vector<ExprPtr> arguments;
  for (size_t i = 0; i < elements.size(); ++i) {
    FS_TRY(UnresolvedPtr element, Unwrap(elements[i]));
    std::string name = "col" + std::to_string(i + 1);
    if (const auto* alias = std::get_if<unresolved::Alias>(&element->node);
        alias != nullptr && alias->names.size() == 1) {
      name = alias->names[0];
    } else if (const auto* attribute = std::get_if<unresolved::Attribute>(&element->node)) {
      name = attribute->name.back();
    } else if (const auto* variable = std::get_if<unresolved::LambdaVariable>(&element->node)) {
      name = variable->name.back();
    }
    FS_TRY(ExprPtr value, BindExpr(element, context));
    arguments.push_back(LiteralOf(Value(std::move(name)), TypeId::kString));
    arguments.push_back(std::move(value));
  }
  return Call("named_struct", std::move(arguments), origin);
}

Result<ExprPtr> Binder::BindCast(const unresolved::Cast& cast, const Origin& origin, Context& context) {
  DataType type = cast.type;
  if (!cast.type_text.empty()) {
    FS_TRY(type, ParseType(cast.type_text, {.timestamp_ntz = parser_options_.timestamp_ntz}));
  }
  // CHAR(n) and VARCHAR(n) are types of stored columns only; a cast makes a STRING.
  if (type.Is(TypeId::kString) && type.string_kind() != StringKind::kString) type = TypeId::kString;
  FS_TRY(ExprPtr child, BindExpr(cast.child, context));
  logical::EvalMode mode = DefaultMode();
  switch (cast.mode) {
    case unresolved::EvalMode::kDefault:
      break;
    case unresolved::EvalMode::kAnsi:
      mode = logical::EvalMode::kAnsi;
      break;
    case unresolved::EvalMode::kLegacy:
      mode = logical::EvalMode::kLegacy;
      break;
    case unresolved::EvalMode::kTry:
      mode = logical::EvalMode::kTry;
      break;
  }
  bool ansi = mode != logical::EvalMode::kLegacy;
  bool nullable = child->nullable || mode == logical::EvalMode::kTry || CastMayBeNull(child->type, type, ansi);
  DataType from = child->type;
  ExprPtr result = logical::MakeExpr(logical::Cast{std::move(child), mode, false}, type, nullable, origin);
  if (CanCast(from, type, ansi)) return result;
  Error::Parameters parameters{{"sqlExpr", Sql(result)},
                               {"srcType", InDoubleQuotes(TypeSql(from))},
                               {"targetType", InDoubleQuotes(TypeSql(type))}};
  std::string functions;
  if (from.IsNumeric() && type.Is(TypeId::kTimestamp))
    functions = "`TIMESTAMP_SECONDS`/`TIMESTAMP_MILLIS`/`TIMESTAMP_MICROS`";
  if (from.IsNumeric() && type.Is(TypeId::kDate)) functions = "`DATE_FROM_UNIX_DATE`";
  if (from.Is(TypeId::kTimestamp) && type.IsNumeric()) functions = "`UNIX_SECONDS`/`UNIX_MILLIS`/`UNIX_MICROS`";
  if (from.Is(TypeId::kDate) && type.IsNumeric()) functions = "`UNIX_DATE`";
  if (ansi && !functions.empty()) {
    parameters["functionNames"] = functions;
    return Error::Condition("DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION", std::move(parameters), origin);
  }
  if (mode == logical::EvalMode::kAnsi && CanCast(from, type, false)) {
    parameters["config"] = "\"spark.sql.ansi.enabled\"";
    parameters["configVal"] = "'false'";
    return Error::Condition("DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION", std::move(parameters), origin);
  }
  return Error::Condition("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", std::move(parameters), origin);
}

Result<ExprPtr> Binder::BindExpr(const UnresolvedPtr& expression, Context& context) {
  FS_CHECK(CheckStack());
  const Origin& origin = expression->origin;
  struct Visitor {
    Binder& binder;
    const UnresolvedPtr& expression;
    const Origin& origin;
    Context& context;

    Result<ExprPtr> operator()(const unresolved::Literal& literal) {
      // Spark writes parameters' values into the text, where a decimal has the digits that it shows.
      if (context.of_parameter && literal.type.Is(TypeId::kDecimal) && !literal.value.IsNull()) {
        const int scale = literal.type.scale();
        const int precision = std::max(DecimalDigits(literal.value.As<int128_t>()), scale);
        return logical::MakeExpr(logical::Literal{literal.value}, DataType::Decimal(precision, scale), false, origin);
      }
      return logical::MakeExpr(logical::Literal{literal.value}, literal.type, literal.value.IsNull(), origin);
    }
    Result<ExprPtr> operator()(const unresolved::Attribute& attribute) {
      return binder.BindAttribute(attribute, origin, context);
    }
    Result<ExprPtr> operator()(const unresolved::Star&) {
      return Error::Condition("INVALID_USAGE_OF_STAR_OR_REGEX", {{"elem", "'*'"}, {"prettyName", "expression"}},
                              origin);
    }
    Result<ExprPtr> operator()(const unresolved::Regex& regex) {
      FS_TRY(std::vector<ExprPtr> columns, binder.ExpandRegex(regex, context));
      if (columns.size() == 1) return columns[0];
      return Error::Condition("INVALID_USAGE_OF_STAR_OR_REGEX",
                              {{"elem", "regular expression '" + regex.pattern + "'"}, {"prettyName", "expression"}},
                              origin);
    }
    Result<ExprPtr> operator()(const unresolved::Function& function) {
      return binder.BindFunction(function, origin, context);
    }
    Result<ExprPtr> operator()(const unresolved::Cast& cast) { return binder.BindCast(cast, origin, context); }
    Result<ExprPtr> operator()(const unresolved::Alias& alias) {
      bool keep = context.keep_alias;
      context.keep_alias = false;
      Result<ExprPtr> child = binder.BindExpr(alias.child, context);
      context.keep_alias = keep;
      if (!child.ok() || !keep || alias.names.size() != 1) return child;
      return relations::Named(*child, alias.names[0], alias.metadata.empty() ? "{}" : alias.metadata);
    }
    Result<ExprPtr> operator()(const unresolved::SortKey& key) { return binder.BindExpr(key.child, context); }
    Result<ExprPtr> operator()(const unresolved::Window& window) { return binder.BindWindow(window, origin, context); }
    Result<ExprPtr> operator()(const unresolved::Lambda&) {
      return Error::Condition("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", {{"class", "lambda function"}},
                              origin);
    }
    Result<ExprPtr> operator()(const unresolved::LambdaVariable& variable) {
      std::optional<ExprPtr> found = binder.LookUpLambda(variable.name.at(0));
      if (!found) return binder.BindAttribute(unresolved::Attribute{variable.name, {}, false}, origin, context);
      ExprPtr expr = *found;
      for (size_t i = 1; i < variable.name.size(); ++i) {
        FS_TRY(expr, binder.ExtractField(std::move(expr), variable.name[i], origin));
      }
      return expr;
    }
    Result<ExprPtr> operator()(const unresolved::ExtractValue& extract) {
      const auto read = [&]() -> Result<ExprPtr> {
        FS_TRY(ExprPtr child, binder.BindExpr(extract.child, context));
        FS_TRY(ExprPtr extraction, binder.BindExpr(extract.extraction, context));
        return binder.Extract(std::move(child), std::move(extraction), origin, {});
      };
      // HAVING has made up its mind about the name before it is indexed.
      return context.clause == Clause::kHaving ? read() : binder.EitherReading(read, context);
    }
    Result<ExprPtr> operator()(const unresolved::UpdateFields& update) {
      return binder.BindUpdateFields(update, origin, context);
    }
    Result<ExprPtr> operator()(const unresolved::Subquery& subquery) {
      return binder.BindSubquery(subquery, origin, context);
    }
    Result<ExprPtr> operator()(const unresolved::NamedArgument& argument) {
      return Error::Condition("NAMED_PARAMETERS_NOT_SUPPORTED", {{"functionName", QuoteIdentifier(argument.key)}},
                              origin);
    }
    Result<ExprPtr> operator()(const unresolved::SqlExpression&) { return Unwrapped(); }
    Result<ExprPtr> operator()(const unresolved::IdentifierClause&) { return Unwrapped(); }
    Result<ExprPtr> operator()(const unresolved::Parameter& parameter) {
      return binder.BindParameter(parameter, origin, context);
    }
    Result<ExprPtr> operator()(const unresolved::MultiAliasTuple& tuple) {
      return binder.BindTuple(tuple.elements, origin, context);
    }
    Result<ExprPtr> operator()(const unresolved::PythonUdf& udf) {
      return Error::Unsupported("Python UDF " + udf.name, origin);
    }

    Result<ExprPtr> Unwrapped() {
      FS_TRY(UnresolvedPtr inner, binder.Unwrap(expression));
      return binder.BindExpr(inner, context);
    }
  };
  // Names of struct fields come from the struct's own arguments only.
  bool keep_alias = context.keep_alias && std::holds_alternative<unresolved::Alias>(expression->node);
  bool keep_before = context.keep_alias;
  context.keep_alias = keep_alias;
  Result<ExprPtr> result = std::visit(Visitor{*this, expression, origin, context}, expression->node);
  context.keep_alias = keep_before;
  return result;
}

Result<ExprPtr> Binder::Bind(const UnresolvedPtr& expression, std::span<const PlanPtr> inputs, Clause clause) {
  Context context;
  context.inputs.assign(inputs.begin(), inputs.end());
  context.clause = clause;
  context.whole = expression->origin;
  FS_TRY(ExprPtr bound, BindExpr(expression, context));
  FS_CHECK(CheckPlaces(bound, clause, expression->origin, inputs));
  return bound;
}

Result<Value> Binder::Evaluate(const ExprPtr& constant) {
  if (const auto* literal = std::get_if<logical::Literal>(&constant->node)) return literal->value;
  if (const auto* cast = std::get_if<logical::Cast>(&constant->node)) {  // what needs no engine
    if (const auto* literal = std::get_if<logical::Literal>(&cast->child->node)) {
      if (literal->value.IsNull()) return Value();
      bool widens = constant->type.IsIntegral() && cast->child->type.IsIntegral() &&
                    constant->type.id() >= cast->child->type.id();
      if (widens) return literal->value;
    }
  }
  PlanPtr row = logical::MakePlan(logical::OneRow{}, {});
  PlanPtr plan = relations::ProjectTo(std::move(row), {relations::Named(constant, "value")});
  FS_TRY(auto rows, environment_.Collect(plan, 1));
  if (rows.size() != 1 || rows[0].size() != 1) return Error::Internal("a constant has no single value");
  return rows[0][0];
}

Result<int64_t> Binder::BindLimit(const UnresolvedPtr& expression, std::string_view name, const PlanPtr& input) {
  Context context;
  context.inputs = {input};
  context.clause = Clause::kConstant;
  Result<ExprPtr> result = BindExpr(expression, context);
  if (!result.ok()) return result.error();
  ExprPtr bound = *result;
  const Origin& origin = bound->origin;
  Error::Parameters parameters{{"name", std::string(name)}, {"expr", Sql(bound)}};
  if (!logical::IsFoldable(bound))
    return Error::Condition("INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", parameters, origin);
  bool is_integer = bound->type.Is(TypeId::kInteger) || bound->type.Is(TypeId::kShort) || bound->type.Is(TypeId::kByte);
  if (!is_integer) {
    parameters["dataType"] = InDoubleQuotes(TypeSql(bound->type));
    return Error::Condition("INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE", parameters, origin);
  }
  FS_TRY(Value value, Evaluate(bound));
  if (value.IsNull()) return Error::Condition("INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", parameters, origin);
  int64_t rows = value.As<int64_t>();
  if (rows < 0) {
    parameters["v"] = std::to_string(rows);
    return Error::Condition("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", parameters, origin);
  }
  return rows;
}

Result<RelationPtr> Binder::ParseQuery(std::string_view text) { return sql::ParseQuery(text, parser_options_); }
Result<UnresolvedPtr> Binder::ParseExpression(std::string_view text) {
  return sql::ParseExpression(text, parser_options_);
}
Result<Name> Binder::ParseName(std::string_view name) { return sql::ParseAttributeName(name); }

Result<PlanPtr> Binder::Resolve(const RelationPtr& relation) {
  if (!relation) return Error::Internal("a relation is missing");
  FS_TRY(PlanPtr plan, relations::Dispatch(*relation, *this));
  if (const auto* metrics = std::get_if<unresolved::CollectMetrics>(&relation->node)) {
    const auto [known, added] = metrics_.try_emplace(metrics->name, relation->plan_id);
    if (!added && (!relation->plan_id || known->second != relation->plan_id))
      return Error::Condition("DUPLICATED_METRICS_NAME", {{"metricName", metrics->name}});
  }
  if (relation->plan_id) {
    auto& [kept, ids] = plan_ids_[plan.get()];
    kept = plan;
    ids.push_back(*relation->plan_id);
  }
  return plan;
}

Result<logical::PlanPtr> Analyze(const unresolved::RelationPtr& relation, relations::Environment& environment,
                                 const sql::ParserOptions& parser_options) {
  Binder binder(environment, parser_options);
  FS_TRY(PlanPtr plan, binder.Resolve(relation));
  if (HoldsType(logical::Schema(*plan), TypeId::kTime) &&
      !EqualsIgnoreCase(environment.Configuration("spark.sql.timeType.enabled"), "true")) {
    return Error::Condition("UNSUPPORTED_TIME_TYPE");
  }
  return plan;
}

Result<logical::ExprPtr> AnalyzeConstant(const unresolved::ExprPtr& expression, relations::Environment& environment,
                                         const sql::ParserOptions& parser_options) {
  Binder binder(environment, parser_options);
  return binder.Bind(expression, std::span<const PlanPtr>(), Clause::kConstant);
}

}  // namespace firesteel::analyzer
