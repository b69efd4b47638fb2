#pragma once
// Comparison of cells as Spark orders them, for kernels.
#include <string_view>

#include "functions/kernel.h"

namespace firesteel::functions {

/// -1, 0, 1 for two values of one type that are not NULL themselves. NaN is the largest number and equal to itself, -0.0 equals 0.0;
/// inside arrays and structs NULL comes first and equals NULL.
int CompareCells(const Cell& a, const Cell& b);

/// Whether two types are built the same way, whatever their fields are called and may be null.
bool EqualButForNames(const DataType& a, const DataType& b);

}  // namespace firesteel::functions
