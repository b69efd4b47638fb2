#pragma once
// The topics of functions for one kind of value each: variants, vectors, encrypted bytes, sketches, times of day, XML.
#include <span>

#include "functions/function.h"

namespace firesteel::functions {

std::span<const Function> VariantFunctions();
std::span<const Function> EncryptionFunctions();
std::span<const Function> VectorFunctions();
std::span<const Function> SketchFunctions();
std::span<const Function> TimeFunctions();
std::span<const Function> XPathFunctions();

}  // namespace firesteel::functions
