// OVER: window specifications, their frames and what may stand before them.
#include <algorithm>

#include "analyzer/binder.h"
#include "base/text.h"
#include "plan/explain.h"
#include "types/type_text.h"

namespace firesteel::analyzer {

using Frame = unresolved::Frame;
using Kind = Frame::BoundKind;
using logical::FrameBound;
using logical::WindowCall;

Result<std::vector<logical::SortKey>> Binder::BindKeys(std::span<const unresolved::SortKey> keys, Context& context) {
  std::vector<logical::SortKey> bound;
  for (const unresolved::SortKey& key : keys) {
    FS_TRY(ExprPtr child, BindExpr(key.child, context));
    logical::NullOrder nulls = key.nulls;
    if (nulls == logical::NullOrder::kDefault) {
      nulls =
          key.direction == logical::SortDirection::kAscending ? logical::NullOrder::kFirst : logical::NullOrder::kLast;
    }
    if (!IsOrderable(child->type)) {
      return Error::Condition("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                              {{"sqlExpr", Sql(child)},
                               {"functionName", "`sortorder`"},
                               {"dataType", InDoubleQuotes(TypeSql(child->type))}},
                              child->origin);
    }
    bound.push_back({std::move(child), key.direction, nulls});
  }
  return bound;
}

Result<unresolved::WindowSpec> Binder::WindowNamed(const unresolved::WindowSpec& spec, const Origin& origin) {
  if (spec.reference.empty()) return spec;
  for (auto frame = windows_.rbegin(); frame != windows_.rend(); ++frame) {
    for (const auto& [name, definition] : *frame) {
      if (!EqualsIgnoreCase(name, spec.reference)) continue;
      FS_TRY(unresolved::WindowSpec found, WindowNamed(definition, origin));
      if (!spec.partition.empty()) found.partition = spec.partition;
      if (!spec.order.empty()) found.order = spec.order;
      if (spec.frame) found.frame = spec.frame;
      return found;
    }
  }
  return Error::Condition("MISSING_WINDOW_SPECIFICATION",
                          {{"windowName", spec.reference}, {"docroot", "https://spark.apache.org/docs/latest"}});
}

Result<PlanPtr> Binder::ResolveWithWindows(const unresolved::WithWindows& windows) {
  // References may go both ways, but not in circles.
  for (const auto& [name, spec] : windows.definitions) {
    const unresolved::WindowSpec* at = &spec;
    for (size_t steps = 0; !at->reference.empty(); ++steps) {
      const unresolved::WindowSpec* next = nullptr;
      for (const auto& [other, definition] : windows.definitions) {
        if (EqualsIgnoreCase(other, at->reference)) next = &definition;
      }
      if (next == nullptr || steps > windows.definitions.size()) {
        return Error::Condition("MISSING_WINDOW_SPECIFICATION",
                                {{"windowName", at->reference}, {"docroot", "https://spark.apache.org/docs/latest"}},
                                windows.input->origin);
      }
      at = next;
    }
  }
  windows_.push_back(windows.definitions);
  Result<PlanPtr> plan = Resolve(windows.input);
  windows_.pop_back();
  return plan;
}

namespace {

/// Spark's text of a bound before it is checked. What coercion has cast is no distance to it any more, but an expression.
std::string WrittenBound(Kind kind, const ExprPtr& offset, bool cast) {
  switch (kind) {
    case Kind::kUnboundedPreceding:
      return "UNBOUNDED PRECEDING";
    case Kind::kPreceding:
      if (cast) return "(- " + logical::PrettyName(*offset) + ") FOLLOWING";
      return logical::PrettyName(*offset) + (offset->shown ? " FOLLOWING" : " PRECEDING");
    case Kind::kCurrentRow:
      return "CURRENT ROW";
    case Kind::kFollowing:
      return logical::PrettyName(*offset) + " FOLLOWING";
    case Kind::kUnboundedFollowing:
      return "UNBOUNDED FOLLOWING";
  }
  return {};
}

std::string Keys(const WindowCall& window, std::string_view separator, std::string (*name)(const logical::Expr&)) {
  std::string text;
  for (const logical::SortKey& key : window.order) {
    text += (text.empty() ? "" : std::string(separator)) + name(*key.child) +
            (key.direction == logical::SortDirection::kAscending ? " ASC" : " DESC") +
            (key.nulls == logical::NullOrder::kLast ? " NULLS LAST" : " NULLS FIRST");
  }
  return text;
}

/// Whether Spark casts a distance to the type of the key that it is measured on.
bool IsCastToKey(const DataType& offset, const WindowCall& window, Frame::Unit unit, bool ansi) {
  if (unit == Frame::Unit::kRows || window.order.size() != 1) return false;
  const DataType& key = window.order[0].child->type;
  return !key.IsDateOrTimestamp() && !offset.SameType(key) && CanCast(offset, key, ansi);
}

std::string PrettyNameOf(const logical::Expr& expr) { return logical::PrettyName(expr); }
std::string TextOf(const logical::Expr& expr) { return logical::ToString(expr); }

}  // namespace

Status Binder::CheckFrame(const Frame& frame, const WindowCall& window, const Origin& origin, Context& context) {
  struct Side {
    const Frame::Bound& bound;
    std::string_view location;
    ExprPtr offset = nullptr;
    DataType type = TypeId::kNull;
    bool cast = false;
  };
  Side sides[] = {{frame.lower, "lower"}, {frame.upper, "upper"}};
  for (Side& side : sides) {
    if (side.bound.kind != Kind::kPreceding && side.bound.kind != Kind::kFollowing) continue;
    FS_TRY(side.offset, BindExpr(side.bound.offset, context));
    side.type = side.offset->type;
    // Spark's n PRECEDING is -n, a number whatever n is.
    if (side.bound.kind == Kind::kPreceding && side.type.Is(TypeId::kString)) side.type = TypeId::kDouble;
    side.cast = IsCastToKey(side.type, window, frame.unit, environment_.settings().ansi);
    if (side.cast) side.type = window.order[0].child->type;
  }
  const bool rows = frame.unit == Frame::Unit::kRows;
  const std::string written = std::string(rows ? "ROWS" : "RANGE") + " BETWEEN " +
                              WrittenBound(frame.lower.kind, sides[0].offset, sides[0].cast) + " AND " +
                              WrittenBound(frame.upper.kind, sides[1].offset, sides[1].cast);
  const std::string frame_sql = InDoubleQuotes(written);
  if (frame.lower.kind == Kind::kUnboundedFollowing || frame.upper.kind == Kind::kUnboundedPreceding) {
    return Error::Condition("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND",
                            {{"sqlExpr", frame_sql},
                             {"lower", InDoubleQuotes(WrittenBound(frame.lower.kind, sides[0].offset, sides[0].cast))},
                             {"upper", InDoubleQuotes(WrittenBound(frame.upper.kind, sides[1].offset, sides[1].cast))}},
                            origin);
  }
  for (const Side& side : sides) {
    if (side.offset && !logical::IsFoldable(side.offset)) {
      return Error::Condition(
          "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE",
          {{"sqlExpr", frame_sql}, {"location", std::string(side.location)}, {"expression", Sql(side.offset)}}, origin);
    }
    const bool is_interval = side.type.IsAnsiInterval() || side.type.Is(TypeId::kCalendarInterval);
    const bool is_distance = side.type.IsNumeric() || is_interval || side.type.Is(TypeId::kNull);
    const bool fits = !side.offset || (rows ? side.type.Is(TypeId::kInteger) : is_distance);
    if (fits) continue;
    return Error::Condition(
        "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
        {{"sqlExpr", frame_sql},
         {"location", std::string(side.location)},
         {"exprType", InDoubleQuotes(TypeSql(side.type))},
         {"expectedType",
          rows ? "\"INT\""
               : "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL\")"}},
        origin);
  }
  if (rows || (!sides[0].offset && !sides[1].offset)) return {};
  if (sides[0].offset && sides[1].offset && sides[0].type.IsAnsiInterval() && !sides[0].type.SameType(sides[1].type)) {
    const std::string lower = logical::PrettyName(*sides[0].offset);
    return Error::Condition(
        "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_DIFF_TYPES",
        {{"sqlExpr", frame_sql},
         {"lower", InDoubleQuotes(frame.lower.kind == Kind::kPreceding ? "(- " + lower + ")" : lower)},
         {"upper", Sql(sides[1].offset)},
         {"lowerType", InDoubleQuotes(TypeSql(sides[0].type))},
         {"upperType", InDoubleQuotes(TypeSql(sides[1].type))}},
        origin);
  }
  std::string whole = "(";
  for (size_t i = 0; i < window.partition.size(); ++i)
    whole += (i == 0 ? "PARTITION BY " : ", ") + logical::PrettyName(*window.partition[i]);
  if (!window.partition.empty()) whole += " ";
  if (!window.order.empty()) whole += "ORDER BY " + Keys(window, ", ", &PrettyNameOf) + " ";
  whole = InDoubleQuotes(whole + written + ")");
  if (window.order.empty())
    return Error::Condition("DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER", {{"sqlExpr", whole}}, origin);
  if (window.order.size() > 1) {
    return Error::Condition("DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER",
                            {{"sqlExpr", whole}, {"orderSpec", Keys(window, ",", &TextOf)}}, origin);
  }
  const DataType& key = window.order[0].child->type;
  for (const Side& side : sides) {
    if (!side.offset) continue;
    const DataType& type = side.type;
    const bool is_date_distance =
        type.Is(TypeId::kInteger) || type.Is(TypeId::kYearMonthInterval) || type == DataType::DayTime(0, 0);
    const bool fits = key.Is(TypeId::kDate)     ? is_date_distance
                      : key.IsDateOrTimestamp() ? type.IsAnsiInterval() || type.Is(TypeId::kCalendarInterval)
                                                : type.SameType(key);
    if (fits) continue;
    return Error::Condition("DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE",
                            {{"sqlExpr", whole},
                             {"orderSpecType", InDoubleQuotes(TypeSql(key))},
                             {"valueBoundaryType", InDoubleQuotes(TypeSql(type))}},
                            origin);
  }
  return {};
}

Result<FrameBound> Binder::BindBound(const Frame::Bound& bound, Frame::Unit unit, const WindowCall& window,
                                     bool is_lower, const Origin& origin, Context& context) {
  if (bound.kind != Kind::kPreceding && bound.kind != Kind::kFollowing) return FrameBound{bound.kind, nullptr};
  FS_TRY(ExprPtr offset, BindExpr(bound.offset, context));
  const std::string location = is_lower ? "lower" : "upper";
  DataType wanted = TypeId::kInteger;
  if (unit == Frame::Unit::kRange) {
    const DataType& key = window.order[0].child->type;
    if (key.IsNumeric() || key.IsAnsiInterval()) {
      wanted = key;
    } else if (!key.Is(TypeId::kDate) || offset->type.IsAnsiInterval()) {
      wanted = offset->type;
    }
  }
  FS_TRY(Value value, Evaluate(relations::ImplicitCast(offset, wanted, environment_.settings())));
  if (value.IsNull()) {
    return Error::Condition("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE",
                            {{"sqlExpr", Sql(offset)}, {"location", location}, {"expression", Sql(offset)}}, origin);
  }
  // A negative distance looks the other way.
  const bool cast = IsCastToKey(offset->type, window, unit, environment_.settings().ansi);
  Kind kind = bound.kind;
  auto flip = [&] { kind = kind == Kind::kPreceding ? Kind::kFollowing : Kind::kPreceding; };
  if (const auto* v = std::get_if<int64_t>(&value.data)) {
    if (*v == 0 && unit == Frame::Unit::kRows) return FrameBound{Kind::kCurrentRow, nullptr};
    if (*v < 0) {
      flip();
      value = Value(*v == INT64_MIN ? INT64_MAX : -*v);
    }
  } else if (const auto* v = std::get_if<double>(&value.data); v != nullptr && *v < 0) {
    flip();
    value = Value(-*v);
  } else if (const auto* v = std::get_if<float>(&value.data); v != nullptr && *v < 0) {
    flip();
    value = Value(-*v);
  } else if (const auto* v = std::get_if<int128_t>(&value.data); v != nullptr && *v < 0) {
    flip();
    value = Value(static_cast<int128_t>(-*v));
  }
  ExprPtr distance = relations::LiteralOf(std::move(value), wanted);
  // Spark shows what it has cast as an expression, not as a distance.
  if (cast && kind == Kind::kPreceding && kind == bound.kind)
    distance = logical::Shown(distance, "(- " + NameOf(offset) + ")");
  if (kind == Kind::kPreceding && kind != bound.kind) distance = logical::Shown(distance, NameOf(offset));
  return FrameBound{kind, std::move(distance)};
}

namespace {

/// -1: before the row, 0: the row, 1: after it.
int Side(const FrameBound& bound) {
  switch (bound.kind) {
    case Kind::kUnboundedPreceding:
      return -2;
    case Kind::kPreceding:
      return -1;
    case Kind::kCurrentRow:
      return 0;
    case Kind::kFollowing:
      return 1;
    case Kind::kUnboundedFollowing:
      return 2;
  }
  return 0;
}

/// Spark's toString of the bounds and the frame.
std::string BoundText(const FrameBound& bound) {
  switch (bound.kind) {
    case Kind::kUnboundedPreceding:
      return "unboundedpreceding$()";
    case Kind::kPreceding:
      return "-" + logical::ToString(*bound.offset);
    case Kind::kCurrentRow:
      return "currentrow$()";
    case Kind::kFollowing:
      return logical::ToString(*bound.offset);
    case Kind::kUnboundedFollowing:
      return "unboundedfollowing$()";
  }
  return {};
}

std::string FrameText(const WindowCall& window) {
  return std::string("specifiedwindowframe(") + (window.unit == Frame::Unit::kRows ? "RowFrame, " : "RangeFrame, ") +
         BoundText(window.lower) + ", " + BoundText(window.upper) + ")";
}

std::string WrittenFrame(const WindowCall& window) {
  return std::string(window.unit == Frame::Unit::kRows ? "ROWS" : "RANGE") + " BETWEEN " +
         WrittenBound(window.lower.kind, window.lower.offset, false) + " AND " +
         WrittenBound(window.upper.kind, window.upper.offset, false);
}

bool IsWholePartition(const Frame& frame) {
  return frame.unit == Frame::Unit::kRows && frame.lower.kind == Kind::kUnboundedPreceding &&
         frame.upper.kind == Kind::kUnboundedFollowing;
}

bool Exceeds(const FrameBound& lower, const FrameBound& upper) {
  int l = Side(lower), u = Side(upper);
  if (l == 2 || u == -2) return true;  // starts at the end, or ends at the start
  if (l != u || !lower.offset) return l > u;
  const auto& a = std::get<logical::Literal>(lower.offset->node).value;
  const auto& b = std::get<logical::Literal>(upper.offset->node).value;
  const auto* x = std::get_if<int64_t>(&a.data);
  const auto* y = std::get_if<int64_t>(&b.data);
  if (x == nullptr || y == nullptr) return false;
  return l < 0 ? *x < *y : *x > *y;
}

}  // namespace

// Spark shows such a function with what it sorts by as an argument.
std::string Binder::SortedAggregateText(const logical::AggregateCall& call) const {
  std::vector<std::string> parts;
  // Percentiles hold their key as the first argument, and behind the others how to read it.
  const size_t count = call.function->name.starts_with("percentile") ? 2 : call.arguments.size();
  for (size_t i = 0; i < std::min(count, call.arguments.size()); ++i) parts.push_back(NameOf(call.arguments[i]));
  for (const logical::SortKey& key : call.order) {
    parts.push_back(NameOf(key.child) + (key.direction == logical::SortDirection::kAscending ? " ASC" : " DESC") +
                    (key.nulls == logical::NullOrder::kFirst ? " NULLS FIRST" : " NULLS LAST"));
  }
  return InDoubleQuotes(std::string(call.function->name) + "(" + Join(parts, ", ") + ")");
}

Result<ExprPtr> Binder::BindWindow(const unresolved::Window& window, const Origin& origin, Context& context) {
  FS_TRY(unresolved::WindowSpec spec, WindowNamed(window.spec, origin));
  WindowCall call;
  FS_TRY(UnresolvedPtr source, Unwrap(window.function));
  // The parser makes the function's call and what stands behind it one expression: errors show both.
  auto with_clauses = std::make_shared<unresolved::Expr>(*source);
  with_clauses->origin = origin;
  source = std::move(with_clauses);
  context.of_window = true;
  Result<ExprPtr> function = BindExpr(source, context);
  context.of_window = false;
  if (!function.ok()) return function.error();
  call.function = *function;
  for (const UnresolvedPtr& key : spec.partition) {
    FS_TRY(ExprPtr bound, BindExpr(key, context));
    call.partition.push_back(std::move(bound));
  }
  FS_TRY(call.order, BindKeys(spec.order, context));

  const functions::Function* row = nullptr;
  bool is_window_function = false;
  if (const auto* scalar = std::get_if<logical::Call>(&call.function->node)) {
    row = scalar->function;
    is_window_function = row->kind == functions::Kind::kWindow;
    if (!is_window_function) row = nullptr;
  } else if (const auto* aggregate = std::get_if<logical::AggregateCall>(&call.function->node)) {
    row = aggregate->function;
  }
  if (row == nullptr) return Error::Condition("UNSUPPORTED_EXPR_FOR_WINDOW", {{"sqlExpr", Sql(call.function)}}, origin);
  if (row->needs_order && call.order.empty()) {
    std::string name = QualifiedName(call.function, context.inputs);
    const bool ignores_nulls = std::get<logical::Call>(call.function->node).mode == logical::EvalMode::kTry;
    if (ignores_nulls && !name.ends_with(" ignore nulls")) name += " ignore nulls";
    return Error::Condition("WINDOW_FUNCTION_FRAME_NOT_ORDERED",
                            {{"wf_name", std::string(row->name)}, {"wf_expr", std::move(name)}});
  }

  if (const auto* aggregate = std::get_if<logical::AggregateCall>(&call.function->node);
      aggregate != nullptr &&
      (!aggregate->order.empty() || row->name == "median" || row->name == "percentile_cont" ||
       row->name == "percentile_disc") &&
      (!call.order.empty() || (spec.frame && !IsWholePartition(*spec.frame)))) {
    return Error::Condition("INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC", {{"aggFunc", SortedAggregateText(*aggregate)}},
                            origin);
  }

  const bool is_offset = row->name == "lead" || row->name == "lag";
  if (is_offset) {
    const auto* distance =
        std::get_if<logical::Literal>(&std::get<logical::Call>(call.function->node).arguments[1]->node);
    if (spec.frame || (distance != nullptr && distance->value.IsNull()))
      return Error::Condition("_LEGACY_ERROR_TEMP_1035", {{"prettyName", std::string(row->name)}});
  }
  if (spec.frame) {
    call.unit = spec.frame->unit;
    FS_CHECK(CheckFrame(*spec.frame, call, spec.origin, context));
    FS_TRY(call.lower, BindBound(spec.frame->lower, call.unit, call, true, spec.origin, context));
    FS_TRY(call.upper, BindBound(spec.frame->upper, call.unit, call, false, spec.origin, context));
    if (Exceeds(call.lower, call.upper)) {
      return Error::Condition("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON",
                              {{"sqlExpr", InDoubleQuotes(WrittenFrame(call))}, {"comparison", "less than or equal"}},
                              spec.origin);
    }
    if (is_window_function && row->needs_order && row->name != "nth_value") {
      const bool fits = call.unit == Frame::Unit::kRows && call.lower.kind == Kind::kUnboundedPreceding &&
                        call.upper.kind == Kind::kCurrentRow;
      if (!fits) {
        return Error::Condition("_LEGACY_ERROR_TEMP_1036",
                                {{"wf", FrameText(call)},
                                 {"required", "specifiedwindowframe(RowFrame, unboundedpreceding$(), currentrow$())"}});
      }
    }
  } else if (is_offset) {
    // The function itself knows how far it looks; Spark shows that distance as its frame.
    call.unit = Frame::Unit::kRows;
    const auto& arguments = std::get<logical::Call>(call.function->node).arguments;
    ExprPtr distance = arguments.size() > 1 ? arguments[1] : relations::LiteralOf(Value(int64_t{1}), TypeId::kInteger);
    int64_t rows = 1;
    if (const auto* literal = std::get_if<logical::Literal>(&distance->node);
        literal != nullptr && !literal->value.IsNull()) {
      if (const auto* v = std::get_if<int64_t>(&literal->value.data)) rows = *v;
    }
    if (row->name == "lag") rows = -rows;
    ExprPtr shown = relations::LiteralOf(Value(rows), TypeId::kInteger);
    call.lower = {Kind::kFollowing, shown};
    call.upper = {Kind::kFollowing, shown};
  } else if (is_window_function && row->name != "nth_value" && row->name != "cume_dist") {
    call.unit = Frame::Unit::kRows;
    call.lower = {Kind::kUnboundedPreceding, nullptr};
    call.upper = {Kind::kCurrentRow, nullptr};
  } else if (call.order.empty()) {
    call.unit = Frame::Unit::kRows;
    call.lower = {Kind::kUnboundedPreceding, nullptr};
    call.upper = {Kind::kUnboundedFollowing, nullptr};
  } else {
    call.unit = Frame::Unit::kRange;
    call.lower = {Kind::kUnboundedPreceding, nullptr};
    call.upper = {Kind::kCurrentRow, nullptr};
  }
  DataType type = call.function->type;
  bool nullable = call.function->nullable;
  const auto* aggregate = std::get_if<logical::AggregateCall>(&call.function->node);
  bool distinct = aggregate != nullptr && aggregate->distinct;
  ExprPtr result = logical::MakeExpr(std::move(call), std::move(type), nullable, origin);
  if (distinct) return Error::Condition("DISTINCT_WINDOW_FUNCTION_UNSUPPORTED", {{"windowExpr", Sql(result)}}, origin);
  if (context.lateral != nullptr) {
    std::unordered_set<AttributeId> ids;
    logical::CollectColumns(result, ids);
    for (const LateralAlias& alias : *context.lateral) {
      if (!ids.contains(alias.output.id)) continue;
      std::string name = NameOf(result);
      if (!spec.frame) {  // Spark says it before it fills in the default
        size_t rows = name.rfind("ROWS BETWEEN"), frame = name.rfind("RANGE BETWEEN");
        if (frame == std::string::npos || (rows != std::string::npos && rows > frame)) frame = rows;
        if (frame != std::string::npos) name = name.substr(0, frame) + "unspecifiedframe$())";
      }
      return Error::Condition("UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_WINDOW",
                              {{"lca", QuoteIdentifier(alias.name)}, {"windowExpr", InDoubleQuotes(name)}});
    }
  }
  return result;
}

}  // namespace firesteel::analyzer
