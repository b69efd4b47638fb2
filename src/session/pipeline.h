#pragma once
// The stages in order for one session: unresolved tree -> analyzer -> optimizer -> physical -> engine. Everything that runs
// passes here. Call on a deep stack (base/deep_stack.h): trees may be thousands of levels deep.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "plan/logical.h"
#include "plan/unresolved.h"
#include "session/kept_plans.h"

namespace firesteel::session {

class Session;

/// Values of one observe() or of SQL metrics, in the order of its columns.
struct ObservedMetrics {
  std::string name;
  std::optional<int64_t> plan_id;
  std::vector<std::string> keys;
  std::vector<Value> values;
  std::vector<DataType> types;
};

/// A query that has started. `schema` is what the client sees; `stream` gives its rows.
struct Running {
  DataType schema;
  std::unique_ptr<engine::ResultStream> stream;
  std::vector<ObservedMetrics> metrics;  ///< of the plan's CollectMetrics
};

/// Names and types.
Result<logical::PlanPtr> Analyze(Session& session, const unresolved::RelationPtr& relation);
Result<Running> Execute(Session& session, const logical::PlanPtr& plan);
struct CommandOutcome {
  logical::PlanPtr rows;                 ///< constants, ready to execute; often none, with no columns
  std::vector<ObservedMetrics> metrics;  ///< of the plan that was written
};
Result<CommandOutcome> RunCommand(Session& session, const unresolved::Command& command);
/// SQL text: a query comes back unresolved (not run); a command is run at once and its rows come back as `rows`.
struct SqlOutcome {
  unresolved::RelationPtr query;  ///< set for a query: a SqlQuery, whose text may be another than what came
  logical::PlanPtr rows;          ///< set for a command
  bool new_arguments = false;     ///< the query's arguments are not those that came: EXECUTE IMMEDIATE's, literals all
};
Result<SqlOutcome> RunSql(Session& session, const unresolved::SqlQuery& sql);
/// The four stages in Spark's layout, as many of them as the mode shows.
Result<std::string> Explain(Session& session, const unresolved::RelationPtr& relation,
                            unresolved::ExplainQuery::Mode mode);
/// cache / persist, unpersist. Persist computes at the next use, as Spark does.
Status Persist(Session& session, const unresolved::RelationPtr& relation, const StorageLevel& level);
Status Unpersist(Session& session, const unresolved::RelationPtr& relation);
/// Nothing if the relation is not kept.
Result<std::optional<StorageLevel>> StorageLevelOf(Session& session, const unresolved::RelationPtr& relation);
/// Keeps the plan's rows as they are now (or, if not `eager`, at their first use) under an id of its own.
Result<std::string> Checkpoint(Session& session, const logical::PlanPtr& plan, bool eager);
Status RemoveCheckpoint(Session& session, const std::string& id);
/// The plan that reads a checkpoint's rows; null if there is none of that id.
logical::PlanPtr FindCheckpoint(Session& session, const std::string& id);
/// Equal for plans that give the same rows for the same reason (Spark's semanticHash, sameSemantics).
Result<std::string> CanonicalText(Session& session, const unresolved::RelationPtr& relation);
/// Files that the plan reads.
Result<std::vector<std::string>> InputFiles(Session& session, const unresolved::RelationPtr& relation);

}  // namespace firesteel::session
