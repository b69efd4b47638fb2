#pragma once
// One running statement of DuckDB's.
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/fair_scheduler.h"
#include "engine/instance.h"
#include "engine/statement_watch.h"

namespace firesteel::engine {

class Statement final : public ResultStream {
 public:
  /// `types`: of the result's columns; without any, rows are counted and not read (statements that answer a number).
  /// `done` runs once the statement has succeeded.
  Statement(std::shared_ptr<Instance> instance, Connection connection, std::string sql, std::vector<DataType> types,
            std::shared_ptr<const SqlText> text, std::vector<std::shared_ptr<const void>> tables,
            std::vector<std::string> parquet_files, std::function<void()> done);
  ~Statement() override;

  Result<const Chunk*> Next() override;
  void Interrupt() override;
  double Progress() const override;
  std::vector<OperatorRows> Operators() const override;

 private:
  Status Start();
  Status Plan();
  Status RunInTurns();
  DataChunk Fetch();
  Status CheckColumns(const std::vector<LogicalType>& actual);
  Error Failed(const char* message);

  const std::shared_ptr<StatementWatch> watch_;  // of the execution that it belongs to; may be null
  std::shared_ptr<Instance> instance_;
  Connection connection_;
  const std::string sql_;
  const std::vector<DataType> types_;
  const std::shared_ptr<const SqlText> text_;
  std::vector<std::shared_ptr<const void>> tables_;
  const std::vector<std::string> parquet_files_;  // that it reads
  std::function<void()> done_;
  FairScheduler* const scheduler_ = FairScheduler::Get();  // null: this thread runs when it likes
  std::shared_ptr<FairJob> job_;                           // once it has begun, if there is a scheduler
  const InterruptFlag interrupted_ = std::make_shared<std::atomic<bool>>(false);
  const idx_t connection_id_;
  bool started_ = false;
  bool ended_ = false;  // the connection can be used again
  Prepared prepared_;   // only without DuckDB's internals
  Pending pending_;
  QueryResult result_;
  DataChunk fetched_;
  Chunk chunk_;
};

}  // namespace firesteel::engine
