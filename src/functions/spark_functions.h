#pragma once
// The names of all functions that Spark has: what is not in the registry is known to be missing, not misspelled.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/origin.h"

namespace firesteel::functions {

struct SparkFunction {
  std::string_view name;   ///< as Spark's registry has it: lower case, or an operator's symbol
  std::string_view group;  ///< "math_funcs", "string_funcs" …
  std::string_view since;  ///< Spark's version
  std::string_view java_class;
  std::string_view usage;  ///< as DESCRIBE FUNCTION shows it
};

/// Every built-in function of Spark, by name.
std::span<const SparkFunction> SparkFunctions();
/// Null if Spark has none of that name.
const SparkFunction* FindSparkFunction(std::string_view name);
/// The error of a call whose function is not in the registry: UNSUPPORTED_FEATURE for Spark's own, UNRESOLVED_ROUTINE for others.
Error NoSuchFunction(const std::vector<std::string>& name, const Origin& origin);

}  // namespace firesteel::functions
