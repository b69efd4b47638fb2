// What a quoted string of SQL text stands for.
#pragma once

#include <string>
#include <string_view>

namespace firesteel::sql {

/// `token` with its quotes (and R prefix). Escapes as Spark reads them: \n, \u0041, \101, \% stays; `escapes_stay`
/// is spark.sql.parser.escapedStringLiterals.
std::string UnescapeString(std::string_view token, bool escapes_stay);

}  // namespace firesteel::sql
