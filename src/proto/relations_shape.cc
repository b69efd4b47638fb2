// Joins, set operations, aggregation, pivots and references between relations.
#include "proto/invalid_plan.h"
#include "proto/relations.h"

namespace firesteel::proto {

using unresolved::ExprPtr;
using unresolved::JoinType;
using unresolved::RelationPtr;

namespace {

Result<JoinType> JoinTypeFromProto(connect::Join::JoinType type) {
  switch (type) {
    case connect::Join::JOIN_TYPE_INNER:
      return JoinType::kInner;
    case connect::Join::JOIN_TYPE_FULL_OUTER:
      return JoinType::kFullOuter;
    case connect::Join::JOIN_TYPE_LEFT_OUTER:
      return JoinType::kLeftOuter;
    case connect::Join::JOIN_TYPE_RIGHT_OUTER:
      return JoinType::kRightOuter;
    case connect::Join::JOIN_TYPE_LEFT_ANTI:
      return JoinType::kLeftAnti;
    case connect::Join::JOIN_TYPE_LEFT_SEMI:
      return JoinType::kLeftSemi;
    case connect::Join::JOIN_TYPE_CROSS:
      return JoinType::kCross;
    default:
      return InvalidEnum(connect::Join::JoinType_descriptor(), type);  // open: unset, or newer than this server
  }
}

}  // namespace

RelationResult From(const connect::Join& message, const Place& place) {
  if (message.has_join_condition() && message.using_columns_size() > 0) {
    return InvalidPlan("USING_COLUMNS_OR_JOIN_CONDITION_SET_IN_JOIN");
  }
  unresolved::Join out;
  FS_TRY(out.left, RelationFromProto(message.left()));
  FS_TRY(out.right, RelationFromProto(message.right()));
  FS_TRY(out.type, JoinTypeFromProto(message.join_type()));
  if (message.has_join_condition()) {
    FS_TRY(out.condition, ExpressionFromProto(message.join_condition()));
  }
  out.using_columns = StringsOf(message.using_columns());
  if (message.has_join_data_type()) {
    out.struct_sides = {message.join_data_type().is_left_struct(), message.join_data_type().is_right_struct()};
  }
  return place.Make(std::move(out));
}

RelationResult From(const connect::LateralJoin& message, const Place& place) {
  unresolved::Join out;
  FS_TRY(out.left, RelationFromProto(message.left()));
  FS_TRY(out.right, RelationFromProto(message.right()));
  FS_TRY(out.type, JoinTypeFromProto(message.join_type()));
  if (message.has_join_condition()) {
    FS_TRY(out.condition, ExpressionFromProto(message.join_condition()));
  }
  out.lateral = true;
  return place.Make(std::move(out));
}

RelationResult From(const connect::AsOfJoin& message, const Place& place) {
  unresolved::AsOfJoin out;
  FS_TRY(out.left, RelationFromProto(message.left()));
  FS_TRY(out.right, RelationFromProto(message.right()));
  FS_TRY(out.left_as_of, ExpressionFromProto(message.left_as_of()));
  FS_TRY(out.right_as_of, ExpressionFromProto(message.right_as_of()));
  if (message.has_join_expr()) {
    FS_TRY(out.condition, ExpressionFromProto(message.join_expr()));
  }
  if (message.has_tolerance()) {
    FS_TRY(out.tolerance, ExpressionFromProto(message.tolerance()));
  }
  out.using_columns = StringsOf(message.using_columns());
  out.type = message.join_type();
  out.allow_exact_matches = message.allow_exact_matches();
  out.direction = message.direction();
  return place.Make(std::move(out));
}

RelationResult From(const connect::SetOperation& message, const Place& place) {
  if (!message.has_left_input() || !message.has_right_input()) return InvalidPlan("SET_OPERATION_MUST_HAVE_TWO_INPUTS");
  unresolved::SetOperation out;
  out.all = message.is_all();
  out.by_name = message.by_name();
  out.allow_missing_columns = message.allow_missing_columns();
  switch (message.set_op_type()) {
    case connect::SetOperation::SET_OP_TYPE_EXCEPT:
      if (out.by_name) return InvalidPlan("EXCEPT_DOES_NOT_SUPPORT_UNION_BY_NAME");
      out.op = unresolved::SetOperator::kExcept;
      break;
    case connect::SetOperation::SET_OP_TYPE_INTERSECT:
      if (out.by_name) return InvalidPlan("INTERSECT_DOES_NOT_SUPPORT_UNION_BY_NAME");
      out.op = unresolved::SetOperator::kIntersect;
      break;
    case connect::SetOperation::SET_OP_TYPE_UNION:
      if (!out.by_name && out.allow_missing_columns)
        return InvalidPlan("UNION_BY_NAME_ALLOW_MISSING_COL_REQUIRES_BY_NAME");
      out.op = unresolved::SetOperator::kUnion;
      break;
    default:
      return InvalidEnum(connect::SetOperation::SetOpType_descriptor(), message.set_op_type());
  }
  FS_TRY(out.left, RelationFromProto(message.left_input()));
  FS_TRY(out.right, RelationFromProto(message.right_input()));
  return place.Make(std::move(out));
}

RelationResult From(const connect::Aggregate& message, const Place& place) {
  using unresolved::GroupType;
  if (!message.has_input()) return InvalidPlan("AGGREGATE_NEEDS_PLAN_INPUT");
  unresolved::Aggregate out;
  switch (message.group_type()) {
    case connect::Aggregate::GROUP_TYPE_GROUPBY:
      out.type = GroupType::kGroupBy;
      break;
    case connect::Aggregate::GROUP_TYPE_ROLLUP:
      out.type = GroupType::kRollup;
      break;
    case connect::Aggregate::GROUP_TYPE_CUBE:
      out.type = GroupType::kCube;
      break;
    case connect::Aggregate::GROUP_TYPE_PIVOT:
      out.type = GroupType::kPivot;
      break;
    case connect::Aggregate::GROUP_TYPE_GROUPING_SETS:
      out.type = GroupType::kGroupingSets;
      break;
    default:
      return InvalidEnum(connect::Aggregate::GroupType_descriptor(), message.group_type());
  }
  FS_TRY(out.input, RelationFromProto(message.input()));
  FS_TRY(out.grouping, ExpressionsFromProto(message.grouping_expressions()));
  FS_TRY(out.aggregates, ExpressionsFromProto(message.aggregate_expressions()));
  if (out.type == GroupType::kPivot) {
    if (!message.has_pivot()) return InvalidPlan("AGGREGATE_WITH_PIVOT_REQUIRES_PIVOT");
    FS_TRY(out.pivot_column, ExpressionFromProto(message.pivot().col()));
    for (const auto& value : message.pivot().values()) {
      FS_TRY(unresolved::Literal literal, LiteralFromProto(value));
      out.pivot_values.push_back(unresolved::MakeExpr(std::move(literal), place.origin));
    }
  }
  for (const auto& set : message.grouping_sets()) {
    FS_TRY(std::vector<ExprPtr> expressions, ExpressionsFromProto(set.grouping_set()));
    out.grouping_sets.push_back(std::move(expressions));
  }
  return place.Make(std::move(out));
}

RelationResult From(const connect::Unpivot& message, const Place& place) {
  unresolved::Unpivot out;
  FS_TRY(out.input, RelationFromProto(message.input()));
  FS_TRY(out.ids, ExpressionsFromProto(message.ids()));
  if (message.has_values()) {
    out.values.emplace();
    for (const auto& value : message.values().values()) {
      FS_TRY(ExprPtr expression, ExpressionFromProto(value));
      out.values->push_back({std::move(expression)});
    }
  }
  out.variable_name = message.variable_column_name();
  out.value_names = {message.value_column_name()};
  return place.Make(std::move(out));
}

RelationResult From(const connect::Transpose& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  FS_TRY(std::vector<ExprPtr> columns, ExpressionsFromProto(message.index_columns()));
  return place.Make(unresolved::Transpose{std::move(input), std::move(columns)});
}

RelationResult From(const connect::WithRelations& message, const Place& place) {
  unresolved::WithRelations out;
  FS_TRY(out.root, RelationFromProto(message.root()));
  out.references.reserve(message.references_size());
  for (const auto& reference : message.references()) {
    FS_TRY(RelationPtr relation, RelationFromProto(reference));
    out.references.push_back(std::move(relation));
  }
  return place.Make(std::move(out));
}

}  // namespace firesteel::proto
