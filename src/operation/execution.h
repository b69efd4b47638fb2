#pragma once
// Runs what an ExecutePlan asks for and pushes its responses into the operation.
#include "operation/operation.h"
#include "proto/plan.h"

namespace firesteel::operation {

/// Runs to the end on the calling thread, which must have a deep stack. Every outcome ends in Operation::Finish.
void Run(const OperationPtr& operation, const proto::Plan& plan);

}  // namespace firesteel::operation
