#pragma once
// What a command may do to its session. The session's side is in session/.
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/temp_views.h"
#include "catalog/variables.h"
#include "plan/logical.h"
#include "plan/unresolved.h"
#include "types/coercion.h"

namespace firesteel::commands {

struct ConfigurationEntry {
  std::string key;
  std::string value;
  std::string doc;
  std::string since;
};

class Context {
 public:
  virtual ~Context() = default;
  virtual const Settings& settings() const = 0;
  virtual Result<logical::PlanPtr> Analyze(const unresolved::RelationPtr& relation) = 0;
  virtual Result<std::string> Explain(const unresolved::RelationPtr& relation, unresolved::ExplainQuery::Mode mode) = 0;
  /// The plan that a table's or view's name stands for, or nothing.
  virtual Result<std::optional<logical::PlanPtr>> FindTable(const unresolved::Name& name) = 0;

  virtual catalog::TempViews& views() = 0;
  virtual catalog::TempViews& global_views() = 0;
  virtual catalog::Variables& variables() = 0;
  /// Runs a small query: fails when it gives more than `rows_max` rows.
  virtual Result<std::vector<std::vector<Value>>> Collect(const logical::PlanPtr& plan, int64_t rows_max) = 0;

  /// Set or default value; nothing for an unknown key that is not set.
  virtual std::optional<std::string> Configuration(const std::string& key) = 0;
  virtual Status SetConfiguration(const std::string& key, const std::string& value) = 0;
  virtual Status ResetConfiguration(const std::string& key) = 0;
  virtual void ResetAllConfiguration() = 0;
  /// Keys that are set, by name; with `defaults` every known key.
  virtual std::vector<ConfigurationEntry> AllConfiguration(bool defaults) = 0;

  /// Marks a plan to be kept; computed at its next use, or at once if not `lazy`.
  virtual Status Persist(const logical::PlanPtr& plan, bool lazy) = 0;
  virtual Status Unpersist(const logical::PlanPtr& plan) = 0;
  virtual void UnpersistAll() = 0;
  virtual bool IsPersisted(const logical::PlanPtr& plan) = 0;

  /// Runs the plan and writes its rows. What may be there has been decided, format and path are what they stand for.
  /// `keeps_other_partitions`: an overwrite replaces only those that are written.
  virtual Status Write(const logical::PlanPtr& plan, const unresolved::WriteFiles& write,
                       bool keeps_other_partitions) = 0;
};

}  // namespace firesteel::commands
