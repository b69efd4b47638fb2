#pragma once
// Nested values in Spark's order, as bytes that DuckDB can sort by.
#include "functions/kernel.h"

namespace firesteel::functions {

/// (value) -> BINARY whose bytes compare as CompareCells says: within arrays and structs NULL comes first, which DuckDB's own order
/// of lists and structs does otherwise. NULL gives NULL.
extern const ScalarKernel kSortKey;

}  // namespace firesteel::functions
