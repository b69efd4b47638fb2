#pragma once
// Query results as files in Spark's layout: part files, _SUCCESS, a folder for each partition value.
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"

namespace firesteel::engine {

/// What goes once all is written.
enum class Replaces {
  kNothing,     ///< files are added
  kEverything,  ///< that is in the folder
  kPartitions,  ///< that are written, each whole; others stay
};

struct WriteRequest {
  std::string format;                          ///< parquet, csv, json, text; lower case
  std::string path;                            ///< a local folder, or "file:…"
  std::map<std::string, std::string> options;  ///< keys in lower case
  std::vector<std::string> partition_by;       ///< names of columns of the query's output
  Replaces replaces = Replaces::kNothing;
  std::string time_zone = "UTC";  ///< spark.sql.session.timeZone
};

/// Runs `query` and writes its rows. They are written beside their place first, and what they replace is kept until they are
/// in it: when it fails nothing is left behind and nothing is lost. Errors: UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE, TASK_WRITE_FAILED, and those of the query.
Status WriteFiles(Engine& engine, const physical::Query& query, const WriteRequest& request);

}  // namespace firesteel::engine
