#pragma once
// What the analyzer asks of files: their schema. The engine answers; catalog and relations know only this.
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "types/data_type.h"

namespace firesteel::catalog {

class SourceReader {
 public:
  virtual ~SourceReader() = default;
  /// The schema of the files' own columns (not of partition folders), as Spark would infer it. `format` and option keys are
  /// lower case; files are plain paths that exist.
  virtual Result<DataType> InferSchema(const std::string& format, const std::vector<std::string>& files,
                                       const std::map<std::string, std::string>& options) = 0;
};

}  // namespace firesteel::catalog
