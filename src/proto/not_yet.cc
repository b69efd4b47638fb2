// The table, and the errors that it makes.
#include "proto/not_yet.h"

#include <algorithm>

namespace firesteel::proto {

namespace {

constexpr NotYetRow kRows[] = {
    {"spark.connect.Relation.map_partitions", "mapInPandas, mapInArrow and mapPartitions"},
    {"spark.connect.Relation.group_map", "groupBy().applyInPandas and its kin"},
    {"spark.connect.Relation.co_group_map", "cogroup().applyInPandas and its kin"},
    {"spark.connect.Relation.apply_in_pandas_with_state", "applyInPandasWithState"},
    {"spark.connect.Relation.common_inline_user_defined_table_function", "a Python user-defined table function"},
    {"spark.connect.Relation.common_inline_user_defined_data_source", "a Python data source"},
    {"spark.connect.Relation.relation_changes", "reading a table's changes"},
    {"spark.connect.Relation.nearest_by_join", "a nearest-by join"},
    {"spark.connect.Relation.catalog", "spark.catalog below another operation"},
    {"spark.connect.Relation.ml_relation", "machine learning (pyspark.ml)"},
    {"spark.connect.Catalog.create_external_table", "spark.catalog.createExternalTable"},
    {"spark.connect.Catalog.create_table", "spark.catalog.createTable"},
    {"spark.connect.Catalog.recover_partitions", "spark.catalog.recoverPartitions"},
    {"spark.connect.Catalog.drop_table", "spark.catalog.dropTable"},
    {"spark.connect.Catalog.drop_view", "spark.catalog.dropView"},
    {"spark.connect.Catalog.create_database", "spark.catalog.createDatabase"},
    {"spark.connect.Catalog.drop_database", "spark.catalog.dropDatabase"},
    {"spark.connect.Catalog.list_partitions", "spark.catalog.listPartitions"},
    {"spark.connect.Catalog.get_table_properties", "spark.catalog.getTableProperties"},
    {"spark.connect.Catalog.get_create_table_string", "spark.catalog.getCreateTableString"},
    {"spark.connect.Catalog.truncate_table", "spark.catalog.truncateTable"},
    {"spark.connect.Catalog.analyze_table", "spark.catalog.analyzeTable"},
    {"spark.connect.Expression.merge_action", "MERGE INTO"},
    {"spark.connect.Expression.typed_aggregate_expression", "a Scala user-defined aggregate function"},
    {"spark.connect.Expression.direct_shuffle_partition_id", "repartitionById"},
    {"spark.connect.CommonInlineUserDefinedFunction.scalar_scala_udf", "a Scala user-defined function"},
    {"spark.connect.CommonInlineUserDefinedFunction.java_udf", "a Java user-defined function"},
    {"spark.connect.Command.register_function", "registering a user-defined function"},
    {"spark.connect.Command.write_operation_v2", "DataFrame.writeTo"},
    {"spark.connect.Command.write_stream_operation_start", "structured streaming"},
    {"spark.connect.Command.streaming_query_command", "structured streaming"},
    {"spark.connect.Command.get_resources_command", "SparkContext.resources"},
    {"spark.connect.Command.streaming_query_manager_command", "structured streaming"},
    {"spark.connect.Command.register_table_function", "registering a user-defined table function"},
    {"spark.connect.Command.streaming_query_listener_bus_command", "structured streaming"},
    {"spark.connect.Command.register_data_source", "registering a Python data source"},
    {"spark.connect.Command.create_resource_profile_command", "resource profiles"},
    {"spark.connect.Command.merge_into_table_command", "MERGE INTO"},
    {"spark.connect.Command.ml_command", "machine learning (pyspark.ml)"},
    {"spark.connect.Command.execute_external_command", "external commands"},
    {"spark.connect.Command.pipeline_command", "declarative pipelines"},
};

}  // namespace

std::span<const NotYetRow> NotYetRows() { return kRows; }

std::string NotYet(const google::protobuf::Descriptor* message, int field_number) {
  const auto* field = message->FindFieldByNumber(field_number);
  if (field == nullptr) return "field " + std::to_string(field_number) + " of " + message->full_name();
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const NotYetRow& r) { return r.field == field->full_name(); });
  return row == std::end(kRows) ? field->name() : std::string(row->feature);
}

}  // namespace firesteel::proto
