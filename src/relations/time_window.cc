// window(time, length[, distance[, offset]]): Spark's TimeWindowing.
#include "relations/time_window.h"

#include <cstdlib>

#include "base/text.h"
#include "plan/rewrite.h"
#include "types/interval_text.h"
#include "types/value.h"

namespace firesteel::relations {
namespace {

constexpr std::string_view kColumn = "window";
constexpr int64_t kDayMicros = 86'400'000'000;
constexpr int64_t kWindowsMax = 10'000;  // overlapping ones, of one row

const unresolved::Function* TimeWindowCall(const unresolved::Expr& expr) {
  const auto* call = std::get_if<unresolved::Function>(&expr.node);
  if (call == nullptr || call->name.size() != 1 || !EqualsIgnoreCase(call->name[0], kColumn)) return nullptr;
  return call->arguments.size() >= 2 && call->arguments.size() <= 4 ? call : nullptr;
}

/// Rewrites every call below the aliases, fields and functions of an expression.
class Replacer {
 public:
  std::vector<unresolved::ExprPtr> calls;

  unresolved::ExprPtr Replace(const unresolved::ExprPtr& expr, int depth = 0) {
    constexpr int kDepthMax = 16;  // deeper ones nobody writes
    if (expr == nullptr || depth > kDepthMax) return expr;
    if (TimeWindowCall(*expr) != nullptr) {
      calls.push_back(expr);
      return With(*expr, unresolved::Attribute{{std::string(kColumn)}, std::nullopt, false});
    }
    if (const auto* alias = std::get_if<unresolved::Alias>(&expr->node)) {
      auto child = Replace(alias->child, depth + 1);
      if (child == alias->child) return expr;
      unresolved::Alias copy = *alias;
      copy.child = std::move(child);
      return With(*expr, std::move(copy));
    }
    if (const auto* field = std::get_if<unresolved::ExtractValue>(&expr->node)) {
      auto child = Replace(field->child, depth + 1);
      if (child == field->child) return expr;
      return With(*expr, unresolved::ExtractValue{std::move(child), field->extraction});
    }
    if (const auto* function = std::get_if<unresolved::Function>(&expr->node)) {
      unresolved::Function copy = *function;
      bool changed = false;
      for (unresolved::ExprPtr& argument : copy.arguments) {
        auto replaced = Replace(argument, depth + 1);
        changed = changed || replaced != argument;
        argument = std::move(replaced);
      }
      return changed ? With(*expr, std::move(copy)) : expr;
    }
    return expr;
  }

 private:
  template <typename Node>
  static unresolved::ExprPtr With(const unresolved::Expr& from, Node node) {
    return std::make_shared<const unresolved::Expr>(unresolved::Expr{std::move(node), from.origin});
  }
};

/// A constant length of time in microseconds, '5 minutes' or a day-time interval; none if it is no such thing.
Result<std::optional<int64_t>> Micros(const unresolved::ExprPtr& expression, const PlanPtr& input, const Origin& origin,
                                      Resolver& resolver) {
  FS_TRY(const ExprPtr bound, resolver.Bind(expression, input, Clause::kOther));
  const bool text = bound->type.Is(TypeId::kString);
  if (!logical::IsFoldable(bound) || !(text || bound->type.Is(TypeId::kDayTimeInterval)))
    return std::optional<int64_t>();
  FS_TRY(const Value value, resolver.Evaluate(bound));
  if (value.IsNull()) return std::optional<int64_t>();
  if (!text) return std::optional(value.As<int64_t>());
  const auto interval = ParseCalendarInterval(value.As<std::string>());
  if (!interval.ok()) {
    return Error::Condition("CANNOT_PARSE_INTERVAL",
                            {{"intervalString", LiteralSql(value, TypeId::kString, resolver.settings().time_zone)}},
                            origin);
  }
  if (interval->months != 0) {
    return Error::Condition("_LEGACY_ERROR_TEMP_3231", {{"interval", value.As<std::string>()}})
        .As(ErrorClass::kIllegalArgument);
  }
  int64_t micros = 0;
  if (__builtin_mul_overflow(interval->days, kDayMicros, &micros) ||
      __builtin_add_overflow(micros, interval->micros, &micros))
    return std::optional<int64_t>();
  return std::optional(micros);
}

/// A call of window(), bound: times in microseconds.
struct Window {
  ExprPtr time;
  int64_t length = 0, distance = 0, offset = 0;
};

/// None for what Spark does not take.
Result<std::optional<Window>> BindWindow(const unresolved::Expr& call, const PlanPtr& input, Resolver& resolver) {
  const auto& arguments = TimeWindowCall(call)->arguments;
  Window window;
  FS_TRY(window.time, resolver.Bind(arguments[0], input, Clause::kOther));
  const DataType& type = window.time->type;
  if (!type.Is(TypeId::kTimestamp) && !type.Is(TypeId::kTimestampNtz)) {
    const auto wanted = firesteel::ImplicitCast(type, TypeId::kTimestamp, resolver.settings().ansi);
    if (!wanted) return std::optional<Window>();
    window.time = ImplicitCast(window.time, *wanted, resolver.settings());
  }
  std::optional<int64_t> times[3];
  for (size_t i = 1; i < arguments.size(); ++i) {
    FS_TRY(times[i - 1], Micros(arguments[i], input, call.origin, resolver));
    if (!times[i - 1]) return std::optional<Window>();
  }
  window.length = *times[0];
  window.distance = times[1].value_or(window.length);
  window.offset = times[2].value_or(0);
  const bool taken =
      window.distance > 0 && window.length >= window.distance && std::abs(window.offset) < window.distance;
  return taken ? std::optional(window) : std::nullopt;
}

}  // namespace

Result<PlanPtr> WithTimeWindow(PlanPtr input, std::vector<std::vector<unresolved::ExprPtr>*> lists,
                               Resolver& resolver) {
  Replacer replacer;
  std::vector<std::vector<unresolved::ExprPtr>> replaced;
  for (const auto* list : lists) {
    auto& copy = replaced.emplace_back();
    for (const unresolved::ExprPtr& expression : *list) copy.push_back(replacer.Replace(expression));
  }
  if (replacer.calls.empty()) return input;
  const Origin origin = replacer.calls[0]->origin;
  FS_TRY(const std::optional<Window> bound, BindWindow(*replacer.calls[0], input, resolver));
  if (!bound) return input;
  for (size_t i = 1; i < replacer.calls.size(); ++i) {
    FS_TRY(const std::optional<Window> other, BindWindow(*replacer.calls[i], input, resolver));
    const bool same = other && logical::SemanticallyEqual(other->time, bound->time) && other->length == bound->length &&
                      other->distance == bound->distance && other->offset == bound->offset;
    if (!same) return Error::Condition("_LEGACY_ERROR_TEMP_1039");
  }
  const ExprPtr& time = bound->time;
  const int64_t windows = bound->length / bound->distance + (bound->length % bound->distance != 0 ? 1 : 0);
  if (windows > kWindowsMax) return Error::Unsupported("window() with more than 10000 windows for a row", origin);

  const auto number = [](int64_t value) { return LiteralOf(Value(value), TypeId::kLong); };
  const auto window = [&](int64_t back) {
    return resolver.Call(
        kColumn, {time, number(bound->length), number(bound->distance), number(bound->offset), number(back)}, origin);
  };
  FS_TRY(const ExprPtr present, resolver.Call("isnotnull", {time}, origin));
  PlanPtr plan = Over(logical::Filter{input, present}, input, origin);
  std::vector<ExprPtr> columns;
  for (const Attribute& attribute : plan->output) columns.push_back(ColumnOf(attribute));
  if (windows == 1) {
    FS_TRY(ExprPtr only, window(0));
    columns.push_back(Named(std::move(only), std::string(kColumn)));
    plan = ProjectTo(std::move(plan), std::move(columns), origin);
  } else {
    std::vector<std::vector<ExprPtr>> projections;
    for (int64_t back = 0; back < windows; ++back) {
      auto& row = projections.emplace_back(columns);
      FS_TRY(ExprPtr one, window(back));
      row.push_back(std::move(one));
    }
    std::vector<Attribute> output = plan->output;
    const ExprPtr named = Named(projections[0].back(), std::string(kColumn));
    output.push_back(std::get<logical::Alias>(named->node).output);
    plan = logical::MakePlan(logical::Expand{std::move(plan), std::move(projections)}, output, origin);
    // The earliest may end before the row's time.
    FS_TRY(const ExprPtr end, resolver.ColumnByName("window.end", plan, origin));
    FS_TRY(const ExprPtr inside, resolver.Call("<", {time, end}, origin));
    plan = Over(logical::Filter{plan, inside}, plan, origin);
  }
  for (size_t i = 0; i < lists.size(); ++i) {
    *lists[i] = std::move(replaced[i]);
    for (unresolved::ExprPtr& expression : *lists[i]) {  // `*` stands for the columns that were there before
      const auto* star = std::get_if<unresolved::Star>(&expression->node);
      if (star == nullptr || !star->target.empty() || star->plan_id) continue;
      unresolved::Star copy = *star;
      copy.except.push_back({std::string(kColumn)});
      expression = std::make_shared<const unresolved::Expr>(unresolved::Expr{std::move(copy), expression->origin});
    }
  }
  return plan;
}

}  // namespace firesteel::relations
