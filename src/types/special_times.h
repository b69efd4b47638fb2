// 'epoch', 'now', 'today', 'tomorrow', 'yesterday', possibly followed by a zone: texts that literals and casts of constants take for dates
// and timestamps.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "types/time_zone.h"

namespace firesteel {

/// None: not such a text. `zone` is the session's.
std::optional<int64_t> SpecialDate(std::string_view text, const TimeZone& zone);
std::optional<int64_t> SpecialTimestamp(std::string_view text, const TimeZone& zone);
std::optional<int64_t> SpecialTimestampNtz(std::string_view text, const TimeZone& zone);

}  // namespace firesteel
