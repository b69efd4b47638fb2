// The only file that includes DuckDB's C++ headers.
#include "engine/duckdb_internals.h"

#ifdef FIRESTEEL_DUCKDB_INTERNALS

#include <duckdb/main/capi/capi_internal.hpp>
#include <string_view>

namespace firesteel::engine {

bool HasDuckDbInternals() {
  static const bool same = std::string_view(duckdb_library_version()) == FIRESTEEL_DUCKDB_INTERNALS;
  return same;
}

duckdb_state PendingStreaming(duckdb_connection connection, const std::string& sql, duckdb_pending_result* out) {
  auto wrapper = std::make_unique<duckdb::PendingStatementWrapper>();
  wrapper->allow_streaming = true;
  try {
    wrapper->statement = reinterpret_cast<duckdb::Connection*>(connection)
                             ->PendingQuery(sql, duckdb::QueryResultOutputType::ALLOW_STREAMING);
  } catch (const std::exception& failure) {
    wrapper->statement = duckdb::make_uniq<duckdb::PendingQueryResult>(duckdb::ErrorData(failure));
  }
  const bool failed = wrapper->statement->HasError();
  *out = reinterpret_cast<duckdb_pending_result>(wrapper.release());
  return failed ? DuckDBError : DuckDBSuccess;
}

std::vector<LogicalType> ColumnTypes(duckdb_pending_result pending) {
  std::vector<LogicalType> types;
  for (const duckdb::LogicalType& type : reinterpret_cast<duckdb::PendingStatementWrapper*>(pending)->statement->types)
    types.emplace_back(reinterpret_cast<duckdb_logical_type>(std::make_unique<duckdb::LogicalType>(type).release()));
  return types;
}

}  // namespace firesteel::engine

#else

namespace firesteel::engine {

bool HasDuckDbInternals() { return false; }
duckdb_state PendingStreaming(duckdb_connection, const std::string&, duckdb_pending_result*) { return DuckDBError; }
std::vector<LogicalType> ColumnTypes(duckdb_pending_result) { return {}; }

}  // namespace firesteel::engine

#endif
