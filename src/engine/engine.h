#pragma once
// The embedded DuckDB: the only folder that includes duckdb.h. One Engine for each active session; it may be closed when the
// session is idle and opened again, since nothing but kept (cached) tables lives in it.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/source_reader.h"
#include "physical/query.h"
#include "types/vector.h"

namespace firesteel::engine {

struct EngineOptions {
  int threads = 1;
  int64_t memory_bytes_max = 0;   ///< while other engines need little (memory_budget.h); 0: DuckDB's default
  std::string spill_folder = {};  ///< made if missing; emptied on close
};

/// One operator of a statement's plan and how many rows it has given.
struct OperatorRows {
  std::string name;  ///< as Spark calls such an operator; DuckDB's name where Spark has none
  int parent = -1;   ///< its place in the list; -1: the root
  int64_t rows = 0;
};

/// Rows of one running statement, in order, as they are produced. Destroying it ends the statement.
class ResultStream {
 public:
  virtual ~ResultStream() = default;
  /// The next chunk (up to 2,048 rows), or null at the end. The chunk lives until the next call.
  virtual Result<const Chunk*> Next() = 0;
  /// From any thread: Next fails with OPERATION_CANCELED within 200 ms.
  virtual void Interrupt() = 0;
  /// 0 to 1 of the work done, or negative when unknown. From any thread.
  virtual double Progress() const = 0;
  /// Parents before their children; nothing before the end (Next has answered null).
  virtual std::vector<OperatorRows> Operators() const { return {}; }
};

class Engine {
 public:
  static Result<std::unique_ptr<Engine>> Open(const EngineOptions& options);
  virtual ~Engine() = default;

  /// A statement on a connection of its own; streams. Kernels and tables that it uses are registered first; planning begins
  /// with the first Next, which can be interrupted already.
  virtual Result<std::unique_ptr<ResultStream>> Execute(const physical::Query& query) = 0;
  /// Runs `query` and keeps its rows as table `name` (CREATE TABLE AS in DuckDB's columns' names c0, c1 …).
  virtual Status Keep(const std::string& name, const physical::Query& query) = 0;
  /// As Keep, but to be driven and interrupted: the table is there once Next has answered null.
  virtual Result<std::unique_ptr<ResultStream>> StartKeep(const std::string& name, const physical::Query& query) = 0;
  virtual void Forget(const std::string& name) = 0;
  /// Whether table `name` is kept. One may be lost: after an internal error of DuckDB's the engine opens a new database.
  virtual bool Has(const std::string& name) = 0;
  /// DuckDB's own plan of a query: for explain.
  virtual Result<std::string> Explain(const physical::Query& query) = 0;
  /// Schemas of files.
  virtual catalog::SourceReader& sources() = 0;
};

}  // namespace firesteel::engine
