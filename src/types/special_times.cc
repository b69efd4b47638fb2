// The words, resolved by the clock when they are read.
#include "types/special_times.h"

#include <chrono>
#include <string>

#include "base/text.h"
#include "types/datetime.h"

namespace firesteel {
namespace {

struct SpecialTime {
  std::string word;
  const TimeZone* zone;

  int64_t NowMicros() const {
    auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  }
  int64_t Today() const { return FloorDivide(zone->ToLocalMicros(NowMicros()), kMicrosPerDay); }
  int64_t Day() const { return Today() + (word == "tomorrow" ? 1 : word == "yesterday" ? -1 : 0); }
};

std::optional<SpecialTime> FindSpecialTime(std::string_view text, const TimeZone& session_zone) {
  text = TrimControls(text);
  size_t letters = 0;
  while (letters < text.size() && ((text[letters] | 32) >= 'a' && (text[letters] | 32) <= 'z')) ++letters;
  SpecialTime special{Lower(text.substr(0, letters)), &session_zone};
  if (special.word != "epoch" && special.word != "now" && special.word != "today" && special.word != "tomorrow" &&
      special.word != "yesterday") {
    return std::nullopt;
  }
  std::string_view rest = TrimControls(text.substr(letters));
  if (!rest.empty()) {
    special.zone = FindTimeZoneOrNull(rest);
    if (special.zone == nullptr) return std::nullopt;
  }
  return special;
}

}  // namespace

std::optional<int64_t> SpecialDate(std::string_view text, const TimeZone& zone) {
  auto special = FindSpecialTime(text, zone);
  if (!special) return std::nullopt;
  return special->word == "epoch" ? 0 : special->Day();
}

std::optional<int64_t> SpecialTimestamp(std::string_view text, const TimeZone& zone) {
  auto special = FindSpecialTime(text, zone);
  if (!special) return std::nullopt;
  if (special->word == "epoch") return 0;
  if (special->word == "now") return special->NowMicros();
  int64_t micros = 0;
  if (!special->zone->StartOfDay(special->Day(), &micros)) return std::nullopt;
  return micros;
}

std::optional<int64_t> SpecialTimestampNtz(std::string_view text, const TimeZone& zone) {
  auto special = FindSpecialTime(text, zone);
  if (!special) return std::nullopt;
  if (special->word == "epoch") return 0;
  if (special->word == "now") return special->zone->ToLocalMicros(special->NowMicros());
  return special->Day() * kMicrosPerDay;
}

}  // namespace firesteel
