// window(time, length[, distance[, offset]]) and session_window(time, gap): Spark's TimeWindowing and SessionWindowing.
#include "relations/time_window.h"

#include <cstdlib>

#include "base/cat.h"
#include "base/text.h"
#include "plan/rewrite.h"
#include "types/interval_text.h"
#include "types/type_text.h"
#include "types/value.h"

namespace firesteel::relations {
namespace {

constexpr std::string_view kColumn = "window", kSessionColumn = "session_window";
constexpr int64_t kDayMicros = 86'400'000'000;
constexpr int64_t kWindowsMax = 10'000;  // overlapping ones, of one row

/// A call of the function that is named as the column that it becomes.
const unresolved::Function* TimeWindowCall(const unresolved::Expr& expr, std::string_view column = kColumn) {
  const auto* call = std::get_if<unresolved::Function>(&expr.node);
  if (call == nullptr || call->name.size() != 1 || !EqualsIgnoreCase(call->name[0], column)) return nullptr;
  const size_t most = column == kColumn ? 4 : 2;
  return call->arguments.size() >= 2 && call->arguments.size() <= most ? call : nullptr;
}

using Lists = std::vector<std::vector<unresolved::ExprPtr>>;

/// Rewrites every call below the aliases, fields and functions of an expression.
class Replacer {
 public:
  explicit Replacer(std::string_view column = kColumn) : column_(column) {}
  std::vector<unresolved::ExprPtr> calls;

  Lists ReplaceAll(const std::vector<std::vector<unresolved::ExprPtr>*>& lists) {
    Lists replaced;
    for (const auto* list : lists) {
      auto& copy = replaced.emplace_back();
      for (const unresolved::ExprPtr& expression : *list) copy.push_back(Replace(expression));
    }
    return replaced;
  }

  unresolved::ExprPtr Replace(const unresolved::ExprPtr& expr, int depth = 0) {
    constexpr int kDepthMax = 16;  // deeper ones nobody writes
    if (expr == nullptr || depth > kDepthMax) return expr;
    if (TimeWindowCall(*expr, column_) != nullptr) {
      calls.push_back(expr);
      return With(*expr, unresolved::Attribute{{std::string(column_)}, std::nullopt, false});
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

  std::string_view column_;
};

/// `*` stands for the columns that were there before.
void ExceptFromStars(std::string_view column, std::vector<unresolved::ExprPtr>& list) {
  for (unresolved::ExprPtr& expression : list) {
    const auto* star = std::get_if<unresolved::Star>(&expression->node);
    if (star == nullptr || !star->target.empty() || star->plan_id) continue;
    unresolved::Star copy = *star;
    copy.except.push_back({std::string(column)});
    expression = std::make_shared<const unresolved::Expr>(unresolved::Expr{std::move(copy), expression->origin});
  }
}

/// As a timestamp of one of the two types; none if it can't be.
std::optional<ExprPtr> AsTime(const ExprPtr& time, Resolver& resolver) {
  if (time->type.Is(TypeId::kTimestamp) || time->type.Is(TypeId::kTimestampNtz)) return time;
  const auto wanted = firesteel::ImplicitCast(time->type, TypeId::kTimestamp, resolver.settings().ansi);
  if (!wanted) return std::nullopt;
  return ImplicitCast(time, *wanted, resolver.settings());
}

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
  FS_TRY(const ExprPtr bound, resolver.Bind(arguments[0], input, Clause::kOther));
  const std::optional<ExprPtr> time = AsTime(bound, resolver);
  if (!time) return std::optional<Window>();
  window.time = *time;
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
  Lists replaced = replacer.ReplaceAll(lists);
  if (replacer.calls.empty()) return input;
  const Origin origin = replacer.calls[0]->origin;
  Replacer sessions(kSessionColumn);
  sessions.ReplaceAll(lists);
  if (!sessions.calls.empty()) return Error::Condition("_LEGACY_ERROR_TEMP_1039");
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
    ExceptFromStars(kColumn, *lists[i]);
  }
  return plan;
}

namespace {

/// What GROUP BY's item stands for: an ordinal or an alias of the select list, else itself.
unresolved::ExprPtr GroupedBy(const unresolved::ExprPtr& item, const unresolved::Aggregate& aggregate,
                              const PlanPtr& input, Resolver& resolver) {
  const auto unaliased = [](const unresolved::ExprPtr& expression) {
    const auto* alias = std::get_if<unresolved::Alias>(&expression->node);
    return alias == nullptr ? expression : alias->child;
  };
  if (const auto* literal = std::get_if<unresolved::Literal>(&item->node)) {
    const auto* ordinal = std::get_if<int64_t>(&literal->value.data);
    if (ordinal != nullptr && *ordinal >= 1 && static_cast<size_t>(*ordinal) <= aggregate.aggregates.size())
      return unaliased(aggregate.aggregates[static_cast<size_t>(*ordinal) - 1]);
  }
  const auto* name = std::get_if<unresolved::Attribute>(&item->node);
  if (name == nullptr || name->name.size() != 1 || resolver.Bind(item, input, Clause::kGroupBy).ok()) return item;
  for (const unresolved::ExprPtr& expression : aggregate.aggregates) {
    const auto* alias = std::get_if<unresolved::Alias>(&expression->node);
    if (alias != nullptr && alias->names.size() == 1 && resolver.SameName(alias->names[0], name->name[0]))
      return alias->child;
  }
  return item;
}

/// Over `input`, which has the columns `start` and `end` last: with the window of its session for each row instead of them. Rows with
/// the same keys are of one session while the next one starts before, or when, all before it have ended.
Result<PlanPtr> Sessions(PlanPtr input, const std::vector<ExprPtr>& keys, size_t kept, const Origin& origin,
                         Resolver& resolver) {
  const auto columns_of = [](const PlanPtr& plan) {
    std::vector<SelectItem> items;
    for (const Attribute& attribute : plan->output) items.push_back({nullptr, ColumnOf(attribute)});
    return items;
  };
  std::vector<ExprPtr> columns;
  for (const Attribute& attribute : input->output) columns.push_back(ColumnOf(attribute));
  std::string partition;
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::string name = "#session key " + std::to_string(i);
    columns.push_back(Named(keys[i], name));
    partition += (i == 0 ? "" : ", ") + QuoteIdentifier(name);
  }
  PlanPtr plan = ProjectTo(std::move(input), std::move(columns), origin);
  const auto with = [&](const std::string& sql) -> Status {
    std::vector<SelectItem> items = columns_of(plan);
    FS_TRY(unresolved::ExprPtr added, resolver.ParseExpression(sql));
    items.push_back({std::move(added), nullptr});
    FS_TRY(plan, resolver.SelectItems(items, plan, origin));
    return {};
  };
  const std::string by = partition.empty() ? "" : "PARTITION BY " + partition;
  FS_CHECK(with("CASE WHEN max(`#session end`) OVER (" + by +
                " ORDER BY `#session start` ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= `#session start` "
                "THEN 0 ELSE 1 END AS `#session new`"));
  // Among those that start together the one that begins the session comes first.
  FS_CHECK(with("sum(`#session new`) OVER (" + by +
                " ORDER BY `#session start`, `#session new` DESC ROWS UNBOUNDED PRECEDING) AS `#session number`"));
  const std::string of = "OVER (PARTITION BY " + (partition.empty() ? "" : partition + ", ") + "`#session number`)";
  FS_CHECK(with("session_window(min(`#session start`) " + of + ", max(`#session end`) " + of + ") AS session_window"));
  std::vector<ExprPtr> result;
  for (size_t i = 0; i < kept; ++i) result.push_back(ColumnOf(plan->output[i]));
  result.push_back(ColumnOf(plan->output.back()));
  return ProjectTo(plan, std::move(result), origin);
}

}  // namespace

Result<PlanPtr> WithSessionWindow(PlanPtr input, std::vector<std::vector<unresolved::ExprPtr>*> lists,
                                  const unresolved::Aggregate* aggregate, Resolver& resolver) {
  Replacer replacer(kSessionColumn);
  Lists replaced = replacer.ReplaceAll(lists);
  if (replacer.calls.empty()) return input;
  const Origin origin = replacer.calls[0]->origin;
  ExprPtr time, gap;
  for (const unresolved::ExprPtr& call : replacer.calls) {
    const auto& arguments = TimeWindowCall(*call, kSessionColumn)->arguments;
    FS_TRY(const ExprPtr bound_time, resolver.Bind(arguments[0], input, Clause::kOther));
    FS_TRY(const ExprPtr bound_gap, resolver.Bind(arguments[1], input, Clause::kOther));
    const std::optional<ExprPtr> as_time = AsTime(bound_time, resolver);
    if (!as_time) return input;  // the function's own error
    if (time == nullptr) {
      time = *as_time;
      gap = bound_gap;
    } else if (!logical::SemanticallyEqual(time, *as_time) || !logical::SemanticallyEqual(gap, bound_gap)) {
      return Error::Condition("_LEGACY_ERROR_TEMP_1039");
    }
  }
  if (!CanCast(gap->type, TypeId::kCalendarInterval, resolver.settings().ansi)) {
    const DataType& type = gap->type;
    if (!type.IsAnsiInterval()) return Error::Unsupported("session_window() with a gap of " + TypeSql(type), origin);
    const IntervalFields fields = type.interval();
    return Error::Condition("_LEGACY_ERROR_TEMP_1040",
                            {{"dt", Cat(type.Is(TypeId::kDayTimeInterval) ? "DayTime" : "YearMonth", "IntervalType(",
                                        int{fields.start}, ",", int{fields.end}, ")")}});
  }
  if (!gap->type.Is(TypeId::kCalendarInterval)) {
    // A text that is no interval gives none, in ANSI mode too.
    gap = logical::MakeExpr(logical::Cast{gap, logical::EvalMode::kTry, true}, TypeId::kCalendarInterval, true, origin);
  }
  FS_TRY(ExprPtr end, resolver.Call("+", {time, gap}, origin));
  const size_t kept = input->output.size();
  std::vector<ExprPtr> columns;
  for (const Attribute& attribute : input->output) columns.push_back(ColumnOf(attribute));
  columns.push_back(Named(time, "#session start"));
  columns.push_back(Named(std::move(end), "#session end"));
  PlanPtr plan = ProjectTo(input, std::move(columns), origin);
  const auto bounds = [](const PlanPtr& of, size_t at) {
    return std::vector<ExprPtr>{ColumnOf(of->output[at]), ColumnOf(of->output[at + 1])};
  };
  const std::vector<ExprPtr> pair = bounds(plan, kept);
  FS_TRY(const ExprPtr some_time, resolver.Call(">", {pair[1], pair[0]}, origin));
  plan = Over(logical::Filter{plan, some_time}, plan, origin);
  if (aggregate != nullptr) {
    if (aggregate->type != unresolved::GroupType::kGroupBy || !aggregate->grouping_sets.empty())
      return Error::Unsupported("session_window() in grouping sets", origin);
    std::vector<ExprPtr> keys;
    for (const unresolved::ExprPtr& item : replaced[0]) {
      unresolved::ExprPtr key = GroupedBy(item, *aggregate, input, resolver);
      while (const auto* alias = std::get_if<unresolved::Alias>(&key->node)) key = unresolved::ExprPtr(alias->child);
      const auto* name = std::get_if<unresolved::Attribute>(&key->node);
      const auto* call = std::get_if<unresolved::Function>(&key->node);
      if (TimeWindowCall(*key, kSessionColumn) != nullptr) continue;
      if (name != nullptr && name->name.size() == 1 && name->name[0] == kSessionColumn) continue;
      if (call != nullptr && call->name.size() == 1 &&
          (call->name[0] == "rollup" || call->name[0] == "cube" || call->name[0] == "grouping_sets"))
        return Error::Unsupported("session_window() in grouping sets", origin);
      FS_TRY(ExprPtr bound, resolver.Bind(key, plan, Clause::kGroupBy));
      keys.push_back(std::move(bound));
    }
    FS_TRY(plan, Sessions(std::move(plan), keys, kept, origin, resolver));
  } else {
    FS_TRY(ExprPtr window, resolver.Call(kSessionColumn, bounds(plan, kept), origin));
    std::vector<ExprPtr> result;
    for (size_t i = 0; i < kept; ++i) result.push_back(ColumnOf(plan->output[i]));
    result.push_back(Named(std::move(window), std::string(kSessionColumn)));
    plan = ProjectTo(plan, std::move(result), origin);
  }
  for (size_t i = 0; i < lists.size(); ++i) {
    *lists[i] = std::move(replaced[i]);
    ExceptFromStars(kSessionColumn, *lists[i]);
  }
  return plan;
}

}  // namespace firesteel::relations
