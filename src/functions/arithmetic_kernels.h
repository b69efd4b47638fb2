#pragma once
// Kernels of the arithmetic operators; which call takes which is arithmetic.cc's choice.
#include "functions/kernel.h"

namespace firesteel::functions {

/// Of the type of both arguments: BYTE … DOUBLE, or ANSI intervals. Overflow by mode: an error, a wrapped value, or NULL.
enum class ArithmeticOp { kAdd, kSubtract, kMultiply, kDivide, kRemainder, kPmod, kIntegralDivide, kNegate, kAbs };
ScalarKernel ArithmeticKernel(ArithmeticOp op, const DataType& type);
/// Of two decimals, each with its own precision and scale; the result is rounded half up to the context's result type.
ScalarKernel DecimalKernel(ArithmeticOp op);
/// kNegate and kAbs of a decimal, with Spark's loss: a decimal whose sign has changed keeps 34 digits.
constexpr int kSignDigitsMax = 34;
ScalarKernel DecimalSignKernel(ArithmeticOp op);

}  // namespace firesteel::functions
