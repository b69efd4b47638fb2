#pragma once
// Where Java's regions differ from the zone database's.
#include <string_view>

namespace firesteel {

struct JavaZoneNames {
  std::string_view id, standard,
      daylight;  ///< "Asia/Dubai", "GST", "GDT": by what the zone database calls daylight saving time
};
/// The short names that Java has for a region; null if it has none.
const JavaZoneNames* FindJavaZoneNames(std::string_view id);

/// The region whose clock Java takes for that of `id`: most often itself. Regions that have agreed since 1970 are one to it, whatever
/// they did before.
std::string_view RegionOfRules(std::string_view id);

}  // namespace firesteel
