#pragma once
// Which files a path means: globs, folders, hidden files, and values from folder names key=value (Spark's partition discovery).
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "relations/environment.h"
#include "types/data_type.h"
#include "types/value.h"

namespace firesteel::relations {

struct SourceFiles {
  std::vector<std::string> files;                     ///< in order of their names
  DataType partition_schema = DataType::Struct({});
  std::vector<std::vector<Value>> partition_values;   ///< per file, when partitioned
};

/// Lists the files of `paths`. `options` (keys in lower case): basepath, recursivefilelookup, pathglobfilter. Partition columns that
/// `user_schema` (a struct) has take its types. Errors: PATH_NOT_FOUND, CONFLICTING_DIRECTORY_STRUCTURES.
Result<SourceFiles> ListFiles(const std::vector<std::string>& paths, const std::map<std::string, std::string>& options,
                              const DataType& user_schema, Environment& environment);

}  // namespace firesteel::relations
