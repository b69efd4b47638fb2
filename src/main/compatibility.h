#pragma once
// `firesteel compatibility`: what of Spark is supported, read off the tables that the server itself works with.
#include <string>

namespace firesteel::main_program {

/// docs/compatibility.md.
std::string CompatibilityText();

}  // namespace firesteel::main_program
