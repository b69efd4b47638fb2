#pragma once
// The topic of functions that only DataFrame relations call.
#include <span>

#include "functions/function.h"

namespace firesteel::functions {

std::span<const Function> FrameFunctions();

}  // namespace firesteel::functions
