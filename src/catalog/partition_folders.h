#pragma once
// Columns from folder names key=value: which there are, their types, and each folder's values.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/file_listing.h"

namespace firesteel::catalog {

struct PartitionRules {
  const std::set<std::string>& base_paths;  ///< folders above (and with) which names mean nothing
  const std::optional<DataType>& user_schema;
  const Settings& settings;
  bool infer_types = true;
};

struct Partitions {
  DataType schema = DataType::Struct({});
  std::map<std::string, std::vector<Value>> values;  ///< of the folders that are partitions; empty when there are none
};

/// What the names of `folders` with files say. Folders without partitions may stand beside the others, but only where
/// partitions begin.
Result<Partitions> FindPartitions(const PartitionRules& rules, const std::vector<std::string>& folders);

}  // namespace firesteel::catalog
