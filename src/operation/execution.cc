// What each kind of plan answers with: rows in batches, a command's result, a checkpoint's id, metrics.
#include "operation/execution.h"

#include <limits>

#include "arrow/ipc_writer.h"
#include "proto/literal_proto.h"
#include "proto/type_proto.h"
#include "session/pipeline.h"
#include "session/stage_trace.h"
#include "sql/parser.h"

namespace firesteel::operation {

namespace {

using session::Stage;
using ResponseMessage = ::spark::connect::ExecutePlanResponse;

/// As Spark: the size of a batch is estimated, so a part of what a message may have stays free.
constexpr double kBatchFill = 0.7;
/// Larger batches would not be faster, and clients in Go take messages of 4 MiB only.
constexpr int64_t kBatchBytesTarget = int64_t{3} << 20;

arrow_ipc::IpcOptions IpcOptionsOf(const session::Configuration& configuration) {
  arrow_ipc::IpcOptions options;
  options.time_zone = configuration.settings()->time_zone;
  options.large_var_types = configuration.Boolean("spark.sql.execution.arrow.useLargeVarTypes");
  return options;
}

class RowSender {
 public:
  explicit RowSender(Operation& operation) : operation_(operation) {
    const session::Configuration& configuration = operation.session().configuration();
    bytes_max_ = static_cast<int64_t>(
        static_cast<double>(configuration.Bytes("spark.connect.grpc.arrow.maxBatchSize")) * kBatchFill);
    bytes_max_ = bytes_max_ > 0 ? std::min(bytes_max_, kBatchBytesTarget) : kBatchBytesTarget;
    // Rows are counted only if the user asks for it: the default would make small messages of narrow rows.
    if (configuration.All().contains("spark.sql.execution.arrow.maxRecordsPerBatch")) {
      const int64_t rows = configuration.Integer("spark.sql.execution.arrow.maxRecordsPerBatch");
      if (rows > 0) rows_max_ = rows;
    }
    if (operation.start().chunk_batches) {
      chunk_bytes_max_ = configuration.Bytes("spark.connect.session.resultChunking.maxChunkSize");
      const int64_t preferred = operation.start().chunk_bytes;
      if (preferred > 0) chunk_bytes_max_ = std::min(chunk_bytes_max_, preferred);
    }
  }

  Status Send(const DataType& schema, engine::ResultStream& stream) {
    FS_TRY(auto writer, arrow_ipc::IpcWriter::Make(schema, IpcOptionsOf(operation_.session().configuration())));
    while (true) {
      FS_TRY(const Chunk* chunk, Stage(stream.Next()));
      if (chunk == nullptr) break;
      for (size_t first = 0; first < chunk->rows;) {
        const size_t room = static_cast<size_t>(rows_max_ - writer->rows());
        const size_t count = std::min(chunk->rows - first, room);
        FS_CHECK(writer->Append(*chunk, first, count));
        first += count;
        if (writer->rows() >= rows_max_ || writer->bytes() >= bytes_max_) FS_CHECK(SendBatch(*writer));
      }
    }
    // Clients read the schema from the first batch: an empty result has one too.
    if (writer->rows() > 0 || rows_sent_ == 0) FS_CHECK(SendBatch(*writer));
    return {};
  }

 private:
  Status SendBatch(arrow_ipc::IpcWriter& writer) {
    ResponseEncoder::Batch batch;
    batch.rows = writer.rows();
    batch.start_offset = rows_sent_;
    FS_TRY(std::string data, writer.Finish());
    rows_sent_ += batch.rows;
    const int64_t size = static_cast<int64_t>(data.size());
    if (chunk_bytes_max_ <= 0 || size <= chunk_bytes_max_) {
      if (chunk_bytes_max_ > 0) {
        batch.chunk_index = 0;
        batch.chunk_count = 1;
      }
      return operation_.Push(operation_.encoder().EncodeBatch(batch, std::move(data)));
    }
    batch.chunk_count = (size + chunk_bytes_max_ - 1) / chunk_bytes_max_;
    for (int64_t i = 0; i < *batch.chunk_count; ++i) {
      batch.chunk_index = i;
      FS_CHECK(operation_.Push(operation_.encoder().EncodeBatch(
          batch, data.substr(static_cast<size_t>(i * chunk_bytes_max_), static_cast<size_t>(chunk_bytes_max_)))));
    }
    return {};
  }

  Operation& operation_;
  int64_t bytes_max_ = 0;
  int64_t rows_max_ = std::numeric_limits<int64_t>::max();
  int64_t chunk_bytes_max_ = 0;
  int64_t rows_sent_ = 0;
};

Status SendObserved(Operation& operation, const std::vector<session::ObservedMetrics>& all);

/// How many rows each operator of the plan gave.
Status SendMetrics(Operation& operation, const std::vector<engine::OperatorRows>& operators) {
  if (operators.empty()) return {};
  ResponseMessage message;
  for (size_t i = 0; i < operators.size(); ++i) {
    auto* metric = message.mutable_metrics()->add_metrics();
    metric->set_name(operators[i].name);
    metric->set_plan_id(static_cast<int64_t>(i));
    metric->set_parent(operators[i].parent < 0 ? static_cast<int64_t>(i) : operators[i].parent);  // the root is its own
    auto& rows = (*metric->mutable_execution_metrics())["numOutputRows"];
    rows.set_name("number of output rows");
    rows.set_value(operators[i].rows);
    rows.set_metric_type("sum");
  }
  return operation.Push(operation.encoder().Encode(message));
}

Status SendRows(Operation& operation, const logical::PlanPtr& plan) {
  FS_CHECK(operation.CheckInterrupted());
  FS_TRY(session::Running running, Stage(session::Execute(operation.session(), plan)));
  ResponseMessage message;
  proto::TypeToProto(running.schema, message.mutable_schema());
  FS_CHECK(operation.Push(operation.encoder().Encode(message)));
  FS_CHECK(Stage(RowSender(operation).Send(running.schema, *running.stream)));
  FS_CHECK(SendMetrics(operation, running.stream->Operators()));
  return SendObserved(operation, running.metrics);
}

Status RunQuery(Operation& operation, const unresolved::RelationPtr& relation) {
  FS_TRY(logical::PlanPtr plan, Stage(session::Analyze(operation.session(), relation)));
  return Stage(SendRows(operation, plan));
}

Status RunCommand(Operation& operation, const unresolved::Command& command) {
  FS_TRY(session::CommandOutcome outcome, Stage(session::RunCommand(operation.session(), command)));
  FS_CHECK(SendObserved(operation, outcome.metrics));
  // Of the commands, only spark.catalog's answer with rows, be there none.
  return std::holds_alternative<unresolved::CatalogCall>(command.node) ? SendRows(operation, outcome.rows) : Status();
}

Status RunCheckpoint(Operation& operation, const proto::Checkpoint& checkpoint) {
  FS_TRY(logical::PlanPtr plan, Stage(session::Analyze(operation.session(), checkpoint.plan)));
  FS_TRY(std::string id, Stage(session::Checkpoint(operation.session(), plan, checkpoint.eager)));
  ResponseMessage message;
  message.mutable_checkpoint_command_result()->mutable_relation()->set_relation_id(id);
  return operation.Push(operation.encoder().Encode(message));
}

/// A command's rows travel inside the relation that stands for its result.
Result<std::string> RowsAsIpc(Operation& operation, const logical::PlanPtr& rows) {
  FS_TRY(session::Running running, Stage(session::Execute(operation.session(), rows)));
  FS_TRY(auto writer, arrow_ipc::IpcWriter::Make(running.schema, IpcOptionsOf(operation.session().configuration())));
  while (true) {
    FS_TRY(const Chunk* chunk, running.stream->Next());
    if (chunk == nullptr) break;
    FS_CHECK(writer->Append(*chunk));
  }
  return writer->Finish();
}

/// The text that the statement has become where its own was another: variables in it, EXECUTE IMMEDIATE.
void PutText(const proto::SqlStatement& statement, const session::SqlOutcome& outcome,
             spark::connect::Relation& relation) {
  const auto& query = std::get<unresolved::SqlQuery>(outcome.query->node);
  if (query.text == statement.query.text) return;
  spark::connect::SQL& sql = *relation.mutable_sql();
  sql.set_query(query.text);
  if (!outcome.new_arguments) return;
  sql.clear_args();
  sql.clear_pos_args();
  sql.clear_named_arguments();
  sql.clear_pos_arguments();
  const auto put = [](const unresolved::ExprPtr& argument, spark::connect::Expression* out) {
    const auto& literal = std::get<unresolved::Literal>(argument->node);
    proto::LiteralToProto(literal.value, literal.type, out->mutable_literal());
  };
  for (const auto& [name, argument] : query.named_arguments) put(argument, &(*sql.mutable_named_arguments())[name]);
  for (const auto& argument : query.positional_arguments) put(argument, sql.add_pos_arguments());
}

Status RunSql(Operation& operation, const proto::SqlStatement& statement) {
  session::Session& session = operation.session();
  ResponseMessage message;
  if (!statement.references.empty()) {
    FS_TRY(unresolved::Statement parsed,
           sql::ParseStatement(statement.query.text, *session.configuration().parser_options()));
    if (!std::holds_alternative<unresolved::RelationPtr>(parsed.node))
      return Error::Unsupported("SQL commands on DataFrames");
    *message.mutable_sql_command_result()->mutable_relation() = statement.relation;
    return operation.Push(operation.encoder().Encode(message));
  }
  FS_TRY(session::SqlOutcome outcome, Stage(session::RunSql(session, statement.query)));
  if (outcome.rows == nullptr) {
    *message.mutable_sql_command_result()->mutable_relation() = statement.relation;
    if (outcome.query != nullptr)
      PutText(statement, outcome, *message.mutable_sql_command_result()->mutable_relation());
  } else {
    FS_TRY(std::string ipc, RowsAsIpc(operation, outcome.rows));
    auto* local = message.mutable_sql_command_result()->mutable_relation()->mutable_local_relation();
    local->set_data(std::move(ipc));
  }
  return operation.Push(operation.encoder().Encode(message));
}

Status SendObserved(Operation& operation, const std::vector<session::ObservedMetrics>& all) {
  if (all.empty()) return {};
  ResponseMessage message;
  for (const session::ObservedMetrics& metrics : all) {
    auto* out = message.add_observed_metrics();
    out->set_name(metrics.name);
    if (metrics.plan_id) out->set_plan_id(*metrics.plan_id);
    for (const std::string& key : metrics.keys) out->add_keys(key);
    for (size_t i = 0; i < metrics.values.size(); ++i)
      proto::LiteralToProto(metrics.values[i], metrics.types[i], out->add_values());
  }
  return operation.Push(operation.encoder().Encode(message));
}

Status RunPlan(Operation& operation, const proto::Plan& plan) {
  if (const auto* relation = std::get_if<unresolved::RelationPtr>(&plan.node)) return RunQuery(operation, *relation);
  if (const auto* command = std::get_if<unresolved::Command>(&plan.node)) return RunCommand(operation, *command);
  if (const auto* checkpoint = std::get_if<proto::Checkpoint>(&plan.node)) return RunCheckpoint(operation, *checkpoint);
  if (const auto* gone = std::get_if<proto::RemoveCheckpoint>(&plan.node))
    return session::RemoveCheckpoint(operation.session(), gone->relation_id);
  return RunSql(operation, std::get<proto::SqlStatement>(plan.node));
}

}  // namespace

void Run(const OperationPtr& operation, const proto::Plan& plan) {
  Status status;
  try {
    engine::StatementWatch::Scope scope(operation->watch());
    operation->watch()->SetPool(operation->session().configuration().GetOption("spark.scheduler.pool").value_or(""));
    status = Stage(RunPlan(*operation, plan));
  } catch (const std::bad_alloc&) {
    status = Error::Condition("UNABLE_TO_ACQUIRE_MEMORY", {{"requestedBytes", "more"}, {"receivedBytes", "0"}})
                 .As(ErrorClass::kSpark);
  } catch (const std::exception& bug) {
    status = Error::Internal(bug.what());
  }
  if (status.ok() && operation->start().reattachable) {
    ResponseMessage complete;
    complete.mutable_result_complete();
    status = operation->Push(operation->encoder().Encode(complete));
  }
  operation->Finish(status.ok() ? std::nullopt : std::optional<Error>(status.error()));
}

}  // namespace firesteel::operation
