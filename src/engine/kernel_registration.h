#pragma once
// Kernels as functions of DuckDB: registration and the calls from its executor into ours.
#include "engine/duckdb_handles.h"
#include "engine/interrupt_flags.h"
#include "physical/query.h"

namespace firesteel::engine {

/// Makes `kernel` callable under its name on every connection of the database, whose flags end it early.
Status RegisterKernel(duckdb_connection connection, const physical::KernelUse& kernel,
                      const std::shared_ptr<InterruptFlags>& flags);

}  // namespace firesteel::engine
