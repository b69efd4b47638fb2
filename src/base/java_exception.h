#pragma once
// Errors that Spark lets through from Java's own library: a class and a message, no condition, no SQLSTATE, no context.
#include <string>
#include <string_view>

#include "base/error.h"

namespace firesteel {

inline constexpr std::string_view kIllegalArgumentClasses =
    "java.lang.IllegalArgumentException,java.lang.RuntimeException";
inline constexpr std::string_view kArithmeticClasses = "java.lang.ArithmeticException,java.lang.RuntimeException";

/// `classes`: the Java class and its ancestors below java.lang.Exception, most specific first, joined by commas.
Error JavaException(std::string_view classes, std::string message);
bool IsJavaException(const Error& error);

}  // namespace firesteel
