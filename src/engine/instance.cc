// One open DuckDB database, and the warm spare one.
#include "engine/instance.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "base/cat.h"
#include "engine/errors.h"
#include "engine/fair_scheduler.h"
#include "engine/kernel_registration.h"
#include "engine/memory_budget.h"
#include "engine/text_scan.h"

namespace firesteel::engine {
namespace {

constexpr size_t kIdleConnectionsMax = 4;
/// DuckDB's hash aggregation grows one big table for each of up to two threads; for three it keeps small ones that fit the caches, in
/// parts, and adapts to keys that hardly repeat: up to three times as fast with two threads as well. So it is never told of fewer.
constexpr int kThreadsToldMin = 3;

// What every connection wants and DuckDB keeps per connection. Progress is asked for, never printed. The buffer is how far
// a statement runs ahead of who reads it. Of its profile only rows are counted, which costs nothing that can be measured.
constexpr const char* kConnectionSettings[] = {
    "SET enable_progress_bar = true",
    "SET enable_progress_bar_print = false",
    "SET progress_bar_time = 0",
    "SET streaming_buffer_size = '8MB'",
    "SET enable_profiling = 'no_output'",
    R"(SET custom_profiling_settings = '{"OPERATOR_NAME": "true", "OPERATOR_CARDINALITY": "true"}')",
};

std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out += '\'';
}

// sum(x + 1) must not become sum(x) + count(x), where x + 1 does not overflow.
std::string DisableOptimizers(std::string_view others) {
  return Cat("SET GLOBAL disabled_optimizers = 'sum_rewriter", others, "'");
}

}  // namespace

Status Run(duckdb_connection connection, const std::string& sql) {
  QueryResult result;
  if (duckdb_query(connection, sql.c_str(), result.Out()) == DuckDBSuccess) return {};
  const char* message = duckdb_result_error(result.get());
  return FromDuckDb(message != nullptr ? message : "unknown error", nullptr);
}

Result<int64_t> RunForInteger(duckdb_connection connection, const std::string& sql) {
  QueryResult result;
  if (duckdb_query(connection, sql.c_str(), result.Out()) != DuckDBSuccess)
    return FromDuckDb(duckdb_result_error(result.get()), nullptr);
  DataChunk chunk(duckdb_fetch_chunk(*result.get()));
  if (!chunk || duckdb_data_chunk_get_size(chunk.get()) != 1) return Error::Internal("not one row: " + sql);
  return *static_cast<const int64_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), 0)));
}

Result<std::shared_ptr<Instance>> Instance::OpenBare() {
  Config config;
  duckdb_create_config(config.Out());
  constexpr std::pair<const char*, const char*> kSettings[] = {
      {"threads", "1"},
      {"autoinstall_known_extensions", "false"},
      {"autoload_known_extensions", "false"},
      {"allow_community_extensions", "false"},
      {"preserve_insertion_order", "true"},
      {"temp_directory", ""},
  };
  for (auto [name, value] : kSettings) {
    if (duckdb_set_config(config.get(), name, value) != DuckDBSuccess) {
      return Error::Internal("DuckDB does not take the setting " + std::string(name));
    }
  }
  auto instance = std::make_shared<Instance>();
  char* message = nullptr;
  if (duckdb_open_ext(nullptr, instance->database_.Out(), config.get(), &message) != DuckDBSuccess) {
    OwnedText owned(message);
    return Error::Internal("DuckDB could not be opened: " + std::string(message != nullptr ? message : ""));
  }
  FS_TRY(Connection connection, instance->Connect());
  FS_CHECK(Run(connection.get(), "SET GLOBAL TimeZone = 'UTC'"));
  FS_CHECK(Run(connection.get(), "SET GLOBAL parquet_metadata_cache = true"));
  FS_CHECK(Run(connection.get(), DisableOptimizers("")));
  // Deep expressions are planned on deep stacks; what is too deep is said by the stages before.
  FS_CHECK(Run(connection.get(), "SET GLOBAL max_expression_depth = 1000000"));
  FS_CHECK(LocalTables::Install(instance->database_.get(), connection.get(), instance->local_tables_));
  FS_CHECK(InstallTextScan(connection.get()));
  instance->GiveBack(std::move(connection));
  return instance;
}

Status Instance::Configure(const EngineOptions& options) {
  FS_TRY(Connection connection, Connect());
  const int threads = std::max(1, options.threads), told = std::max(kThreadsToldMin, threads);
  FS_CHECK(Run(connection.get(), "SET GLOBAL threads = " + std::to_string(told)));
  // Those that the database is not to start itself: the calling thread, and those that are not there.
  int others = told - threads + 1;
  if (FairScheduler::Get() != nullptr) {
    // No threads of its own: all databases share the scheduler's, which change hands after a part of a task.
    others = told;
    FS_CHECK(Run(connection.get(), "SET GLOBAL scheduler_process_partial = true"));
  }
  FS_CHECK(Run(connection.get(), "SET GLOBAL external_threads = " + std::to_string(others)));
  memory_bytes_max_ = options.memory_bytes_max;
  if (memory_bytes_max_ > 0) {
    FS_CHECK(Run(connection.get(), "SET GLOBAL memory_limit = '" + std::to_string(memory_bytes_max_) + "B'"));
  } else {
    FS_TRY(memory_bytes_max_,
           RunForInteger(connection.get(), "SELECT parse_formatted_bytes(current_setting('memory_limit'))::BIGINT"));
  }
  memory_limit_ = memory_bytes_max_;
  if (!options.spill_folder.empty()) {
    // Several databases may be given the same folder: each has its own inside.
    static std::atomic<int64_t> next{0};
    spill_folder_ = options.spill_folder + "/" + std::to_string(getpid()) + "-" + std::to_string(next++);
    FS_CHECK(Run(connection.get(), "SET GLOBAL temp_directory = " + Quoted(spill_folder_)));
  }
  GiveBack(std::move(connection));
  return {};
}

Instance::~Instance() {
  idle_connections_.clear();
  database_.Reset();
  if (!spill_folder_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(spill_folder_, ignored);
  }
}

Result<Connection> Instance::Connect() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_connections_.empty()) {
      Connection connection = std::move(idle_connections_.back());
      idle_connections_.pop_back();
      return connection;
    }
  }
  Connection connection;
  if (duckdb_connect(database_.get(), connection.Out()) != DuckDBSuccess) {
    return Error::Internal("no connection to DuckDB");
  }
  for (const char* setting : kConnectionSettings) FS_CHECK(Run(connection.get(), setting));
  return connection;
}

void Instance::GiveBack(Connection connection) {
  std::lock_guard lock(mutex_);
  if (idle_connections_.size() < kIdleConnectionsMax) idle_connections_.push_back(std::move(connection));
}

Status Instance::Register(duckdb_connection connection, const std::vector<physical::KernelUse>& kernels) {
  std::lock_guard lock(mutex_);
  for (const physical::KernelUse& kernel : kernels) {
    if (kernels_.contains(kernel.name)) continue;
    FS_CHECK(RegisterKernel(connection, kernel, interrupt_flags_));
    kernels_.insert(kernel.name);
  }
  return {};
}

// The setting is the database's: other statements may be planned without these optimizers meanwhile, which is no harm.
Instance::PlainPlanning::PlainPlanning(Instance& instance) : instance_(instance) {
  std::lock_guard lock(instance_.plain_mutex_);
  if (instance_.plain_planners_++ == 0) Set(",expression_rewriter,common_subexpressions");
}

Instance::PlainPlanning::~PlainPlanning() {
  std::lock_guard lock(instance_.plain_mutex_);
  if (--instance_.plain_planners_ == 0) Set("");
}

// On a connection of its own: a statement on one that has a result pending ends that.
void Instance::PlainPlanning::Set(const char* disabled) {
  auto connection = instance_.Connect();
  if (!connection.ok()) return;
  if (Run(connection->get(), DisableOptimizers(disabled)).ok()) {
    instance_.GiveBack(std::move(*connection));
  }
}

int64_t Instance::MemoryBytes() {
  auto connection = Connect();
  if (!connection.ok()) return 0;
  auto bytes = RunForInteger(connection->get(), "SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory()");
  if (!bytes.ok()) return 0;
  GiveBack(std::move(*connection));
  return *bytes;
}

void Instance::LimitMemory(int64_t bytes) {
  if (std::abs(bytes - memory_limit_) < memory_limit_ / 16) return;
  auto connection = Connect();
  if (!connection.ok()) return;
  if (!Run(connection->get(), "SET GLOBAL memory_limit = '" + std::to_string(bytes) + "B'").ok()) return;
  memory_limit_ = bytes;
  GiveBack(std::move(*connection));
}

size_t Instance::kernel_count() {
  std::lock_guard lock(mutex_);
  return kernels_.size();
}

// ---------------------------------------------------------------- the spare
// One database, open and without settings of a session, so that a session's first query does not wait for it (about 9 ms).
// None is made before the first one was needed: a server without sessions stays small.
class SpareInstance {
 public:
  static SpareInstance& Get() {
    static SpareInstance spare;  // destroyed before DuckDB's own statics, which are older
    return spare;
  }
  ~SpareInstance() {
    if (maker_.joinable()) maker_.join();
    // Left open: after main DuckDB can't close a database, what it kept in the main thread's storage is gone.
    [[maybe_unused]] static const auto* const kOpen = new std::shared_ptr<Instance>(std::move(instance_));
  }

  Result<std::shared_ptr<Instance>> Take() {
    std::shared_ptr<Instance> taken;
    {
      std::lock_guard lock(mutex_);
      taken = std::move(instance_);
      if (!making_) {
        making_ = true;
        if (maker_.joinable()) maker_.join();  // it has said that it is done
        maker_ = std::thread([this] { Make(); });
      }
    }
    if (taken != nullptr) return taken;
    return Instance::OpenBare();
  }

 private:
  void Make() {
    Result<std::shared_ptr<Instance>> made = Instance::OpenBare();
    if (!made.ok()) spdlog::warn("no spare database: {}", made.error().Message());
    std::lock_guard lock(mutex_);
    making_ = false;
    if (made.ok()) instance_ = std::move(*made);
  }

  std::mutex mutex_;
  std::shared_ptr<Instance> instance_;
  std::thread maker_;
  bool making_ = false;
};

Result<std::shared_ptr<Instance>> Instance::Open(const EngineOptions& options) {
  if (!options.spill_folder.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(options.spill_folder, failed);
    if (failed)
      return Error::Internal("the spill folder " + options.spill_folder + " cannot be made: " + failed.message());
  }
  FS_TRY(std::shared_ptr<Instance> instance, SpareInstance::Get().Take());
  FS_CHECK(instance->Configure(options));
  MemoryBudget::Get().Add(instance);
  return instance;
}

}  // namespace firesteel::engine
