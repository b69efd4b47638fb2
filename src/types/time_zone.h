// Time zones by Spark's ids, with Java's rules for gaps and overlaps. Looked up once per id and kept for good.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace firesteel {

class TimeZone {
 public:
  const std::string& id() const { return id_; }
  bool IsFixed() const { return thresholds_utc_.empty(); }

  /// Seconds east of UTC at an instant.
  int32_t OffsetAt(int64_t epoch_second) const;
  /// Seconds east of UTC at a wall clock time: in an overlap the earlier of both offsets; in a gap the one before it,
  /// so that the instant is as much later as the gap is long.
  int32_t OffsetAtLocal(int64_t local_second) const;

  int64_t ToLocalMicros(int64_t utc_micros) const;  ///< wall clock as microseconds; wraps at the ends of the range
  /// The instant of a wall clock time; false beyond 64 bits.
  bool ToUtcMicros(int64_t local_micros, int64_t* utc_micros) const;
  /// The first instant of a day, also where midnight is in a gap.
  bool StartOfDay(int64_t day, int64_t* utc_micros) const;

  /// "PST", "CET", "UTC"; "+03" where there is no name.
  std::string Abbreviation(int64_t epoch_second) const;
  bool IsDaylight(int64_t epoch_second) const;

  struct Rules;  // the library's own zone, for what lies beyond the table
  TimeZone(std::string id, int32_t fixed_offset);
  TimeZone(std::string id, std::shared_ptr<const Rules> rules);

 private:
  struct Change {
    int64_t utc_second;  // from here on …
    int32_t before;      // … not this offset
    int32_t after;       // … but this
  };
  const Change* ChangeBefore(int64_t epoch_second) const;

  std::string id_;
  int32_t first_offset_ = 0;
  std::vector<Change> changes_;
  std::vector<int64_t> thresholds_utc_;
  std::vector<int64_t> thresholds_local_;
  int64_t table_end_ = INT64_MAX;  // epoch second from which the library is asked
  std::shared_ptr<const Rules> rules_;
};

/// The zone of an id as Spark takes it: "Europe/Paris", "UTC", "GMT+1", "+1:00", "Z", "PST". The pointer stays valid.
/// Errors: INVALID_TIMEZONE.
Result<const TimeZone*> FindTimeZone(std::string_view id);
/// As FindTimeZone, null for an unknown id: no error is made.
const TimeZone* FindTimeZoneOrNull(std::string_view id);
const TimeZone* Utc();

}  // namespace firesteel
