// One running statement of DuckDB's: planned on a deep stack, executed as far as it is read.
#include "engine/statement.h"

#include <algorithm>
#include <array>
#include <thread>

#include "base/deep_stack.h"
#include "engine/duckdb_internals.h"
#include "engine/duckdb_vectors.h"
#include "engine/errors.h"

namespace firesteel::engine {
namespace {

// Two of DuckDB's optimizers take time that grows with the third power of an expression's depth (300 nested additions: 1.3 s
// with them, 0.04 s without).
constexpr int kNestingMax = 100;
constexpr int kAlternativesMax = 300;
/// Until this statement's helpers have done what it waits for.
constexpr std::chrono::microseconds kTasksPause{200};

bool IsHuge(const std::string& sql) {
  int depth = 0, depth_max = 0, alternatives = 0;
  for (size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '(') depth_max = std::max(depth_max, ++depth);
    if (sql[i] == ')') --depth;
    if ((sql[i] == 'O' && sql.compare(i, 3, "OR ") == 0) || (sql[i] == '|' && sql.compare(i, 3, "|| ") == 0)) {
      ++alternatives;
    }
  }
  return depth_max > kNestingMax || alternatives > kAlternativesMax;
}

// Spark's names for what DuckDB's operators do.
std::string SparkOperator(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"PROJECTION", "Project"},
      {"FILTER", "Filter"},
      {"HASH_GROUP_BY", "HashAggregate"},
      {"PERFECT_HASH_GROUP_BY", "HashAggregate"},
      {"UNGROUPED_AGGREGATE", "HashAggregate"},
      {"SIMPLE_AGGREGATE", "HashAggregate"},
      {"ORDER_BY", "Sort"},
      {"TOP_N", "TakeOrderedAndProject"},
      {"LIMIT", "GlobalLimit"},
      {"STREAMING_LIMIT", "GlobalLimit"},
      {"HASH_JOIN", "ShuffledHashJoin"},
      {"NESTED_LOOP_JOIN", "BroadcastNestedLoopJoin"},
      {"BLOCKWISE_NL_JOIN", "BroadcastNestedLoopJoin"},
      {"CROSS_PRODUCT", "CartesianProduct"},
      {"PIECEWISE_MERGE_JOIN", "SortMergeJoin"},
      {"IE_JOIN", "SortMergeJoin"},
      {"WINDOW", "Window"},
      {"STREAMING_WINDOW", "Window"},
      {"UNNEST", "Generate"},
      {"UNION", "Union"},
      {"RANGE", "Range"},
      {"SEQ_SCAN", "InMemoryTableScan"},
      {"FS_LOCAL_TABLE", "LocalTableScan"},
      {"COLUMN_DATA_SCAN", "LocalTableScan"},
      {"DUMMY_SCAN", "Scan OneRowRelation"},
      {"EMPTY_RESULT", "LocalTableScan"},
      {"READ_PARQUET", "Scan parquet"},
      {"READ_CSV", "Scan csv"},
      {"RESERVOIR_SAMPLE", "Sample"},
      {"STREAMING_SAMPLE", "Sample"},
  };
  while (name.ends_with(' ')) name.remove_suffix(1);
  for (const auto& [duck, spark] : kNames) {
    if (name == duck) return std::string(spark);
  }
  return std::string(name);
}

std::string MetricOf(duckdb_profiling_info node, const char* key) {
  DuckValue value(duckdb_profiling_info_get_value(node, key));
  if (value.get() == nullptr) return {};
  OwnedText text(duckdb_get_varchar(value.get()));
  return text.get() == nullptr ? std::string() : std::string(text.get());
}

void CollectOperators(duckdb_profiling_info node, int parent, std::vector<OperatorRows>& out) {
  if (node == nullptr) return;
  if (const std::string name = MetricOf(node, "OPERATOR_NAME"); !name.empty()) {
    out.push_back({SparkOperator(name), parent, std::atoll(MetricOf(node, "OPERATOR_CARDINALITY").c_str())});
    parent = static_cast<int>(out.size()) - 1;
  }
  for (idx_t i = 0; i < duckdb_profiling_info_get_child_count(node); ++i)
    CollectOperators(duckdb_profiling_info_get_child(node, i), parent, out);
}

}  // namespace

Statement::Statement(std::shared_ptr<Instance> instance, Connection connection, std::string sql,
                     std::vector<DataType> types, std::shared_ptr<const SqlText> text,
                     std::vector<std::shared_ptr<const void>> tables, std::vector<std::string> parquet_files,
                     std::function<void()> done)
    : watch_(StatementWatch::Current()),
      instance_(std::move(instance)),
      connection_(std::move(connection)),
      sql_(std::move(sql)),
      types_(std::move(types)),
      text_(std::move(text)),
      tables_(std::move(tables)),
      parquet_files_(std::move(parquet_files)),
      done_(std::move(done)),
      connection_id_(InterruptFlags::IdOf(connection_.get())) {
  instance_->interrupt_flags().Set(connection_id_, interrupted_);
  for (const DataType& type : types_) chunk_.columns.push_back(MakeView(type));
  if (watch_ != nullptr) watch_->Add(this);
}

Statement::~Statement() {
  if (watch_ != nullptr) watch_->Remove(this);
  // A result that is thrown away early keeps its tasks until its connection is closed.
  if (started_ && !ended_) duckdb_interrupt(connection_.get());
  fetched_.Reset();
  // Plans may be as deep as their queries, and so is taking them down.
  if (pending_ || prepared_) {
    RunOnDeepStack([&] {
      result_ = QueryResult();
      pending_.Reset();
      prepared_.Reset();
    });
  }
  if (job_ != nullptr) scheduler_->Leave(instance_);
  instance_->interrupt_flags().Remove(connection_id_);
  if (started_ && !ended_) {
    connection_.Reset();
  } else if (!instance_->broken()) {
    instance_->GiveBack(std::move(connection_));
  }
}

void Statement::Interrupt() {
  *interrupted_ = true;
  duckdb_interrupt(connection_.get());
}

double Statement::Progress() const {
  const double percentage = duckdb_query_progress(connection_.get()).percentage;
  return percentage < 0 ? -1 : percentage / 100;
}

std::vector<OperatorRows> Statement::Operators() const {
  std::vector<OperatorRows> out;
  if (ended_) RunOnDeepStack([&] { CollectOperators(duckdb_get_profiling_info(connection_.get()), -1, out); });
  return out;
}

Error Statement::Failed(const char* message) {
  const std::string text = message != nullptr ? message : "unknown error";
  if (InvalidatesDatabase(text)) instance_->MarkBroken();
  if (*interrupted_) return Canceled();
  return FromDuckDb(text, text_, parquet_files_);
}

Status Statement::CheckColumns(const std::vector<LogicalType>& actual) {
  if (types_.empty()) return {};
  if (actual.size() != types_.size()) {
    return Error::Internal("the engine answers " + std::to_string(actual.size()) + " columns instead of " +
                           std::to_string(types_.size()));
  }
  for (size_t i = 0; i < actual.size(); ++i) FS_CHECK(CheckLayout(actual[i].get(), types_[i]));
  return {};
}

Status Statement::Plan() {
  if (HasDuckDbInternals()) {
    if (PendingStreaming(connection_.get(), sql_, pending_.Out()) != DuckDBSuccess)
      return Failed(duckdb_pending_error(pending_.get()));
    return CheckColumns(ColumnTypes(pending_.get()));
  }
  if (duckdb_prepare(connection_.get(), sql_.c_str(), prepared_.Out()) != DuckDBSuccess) {
    return Failed(duckdb_prepare_error(prepared_.get()));
  }
  std::vector<LogicalType> actual;
  for (idx_t i = 0; i < duckdb_prepared_statement_column_count(prepared_.get()); ++i)
    actual.emplace_back(duckdb_prepared_statement_column_logical_type(prepared_.get(), i));
  FS_CHECK(CheckColumns(actual));
  if (duckdb_pending_prepared_streaming(prepared_.get(), pending_.Out()) != DuckDBSuccess) {
    return Failed(duckdb_pending_error(pending_.get()));
  }
  return {};
}

Status Statement::Start() {
  started_ = true;
  Status status;
  RunOnDeepStack([&] {
    if (IsHuge(sql_)) {
      Instance::PlainPlanning plain(*instance_);
      status = Plan();
    } else {
      status = Plan();
    }
  });
  FS_CHECK(status);
  // DuckDB forgets interrupts from before a statement has begun.
  if (*interrupted_) return Canceled();
  if (scheduler_ != nullptr) FS_CHECK(RunInTurns());
  if (duckdb_execute_pending(pending_.get(), result_.Out()) != DuckDBSuccess) {
    const char* message = duckdb_result_error(result_.get());
    return Failed(message != nullptr ? message : duckdb_pending_error(pending_.get()));
  }
  return {};
}

/// Until the first rows are there, or an error, which executing the pending result tells.
Status Statement::RunInTurns() {
  job_ = watch_ != nullptr ? watch_->Job() : scheduler_->NewJob("");
  scheduler_->Enter(instance_);
  if (!scheduler_->Acquire(*job_, *interrupted_)) return Canceled();
  while (true) {
    const duckdb_pending_state state = duckdb_pending_execute_task(pending_.get());
    bool has_slot = true;
    if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE) {
      scheduler_->Release(*job_);
      std::this_thread::sleep_for(kTasksPause);
      has_slot = scheduler_->Acquire(*job_, *interrupted_);
    } else if (state == DUCKDB_PENDING_RESULT_NOT_READY) {
      has_slot = scheduler_->Yield(*job_, *interrupted_);
    } else {
      scheduler_->Release(*job_);
      return {};
    }
    if (!has_slot) return Canceled();
  }
}

/// The next chunk, or none at the end or after an error.
DataChunk Statement::Fetch() {
  if (job_ == nullptr) return DataChunk(duckdb_fetch_chunk(*result_.get()));
  if (!scheduler_->Acquire(*job_, *interrupted_)) return {};
  DataChunk chunk(duckdb_fetch_chunk(*result_.get()));
  scheduler_->Release(*job_);
  return chunk;
}

Result<const Chunk*> Statement::Next() {
  if (ended_) return static_cast<const Chunk*>(nullptr);
  if (*interrupted_) return Canceled();
  if (!started_) FS_CHECK(Start());
  while (true) {
    fetched_ = Fetch();
    if (!fetched_) {
      const char* message = duckdb_result_error(result_.get());
      if (message != nullptr && *message != '\0') return Failed(message);
      if (*interrupted_) return Canceled();
      ended_ = true;
      if (done_) done_();
      return static_cast<const Chunk*>(nullptr);
    }
    chunk_.rows = duckdb_data_chunk_get_size(fetched_.get());
    if (chunk_.rows == 0) continue;
    for (size_t i = 0; i < chunk_.columns.size(); ++i) {
      PointAt(duckdb_data_chunk_get_vector(fetched_.get(), i), chunk_.columns[i]);
    }
    return &chunk_;
  }
}

}  // namespace firesteel::engine
