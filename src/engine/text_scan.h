#pragma once
// Text files as a table function of DuckDB's, for what its own readers do not take: lines of any length and any ends, other
// separators, bytes that are no UTF-8, all of the compressed files.
#include "base/result.h"
#include "engine/duckdb_handles.h"

namespace firesteel::engine {

/// fs_text(files VARCHAR[], separator VARCHAR, whole BOOLEAN, strict BOOLEAN, encoding VARCHAR, header BOOLEAN, comment VARCHAR, quotes VARCHAR) gives
/// `line` VARCHAR, `filename` VARCHAR and `file_index` BIGINT. The arguments are physical::LineLayout's.
Status InstallTextScan(duckdb_connection connection);

}  // namespace firesteel::engine
