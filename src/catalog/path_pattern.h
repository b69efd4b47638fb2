#pragma once
// Patterns in paths, as Hadoop reads them: * ? [a-z] [^a] {a,b}, and \ before what means itself.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace firesteel::catalog {

/// Whether a path or a part of one says anything but itself.
bool IsPattern(std::string_view text);
/// Without the backslashes before characters that mean themselves.
std::string UnescapePattern(std::string_view text);
/// "{a,b}c" -> "ac", "bc"; nested ones too. Errors, as Hadoop's: IOException for braces or brackets that stay open.
Result<std::vector<std::string>> ExpandBraces(const std::string& pattern);
/// Whether one name matches a pattern without braces.
bool Matches(std::string_view pattern, std::string_view name);

}  // namespace firesteel::catalog
