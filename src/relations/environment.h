#pragma once
// What the analyzer asks of the session that it works for. The session's side is in session/; tests have their own.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "catalog/source_reader.h"
#include "plan/logical.h"
#include "types/coercion.h"
#include "types/vector.h"

namespace firesteel::relations {

class Environment {
 public:
  virtual ~Environment() = default;
  virtual const Settings& settings() const = 0;
  /// Any spark.sql.* setting as text, its default if it is not set.
  virtual std::string Configuration(const std::string& key) const = 0;
  virtual catalog::Catalog& catalog() = 0;
  virtual catalog::SourceReader& sources() = 0;
  /// Rows that the client sent: an Arrow IPC stream (or empty), and a schema as DDL or JSON (empty: Arrow's).
  virtual Result<std::shared_ptr<const LocalTable>> DecodeLocal(const std::string& arrow_ipc,
                                                                const std::string& schema) = 0;
  /// The bytes of an artifact `cache/<hash>`: data of cached local relations.
  virtual Result<std::string> CachedArtifact(const std::string& hash) = 0;
  /// A plan that the server keeps for the client under an id (checkpoint, foreachBatch).
  virtual Result<logical::PlanPtr> CachedRemote(const std::string& relation_id) = 0;
  /// The files and schema that a DataFrame's read was resolved to first, which stay; null while there are none.
  virtual std::shared_ptr<const logical::Scan> KnownScan(int64_t /*plan_id*/, const unresolved::ReadSource&) {
    return nullptr;
  }
  virtual void RememberScan(int64_t /*plan_id*/, const unresolved::ReadSource&, std::shared_ptr<const logical::Scan>) {}
  /// Runs a query of one column of text and hands over each value that is not NULL, until `on_text` answers false.
  virtual Status ForEachText(const logical::PlanPtr&, const std::function<Result<bool>(std::string_view)>&) {
    return Error::Internal("no query can run here");
  }
  /// Runs a small query (pivot values, crosstab): fails when it gives more than `rows_max` rows.
  virtual Result<std::vector<std::vector<Value>>> Collect(const logical::PlanPtr& plan, int64_t rows_max) = 0;
};

}  // namespace firesteel::relations
