#pragma once
// All rows of the function tables, by name.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "functions/function.h"

namespace firesteel::functions {

/// A built-in function by name (any case) or alias; null if there is none. Operators are found by their symbols.
const Function* FindFunction(std::string_view name);
/// A function as queries name it: `f`, `builtin.f` or `system.builtin.f`; null if there is none or the name is of another place.
const Function* FindBuiltin(const std::vector<std::string>& name);
/// Every row, in table order.
std::span<const Function* const> AllFunctions();
/// One per topic file: `std::span<const Function> StringFunctions();` …, joined in registry.cc.

}  // namespace firesteel::functions
