#pragma once
// What DuckDB's C interface lacks, taken from its C++ one. That one's symbols and layouts belong to one version of the library: all of this
// asks whether it is the one that runs, and whoever calls it has another way.
#include <duckdb.h>

#include <string>
#include <vector>

#include "engine/duckdb_handles.h"

namespace firesteel::engine {

/// Whether the library that runs is the one whose headers this was built with (CMake: FIRESTEEL_DUCKDB_INTERNALS).
bool HasDuckDbInternals();

/// As duckdb_prepare and duckdb_pending_prepared_streaming, which plan a statement over files twice: this plans once. An error's text is
/// duckdb_pending_error's. Only with HasDuckDbInternals.
duckdb_state PendingStreaming(duckdb_connection connection, const std::string& sql, duckdb_pending_result* out);

/// The types of what PendingStreaming has begun.
std::vector<LogicalType> ColumnTypes(duckdb_pending_result pending);

}  // namespace firesteel::engine
