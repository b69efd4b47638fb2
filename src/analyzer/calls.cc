// Functions and operators: which row a name means, its arguments' count, names and coercion, lambdas, the type of the result.
#include <algorithm>

#include "analyzer/binder.h"
#include "base/text.h"
#include "functions/query_site.h"
#include "functions/registry.h"
#include "functions/spark_functions.h"
#include "plan/explain.h"
#include "types/type_text.h"

namespace firesteel::analyzer {

using functions::Function;
using functions::Kind;

namespace {

/// Spark looks for the switch in results and in these calls, not in all that is done with times on the way.
bool NeedsTimeType(const functions::Function& row, std::span<const ExprPtr> arguments) {
  static constexpr std::string_view kNames[] = {"make_time", "to_time", "try_to_time", "time_trunc", "time_diff"};
  if (std::find(std::begin(kNames), std::end(kNames), row.name) != std::end(kNames)) return true;
  if (row.name.starts_with("time_from_") || row.name.starts_with("time_to_")) return true;
  const bool clock = row.name == "hour" || row.name == "minute" || row.name == "second";
  return clock && !arguments.empty() && arguments[0] && arguments[0]->type.Is(TypeId::kTime);
}

constexpr const char* kDocRoot = "https://spark.apache.org/docs/latest";

/// The row's alias as the query wrote it, in the row's own static text; empty for the name itself.
std::string_view Written(const Function& row, std::string_view name) {
  for (std::string_view alias : row.aliases) {
    if (EqualsIgnoreCase(alias, name)) return alias;
  }
  return {};
}

std::string_view NameIn(const Function& row, std::string_view written) { return written.empty() ? row.name : written; }

bool Nullable(const Function& row, const std::vector<ExprPtr>& arguments) {
  switch (row.nulls) {
    case functions::Nulls::kIfAny:
      return std::any_of(arguments.begin(), arguments.end(), [](const ExprPtr& a) { return a->nullable; });
    case functions::Nulls::kNever:
      return false;
    case functions::Nulls::kMaybe:
    case functions::Nulls::kSpecial:
      return true;
    case functions::Nulls::kIfAll:
      return std::all_of(arguments.begin(), arguments.end(), [](const ExprPtr& a) { return a->nullable; });
  }
  return true;
}

/// Functions that are casts under a type's name.
bool IsCastName(std::string_view name) {
  for (std::string_view type : {"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "date",
                                "timestamp", "time", "binary", "string"}) {
    if (type == name) return true;
  }
  return false;
}

/// Where a function takes lambdas; others would meet an argument that is not bound yet.
bool TakesLambda(const Function& row, size_t index) {
  static constexpr std::pair<std::string_view, std::pair<size_t, size_t>> kPlaces[] = {
      {"transform", {1, 1}},    {"filter", {1, 1}},         {"exists", {1, 1}},     {"forall", {1, 1}},
      {"aggregate", {2, 3}},    {"reduce", {2, 3}},         {"zip_with", {2, 2}},   {"map_filter", {1, 1}},
      {"map_zip_with", {2, 2}}, {"transform_keys", {1, 1}}, {"array_sort", {1, 1}}, {"transform_values", {1, 1}},
  };
  for (const auto& [name, places] : kPlaces) {
    if (row.name == name) return index >= places.first && index <= places.second;
  }
  return false;
}

}  // namespace

std::string Binder::CallName(const Function& row, std::string_view written,
                             const std::vector<ExprPtr>& arguments) const {
  std::vector<ExprPtr> shown;
  for (const ExprPtr& argument : arguments) {
    if (argument) shown.push_back(argument);
  }
  return NameOf(logical::MakeExpr(logical::Call{&row, std::move(shown), DefaultMode(), written}, DataType(), true));
}

Status Binder::CheckCount(const Function& row, std::string_view written, size_t count, const Origin& origin) {
  size_t least = 0, most = 0;
  bool unlimited = false;
  for (const functions::Argument& argument : row.arguments) {
    if (argument.repeated) {
      unlimited = true;
    } else {
      ++most;
      if (!argument.optional) ++least;
    }
  }
  if (count >= least && (unlimited || count <= most)) return {};
  std::string expected;
  if (unlimited) {
    expected = "> " + std::to_string(least == 0 ? 0 : least - 1);
  } else if (least == most) {
    expected = std::to_string(least);
  } else {
    for (size_t n = least; n <= most; ++n) expected += (n == least ? "[" : ", ") + std::to_string(n);
    expected += "]";
  }
  return Error::Condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                          {{"functionName", ToSqlId(NameIn(row, written))},
                           {"expectedNum", expected},
                           {"actualNum", std::to_string(count)},
                           {"docroot", kDocRoot}},
                          unlimited ? Origin() : origin);
}

Result<std::vector<UnresolvedPtr>> Binder::ArrangeArguments(const unresolved::Function& call, const Function& row,
                                                            const Origin& origin) {
  std::vector<UnresolvedPtr> arguments = call.arguments;
  auto is_named = [](const UnresolvedPtr& a) { return std::holds_alternative<unresolved::NamedArgument>(a->node); };
  std::string routine = ToSqlId(call.name);
  bool named_row = !row.arguments.empty() && std::all_of(row.arguments.begin(), row.arguments.end(),
                                                         [](const functions::Argument& a) { return !a.name.empty(); });
  if (!std::any_of(arguments.begin(), arguments.end(), is_named)) {
    const size_t missing = arguments.size();
    if (!named_row || missing >= row.arguments.size() || row.arguments[missing].optional) return arguments;
    return Error::Condition("REQUIRED_PARAMETER_NOT_FOUND",
                            {{"routineName", routine},
                             {"parameterName", QuoteIdentifier(row.arguments[missing].name)},
                             {"index", std::to_string(missing)}},
                            origin);
  }
  if (!named_row) return Error::Condition("NAMED_PARAMETERS_NOT_SUPPORTED", {{"functionName", routine}}, origin);
  std::vector<UnresolvedPtr> placed(row.arguments.size());
  bool seen_named = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!is_named(arguments[i])) {
      if (seen_named) {
        return Error::Condition(
            "UNEXPECTED_POSITIONAL_ARGUMENT",
            {{"routineName", routine},
             {"parameterName", QuoteIdentifier(i < row.arguments.size() ? row.arguments[i].name : "")}},
            arguments[i]->origin);
      }
      if (i >= placed.size()) return arguments;  // the count's error says it
      placed[i] = arguments[i];
      continue;
    }
    seen_named = true;
    const auto& named = std::get<unresolved::NamedArgument>(arguments[i]->node);
    size_t at = 0;
    while (at < row.arguments.size() && !EqualsIgnoreCase(row.arguments[at].name, named.key)) ++at;
    if (at == row.arguments.size()) {
      std::vector<std::string> names;
      for (const functions::Argument& argument : row.arguments) names.push_back(QuoteIdentifier(argument.name));
      return Error::Condition(
          "UNRECOGNIZED_PARAMETER_NAME",
          {{"routineName", routine}, {"argumentName", QuoteIdentifier(named.key)}, {"proposal", Join(names, " ")}},
          arguments[i]->origin);
    }
    if (placed[at]) {
      bool by_position = !is_named(arguments[std::min(at, arguments.size() - 1)]);
      return Error::Condition(by_position ? "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED"
                                          : "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE",
                              {{"routineName", routine}, {"parameterName", QuoteIdentifier(row.arguments[at].name)}},
                              arguments[i]->origin);
    }
    placed[at] = named.value;
  }
  // Left out ones in the middle take their defaults; at the end they stay left out.
  while (!placed.empty() && !placed.back() && row.arguments[placed.size() - 1].optional) placed.pop_back();
  for (size_t i = 0; i < placed.size(); ++i) {
    if (placed[i]) continue;
    const functions::Argument& argument = row.arguments[i];
    if (!argument.optional || argument.default_sql == nullptr) {
      return Error::Condition(
          "REQUIRED_PARAMETER_NOT_FOUND",
          {{"routineName", routine}, {"parameterName", QuoteIdentifier(argument.name)}, {"index", std::to_string(i)}},
          origin);
    }
    FS_TRY(placed[i], ParseExpression(argument.default_sql));
  }
  return placed;
}

Result<ExprPtr> Binder::BindLambda(const unresolved::Lambda& lambda, std::span<const DataType> types,
                                   std::span<const bool> nullable, const Origin& origin, Context& context) {
  for (size_t i = 0; i < lambda.parameters.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (SameName(lambda.parameters[i], lambda.parameters[j])) {
        std::vector<std::string> names;
        for (const std::string& name : lambda.parameters) names.push_back(QuoteIdentifier(name));
        return Error::Condition("INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES",
                                {{"args", Join(names, ", ")}, {"caseSensitiveConfig", "\"spark.sql.caseSensitive\""}},
                                origin);
      }
    }
  }
  if (lambda.parameters.size() > types.size()) {
    return Error::Condition("INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
                            {{"expectedNumArgs", std::to_string(lambda.parameters.size())},
                             {"actualNumArgs", std::to_string(types.size())}},
                            origin);
  }
  LambdaFrame frame;
  logical::Lambda bound;
  for (size_t i = 0; i < lambda.parameters.size(); ++i) {
    ExprPtr variable = logical::MakeExpr(logical::LambdaVariable{logical::NewAttributeId(), lambda.parameters[i]},
                                         types[i], nullable[i], origin);
    frame.variables.emplace_back(lambda.parameters[i], variable);
    bound.parameters.push_back(std::move(variable));
  }
  lambdas_.push_back(std::move(frame));
  Result<ExprPtr> body = BindExpr(lambda.body, context);
  lambdas_.pop_back();
  if (!body.ok()) return body.error();
  bound.body = *body;
  DataType type = bound.body->type;
  bool may_be_null = bound.body->nullable;
  return logical::MakeExpr(std::move(bound), std::move(type), may_be_null, origin);
}

std::string Binder::LambdaText(const UnresolvedPtr& expression, Context& context) {
  const auto& lambda = std::get<unresolved::Lambda>(expression->node);
  LambdaFrame frame;
  for (const std::string& name : lambda.parameters) {
    ExprPtr variable =
        logical::MakeExpr(logical::LambdaVariable{logical::NewAttributeId(), name}, DataType(), true, Origin());
    frame.variables.emplace_back(name, logical::Shown(variable, name));
  }
  lambdas_.push_back(std::move(frame));
  const Result<ExprPtr> body = BindExpr(lambda.body, context);
  lambdas_.pop_back();
  const std::string text = body.ok() ? NameOf(*body) : unresolved::ToString(*lambda.body);
  return "lambdafunction(" + text + ", " + Join(lambda.parameters, ", ") + ")";
}

Status Binder::Coerce(const Function& row, std::string_view written, std::vector<ExprPtr>& arguments,
                      const Origin& origin) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i] || row.arguments.empty()) continue;
    const functions::Argument& rule = row.arguments[std::min(i, row.arguments.size() - 1)];
    if (std::holds_alternative<logical::Lambda>(arguments[i]->node)) continue;
    std::optional<DataType> type = firesteel::ImplicitCast(arguments[i]->type, rule.type, environment_.settings().ansi);
    if (!type) {
      return Error::Condition("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                              {{"sqlExpr", InDoubleQuotes(CallName(row, written, arguments))},
                               {"paramIndex", OrdinalWord(i)},
                               {"requiredType", rule.type.Sql()},
                               {"inputSql", Sql(arguments[i])},
                               {"inputType", InDoubleQuotes(TypeSql(arguments[i]->type))}},
                              origin);
    }
    if (rule.foldable && !logical::IsFoldable(arguments[i])) {
      std::string name = rule.name.empty() ? "input" : std::string(rule.name);
      return Error::Condition("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                              {{"sqlExpr", InDoubleQuotes(CallName(row, written, arguments))},
                               {"inputName", QuoteIdentifier(name)},
                               {"inputType", rule.type.Sql()},
                               {"inputExpr", Sql(arguments[i])}},
                              origin);
    }
    const bool null_literal =
        arguments[i]->type.Is(TypeId::kNull) && std::holds_alternative<logical::Literal>(arguments[i]->node);
    if (null_literal && !type->Is(TypeId::kNull)) {
      arguments[i] = logical::MakeExpr(logical::Literal{}, *type, true, arguments[i]->origin);
    } else if (!(arguments[i]->type == *type)) {
      // The call's origin: Spark's errors point at the call that asked for the cast.
      const bool ansi = environment_.settings().ansi;
      const bool nullable = arguments[i]->nullable || CastMayBeNull(arguments[i]->type, *type, ansi);
      const logical::EvalMode mode = ansi ? logical::EvalMode::kAnsi : logical::EvalMode::kLegacy;
      arguments[i] = logical::MakeExpr(logical::Cast{arguments[i], mode, true}, *type, nullable, origin);
    }
  }
  return {};
}

Result<ExprPtr> Binder::BuildCall(const Function& row, std::string_view written, std::vector<ExprPtr> arguments,
                                  const unresolved::Function* source, const std::vector<UnresolvedPtr>& unbound,
                                  const Origin& origin, Context& context) {
  const Settings& settings = environment_.settings();
  FS_CHECK(CheckCount(row, written, arguments.size(), origin));
  std::vector<logical::SortKey> within_group;
  if (source != nullptr && !source->within_group.empty()) {
    if (!functions::TakesWithinGroup(row)) {
      return Error::Condition(
          "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
          {{"prettyName", QuoteIdentifier(NameIn(row, written))}, {"syntax", "WITHIN GROUP (ORDER BY ...)"}}, origin);
    }
    FS_TRY(within_group, BindKeys(source->within_group, context));
  }
  for (size_t i = arguments.size(); i < row.arguments.size(); ++i) {
    const functions::Argument& argument = row.arguments[i];
    if (argument.repeated || !argument.optional || argument.default_sql == nullptr) break;
    FS_TRY(UnresolvedPtr filler, ParseExpression(argument.default_sql));
    Context constant;
    FS_TRY(ExprPtr bound, BindExpr(filler, constant));
    arguments.push_back(std::move(bound));
  }
  const std::vector<ExprPtr> as_written = arguments;
  functions::QuerySite site{
      functions::CallSite{
          .name = NameIn(row, written),
          .arguments = arguments,
          .mode = row.name.starts_with("try_") ? logical::EvalMode::kTry : DefaultMode(),
          .settings = settings,
          .origin = origin,
          .bind_lambda = [&](size_t index, std::span<const DataType> types,
                             std::span<const bool> nullable) -> Result<ExprPtr> {
            const bool bound = index < arguments.size() && arguments[index] &&
                               std::holds_alternative<logical::Lambda>(arguments[index]->node);
            if (bound) return arguments[index];  // by who makes the call
            if (index >= unbound.size()) {
              return Error::Condition(
                  "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                  {{"sqlExpr", InDoubleQuotes(CallName(row, written, as_written))},
                   {"paramIndex", OrdinalWord(index)},
                   {"requiredType", "\"LAMBDA\""},
                   {"inputSql", index < arguments.size() && arguments[index] ? Sql(arguments[index]) : "\"\""},
                   {"inputType", index < arguments.size() && arguments[index]
                                     ? InDoubleQuotes(TypeSql(arguments[index]->type))
                                     : "\"\""}},
                  origin);
            }
            const auto* written_out = std::get_if<unresolved::Lambda>(&unbound[index]->node);
            // Elements come with their positions only where two parameters ask for both.
            const bool one = (row.name == "transform" || row.name == "filter") &&
                             (written_out == nullptr || written_out->parameters.size() != 2);
            if (one) types = types.first(1);
            unresolved::Lambda ignores_all;
            if (written_out == nullptr) {
              for (size_t i = 0; i < types.size(); ++i) ignores_all.parameters.push_back("arg" + std::to_string(i));
              ignores_all.body = unbound[index];
            }
            return BindLambda(written_out != nullptr ? *written_out : ignores_all, types, nullable,
                              unbound[index]->origin, context);
          },
          .call = [&](std::string_view name,
                      std::vector<ExprPtr> args) { return Call(name, std::move(args), origin); }},
      [&](const ExprPtr& constant) { return Evaluate(constant); },
      [&](size_t index) { return LambdaText(unbound[index], context); }, source != nullptr && source->distinct,
      std::move(within_group)};
  if (NeedsTimeType(row, arguments) &&
      !EqualsIgnoreCase(environment_.Configuration("spark.sql.timeType.enabled"), "true"))
    return Error::Condition("UNSUPPORTED_TIME_TYPE");
  ExprPtr result;
  DataType type;
  if (const auto* bind = std::get_if<Result<ExprPtr> (*)(functions::CallSite&)>(&row.bind)) {
    FS_TRY(result, (*bind)(site));
  } else if (const auto* bind_type = std::get_if<Result<DataType> (*)(functions::CallSite&)>(&row.bind)) {
    FS_TRY(type, (*bind_type)(site));
  } else {
    FS_CHECK(Coerce(row, written, arguments, origin));
    if (const auto* fixed = std::get_if<DataType>(&row.result)) {
      type = *fixed;
    } else {
      type = std::get<functions::ResultFn>(row.result)(arguments);
    }
  }
  for (const ExprPtr& argument : arguments) {
    if (!argument) {  // a lambda where the function takes none
      return Error::Condition("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION",
                              {{"class", std::string(row.name)}}, origin);
    }
  }
  if (!result) {
    bool nullable = Nullable(row, arguments);
    if (row.kind == Kind::kAggregate) {
      logical::AggregateCall call;
      call.function = &row;
      call.arguments = std::move(arguments);
      call.mode = site.mode;
      call.written = written;
      result = logical::MakeExpr(std::move(call), type, nullable, origin);
    } else {
      result = logical::MakeExpr(logical::Call{&row, std::move(arguments), site.mode, written}, type, nullable, origin);
    }
  } else {
    // A macro goes on under the name that was called.
    const auto* call = std::get_if<logical::Call>(&result->node);
    const auto* aggregate = std::get_if<logical::AggregateCall>(&result->node);
    bool same = (call != nullptr && call->function == &row) || (aggregate != nullptr && aggregate->function == &row);
    if (same && call != nullptr && !written.empty() && call->written.empty()) {
      logical::Expr copy = *result;
      std::get<logical::Call>(copy.node).written = written;
      result = std::make_shared<const logical::Expr>(std::move(copy));
    } else if (!same && IsCastName(row.name) && std::holds_alternative<logical::Cast>(result->node)) {
      logical::Expr copy = *result;
      std::get<logical::Cast>(copy.node).implicit = true;  // double('1') is called 1
      result = std::make_shared<const logical::Expr>(std::move(copy));
    } else if (!same && !result->shown) {
      result = logical::Shown(result, CallName(row, written, as_written));
    }
  }
  if (source == nullptr) return result;

  const auto* aggregate = std::get_if<logical::AggregateCall>(&result->node);
  if (aggregate == nullptr) {
    std::string name = QuoteIdentifier(NameIn(row, written));
    if (source->distinct) {
      return Error::Condition("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                              {{"prettyName", name}, {"syntax", "DISTINCT"}}, origin);
    }
    if (source->filter) {
      return Error::Condition("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                              {{"prettyName", name}, {"syntax", "FILTER CLAUSE"}}, origin);
    }
    if (source->ignore_nulls.value_or(false) && row.kind != Kind::kWindow) {
      return Error::Condition("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                              {{"prettyName", name}, {"syntax", "IGNORE NULLS"}}, origin);
    }
    if (source->ignore_nulls.value_or(false)) {
      // Window functions compute nothing that could fail: their mode says whether they pass over NULLs.
      logical::Expr copy = *result;
      std::get<logical::Call>(copy.node).mode = logical::EvalMode::kTry;
      return std::make_shared<const logical::Expr>(std::move(copy));
    }
    return result;
  }
  bool changes = source->distinct || source->filter || source->ignore_nulls || !source->within_group.empty();
  if (!changes) return result;
  logical::Expr copy = *result;
  auto& call = std::get<logical::AggregateCall>(copy.node);
  call.distinct = source->distinct || call.distinct;
  if (source->ignore_nulls) call.ignore_nulls = *source->ignore_nulls;
  if (source->filter) {
    FS_TRY(ExprPtr filter, BindExpr(source->filter, context));
    if (!filter->type.Is(TypeId::kBoolean) && !filter->type.Is(TypeId::kNull)) {
      return Error::Condition("INVALID_AGGREGATE_FILTER.NOT_BOOLEAN", {{"filterExpr", Sql(filter)}}, origin);
    }
    if (logical::HasAggregate(filter)) {
      const logical::Expr* inner = nullptr;
      logical::Any(filter, [&](const logical::Expr& e) {
        if (std::holds_alternative<logical::AggregateCall>(e.node)) inner = &e;
        return inner != nullptr;
      });
      return Error::Condition("INVALID_AGGREGATE_FILTER.CONTAINS_AGGREGATE",
                              {{"filterExpr", Sql(filter)},
                               {"aggExpr", InDoubleQuotes(NameOf(std::make_shared<const logical::Expr>(*inner)))}},
                              origin);
    }
    if (logical::HasWindow(filter)) {
      return Error::Condition("INVALID_AGGREGATE_FILTER.CONTAINS_WINDOW_FUNCTION",
                              {{"filterExpr", Sql(filter)}, {"windowExpr", Sql(filter)}}, origin);
    }
    if (!logical::IsDeterministic(filter)) {
      return Error::Condition("INVALID_AGGREGATE_FILTER.NON_DETERMINISTIC", {{"filterExpr", Sql(filter)}}, origin);
    }
    call.filter = relations::ImplicitCast(std::move(filter), TypeId::kBoolean, settings);
  }
  call.order = std::move(site.within_group);
  copy.shown.reset();  // DISTINCT and FILTER are part of the name
  if (result->shown) {
    std::string name = *result->shown;
    if (call.distinct) {
      if (size_t at = name.find('('); at != std::string::npos) name.insert(at + 1, "DISTINCT ");
    }
    if (call.filter) name += " FILTER (WHERE " + NameOf(call.filter) + ")";
    copy.shown = std::make_shared<const std::string>(std::move(name));
  }
  return std::make_shared<const logical::Expr>(std::move(copy));
}

Result<ExprPtr> Binder::Call(std::string_view function, std::vector<ExprPtr> arguments, const Origin& origin) {
  const Function* row = functions::FindFunction(function);
  if (row == nullptr) return functions::NoSuchFunction({std::string(function)}, origin);
  Context context;
  return BuildCall(*row, Written(*row, function), std::move(arguments), nullptr, {}, origin, context);
}

Result<ExprPtr> Binder::BindFunction(const unresolved::Function& function, const Origin& origin, Context& context) {
  bool of_window = context.of_window;
  context.of_window = false;
  if (function.name.empty()) return Error::Internal("a function without a name");
  const std::string& name = function.name.back();
  const Function* row = functions::FindBuiltin(function.name);
  if (row == nullptr && function.name.size() == 1 && EqualsIgnoreCase(name, "range"))
    return Error::Condition("NOT_A_SCALAR_FUNCTION", {{"functionName", "`range`"}}, origin);
  if (row == nullptr) return functions::NoSuchFunction(function.name, origin);
  std::string_view written = Written(*row, name);

  unresolved::Function call = function;
  // Stars stand for columns: count(*) counts rows, others take every column.
  if (row->name == "count" && call.arguments.size() == 1 && !call.distinct) {
    FS_TRY(call.arguments[0], Unwrap(call.arguments[0]));
    const auto* star = std::get_if<unresolved::Star>(&call.arguments[0]->node);
    if (star != nullptr && !star->target.empty() && star->except.empty()) {
      return Error::Condition("INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT",
                              {{"tableName", ToSqlId(star->target)}});
    }
    if (star != nullptr && star->target.empty() && star->except.empty() && !star->plan_id) {
      call.arguments[0] =
          unresolved::MakeExpr(unresolved::Literal{TypeId::kInteger, Value(int64_t{1})}, call.arguments[0]->origin);
    }
  }
  FS_TRY(call.arguments, ArrangeArguments(call, *row, origin));
  std::vector<UnresolvedPtr> unbound;
  std::vector<ExprPtr> arguments;
  bool is_aggregate = row->kind == Kind::kAggregate;
  bool was_keeping = context.keep_alias;
  if (is_aggregate && !of_window) ++context.aggregate_depth;
  context.keep_alias = row->name == "struct";
  auto bind_arguments = [&]() -> Status {
    for (const UnresolvedPtr& argument : call.arguments) {
      std::vector<ExprPtr> columns;
      FS_TRY(std::vector<UnresolvedPtr> expanded, ExpandStars(argument, context, columns));
      for (ExprPtr& column : columns) {
        arguments.push_back(std::move(column));
        unbound.push_back(argument);
      }
      for (const UnresolvedPtr& one : expanded) {
        unbound.push_back(one);
        if (std::holds_alternative<unresolved::Lambda>(one->node)) {
          if (!TakesLambda(*row, arguments.size())) {
            const auto* known = functions::FindSparkFunction(row->name);
            return Error::Condition("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION",
                                    {{"class", std::string(known != nullptr ? known->java_class : row->name)}}, origin);
          }
          arguments.push_back(nullptr);  // bound by the row, which knows its parameters' types
          continue;
        }
        FS_TRY(ExprPtr bound, BindExpr(one, context));
        arguments.push_back(std::move(bound));
      }
    }
    return {};
  };
  Status bound = bind_arguments();
  context.keep_alias = was_keeping;
  Result<ExprPtr> result = bound.ok() ? BuildCall(*row, written, std::move(arguments), &call, unbound, origin, context)
                                      : Result<ExprPtr>(bound.error());
  if (is_aggregate && !of_window) --context.aggregate_depth;
  if (!result.ok()) return result;

  if (row->kind == Kind::kWindow && !of_window) {
    return Error::Condition("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
                            {{"funcName", Sql(*result)}});  // the select's origin
  }
  if (const auto* aggregate = std::get_if<logical::AggregateCall>(&(*result)->node);
      aggregate != nullptr && !of_window) {
    bool outer = false, local = false;
    for (const ExprPtr& child : logical::Children(**result)) {
      const logical::Expr* nested = nullptr;
      logical::Any(child, [&](const logical::Expr& e) {
        if (std::holds_alternative<logical::AggregateCall>(e.node) && nested == nullptr) nested = &e;
        if (const auto* column = std::get_if<logical::Column>(&e.node)) (column->outer ? outer : local) = true;
        return false;
      });
      if (nested != nullptr && logical::HasAggregate(child))
        return Error::Condition("NESTED_AGGREGATE_FUNCTION", {}, nested->origin);
    }
    if (outer && !local) {
      if (std::optional<ExprPtr> above = OuterAggregate(*result)) return *above;
    }
    if (outer && local) {
      return Error::Condition(
          "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.AGGREGATE_FUNCTION_MIXED_OUTER_LOCAL_REFERENCES",
          {{"function", QualifiedName(*result, context.inputs)}}, origin);
    }
  }
  return result;
}

}  // namespace firesteel::analyzer
