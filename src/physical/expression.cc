// Expressions to DuckDB SQL with every type explicit, and the registration of kernels that they call.
#include <absl/hash/hash.h>

#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "functions/cast.h"
#include "functions/lower.h"
#include "functions/raises.h"
#include "functions/sort_key.h"
#include "physical/generator.h"
#include "physical/predicate_subquery.h"
#include "plan/rewrite.h"
#include "types/type_text.h"

namespace firesteel::physical {

using logical::ExprPtr;

namespace {

std::string_view BoundWord(unresolved::Frame::BoundKind kind) {
  using Kind = unresolved::Frame::BoundKind;
  switch (kind) {
    case Kind::kUnboundedPreceding:
      return "UNBOUNDED PRECEDING";
    case Kind::kPreceding:
      return "PRECEDING";
    case Kind::kCurrentRow:
      return "CURRENT ROW";
    case Kind::kFollowing:
      return "FOLLOWING";
    case Kind::kUnboundedFollowing:
      return "UNBOUNDED FOLLOWING";
  }
  return "";
}

/// Key of a kernel call: equal keys mean the same registration serves both.
template <typename Kernel>
std::string ContentKey(const Kernel& kernel, const functions::KernelContext& context) {
  std::string key;
  if constexpr (std::is_same_v<Kernel, functions::ScalarKernel>) {
    key = Cat("s", reinterpret_cast<uintptr_t>(kernel.run), "/", reinterpret_cast<uintptr_t>(kernel.prepare));
  } else {
    key = Cat("a", reinterpret_cast<uintptr_t>(kernel.update), "/", reinterpret_cast<uintptr_t>(kernel.finish));
  }
  for (const auto& type : context.argument_types) Append(key, "|", TypeCatalogString(type));
  Append(key, ">", TypeCatalogString(context.result_type), "|", static_cast<int>(context.mode), "|", context.time_zone,
         context.map_keys_last_win ? "|last|" : "|", context.origin.start, "-", context.origin.stop, "|",
         context.origin.call_site ? *context.origin.call_site : "",
         context.origin.fragment ? *context.origin.fragment : "");
  for (size_t i = 0; i < context.constants.size(); ++i) {
    if (!context.constants[i]) continue;
    Append(key, "|", i, "=", firesteel::LiteralSql(*context.constants[i], context.argument_types[i], "UTC"));
  }
  return key;
}

}  // namespace

Result<std::string> Generator::Sql(const ExprPtr& expr) { return ExprSql(*expr); }

Result<std::string> Generator::ExprSql(const logical::Expr& expr) {
  struct Visitor {
    Generator& g;
    const logical::Expr& expr;

    Result<std::string> operator()(const logical::Literal& literal) { return g.LiteralSql(literal.value, expr.type); }
    Result<std::string> operator()(const logical::Column& column) {
      if (auto found = g.grouping_ids_.find(column.id); found != g.grouping_ids_.end()) return found->second;
      return ColumnName(column.id);
    }
    Result<std::string> operator()(const logical::Call& call) {
      if (call.function->name == "and" || call.function->name == "or") return g.Chain(expr, call.function);
      if (const auto* in = NegatedIn(call)) return g.InSubqueryValue(expr, *in, true);
      return g.CallSql(expr, call.arguments, {});
    }
    Result<std::string> operator()(const logical::Cast& cast) {
      if (const auto special = functions::SpecialTimeOf(*cast.child, expr.type, g.time_zone()))
        return g.LiteralSql(*special, expr.type);
      if (logical::IsNullConstant(*cast.child)) return g.LiteralSql(Value(), expr.type);
      // Back from text, which holds no more than what is UTF-8, the bytes are what they were.
      if (const auto* text = std::get_if<logical::Cast>(&cast.child->node);
          text != nullptr && expr.type.Is(TypeId::kBinary) && text->child->type.Is(TypeId::kBinary) &&
          cast.child->type.Is(TypeId::kString))
        return g.Sql(text->child);
      FS_TRY(std::string child, g.Sql(cast.child));
      return g.CastSql(std::move(child), cast.child->type, expr.type, cast.mode, expr.origin);
    }
    Result<std::string> operator()(const logical::AggregateCall& call) { return g.CallSql(expr, call.arguments, {}); }
    Result<std::string> operator()(const logical::WindowCall& window) { return g.WindowSql(window); }
    Result<std::string> operator()(const logical::LambdaVariable& variable) { return Cat("v", variable.id); }
    Result<std::string> operator()(const logical::Lambda& lambda) {
      FS_TRY(std::string body, functions::LowerBody(lambda, g));
      std::vector<std::string> names;
      for (const auto& parameter : lambda.parameters)
        names.push_back(Cat("v", std::get<logical::LambdaVariable>(parameter->node).id));
      return Cat("lambda ", Join(names, ", "), ": ", body);
    }
    Result<std::string> operator()(const logical::Subquery& subquery) { return g.SubquerySql(expr, subquery); }
    Result<std::string> operator()(const logical::Alias& alias) { return g.Sql(alias.child); }
  };
  return std::visit(Visitor{*this, expr}, expr.node);
}

Result<std::string> Generator::CallSql(const logical::Expr& call, const std::vector<ExprPtr>& arguments,
                                       std::string_view over) {
  const auto* aggregate = std::get_if<logical::AggregateCall>(&call.node);
  std::vector<std::string> texts;
  for (const auto& argument : arguments) {
    FS_TRY(std::string sql,
           functions::FilteredSql(argument, aggregate != nullptr ? aggregate->filter : nullptr, *this));
    texts.push_back(std::move(sql));
  }
  return functions::LowerCall(call, std::move(texts), *this, over);
}

// DuckDB's parser takes n² steps for a chain of n terms, and recurses for every pair of parentheses: groups of groups, wide and low.
std::string Chained(std::span<const std::string> terms, std::string_view word) {
  constexpr size_t kTermsMax = 64;
  std::string sql = "(";
  const size_t step = (terms.size() + kTermsMax - 1) / kTermsMax;
  for (size_t i = 0; i < terms.size(); i += step) {
    if (i > 0) sql += word;
    sql += step == 1 ? terms[i] : Chained(terms.subspan(i, std::min(step, terms.size() - i)), word);
  }
  return sql + ")";
}

// DuckDB computes every term, in any order. Where that has raised an error, a term is computed only where those before it do not decide.
std::string Guarded(std::string term, std::span<const std::string> before, bool is_and) {
  constexpr size_t kGuardMax = 1000;  // it stands here once more
  const std::string guard = Chained(before, is_and ? " AND " : " OR ");
  if (guard.size() > kGuardMax) return term;
  return Cat("(CASE WHEN ", guard, is_and ? " IS FALSE THEN FALSE" : " IS TRUE THEN TRUE", " ELSE ", term, " END)");
}

// A long AND or OR becomes one chain, however the tree leans.
Result<std::string> Generator::Chain(const logical::Expr& expr, const functions::Function* function) {
  std::vector<const logical::Expr*> pending = {&expr};
  std::vector<std::string> terms;
  while (!pending.empty()) {
    const logical::Expr* next = pending.back();
    pending.pop_back();
    const auto* call = std::get_if<logical::Call>(&next->node);
    if (call != nullptr && call->function == function) {
      pending.push_back(call->arguments[1].get());
      pending.push_back(call->arguments[0].get());
      continue;
    }
    FS_TRY(std::string sql, ExprSql(*next));
    if (options_.precise_errors && !terms.empty() && functions::MayRaise(*next))
      sql = Guarded(std::move(sql), terms, function->name == "and");
    terms.push_back(std::move(sql));
  }
  return Chained(terms, function->name == "and" ? " AND " : " OR ");
}

Result<std::string> Generator::OrderKeys(const std::vector<logical::SortKey>& keys, bool of_rows) {
  std::string sql;
  for (const auto& key : keys) {
    FS_TRY(std::string child, Sql(key.child));
    if (key.child->type.Is(TypeId::kArray) || key.child->type.Is(TypeId::kStruct)) {
      FS_TRY(child, functions::LowerKernel(functions::kSortKey, {std::move(child)}, {key.child->type}, TypeId::kBinary,
                                           logical::EvalMode::kAnsi, key.child->origin, *this));
    }
    // DuckDB gives a column that it sorts by back from the sort's key, where -0.0 is 0.0.
    if (of_rows && std::holds_alternative<logical::Column>(key.child->node) &&
        (key.child->type.Is(TypeId::kDouble) || key.child->type.Is(TypeId::kFloat)))
      child = Cat("(", child, " + CAST(0 AS ", functions::DuckType(key.child->type), "))");
    // A bare number would be a position to DuckDB.
    if (std::holds_alternative<logical::Literal>(key.child->node)) child = Cat("(", child, " IS NULL)");
    Append(sql, sql.empty() ? "" : ", ", child, key.direction == logical::SortDirection::kAscending ? " ASC" : " DESC",
           key.nulls == logical::NullOrder::kLast ? " NULLS LAST" : " NULLS FIRST");
  }
  return sql;
}

Result<std::string> Generator::WindowSql(const logical::WindowCall& window) {
  std::string sql;
  if (!window.partition.empty()) {
    std::vector<std::string> keys;
    for (const auto& key : window.partition) {
      FS_TRY(std::string child, Sql(key));
      keys.push_back(std::move(child));
    }
    Append(sql, "PARTITION BY ", Join(keys, ", "), " ");
  }
  const bool range_offset = window.unit == unresolved::Frame::Unit::kRange &&
                            (window.lower.offset != nullptr || window.upper.offset != nullptr);
  if (!window.order.empty()) {
    auto order = window.order;
    FS_TRY(std::string keys, OrderKeys(order));
    const auto is_months = [](const logical::FrameBound& b) {
      return b.offset != nullptr && b.offset->type.Is(TypeId::kYearMonthInterval);
    };
    const DataType& key = order[0].child->type;
    if (range_offset && (key.Is(TypeId::kTimestamp) || key.Is(TypeId::kTimestampNtz)) && !is_months(window.lower) &&
        !is_months(window.upper)) {
      // Offsets are microseconds, like the key.
      FS_TRY(std::string child, Sql(order[0].child));
      keys = Cat("epoch_us(", child, ")", std::string_view(keys).substr(child.size()));
    }
    Append(sql, "ORDER BY ", keys, " ");
  }
  auto bound = [&](const logical::FrameBound& b) -> Result<std::string> {
    if (b.offset == nullptr) return std::string(BoundWord(b.kind));
    FS_TRY(std::string offset, Sql(b.offset));
    if (range_offset && b.offset->type.Is(TypeId::kYearMonthInterval) &&
        window.order[0].child->type.IsDateOrTimestamp())
      offset = Cat("to_months(", offset, ")");
    if (range_offset && window.order[0].child->type.Is(TypeId::kDate) && b.offset->type.Is(TypeId::kDayTimeInterval))
      offset = Cat("CAST(", offset, " // 86400000000 AS INTEGER)");  // days
    return Cat(offset, " ", BoundWord(b.kind));
  };
  FS_TRY(std::string lower, bound(window.lower));
  FS_TRY(std::string upper, bound(window.upper));
  Append(sql, window.unit == unresolved::Frame::Unit::kRows ? "ROWS" : "RANGE", " BETWEEN ", lower, " AND ", upper);
  const auto* call = std::get_if<logical::Call>(&window.function->node);
  const auto& arguments =
      call != nullptr ? call->arguments : std::get<logical::AggregateCall>(window.function->node).arguments;
  return CallSql(*window.function, arguments, sql);
}

template <typename Kernel>
Result<std::string> Generator::Use(const Kernel& kernel, std::vector<std::string> arguments,
                                   functions::KernelContext context) {
  if (context.time_zone.empty()) context.time_zone = options_.time_zone;
  context.map_keys_last_win = options_.map_keys_last_win;
  std::string key = ContentKey(kernel, context);
  auto [found, added] = kernel_index_.try_emplace(key, query_.kernels.size());
  if (added) {
    if constexpr (std::is_same_v<Kernel, functions::ScalarKernel>) {
      if (kernel.prepare != nullptr) {
        FS_TRY(context.prepared, kernel.prepare(context));
      }
    }
    const bool deterministic = context.deterministic;
    query_.kernels.push_back({Cat("fs_k", absl::HashOf(key)), kernel,
                              std::make_shared<const functions::KernelContext>(std::move(context)), deterministic});
  }
  return Cat(query_.kernels[found->second].name, "(", Join(arguments, ", "), ")");
}

Result<std::string> Generator::CallKernel(const functions::ScalarKernel& kernel, std::vector<std::string> arguments,
                                          functions::KernelContext context) {
  return Use(kernel, std::move(arguments), std::move(context));
}

Result<std::string> Generator::CallKernel(const functions::AggregateKernel& kernel, std::vector<std::string> arguments,
                                          functions::KernelContext context) {
  return Use(kernel, std::move(arguments), std::move(context));
}

std::string Generator::Fail(const Error& error, const DataType& type) {
  return Cat("CAST(error(", LiteralSql(Value(error.Encode()), TypeId::kString), ") AS ", functions::DuckType(type),
             ")");
}

Result<std::string> Generator::CastSql(std::string sql, const DataType& from, const DataType& to,
                                       logical::EvalMode mode, const Origin& origin) {
  return functions::CastSql(std::move(sql), from, to, mode, origin, *this);
}

}  // namespace firesteel::physical
