#pragma once
// spark.sql.variable.substitute: ${key} in SQL text.
#include <string>
#include <string_view>

#include "base/result.h"
#include "session/configuration.h"

namespace firesteel::session {

/// The text with ${key} and ${prefix:key} (spark, sparkconf, hivevar, hiveconf) replaced by the settings of that name, or by
/// nothing. The whole may not grow beyond `bytes_max`.
Result<std::string> Substituted(std::string_view text, const Configuration& configuration, size_t bytes_max);

}  // namespace firesteel::session
