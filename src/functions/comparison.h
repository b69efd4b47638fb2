#pragma once
// Comparison of cells as Spark orders them, for kernels.
#include <string_view>

#include "functions/function.h"
#include "functions/kernel.h"

namespace firesteel::functions {

/// -1, 0, 1 for two values of one type that are not NULL themselves. NaN is the largest number and equal to itself, -0.0 equals 0.0;
/// inside arrays and structs NULL comes first and equals NULL.
int CompareCells(const Cell& a, const Cell& b);

/// Whether two types are built the same way, whatever their fields are called and may be null.
bool EqualButForNames(const DataType& a, const DataType& b);

/// A constant integer beside a DECIMAL is a decimal of as many digits as it has; others stay what they are.
logical::ExprPtr NarrowInteger(const logical::ExprPtr& expr, const CallSite& site);

}  // namespace firesteel::functions
