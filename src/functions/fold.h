#pragma once
// Aggregate kernels in window frames.
#include <string>
#include <vector>

#include "functions/function.h"

namespace firesteel::functions {

/// SQL of an aggregate call whose kernel runs over the list of its frame's rows.
Result<std::string> LowerFold(const AggregateKernel& kernel, const logical::Expr& call,
                              const std::vector<std::string>& arguments, Lowering& lowering);

}  // namespace firesteel::functions
