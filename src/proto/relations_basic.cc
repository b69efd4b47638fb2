// Operators on rows and columns of one input.
#include "proto/invalid_plan.h"
#include "proto/relations.h"
#include "proto/type_proto.h"

namespace firesteel::proto {

using unresolved::ExprPtr;
using unresolved::RelationPtr;

namespace {

ExprPtr IntegerLiteral(int32_t value, const Origin& origin) {
  return unresolved::MakeExpr(unresolved::Literal{DataType(TypeId::kInteger), Value(static_cast<int64_t>(value))},
                              origin);
}

}  // namespace

RelationResult From(const connect::Project& message, const Place& place) {
  RelationPtr input;
  if (message.has_input()) {
    FS_TRY(input, RelationFromProto(message.input()));
  } else {
    input = unresolved::MakeRelation(unresolved::OneRow{}, place.origin);
  }
  FS_TRY(std::vector<ExprPtr> expressions, ExpressionsFromProto(message.expressions()));
  return place.Make(unresolved::Project{std::move(input), std::move(expressions)});
}

RelationResult From(const connect::Filter& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  FS_TRY(ExprPtr condition, ExpressionFromProto(message.condition()));
  return place.Make(unresolved::Filter{std::move(input), std::move(condition)});
}

RelationResult From(const connect::Sort& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  FS_TRY(std::vector<unresolved::SortKey> order, SortKeysFromProto(message.order()));
  return place.Make(unresolved::Sort{std::move(input), std::move(order), message.is_global()});
}

RelationResult From(const connect::Limit& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Limit{std::move(input), IntegerLiteral(message.limit(), place.origin)});
}

RelationResult From(const connect::Offset& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Offset{std::move(input), IntegerLiteral(message.offset(), place.origin)});
}

RelationResult From(const connect::Tail& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Tail{std::move(input), IntegerLiteral(message.limit(), place.origin)});
}

RelationResult From(const connect::Drop& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  FS_TRY(std::vector<ExprPtr> columns, ExpressionsFromProto(message.columns()));
  return place.Make(unresolved::Drop{std::move(input), std::move(columns), StringsOf(message.column_names())});
}

RelationResult From(const connect::Deduplicate& message, const Place& place) {
  if (!message.has_input()) return InvalidPlan("DEDUPLICATE_NEEDS_INPUT");
  if (message.all_columns_as_keys() && message.column_names_size() > 0) {
    return InvalidPlan("DEDUPLICATE_ALL_COLUMNS_AND_SUBSET");
  }
  if (!message.all_columns_as_keys() && message.column_names_size() == 0) {
    return InvalidPlan("DEDUPLICATE_REQUIRES_COLUMNS_OR_ALL");
  }
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Deduplicate{std::move(input), StringsOf(message.column_names()),
                                            message.all_columns_as_keys(), message.within_watermark()});
}

RelationResult From(const connect::Sample& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  unresolved::Sample out{std::move(input), message.lower_bound(), message.upper_bound(), message.with_replacement()};
  if (message.has_seed()) out.seed = message.seed();
  out.deterministic_order = message.deterministic_order();
  return place.Make(std::move(out));
}

RelationResult From(const connect::SubqueryAlias& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::SubqueryAlias{std::move(input), message.alias(), StringsOf(message.qualifier()), {}});
}

RelationResult From(const connect::Repartition& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::Repartition{std::move(input), message.num_partitions(), message.shuffle(), {}});
}

RelationResult From(const connect::RepartitionByExpression& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  FS_TRY(std::vector<ExprPtr> by, ExpressionsFromProto(message.partition_exprs()));
  unresolved::Repartition out{std::move(input), std::nullopt, true, std::move(by)};
  if (message.has_num_partitions()) out.partitions = message.num_partitions();
  return place.Make(std::move(out));
}

RelationResult From(const connect::ToDF& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::ToDF{std::move(input), StringsOf(message.column_names())});
}

RelationResult From(const connect::ToSchema& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  FS_TRY(DataType schema, TypeFromProto(message.schema()));
  if (!schema.Is(TypeId::kStruct)) {
    return InvalidPlan("INVALID_SCHEMA_NON_STRUCT_TYPE", {{"inputSchema", message.schema().ShortDebugString()},
                                                          {"dataType", message.schema().ShortDebugString()}});
  }
  return place.Make(unresolved::ToSchema{std::move(input), std::move(schema)});
}

RelationResult From(const connect::WithColumns& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  unresolved::WithColumns out{std::move(input), {}};
  out.aliases.reserve(message.aliases_size());
  for (const auto& alias : message.aliases()) {
    if (alias.name_size() != 1) {
      std::string got;
      for (const auto& part : alias.name()) got += (got.empty() ? "" : ", ") + part;
      return InvalidPlan("WITH_COLUMNS_REQUIRE_SINGLE_NAME_PART", {{"got", got}});
    }
    FS_TRY(ExprPtr child, ExpressionFromProto(alias.expr()));
    out.aliases.push_back(
        unresolved::MakeExpr(unresolved::Alias{std::move(child), {alias.name(0)}, alias.metadata()}, place.origin));
  }
  return place.Make(std::move(out));
}

RelationResult From(const connect::WithColumnsRenamed& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  unresolved::WithColumnsRenamed out{std::move(input), {}};
  for (const auto& rename : message.renames()) out.renames.emplace_back(rename.col_name(), rename.new_col_name());
  if (out.renames.empty()) {  // older clients: a map, whose order means nothing; sorted to be the same each time
    std::map<std::string, std::string> sorted(message.rename_columns_map().begin(), message.rename_columns_map().end());
    out.renames.assign(sorted.begin(), sorted.end());
  }
  return place.Make(std::move(out));
}

RelationResult From(const connect::Hint& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  FS_TRY(std::vector<ExprPtr> parameters, ExpressionsFromProto(message.parameters()));
  return place.Make(unresolved::Hint{std::move(input), message.name(), std::move(parameters)});
}

RelationResult From(const connect::CollectMetrics& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  FS_TRY(std::vector<ExprPtr> metrics, ExpressionsFromProto(message.metrics()));
  return place.Make(unresolved::CollectMetrics{std::move(input), message.name(), std::move(metrics)});
}

RelationResult From(const connect::WithWatermark& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::WithWatermark{std::move(input), message.event_time(), message.delay_threshold()});
}

RelationResult From(const connect::ShowString& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(
      unresolved::ShowString{std::move(input), message.num_rows(), message.truncate(), message.vertical()});
}

RelationResult From(const connect::HtmlString& message, const Place& place) {
  FS_TRY(RelationPtr input, RelationFromProto(message.input()));
  return place.Make(unresolved::HtmlString{std::move(input), message.num_rows(), message.truncate()});
}

}  // namespace firesteel::proto
