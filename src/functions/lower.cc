// Template expansion, kernel contexts.
#include "functions/lower.h"

#include <algorithm>

#include "base/cat.h"
#include "functions/aggregate_sql.h"
#include "functions/fold.h"
#include "plan/rewrite.h"

namespace firesteel::functions {
namespace {

using logical::AggregateCall;
using logical::Call;
using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;

std::string_view TemplateFor(const Sql& sql, EvalMode mode) {
  if (mode == EvalMode::kLegacy && !sql.legacy.empty()) return sql.legacy;
  if (mode == EvalMode::kTry && !sql.try_mode.empty()) return sql.try_mode;
  return sql.ansi;
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

constexpr std::string_view kRowsMark =
    "\x01"
    "rows";
constexpr std::string_view kRowsEnd =
    "\x01"
    "end";

/// FILTER and OVER at every kOverMark, with what OverRows says.
void PutFilters(std::string& sql, std::string_view condition, std::string_view over) {
  for (size_t at = sql.find(kOverMark); at != std::string::npos; at = sql.find(kOverMark, at)) {
    size_t end = at + kOverMark.size();
    std::string own;
    if (std::string_view(sql).substr(end).starts_with(kRowsMark)) {
      const size_t from = end + kRowsMark.size(), to = sql.find(kRowsEnd, from);
      own = sql.substr(from, to - from);
      end = to + kRowsEnd.size();
    }
    std::string clauses;
    if (!own.empty() || !condition.empty()) {
      Append(clauses, " FILTER (WHERE ", own, own.empty() || condition.empty() ? "" : " AND ", condition, ")");
    }
    Append(clauses, over);
    sql.replace(at, end - at, clauses);
    at += clauses.size();
  }
}

/// Puts DISTINCT, WITHIN GROUP, FILTER and OVER where the template wants them.
Result<std::string> WithClauses(std::string sql, const Expr& call, std::string_view over, Lowering& lowering) {
  std::string condition, keys;
  bool is_distinct = false;
  if (const auto* aggregate = std::get_if<AggregateCall>(&call.node)) {
    is_distinct = aggregate->distinct;
    for (const logical::SortKey& key : aggregate->order) {
      FS_TRY(const std::string child, FilteredSql(key.child, aggregate->filter, lowering));
      Append(keys, keys.empty() ? " ORDER BY " : ", ", child,
             key.direction == logical::SortDirection::kAscending ? " ASC" : " DESC",
             key.nulls == logical::NullOrder::kLast ? " NULLS LAST" : " NULLS FIRST");
    }
    if (aggregate->filter != nullptr) {
      FS_TRY(condition, lowering.Sql(aggregate->filter));
    }
  }
  const std::string_view distinct = is_distinct ? "DISTINCT " : "";
  if (sql.find(kDistinctMark) != std::string::npos) {
    ReplaceAll(sql, kDistinctMark, distinct);
  } else if (is_distinct) {
    sql.insert(sql.find('(') + 1, distinct);
  }
  ReplaceAll(sql, kOrderMark, keys);
  if (sql.find(kOverMark) == std::string::npos) sql += kOverMark;
  PutFilters(sql, condition, over.empty() ? "" : Cat(" OVER (", over, ")"));
  return sql;
}

const Function& FunctionOf(const Expr& call) {
  if (const auto* c = std::get_if<Call>(&call.node)) return *c->function;
  return *std::get<AggregateCall>(call.node).function;
}
EvalMode ModeOf(const Expr& call) {
  if (const auto* c = std::get_if<Call>(&call.node)) return c->mode;
  return std::get<AggregateCall>(call.node).mode;
}
const std::vector<ExprPtr>& ArgumentsOf(const Expr& call) {
  if (const auto* c = std::get_if<Call>(&call.node)) return c->arguments;
  return std::get<AggregateCall>(call.node).arguments;
}

/// DuckDB answers a function of a constant NULL with a NULL that has no type.
bool MayLoseType(const Expr& call) {
  const auto* scalar = std::get_if<Call>(&call.node);
  return scalar != nullptr && scalar->function->kind != Kind::kGenerator &&
         std::any_of(scalar->arguments.begin(), scalar->arguments.end(),
                     [](const ExprPtr& argument) { return argument->nullable && logical::IsFoldable(argument); });
}

}  // namespace

std::string OverRows(std::string_view condition) { return Cat(kOverMark, kRowsMark, condition, kRowsEnd); }

std::string ExpandTemplate(std::string_view pattern, std::span<const std::string> arguments, std::string_view type) {
  std::string sql;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      sql += pattern[i];
      continue;
    }
    const size_t end = pattern.find('}', i);
    const std::string_view key = end == std::string_view::npos ? "" : pattern.substr(i + 1, end - i - 1);
    if (!key.empty() && key.size() <= 2 && key.find_first_not_of("0123456789") == std::string_view::npos) {
      const size_t index = std::stoul(std::string(key));
      if (index < arguments.size()) sql += arguments[index];
    } else if (key == "*") {
      for (size_t a = 0; a < arguments.size(); ++a) Append(sql, a == 0 ? "" : ", ", arguments[a]);
    } else if (key == "type") {
      sql += type;
    } else if (key == "distinct") {
      sql += kDistinctMark;
    } else if (key == "over") {
      sql += kOverMark;
    } else {
      sql += '{';
      continue;
    }
    i = end;
  }
  return sql;
}

KernelContext ContextOf(const Expr& call, Lowering& lowering) {
  KernelContext context;
  for (const ExprPtr& argument : ArgumentsOf(call)) {
    context.argument_types.push_back(argument->type);
    const auto* literal = std::get_if<logical::Literal>(&argument->node);
    context.constants.push_back(literal == nullptr ? std::nullopt : std::optional<Value>(literal->value));
  }
  context.result_type = call.type;
  context.mode = ModeOf(call);
  context.time_zone = lowering.time_zone();
  context.origin = call.origin;
  context.deterministic = FunctionOf(call).deterministic;
  return context;
}

Result<std::string> LowerKernel(const ScalarKernel& kernel, const Expr& call, std::vector<std::string> arguments,
                                Lowering& lowering) {
  return lowering.CallKernel(kernel, std::move(arguments), ContextOf(call, lowering));
}

Result<std::string> LowerKernel(const ScalarKernel& kernel, std::vector<std::string> arguments,
                                std::vector<DataType> types, const DataType& result, EvalMode mode,
                                const Origin& origin, Lowering& lowering) {
  KernelContext context;
  context.argument_types = std::move(types);
  context.constants.resize(context.argument_types.size());
  context.result_type = result;
  context.mode = mode;
  context.time_zone = lowering.time_zone();
  context.origin = origin;
  return lowering.CallKernel(kernel, std::move(arguments), std::move(context));
}

Result<std::string> FilteredSql(const ExprPtr& argument, const ExprPtr& filter, Lowering& lowering) {
  FS_TRY(std::string sql, lowering.Sql(argument));
  if (filter == nullptr || std::holds_alternative<logical::Column>(argument->node) || logical::IsFoldable(argument))
    return sql;
  FS_TRY(const std::string condition, lowering.Sql(filter));
  return Cat("(CASE WHEN ", condition, " THEN ", sql, " END)");
}

Result<std::string> LowerBody(const logical::Lambda& lambda, Lowering& lowering) {
  FS_TRY(std::string sql, lowering.Sql(lambda.body));
  const DataType& type = lambda.body->type;
  return LowerKernel(kInterruptionPoint, {std::move(sql)}, {type}, type, EvalMode::kAnsi, {}, lowering);
}

Result<std::string> LowerCall(const Expr& call, std::vector<std::string> arguments, Lowering& lowering,
                              std::string_view over) {
  const Function& function = FunctionOf(call);
  std::string sql;
  bool cast_result = false;
  if (const auto* text = std::get_if<Sql>(&function.runs)) {
    sql = ExpandTemplate(TemplateFor(*text, ModeOf(call)), arguments, DuckType(call.type));
    cast_result = text->cast_result;
  } else if (const auto* kernel = std::get_if<ScalarKernel>(&function.runs)) {
    FS_TRY(sql, lowering.CallKernel(*kernel, std::move(arguments), ContextOf(call, lowering)));
  } else if (const auto* kernel = std::get_if<AggregateKernel>(&function.runs)) {
    if (over.empty()) {
      FS_TRY(sql, lowering.CallKernel(*kernel, std::move(arguments), ContextOf(call, lowering)));
    } else {
      FS_TRY(sql, LowerFold(*kernel, call, arguments, lowering));
    }
  } else if (const auto* lower = std::get_if<LowerFn>(&function.runs)) {
    if (const auto own = over.empty() ? std::nullopt : OwnWindowFunction(call, arguments))
      return WithClauses(*own, call, over, lowering);
    FS_TRY(sql, (*lower)(call, arguments, lowering));
    if (function.whole_call) return sql;
  } else {
    return Error::Unsupported(std::string(function.name), call.origin);
  }
  FS_TRY(sql, WithClauses(std::move(sql), call, over, lowering));
  return cast_result || MayLoseType(call) ? Cat("CAST(", sql, " AS ", DuckType(call.type), ")") : sql;
}

DataType SameAsFirst(std::span<const ExprPtr> arguments) { return arguments.empty() ? DataType() : arguments[0]->type; }

DataType ElementOfFirst(std::span<const ExprPtr> arguments) {
  if (arguments.empty()) return {};
  const DataType& type = arguments[0]->type;
  if (type.Is(TypeId::kArray)) return type.element();
  return type.Is(TypeId::kMap) ? type.value() : DataType();
}

}  // namespace firesteel::functions
