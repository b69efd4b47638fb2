#pragma once
// What the analyzer asks of the catalog: what a table's name stands for.
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/variables.h"
#include "plan/logical.h"

namespace firesteel::catalog {

struct TableEntry {
  logical::PlanPtr plan;  ///< analyzed; its column ids may be used elsewhere: alias them to fresh ones
  std::vector<std::string>
      qualifier;  ///< of its columns: {"v"}, {"global_temp", "v"}, {"spark_catalog", "default", "t"}
};

class Catalog {
 public:
  virtual ~Catalog() = default;
  /// The table or view of a one- to three-part name, or nothing.
  virtual Result<std::optional<TableEntry>> Find(const std::vector<std::string>& name) = 0;
  /// A session variable by its own name (VariableNameOf).
  virtual std::optional<Variable> FindVariable(const std::string&) { return std::nullopt; }
  virtual std::string current_catalog() const = 0;
  virtual std::string current_database() const = 0;
  virtual std::string current_user() const = 0;
};

}  // namespace firesteel::catalog
