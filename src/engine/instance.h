#pragma once
// One open DuckDB database: its settings, its connections, and what has been registered in it.
#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/duckdb_handles.h"
#include "engine/engine.h"
#include "engine/interrupt_flags.h"
#include "engine/local_table_scan.h"

namespace firesteel::engine {

/// Shared by an engine and the streams of its running statements: the database lives until the last of them ends.
class Instance : public std::enable_shared_from_this<Instance> {
 public:
  /// Takes a warm spare one where there is one, and has another one made ready in the background.
  static Result<std::shared_ptr<Instance>> Open(const EngineOptions& options);
  ~Instance();

  /// A connection that no other statement uses.
  Result<Connection> Connect();
  /// Gives a connection back whose statement has ended.
  void GiveBack(Connection connection);
  /// Registers what is not registered yet.
  Status Register(duckdb_connection connection, const std::vector<physical::KernelUse>& kernels);
  LocalTables& local_tables() { return *local_tables_; }
  InterruptFlags& interrupt_flags() { return *interrupt_flags_; }
  size_t kernel_count();
  /// For threads that help the database's own (fair_scheduler.h); to be destroyed before this.
  TaskState NewTaskState() { return TaskState(duckdb_create_task_state(database_.get())); }

  /// What it may use while nobody else needs it.
  int64_t memory_bytes_max() const { return memory_bytes_max_; }
  int64_t memory_limit() const { return memory_limit_; }
  /// What it uses now.
  int64_t MemoryBytes();
  /// What is more is spilled. Stays as it is where that cannot be, and where it would change little. For MemoryBudget.
  void LimitMemory(int64_t bytes);

  /// While one lives, statements are planned without the optimizers that huge expressions are too much for.
  class PlainPlanning {
   public:
    explicit PlainPlanning(Instance& instance);
    ~PlainPlanning();

   private:
    void Set(const char* disabled);
    Instance& instance_;
  };

  /// After an internal error DuckDB refuses to go on with a database.
  void MarkBroken() { broken_ = true; }
  bool broken() const { return broken_; }

  /// The tables kept in it.
  std::mutex kept_mutex;
  std::set<std::string> kept;

 private:
  static Result<std::shared_ptr<Instance>> OpenBare();
  Status Configure(const EngineOptions& options);

  Database database_;
  std::shared_ptr<LocalTables> local_tables_ = std::make_shared<LocalTables>();
  const std::shared_ptr<InterruptFlags> interrupt_flags_ = std::make_shared<InterruptFlags>();
  std::string spill_folder_;
  int64_t memory_bytes_max_ = 0, memory_limit_ = 0;
  std::atomic<bool> broken_{false};
  std::mutex mutex_;
  std::vector<Connection> idle_connections_;
  std::set<std::string> kernels_;

  std::mutex plain_mutex_;
  int plain_planners_ = 0;

  friend class SpareInstance;
};

/// Runs a statement whose result nobody wants.
Status Run(duckdb_connection connection, const std::string& sql);
/// Runs a statement that gives one BIGINT.
Result<int64_t> RunForInteger(duckdb_connection connection, const std::string& sql);

}  // namespace firesteel::engine
