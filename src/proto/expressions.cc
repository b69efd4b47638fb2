// Expressions, one case each.
#include <absl/cleanup/cleanup.h>

#include <utility>

#include "base/deep_stack.h"
#include "proto/from_proto.h"
#include "proto/invalid_plan.h"
#include "proto/not_yet.h"
#include "proto/type_proto.h"
#include "sql/parser.h"

namespace firesteel::proto {

using connect::Expression;
using unresolved::ExprPtr;
using unresolved::MakeExpr;

Origin OriginFromProto(const connect::Origin& message) {
  Origin origin;
  switch (message.function_case()) {
    case connect::Origin::kPythonOrigin:
      origin.fragment = std::make_shared<const std::string>(message.python_origin().fragment());
      origin.call_site = std::make_shared<const std::string>(message.python_origin().call_site());
      break;
    case connect::Origin::kJvmOrigin: {
      const auto& jvm = message.jvm_origin();
      origin.line = jvm.line();
      origin.position = jvm.start_position();
      if (jvm.has_sql_text()) {
        origin.sql = std::make_shared<const SqlText>(SqlText{jvm.sql_text(), jvm.object_type(), jvm.object_name()});
        origin.start = jvm.has_start_index() ? jvm.start_index() : -1;
        origin.stop = jvm.has_stop_index() ? jvm.stop_index() : -1;
        const int64_t size = static_cast<int64_t>(jvm.sql_text().size());
        if (origin.start < 0 || origin.stop < origin.start || origin.stop >= size) origin.start = origin.stop = -1;
      } else if (jvm.stack_trace_size() > 0) {
        // As Spark's DataFrame context: the API's method, called by the first frame outside it.
        const auto& api = jvm.stack_trace(0);
        const auto& caller = jvm.stack_trace(jvm.stack_trace_size() > 1 ? 1 : 0);
        origin.fragment = std::make_shared<const std::string>(api.method_name());
        origin.call_site =
            std::make_shared<const std::string>(caller.declaring_class() + "." + caller.method_name() + "(" +
                                                caller.file_name() + ":" + std::to_string(caller.line_number()) + ")");
      }
      break;
    }
    case connect::Origin::FUNCTION_NOT_SET:
      break;
  }
  return origin;
}

namespace {

std::optional<int64_t> PlanId(const auto& message) {
  return message.has_plan_id() ? std::optional<int64_t>(message.plan_id()) : std::nullopt;
}

Result<ExprPtr> FromAttribute(const Expression::UnresolvedAttribute& message, const Origin& origin) {
  FS_TRY(unresolved::Name name, sql::ParseAttributeName(message.unparsed_identifier()));
  return MakeExpr(unresolved::Attribute{std::move(name), PlanId(message), message.is_metadata_column()}, origin);
}

/// df.colRegex: a regular expression in backticks, or else a column's name.
Result<ExprPtr> FromRegex(const Expression::UnresolvedRegex& message, const Origin& origin) {
  std::string_view text = message.col_name();
  if (text.size() > 2 && text.ends_with('`')) {
    if (text.starts_with('`')) {
      return MakeExpr(unresolved::Regex{std::string(text.substr(1, text.size() - 2))}, origin);
    }
    if (const size_t dot = text.find(".`"); dot != text.npos) {
      FS_TRY(unresolved::Name table, sql::ParseAttributeName(text.substr(0, dot)));
      std::string pattern(text.substr(dot + 2, text.size() - dot - 3));
      return MakeExpr(unresolved::Regex{std::move(pattern), table.back()}, origin);
    }
  }
  FS_TRY(unresolved::Name name, sql::ParseAttributeName(text));
  return MakeExpr(unresolved::Attribute{std::move(name), PlanId(message), false}, origin);
}

/// What is in no registry but Spark's planner knows by itself, by name and number of arguments.
void KnownToPlanner(unresolved::Function& call) {
  static constexpr std::pair<std::string_view, size_t> kFunctions[] = {
      {"timestampadd", 3}, {"timestampdiff", 3}, {"product", 1}, {"unwrap_udt", 1}};
  const std::string name = call.name.back();
  for (const auto& [known, arguments] : kFunctions) {
    if (name == known && call.arguments.size() == arguments) call.name = {"@" + name};
  }
  // Whether the client wants the rows kept for it is no matter here.
  if (name == "distributed_sequence_id" && call.arguments.size() == 1) call.arguments.clear();
  if (name != "nth_value" || call.arguments.size() != 3) return;
  const auto* literal = std::get_if<unresolved::Literal>(&call.arguments[2]->node);
  const bool* ignores = literal != nullptr ? std::get_if<bool>(&literal->value.data) : nullptr;
  if (ignores == nullptr) return;
  if (*ignores) call.ignore_nulls = true;
  call.arguments.pop_back();
}

Result<ExprPtr> FromFunction(const Expression::UnresolvedFunction& message, const Origin& origin) {
  unresolved::Function out;
  out.user_defined = message.is_user_defined_function();
  out.distinct = message.is_distinct();
  if (out.user_defined) {
    FS_TRY(out.name, sql::ParseMultipartIdentifier(message.function_name()));
  } else {
    out.name = {message.function_name()};
  }
  FS_TRY(out.arguments, ExpressionsFromProto(message.arguments()));
  if (!out.user_defined) KnownToPlanner(out);
  return MakeExpr(std::move(out), origin);
}

Result<ExprPtr> FromCall(const connect::CallFunction& message, const Origin& origin) {
  unresolved::Function out;
  out.user_defined = true;
  FS_TRY(out.name, sql::ParseMultipartIdentifier(message.function_name()));
  FS_TRY(out.arguments, ExpressionsFromProto(message.arguments()));
  return MakeExpr(std::move(out), origin);
}

Result<ExprPtr> FromStar(const Expression::UnresolvedStar& message, const Origin& origin) {
  unresolved::Star out;
  out.plan_id = PlanId(message);
  if (message.has_unparsed_target()) {
    if (message.has_plan_id()) return InvalidPlan("UNRESOLVED_STAR_WITH_BOTH_TARGET_AND_PLAN_ID");
    const std::string& target = message.unparsed_target();
    if (!target.ends_with(".*")) return InvalidPlan("UNRESOLVED_STAR_TARGET_INVALID", {{"target", target}});
    FS_TRY(out.target, sql::ParseAttributeName(std::string_view(target).substr(0, target.size() - 2)));
  }
  return MakeExpr(std::move(out), origin);
}

Result<ExprPtr> FromAlias(const Expression::Alias& message, const Origin& origin) {
  if (message.name_size() != 1 && message.has_metadata())
    return InvalidPlan("ALIAS_WITH_MULTIPLE_IDENTIFIERS_AND_METADATA");
  if (message.name_size() == 0) return FieldEmpty("name", Expression::Alias::descriptor());
  FS_TRY(ExprPtr child, ExpressionFromProto(message.expr()));
  unresolved::Alias out{std::move(child), {message.name().begin(), message.name().end()}, message.metadata()};
  return MakeExpr(std::move(out), origin);
}

Result<ExprPtr> FromCast(const Expression::Cast& message, const Origin& origin) {
  unresolved::Cast out;
  FS_TRY(out.child, ExpressionFromProto(message.expr()));
  switch (message.cast_to_type_case()) {
    case Expression::Cast::kType: {
      FS_TRY(out.type, TypeFromProto(message.type()));
      break;
    }
    case Expression::Cast::kTypeStr:
      out.type_text = message.type_str();
      break;
    case Expression::Cast::CAST_TO_TYPE_NOT_SET:
      return OneOfNotSet(Expression::Cast::descriptor(), "CASTTOTYPE_NOT_SET");
  }
  switch (message.eval_mode()) {
    case Expression::Cast::EVAL_MODE_LEGACY:
      out.mode = unresolved::EvalMode::kLegacy;
      break;
    case Expression::Cast::EVAL_MODE_ANSI:
      out.mode = unresolved::EvalMode::kAnsi;
      break;
    case Expression::Cast::EVAL_MODE_TRY:
      out.mode = unresolved::EvalMode::kTry;
      break;
    default:
      break;  // an open enumeration: unspecified or newer than this server
  }
  return MakeExpr(std::move(out), origin);
}

using FrameMessage = Expression::Window::WindowFrame;

Result<unresolved::Frame::Bound> FromBound(const FrameMessage::FrameBoundary& message, bool lower) {
  using Kind = unresolved::Frame::BoundKind;
  switch (message.boundary_case()) {
    case FrameMessage::FrameBoundary::kCurrentRow:
      return unresolved::Frame::Bound{Kind::kCurrentRow, nullptr};
    case FrameMessage::FrameBoundary::kUnbounded:
      return unresolved::Frame::Bound{lower ? Kind::kUnboundedPreceding : Kind::kUnboundedFollowing, nullptr};
    case FrameMessage::FrameBoundary::kValue: {
      // The offset is signed: -1 is the row before.
      FS_TRY(ExprPtr offset, ExpressionFromProto(message.value()));
      return unresolved::Frame::Bound{Kind::kFollowing, std::move(offset)};
    }
    case FrameMessage::FrameBoundary::BOUNDARY_NOT_SET:
      break;
  }
  return OneOfNotSet(FrameMessage::FrameBoundary::descriptor(), "BOUNDARY_NOT_SET");
}

Result<ExprPtr> FromWindow(const Expression::Window& message, const Origin& origin) {
  if (!message.has_window_function()) return InvalidPlan("WINDOW_FUNCTION_REQUIRED");
  unresolved::Window out;
  out.spec.origin = origin;
  FS_TRY(out.function, ExpressionFromProto(message.window_function()));
  FS_TRY(out.spec.partition, ExpressionsFromProto(message.partition_spec()));
  FS_TRY(out.spec.order, SortKeysFromProto(message.order_spec()));
  if (message.has_frame_spec()) {
    const FrameMessage& frame = message.frame_spec();
    unresolved::Frame to;
    switch (frame.frame_type()) {
      case FrameMessage::FRAME_TYPE_ROW:
        to.unit = unresolved::Frame::Unit::kRows;
        break;
      case FrameMessage::FRAME_TYPE_RANGE:
        to.unit = unresolved::Frame::Unit::kRange;
        break;
      default:
        return InvalidEnum(FrameMessage::FrameType_descriptor(), frame.frame_type());
    }
    if (!frame.has_lower()) return InvalidPlan("LOWER_BOUND_REQUIRED_IN_WINDOW_FRAME");
    if (!frame.has_upper()) return InvalidPlan("UPPER_BOUND_REQUIRED_IN_WINDOW_FRAME");
    FS_TRY(to.lower, FromBound(frame.lower(), true));
    FS_TRY(to.upper, FromBound(frame.upper(), false));
    out.spec.frame = std::move(to);
  }
  return MakeExpr(std::move(out), origin);
}

Result<ExprPtr> FromLambda(const Expression::LambdaFunction& message, const Origin& origin) {
  if (message.arguments_size() < 1 || message.arguments_size() > 3) {
    return InvalidPlan("LAMBDA_FUNCTION_ARGUMENT_COUNT_INVALID", {{"got", std::to_string(message.arguments_size())}});
  }
  unresolved::Lambda out;
  for (const auto& argument : message.arguments()) {
    if (argument.name_parts_size() == 0) return InvalidPlan("UNRESOLVED_NAMED_LAMBDA_VARIABLE_REQUIRES_NAME_PART");
    std::string name = argument.name_parts(0);
    for (int i = 1; i < argument.name_parts_size(); ++i) name += "." + argument.name_parts(i);
    out.parameters.push_back(std::move(name));
  }
  FS_TRY(out.body, ExpressionFromProto(message.function()));
  return MakeExpr(std::move(out), origin);
}

Result<ExprPtr> FromLambdaVariable(const Expression::UnresolvedNamedLambdaVariable& message, const Origin& origin) {
  if (message.name_parts_size() == 0) return InvalidPlan("UNRESOLVED_NAMED_LAMBDA_VARIABLE_REQUIRES_NAME_PART");
  return MakeExpr(unresolved::LambdaVariable{{message.name_parts().begin(), message.name_parts().end()}}, origin);
}

Result<ExprPtr> FromExtract(const Expression::UnresolvedExtractValue& message, const Origin& origin) {
  FS_TRY(ExprPtr child, ExpressionFromProto(message.child()));
  FS_TRY(ExprPtr extraction, ExpressionFromProto(message.extraction()));
  return MakeExpr(unresolved::ExtractValue{std::move(child), std::move(extraction)}, origin);
}

Result<ExprPtr> FromUpdate(const Expression::UpdateFields& message, const Origin& origin) {
  unresolved::UpdateFields out;
  FS_TRY(out.child, ExpressionFromProto(message.struct_expression()));
  out.field = message.field_name();
  if (message.has_value_expression()) {
    FS_TRY(out.value, ExpressionFromProto(message.value_expression()));
  }
  return MakeExpr(std::move(out), origin);
}

Result<ExprPtr> FromSubquery(const connect::SubqueryExpression& message, const Origin& origin) {
  using unresolved::SubqueryKind;
  unresolved::Subquery out;
  out.plan_id = message.plan_id();
  switch (message.subquery_type()) {
    case connect::SubqueryExpression::SUBQUERY_TYPE_SCALAR:
      out.kind = SubqueryKind::kScalar;
      break;
    case connect::SubqueryExpression::SUBQUERY_TYPE_EXISTS:
      out.kind = SubqueryKind::kExists;
      break;
    case connect::SubqueryExpression::SUBQUERY_TYPE_IN:
      out.kind = SubqueryKind::kIn;
      break;
    case connect::SubqueryExpression::SUBQUERY_TYPE_TABLE_ARG:
      out.kind = SubqueryKind::kTableArgument;
      break;
    default:
      return InvalidEnum(connect::SubqueryExpression::SubqueryType_descriptor(), message.subquery_type());
  }
  FS_TRY(out.in_values, ExpressionsFromProto(message.in_subquery_values()));
  if (message.has_table_arg_options()) {
    FS_TRY(out.partition, ExpressionsFromProto(message.table_arg_options().partition_spec()));
    FS_TRY(out.order, SortKeysFromProto(message.table_arg_options().order_spec()));
    out.with_single_partition = message.table_arg_options().with_single_partition();
  }
  return MakeExpr(std::move(out), origin);
}

Result<ExprPtr> FromUdf(const connect::CommonInlineUserDefinedFunction& message, const Origin& origin) {
  switch (message.function_case()) {
    case connect::CommonInlineUserDefinedFunction::kPythonUdf: {
      FS_TRY(unresolved::PythonUdf udf, PythonUdfFromProto(message));
      return MakeExpr(std::move(udf), origin);
    }
    case connect::CommonInlineUserDefinedFunction::kScalarScalaUdf:
    case connect::CommonInlineUserDefinedFunction::kJavaUdf:
      return Error::Unsupported(NotYet(message.GetDescriptor(), message.function_case()), origin);
    case connect::CommonInlineUserDefinedFunction::FUNCTION_NOT_SET:
      break;
  }
  return OneOfNotSet(connect::CommonInlineUserDefinedFunction::descriptor(), "FUNCTION_NOT_SET");
}

}  // namespace

Result<unresolved::PythonUdf> PythonUdfFromProto(const connect::CommonInlineUserDefinedFunction& message) {
  unresolved::PythonUdf out;
  out.name = message.function_name();
  out.deterministic = message.deterministic();
  FS_TRY(out.arguments, ExpressionsFromProto(message.arguments()));
  FS_TRY(out.return_type, TypeFromProto(message.python_udf().output_type()));
  out.eval_type = message.python_udf().eval_type();
  out.command = message.python_udf().command();
  out.python_version = message.python_udf().python_ver();
  return out;
}

Result<unresolved::SortKey> SortKeyFromProto(const Expression::SortOrder& message) {
  FS_TRY(ExprPtr child, ExpressionFromProto(message.child()));
  // As Spark: whatever is not ascending is descending, and nulls come last unless first is asked for.
  const bool ascending = message.direction() == Expression::SortOrder::SORT_DIRECTION_ASCENDING;
  const bool first = message.null_ordering() == Expression::SortOrder::SORT_NULLS_FIRST;
  return unresolved::SortKey{std::move(child),
                             ascending ? unresolved::SortDirection::kAscending : unresolved::SortDirection::kDescending,
                             first ? unresolved::NullOrder::kFirst : unresolved::NullOrder::kLast};
}

Result<std::vector<unresolved::SortKey>> SortKeysFromProto(
    const google::protobuf::RepeatedPtrField<Expression::SortOrder>& messages) {
  std::vector<unresolved::SortKey> out;
  out.reserve(messages.size());
  for (const auto& message : messages) {
    FS_TRY(unresolved::SortKey key, SortKeyFromProto(message));
    out.push_back(std::move(key));
  }
  return out;
}

Result<std::vector<ExprPtr>> ExpressionsFromProto(const google::protobuf::RepeatedPtrField<Expression>& messages) {
  std::vector<ExprPtr> out;
  out.reserve(messages.size());
  for (const auto& message : messages) {
    FS_TRY(ExprPtr expression, ExpressionFromProto(message));
    out.push_back(std::move(expression));
  }
  return out;
}

Result<ExprPtr> ExpressionFromProto(const Expression& message) {
  FS_CHECK(CheckStack());
  // What has no origin of its own has that of the expression which it is in.
  thread_local const Origin* enclosing = nullptr;
  Origin origin;
  if (message.has_common() && message.common().has_origin()) {
    origin = OriginFromProto(message.common().origin());
  } else if (enclosing != nullptr) {
    origin = *enclosing;
  }
  const Origin* const outer = std::exchange(enclosing, &origin);
  const absl::Cleanup restore = [&] { enclosing = outer; };
  switch (message.expr_type_case()) {
    case Expression::kLiteral: {
      FS_TRY(unresolved::Literal literal, LiteralFromProto(message.literal()));
      return MakeExpr(std::move(literal), origin);
    }
    case Expression::kUnresolvedAttribute:
      return FromAttribute(message.unresolved_attribute(), origin);
    case Expression::kUnresolvedFunction:
      return FromFunction(message.unresolved_function(), origin);
    case Expression::kExpressionString:
      return MakeExpr(unresolved::SqlExpression{message.expression_string().expression()}, origin);
    case Expression::kUnresolvedStar:
      return FromStar(message.unresolved_star(), origin);
    case Expression::kAlias:
      return FromAlias(message.alias(), origin);
    case Expression::kCast:
      return FromCast(message.cast(), origin);
    case Expression::kUnresolvedRegex:
      return FromRegex(message.unresolved_regex(), origin);
    case Expression::kSortOrder: {
      FS_TRY(unresolved::SortKey key, SortKeyFromProto(message.sort_order()));
      return MakeExpr(std::move(key), origin);
    }
    case Expression::kLambdaFunction:
      return FromLambda(message.lambda_function(), origin);
    case Expression::kWindow:
      return FromWindow(message.window(), origin);
    case Expression::kUnresolvedExtractValue:
      return FromExtract(message.unresolved_extract_value(), origin);
    case Expression::kUpdateFields:
      return FromUpdate(message.update_fields(), origin);
    case Expression::kUnresolvedNamedLambdaVariable:
      return FromLambdaVariable(message.unresolved_named_lambda_variable(), origin);
    case Expression::kCommonInlineUserDefinedFunction:
      return FromUdf(message.common_inline_user_defined_function(), origin);
    case Expression::kCallFunction:
      return FromCall(message.call_function(), origin);
    case Expression::kNamedArgumentExpression: {
      FS_TRY(ExprPtr value, ExpressionFromProto(message.named_argument_expression().value()));
      return MakeExpr(unresolved::NamedArgument{message.named_argument_expression().key(), std::move(value)}, origin);
    }
    case Expression::kSubqueryExpression:
      return FromSubquery(message.subquery_expression(), origin);
    case Expression::kMergeAction:
    case Expression::kTypedAggregateExpression:
    case Expression::kDirectShufflePartitionId:
      return Error::Unsupported(NotYet(Expression::descriptor(), message.expr_type_case()), origin);
    case Expression::kExtension:
      return InvalidPlan("NO_HANDLER_FOR_EXTENSION", {{"extensionTypeUrl", message.extension().type_url()}});
    case Expression::EXPR_TYPE_NOT_SET:
      break;
  }
  return OneOfNotSet(Expression::descriptor(), "EXPRTYPE_NOT_SET");
}

}  // namespace firesteel::proto
