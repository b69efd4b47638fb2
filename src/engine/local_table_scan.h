#pragma once
// Local relations as tables of DuckDB: read straight from their memory while a query runs, copied nowhere before.
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "engine/duckdb_handles.h"
#include "types/vector.h"

namespace firesteel::engine {

/// The local tables that running statements use, by the names that their SQL says. One for each database.
class LocalTables {
 public:
  /// Registers the table function and the lookup of names. The database keeps `tables` alive.
  static Status Install(duckdb_database database, duckdb_connection connection, std::shared_ptr<LocalTables> tables);

  /// The name is known as long as the returned handle lives.
  std::shared_ptr<const void> Add(const std::string& name, std::shared_ptr<const LocalTable> table);
  std::shared_ptr<const LocalTable> Find(const std::string& name);

 private:
  std::mutex mutex_;
  std::map<std::string, std::pair<std::shared_ptr<const LocalTable>, int>> tables_;  // with the number of users
  std::weak_ptr<LocalTables> self_;
};

}  // namespace firesteel::engine
