// Zones from the machine's database as sorted tables of changes; what Java knows besides is java_time_zones.h.
#include "types/time_zone.h"

#include <absl/strings/string_view.h>
#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "types/java_time_zones.h"

namespace firesteel {

struct TimeZone::Rules {
  absl::TimeZone zone;
};

namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;
// The table ends here; zones with daylight saving time go on for ever, though the library lists changes of 400 years
// only.
constexpr int kTableYearEnd = 2300;
// Zones are kept for good, and offsets can be spelled in very many ways: hostile input must not fill the memory.
constexpr size_t kZonesMax = 50'000;
constexpr int64_t kYearZeroSecond = -62'167'219'200;

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

int32_t LibraryOffset(const absl::TimeZone& zone, int64_t epoch_second) {
  return zone.At(absl::FromUnixSeconds(epoch_second)).offset;
}

}  // namespace

TimeZone::TimeZone(std::string id, int32_t fixed_offset) : id_(std::move(id)), first_offset_(fixed_offset) {}

TimeZone::TimeZone(std::string id, std::shared_ptr<const Rules> rules) : id_(std::move(id)), rules_(std::move(rules)) {
  const absl::TimeZone& zone = rules_->zone;
  const int64_t end = absl::ToUnixSeconds(absl::FromCivil(absl::CivilSecond(kTableYearEnd), absl::UTCTimeZone()));
  absl::Time at = absl::InfinitePast();
  absl::TimeZone::CivilTransition transition;
  first_offset_ = LibraryOffset(zone, kYearZeroSecond);
  int32_t offset = first_offset_;
  while (zone.NextTransition(at, &transition)) {
    // The instant of a change is where the old wall clock would have shown `from`.
    absl::Time instant = zone.At(transition.to).trans;
    if (instant <= at && at != absl::InfinitePast()) break;
    at = instant;
    const int64_t second = absl::ToUnixSeconds(instant);
    if (second >= end) {
      table_end_ = end;
      break;
    }
    const int32_t after = LibraryOffset(zone, second);
    if (after == offset) continue;  // only the name changed
    if (changes_.empty()) first_offset_ = offset = LibraryOffset(zone, second - 1);
    changes_.push_back({second, offset, after});
    offset = after;
  }
  for (const Change& change : changes_) {
    thresholds_utc_.push_back(change.utc_second);
    thresholds_local_.push_back(change.utc_second + std::max(change.before, change.after));
  }
}

int32_t TimeZone::OffsetAt(int64_t epoch_second) const {
  if (epoch_second >= table_end_) return LibraryOffset(rules_->zone, epoch_second);
  auto found = std::upper_bound(thresholds_utc_.begin(), thresholds_utc_.end(), epoch_second);
  return found == thresholds_utc_.begin() ? first_offset_ : changes_[found - thresholds_utc_.begin() - 1].after;
}

int32_t TimeZone::OffsetAtLocal(int64_t local_second) const {
  if (local_second >= table_end_) {
    absl::CivilSecond civil = absl::ToCivilSecond(absl::FromUnixSeconds(local_second), absl::UTCTimeZone());
    absl::TimeZone::TimeInfo info = rules_->zone.At(civil);
    return static_cast<int32_t>(local_second - absl::ToUnixSeconds(info.pre));
  }
  auto found = std::upper_bound(thresholds_local_.begin(), thresholds_local_.end(), local_second);
  return found == thresholds_local_.begin() ? first_offset_ : changes_[found - thresholds_local_.begin() - 1].after;
}

int64_t TimeZone::ToLocalMicros(int64_t utc_micros) const {
  int64_t offset = IsFixed() ? first_offset_ : OffsetAt(FloorDivide(utc_micros, kMicrosPerSecond));
  return static_cast<int64_t>(static_cast<uint64_t>(utc_micros) + static_cast<uint64_t>(offset * kMicrosPerSecond));
}

bool TimeZone::ToUtcMicros(int64_t local_micros, int64_t* utc_micros) const {
  int64_t offset = IsFixed() ? first_offset_ : OffsetAtLocal(FloorDivide(local_micros, kMicrosPerSecond));
  return !__builtin_sub_overflow(local_micros, offset * kMicrosPerSecond, utc_micros);
}

bool TimeZone::StartOfDay(int64_t day, int64_t* utc_micros) const {
  int64_t midnight;
  if (__builtin_mul_overflow(day, kSecondsPerDay, &midnight)) return false;
  int64_t second = midnight - (IsFixed() ? first_offset_ : OffsetAtLocal(midnight));
  if (!IsFixed() && midnight < table_end_) {
    auto found = std::upper_bound(thresholds_local_.begin(), thresholds_local_.end(), midnight);
    if (found != thresholds_local_.end()) {
      const Change& next = changes_[found - thresholds_local_.begin()];
      // Midnight is in the gap that this change makes: the day starts with the change.
      if (next.after > next.before && midnight >= next.utc_second + next.before) second = next.utc_second;
    }
  }
  return !__builtin_mul_overflow(second, kMicrosPerSecond, utc_micros);
}

std::string TimeZone::Abbreviation(int64_t epoch_second) const {
  if (rules_ == nullptr) return id_;
  return rules_->zone.At(absl::FromUnixSeconds(epoch_second)).zone_abbr;
}

bool TimeZone::IsDaylight(int64_t epoch_second) const {
  return rules_ != nullptr && rules_->zone.At(absl::FromUnixSeconds(epoch_second)).is_dst;
}

// ---------------------------------------------------------------- ids
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// ZoneOffset.of: +h, +hh, +hh:mm, +hhmm, +hh:mm:ss, +hhmmss, up to 18 hours.
std::optional<int32_t> ParseOffset(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  int32_t parts[3] = {0, 0, 0};
  int count = 0;
  if (text.size() == 1) {
    if (!IsDigit(text[0])) return std::nullopt;
    parts[0] = text[0] - '0';
  } else {
    const bool colons = text.size() > 2 && text[2] == ':';
    for (size_t i = 0; i < text.size(); i += 2) {
      if (colons && i > 0 && text[i++] != ':') return std::nullopt;
      if (count == 3 || i + 1 >= text.size() || !IsDigit(text[i]) || !IsDigit(text[i + 1])) return std::nullopt;
      parts[count++] = (text[i] - '0') * 10 + (text[i + 1] - '0');
    }
  }
  if (parts[0] > 18 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  const int32_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (seconds > 18 * 3600) return std::nullopt;
  return negative ? -seconds : seconds;
}

/// ZoneOffset.getId: "Z", "+01:00", "-07:30:15".
std::string OffsetId(int32_t seconds) {
  if (seconds == 0) return "Z";
  const int32_t magnitude = std::abs(seconds);
  auto two = [](int32_t n) { return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)}; };
  std::string id = (seconds < 0 ? "-" : "+") + two(magnitude / 3600) + ":" + two(magnitude / 60 % 60);
  return magnitude % 60 == 0 ? id : id + ":" + two(magnitude % 60);
}

/// Spark also takes one digit of hours before a colon, and one digit of minutes at the end.
std::string PadOffset(std::string_view id) {
  std::string out(id);
  for (size_t i = 0; i + 2 < out.size(); ++i) {
    if ((out[i] == '+' || out[i] == '-') && IsDigit(out[i + 1]) && out[i + 2] == ':') {
      out.insert(i + 1, 1, '0');
      break;
    }
  }
  const size_t n = out.size();
  if (n >= 5 && (out[n - 5] == '+' || out[n - 5] == '-') && IsDigit(out[n - 4]) && IsDigit(out[n - 3]) &&
      out[n - 2] == ':' && IsDigit(out[n - 1])) {
    out.insert(n - 1, 1, '0');
  }
  return out;
}

/// java.time.ZoneId.SHORT_IDS.
const std::map<std::string, std::string, std::less<>>& ShortIds() {
  static const auto* ids =
      new std::map<std::string, std::string, std::less<>>{{"ACT", "Australia/Darwin"},
                                                          {"AET", "Australia/Sydney"},
                                                          {"AGT", "America/Argentina/Buenos_Aires"},
                                                          {"ART", "Africa/Cairo"},
                                                          {"AST", "America/Anchorage"},
                                                          {"BET", "America/Sao_Paulo"},
                                                          {"BST", "Asia/Dhaka"},
                                                          {"CAT", "Africa/Harare"},
                                                          {"CNT", "America/St_Johns"},
                                                          {"CST", "America/Chicago"},
                                                          {"CTT", "Asia/Shanghai"},
                                                          {"EAT", "Africa/Addis_Ababa"},
                                                          {"ECT", "Europe/Paris"},
                                                          {"IET", "America/Indiana/Indianapolis"},
                                                          {"IST", "Asia/Kolkata"},
                                                          {"JST", "Asia/Tokyo"},
                                                          {"MIT", "Pacific/Apia"},
                                                          {"NET", "Asia/Yerevan"},
                                                          {"NST", "Pacific/Auckland"},
                                                          {"PLT", "Asia/Karachi"},
                                                          {"PNT", "America/Phoenix"},
                                                          {"PRT", "America/Puerto_Rico"},
                                                          {"PST", "America/Los_Angeles"},
                                                          {"SST", "Pacific/Guadalcanal"},
                                                          {"VST", "Asia/Ho_Chi_Minh"},
                                                          {"EST", "-05:00"},
                                                          {"MST", "-07:00"},
                                                          {"HST", "-10:00"}};
  return *ids;
}

/// Region names are file names of the zone database: nothing else may be opened by them.
bool IsRegionName(std::string_view id) {
  constexpr size_t kRegionBytesMax = 64;
  if (id.size() < 2 || id.size() > kRegionBytesMax) return false;
  auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!is_letter(id[0])) return false;
  for (char c : id) {
    if (!is_letter(c) && !IsDigit(c) && c != '/' && c != '_' && c != '-' && c != '+') return false;
  }
  for (std::string_view other : {"posix/", "right/"}) {
    if (id.starts_with(other)) return false;
  }
  for (std::string_view other : {"Factory", "localtime", "posixrules", "leapseconds", "tzdata", "ROC"}) {
    if (id == other) return false;
  }
  return true;
}

std::unique_ptr<const TimeZone> MakeTimeZone(std::string_view original) {
  std::string id = PadOffset(original);
  if (auto found = ShortIds().find(id); found != ShortIds().end()) id = found->second;
  if (id.empty()) return nullptr;
  if (id == "Z" || id[0] == '+' || id[0] == '-') {
    std::optional<int32_t> offset = ParseOffset(id);
    return offset ? std::make_unique<TimeZone>(OffsetId(*offset), *offset) : nullptr;
  }
  for (std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (!std::string_view(id).starts_with(prefix)) continue;
    if (id == prefix) return std::make_unique<TimeZone>(id, 0);
    std::string_view rest = std::string_view(id).substr(prefix.size());
    if (rest[0] != '+' && rest[0] != '-') continue;
    std::optional<int32_t> offset = ParseOffset(rest);
    if (!offset) return nullptr;
    std::string name = *offset == 0 ? std::string(prefix) : std::string(prefix) + OffsetId(*offset);
    return std::make_unique<TimeZone>(name, *offset);
  }
  if (!IsRegionName(id)) return nullptr;
  auto rules = std::make_shared<TimeZone::Rules>();
  const std::string_view region = RegionOfRules(id);
  if (!absl::LoadTimeZone(absl::string_view(region.data(), region.size()), &rules->zone)) return nullptr;
  return std::make_unique<TimeZone>(id, std::move(rules));
}

struct Cache {
  std::shared_mutex mutex;
  std::map<std::string, std::unique_ptr<const TimeZone>, std::less<>> zones;
};

}  // namespace

const TimeZone* FindTimeZoneOrNull(std::string_view id) {
  static Cache* cache = new Cache;
  {
    std::shared_lock lock(cache->mutex);
    auto found = cache->zones.find(id);
    if (found != cache->zones.end()) return found->second.get();
  }
  std::unique_ptr<const TimeZone> zone = MakeTimeZone(id);
  if (zone == nullptr) return nullptr;
  std::unique_lock lock(cache->mutex);
  if (cache->zones.size() >= kZonesMax && !cache->zones.contains(id)) return nullptr;
  return cache->zones.emplace(std::string(id), std::move(zone)).first->second.get();
}

Result<const TimeZone*> FindTimeZone(std::string_view id) {
  const TimeZone* zone = FindTimeZoneOrNull(id);
  if (zone != nullptr) return zone;
  return Error::Condition("INVALID_TIMEZONE", {{"timeZone", std::string(id)}}).As(ErrorClass::kDateTime);
}

const TimeZone* Utc() {
  static const TimeZone* utc = FindTimeZoneOrNull("UTC");
  return utc;
}

}  // namespace firesteel
