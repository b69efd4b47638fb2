#pragma once
// spark.scheduler.mode and the pools of spark.scheduler.allocation.file.
#include "base/result.h"
#include "engine/fair_scheduler.h"
#include "session/configuration.h"

namespace firesteel::main_program {

/// Pools as Spark's fairscheduler.xml describes them. What is not well-formed, or has values that Spark would replace by its defaults,
/// is an error.
Result<engine::PoolMap> ParsePools(const std::string& xml);

/// Has executions scheduled as the settings say, on `slots` cores.
Status InstallScheduler(const session::ConfigurationMap& configuration, int slots);

}  // namespace firesteel::main_program
