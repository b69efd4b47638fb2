#pragma once
// Columns from folder names key=value: which there are, their types, and each file's values.
#include <optional>
#include <string>
#include <vector>

#include "catalog/file_listing.h"

namespace firesteel::catalog {

struct PartitionRules {
  const std::vector<std::string>& base_paths;  ///< folders above (and with) which names mean nothing
  const std::optional<DataType>& user_schema;
  const Settings& settings;
  bool infer_types = true;
};

/// Fills in partition_schema and partition_values of `list` from its files' folders.
Status FindPartitions(const PartitionRules& rules, FileList& list);

}  // namespace firesteel::catalog
