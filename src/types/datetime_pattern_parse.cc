// Parsing by a compiled pattern: reading the fields, then making a date, time or instant of them as Java's strict resolver does.
// Positions are bytes; messages count UTF-16 units. A function that fails returns ~position, as in Java.
#include <cstring>
#include <limits>
#include <utility>

#include "base/text.h"
#include "types/datetime.h"
#include "types/datetime_names.h"
#include "types/datetime_pattern.h"

namespace firesteel {

struct DateTimePattern::Parsed {
  int64_t values[kFieldCount];  // of the fields that are present
  uint32_t present = 0;
  const TimeZone* zone = nullptr;
  bool has_offset = false;
  int32_t offset = 0;

  bool Has(Field field) const { return (present >> field & 1) != 0; }
  int64_t Get(Field field, int64_t otherwise) const { return Has(field) ? values[field] : otherwise; }
  void Remove(Field field) { present &= ~(1u << field); }
  /// False: the field has another value already.
  bool Set(Field field, int64_t value) {
    if (Has(field)) return values[field] == value;
    values[field] = value;
    present |= 1u << field;
    return true;
  }
};

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  if (text.starts_with(prefix)) return true;
  return text.size() >= prefix.size() && EqualsIgnoreCase(text.substr(0, prefix.size()), prefix);
}

size_t Utf16Length(std::string_view text) {
  size_t length = 0;
  for (unsigned char c : text) length += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
  return length;
}

/// DateTimeParseException shows the first 64 characters.
std::string Shown(std::string_view text) {
  constexpr size_t kShownMax = 64;
  if (Utf16Length(text) <= kShownMax) return std::string(text);
  size_t end = 0;
  for (size_t length = 0; end < text.size(); ++end) {
    unsigned char c = static_cast<unsigned char>(text[end]);
    if ((c & 0xC0) == 0x80) continue;
    length += c >= 0xF0 ? 2 : 1;
    if (length > kShownMax) break;
  }
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace

// ---------------------------------------------------------------- reading
int32_t DateTimePattern::ParseNodes(const std::vector<Node>& nodes, std::string_view text, int32_t at, Parsed& parsed) {
  for (const Node& node : nodes) {
    at = ParseNode(node, text, at, parsed);
    if (at < 0) break;
  }
  return at;
}

int32_t DateTimePattern::ParseNode(const Node& node, std::string_view text, int32_t at, Parsed& parsed) {
  switch (node.kind) {
    case Kind::kLiteral:
      return StartsWithIgnoreCase(text.substr(at), node.literal) ? at + static_cast<int32_t>(node.literal.size()) : ~at;
    case Kind::kNumber:
    case Kind::kReducedYear:
      return ParseNumber(node, text, at, parsed);
    case Kind::kFraction: {
      int64_t value = 0;
      int count = 0;
      int32_t end = at;
      for (; count < node.max_width && static_cast<size_t>(end) < text.size() && IsDigit(text[end]); ++end, ++count) {
        value = value * 10 + (text[end] - '0');
      }
      if (count < node.min_width) return ~at;
      for (; count < 9; ++count) value *= 10;
      return parsed.Set(kNano, value) ? end : ~at;
    }
    case Kind::kText:
      return ParseText(node, text, at, parsed);
    case Kind::kZoneId:
    case Kind::kZoneName:
      return ParseZone(node, text, at, parsed);
    case Kind::kOffset:
      return ParseOffset(node, text, at, parsed);
    case Kind::kLocalizedOffset:
      return ParseLocalizedOffset(node, text, at, parsed);
    case Kind::kOptional: {
      Parsed attempt = parsed;
      int32_t end = ParseNodes(node.children, text, at, attempt);
      if (end < 0) return at;
      parsed = attempt;
      return end;
    }
  }
  return ~at;
}

int32_t DateTimePattern::ParseNumber(const Node& node, std::string_view text, int32_t at, Parsed& parsed) {
  const int32_t size = static_cast<int32_t>(text.size());
  int32_t start = at;
  if (start == size) return ~start;
  bool negative = false;
  bool positive = false;
  if (text[start] == '+' || text[start] == '-') {
    positive = text[start] == '+';
    negative = !positive;
    if (node.sign == SignStyle::kNotNegative || (positive && node.sign == SignStyle::kNormal)) return ~start;
    ++start;
  }
  const int32_t end_min = start + node.min_width;
  if (end_min > size) return ~start;
  int32_t width_max = node.max_width + std::max(node.subsequent_width, 0);
  int32_t end = start;
  // Twice: when numbers of fixed widths follow, their digits are given back.
  for (int pass = 0; pass < 2; ++pass) {
    end = start;
    while (end < size && end - start < width_max && IsDigit(text[end])) ++end;
    if (end < end_min) return ~start;
    if (node.subsequent_width <= 0) break;
    width_max = std::max(node.min_width, end - start - node.subsequent_width);
  }
  constexpr int32_t kDigitsMax = 18;  // what a long surely holds; such a year is out of range anyway
  int64_t value = 0;
  int32_t significant = start;
  while (significant < end && text[significant] == '0') ++significant;
  if (end - significant > kDigitsMax) end = significant + kDigitsMax;
  for (int32_t i = significant; i < end; ++i) value = value * 10 + (text[i] - '0');
  if (negative) {
    if (value == 0) return ~(start - 1);
    value = -value;
  } else if (node.sign == SignStyle::kExceedsPad) {
    const int32_t length = end - start;
    if (positive && length <= node.min_width) return ~(start - 1);
    if (!positive && length > node.min_width) return ~start;
  }
  if (node.kind == Kind::kReducedYear) value += 2000;
  return parsed.Set(node.field, value) ? end : ~at;
}

int32_t DateTimePattern::ParseText(const Node& node, std::string_view text, int32_t at, Parsed& parsed) {
  DateTimeNameTable table = DateTimeNames(node.field, node.full);
  int best = -1;
  for (int i = 0; i < table.count; ++i) {
    if (!StartsWithIgnoreCase(text.substr(at), table.names[i])) continue;
    if (best < 0 || table.names[i].size() > table.names[best].size()) best = i;
  }
  if (best < 0 || !parsed.Set(node.field, best + table.first)) return ~at;
  return at + static_cast<int32_t>(table.names[best].size());
}

namespace {

/// Two digits below 60 at `at`; false if they are not there.
bool TwoDigits(std::string_view text, size_t at, int32_t* value) {
  if (at + 2 > text.size() || !IsDigit(text[at]) || !IsDigit(text[at + 1])) return false;
  *value = (text[at] - '0') * 10 + (text[at + 1] - '0');
  return *value <= 59;
}

}  // namespace

int32_t DateTimePattern::ParseOffset(const Node& node, std::string_view text, int32_t at, Parsed& parsed) {
  auto set = [&](int32_t seconds, int32_t end) {
    if (parsed.has_offset && parsed.offset != seconds) return ~at;
    parsed.has_offset = true;
    parsed.offset = seconds;
    return end;
  };
  if (static_cast<size_t>(at) == text.size()) return ~at;
  if (StartsWithIgnoreCase(text.substr(at), node.zero)) return set(0, at + static_cast<int32_t>(node.zero.size()));
  if (text[at] != '+' && text[at] != '-') return ~at;
  const bool colons = node.literal.size() > 3 && node.literal[3] == ':';
  int32_t parts[3] = {0, 0, 0};
  size_t end = at + 1;
  if (!TwoDigits(text, end, &parts[0])) return ~at;
  end += 2;
  const bool minutes_wanted = node.literal.find("MM") != std::string::npos;
  for (int i = 1; i <= 2; ++i) {
    if (i == 2 && node.literal.find("ss") == std::string::npos) break;
    size_t next = end;
    if (colons) {
      if (next < text.size() && text[next] == ':') {
        ++next;
      } else {
        next = text.size() + 1;
      }
    }
    if (!TwoDigits(text, next, &parts[i])) {
      if (i == 1 && minutes_wanted) return ~at;
      parts[i] = 0;
      break;
    }
    end = next + 2;
  }
  int32_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
  return set(text[at] == '-' ? -seconds : seconds, static_cast<int32_t>(end));
}

int32_t DateTimePattern::ParseLocalizedOffset(const Node& node, std::string_view text, int32_t at, Parsed& parsed) {
  if (!StartsWithIgnoreCase(text.substr(at), "GMT")) return ~at;
  size_t end = at + 3;
  auto set = [&](int32_t seconds) {
    if (parsed.has_offset && parsed.offset != seconds) return ~at;
    parsed.has_offset = true;
    parsed.offset = seconds;
    return static_cast<int32_t>(end);
  };
  if (end == text.size() || (text[end] != '+' && text[end] != '-')) return set(0);
  const bool negative = text[end++] == '-';
  int32_t parts[3] = {0, 0, 0};
  if (node.full) {
    if (!TwoDigits(text, end, &parts[0]) || end + 2 >= text.size() || text[end + 2] != ':' ||
        !TwoDigits(text, end + 3, &parts[1])) {
      return ~at;
    }
    end += 5;
  } else {
    if (end >= text.size() || !IsDigit(text[end])) return ~at;
    parts[0] = text[end++] - '0';
    if (end < text.size() && IsDigit(text[end])) parts[0] = parts[0] * 10 + (text[end++] - '0');
    if (end < text.size() && text[end] == ':' && TwoDigits(text, end + 1, &parts[1])) end += 3;
  }
  if (end < text.size() && text[end] == ':' && TwoDigits(text, end + 1, &parts[2])) end += 3;
  int32_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
  return set(negative ? -seconds : seconds);
}

int32_t DateTimePattern::ParseZone(const Node& node, std::string_view text, int32_t at, Parsed& parsed) {
  static constexpr std::pair<std::string_view, std::string_view> kAbbreviations[] = {
      {"PST", "America/Los_Angeles"}, {"PDT", "America/Los_Angeles"},
      {"MST", "America/Denver"},      {"MDT", "America/Denver"},
      {"CST", "America/Chicago"},     {"CDT", "America/Chicago"},
      {"EST", "America/New_York"},    {"EDT", "America/New_York"},
      {"AKST", "America/Anchorage"},  {"AKDT", "America/Anchorage"},
      {"HST", "Pacific/Honolulu"},    {"CEST", "Europe/Paris"},
      {"EEST", "Europe/Bucharest"},   {"WEST", "WET"},
      {"BST", "Europe/London"},       {"IST", "Asia/Kolkata"},
      {"JST", "Asia/Tokyo"},          {"MSK", "Europe/Moscow"},
      {"AEST", "Australia/Sydney"},   {"AEDT", "Australia/Sydney"}};
  constexpr size_t kZoneBytesMax = 64;
  std::string_view rest = text.substr(at);
  size_t length = 0;
  while (length < rest.size() && length < kZoneBytesMax &&
         (IsDigit(rest[length]) || (rest[length] >= 'a' && rest[length] <= 'z') ||
          (rest[length] >= 'A' && rest[length] <= 'Z') || std::strchr("/_+-:", rest[length]) != nullptr)) {
    ++length;
  }
  for (; length > 0; --length) {
    std::string_view id = rest.substr(0, length);
    const TimeZone* zone = nullptr;
    if (node.kind == Kind::kZoneName) {
      for (const auto& [name, region] : kAbbreviations) {
        if (EqualsIgnoreCase(id, name)) zone = FindTimeZoneOrNull(region);
      }
    }
    if (zone == nullptr) zone = FindTimeZoneOrNull(id);
    if (zone == nullptr) continue;
    if (parsed.zone != nullptr && parsed.zone != zone) return ~at;
    parsed.zone = zone;
    return at + static_cast<int32_t>(length);
  }
  return ~at;
}

// ---------------------------------------------------------------- resolving
namespace {

struct Range {
  DateTimePattern::Field field;
  int64_t min;
  int64_t max;
  const char* text;  // "HourOfDay (valid values 0 - 23)"
};

constexpr Range kYearRange = {DateTimePattern::kYear, -999'999'999, 999'999'999,
                              "Year (valid values -999999999 - 999999999)"};
constexpr Range kYearOfEraRange = {DateTimePattern::kYearOfEra, 1, 1'000'000'000,
                                   "YearOfEra (valid values 1 - 999999999/1000000000)"};
constexpr Range kMonthRange = {DateTimePattern::kMonth, 1, 12, "MonthOfYear (valid values 1 - 12)"};
constexpr Range kDayRange = {DateTimePattern::kDay, 1, 31, "DayOfMonth (valid values 1 - 28/31)"};
constexpr Range kDayOfYearRange = {DateTimePattern::kDayOfYear, 1, 366, "DayOfYear (valid values 1 - 365/366)"};
constexpr Range kTimeRanges[] = {{DateTimePattern::kClockHour, 1, 24, "ClockHourOfDay (valid values 1 - 24)"},
                                 {DateTimePattern::kClockHalfDayHour, 1, 12, "ClockHourOfAmPm (valid values 1 - 12)"},
                                 {DateTimePattern::kHalfDayHour, 0, 11, "HourOfAmPm (valid values 0 - 11)"},
                                 {DateTimePattern::kHour, 0, 23, "HourOfDay (valid values 0 - 23)"},
                                 {DateTimePattern::kMinute, 0, 59, "MinuteOfHour (valid values 0 - 59)"},
                                 {DateTimePattern::kSecond, 0, 59, "SecondOfMinute (valid values 0 - 59)"}};

bool InRange(const Range& range, int64_t value, std::string* message) {
  if (value >= range.min && value <= range.max) return true;
  if (message != nullptr) *message = std::string("Invalid value for ") + range.text + ": " + std::to_string(value);
  return false;
}

bool Fail(std::string* message, std::string text) {
  if (message != nullptr) *message = std::move(text);
  return false;
}

/// LocalDate.of.
bool DateOf(int64_t year, int64_t month, int64_t day, int64_t* days, std::string* message) {
  if (!InRange(kYearRange, year, message) || !InRange(kMonthRange, month, message) || !InRange(kDayRange, day, message))
    return false;
  if (day > DaysInMonth(year, static_cast<int>(month))) {
    if (day == 29)
      return Fail(message, "Invalid date 'February 29' as '" + std::to_string(year) + "' is not a leap year");
    return Fail(message, "Invalid date '" + Upper(DateTimeName(DateTimePattern::kMonth, month, true)) + " " +
                             std::to_string(day) + "'");
  }
  *days = DaysFromCivil(year, month, day);
  return true;
}

bool DateOfYearDay(int64_t year, int64_t day, int64_t* days, std::string* message) {
  if (!InRange(kYearRange, year, message) || !InRange(kDayOfYearRange, day, message)) return false;
  if (day == 366 && !IsLeapYear(year)) {
    return Fail(message, "Invalid date 'DayOfYear 366' as '" + std::to_string(year) + "' is not a leap year");
  }
  *days = DaysFromCivil(year, 1, 1) + day - 1;
  return true;
}

constexpr int32_t kOffsetSecondsMax = 18 * 3600;

}  // namespace

/// Reads the whole text, and checks what Java checks before Spark asks for date and time.
bool DateTimePattern::ParseAll(std::string_view text, Parsed& parsed, std::string* message) const {
  const int32_t end = ParseNodes(nodes_, text, 0, parsed);
  auto fail = [&](std::string reason) {
    return Fail(message, "Text '" + Shown(text) + "' could not be parsed" + std::move(reason));
  };
  if (end < 0) return message != nullptr && fail(" at index " + std::to_string(Utf16Length(text.substr(0, ~end))));
  if (static_cast<size_t>(end) < text.size()) {
    return message != nullptr &&
           fail(", unparsed text found at index " + std::to_string(Utf16Length(text.substr(0, end))));
  }
  // Resolving: the era, then the whole dates, then the hours.
  std::string reason;
  std::string* why = message != nullptr ? &reason : nullptr;
  auto resolve = [&] {
    if (parsed.Has(kYearOfEra)) {
      const int64_t year = parsed.values[kYearOfEra];
      if (!InRange(kYearOfEraRange, year, why)) return false;
      if (parsed.Has(kEra) && !parsed.Set(kYear, parsed.values[kEra] == 1 ? year : 1 - year)) return false;
    }
    int64_t days = 0;
    if (parsed.Has(kYear) && parsed.Has(kMonth) && parsed.Has(kDay)) {
      if (!DateOf(parsed.values[kYear], parsed.values[kMonth], parsed.values[kDay], &days, why)) return false;
      if (parsed.Has(kDayOfYear)) {
        const int day = DayOfYear(CivilFromDays(days));
        if (day != parsed.values[kDayOfYear]) {
          return Fail(why, "Conflict found: Field DayOfYear " + std::to_string(day) + " differs from DayOfYear " +
                               std::to_string(parsed.values[kDayOfYear]) + " derived from " + DateText(days));
        }
      }
    } else if (parsed.Has(kYear) && parsed.Has(kDayOfYear)) {
      if (!DateOfYearDay(parsed.values[kYear], parsed.values[kDayOfYear], &days, why)) return false;
    }
    for (const Range& range : kTimeRanges) {
      if (parsed.Has(range.field) && !InRange(range, parsed.values[range.field], why)) return false;
    }
    if (parsed.Has(kClockHour) && !parsed.Set(kHour, parsed.values[kClockHour] % 24))
      return Fail(why, "Conflict found: hours differ");
    if (parsed.Has(kClockHalfDayHour) && !parsed.Set(kHalfDayHour, parsed.values[kClockHalfDayHour] % 12)) {
      return Fail(why, "Conflict found: hours differ");
    }
    if (parsed.Has(kHalfDay) && parsed.Has(kHalfDayHour) &&
        !parsed.Set(kHour, parsed.values[kHalfDay] * 12 + parsed.values[kHalfDayHour])) {
      return Fail(why, "Conflict found: hours differ");
    }
    if (parsed.has_offset && (parsed.offset > kOffsetSecondsMax || parsed.offset < -kOffsetSecondsMax)) {
      return Fail(why,
                  "Invalid value for OffsetSeconds (valid values -64800 - 64800): " + std::to_string(parsed.offset));
    }
    return true;
  };
  return resolve() || (message != nullptr && fail(": " + reason));
}

namespace {

/// What is not in the text: 1970, January, the first, midnight.
template <typename Parsed>
bool DaysOf(const Parsed& parsed, int64_t* days, std::string* message) {
  const int64_t year = parsed.Get(DateTimePattern::kYear, 1970);
  if (parsed.Has(DateTimePattern::kDayOfYear)) {
    if (!DateOfYearDay(year, parsed.values[DateTimePattern::kDayOfYear], days, message)) return false;
    const CivilDate date = CivilFromDays(*days);
    const auto agrees = [&](DateTimePattern::Field field, int64_t value, std::string_view name) {
      if (!parsed.Has(field) || parsed.values[field] == value) return true;
      return Fail(message, "Conflict found: Field " + std::string(name) + " " + std::to_string(parsed.values[field]) +
                               " differs from " + std::string(name) + " " + std::to_string(value) + " derived from " +
                               DateText(*days) + ".");
    };
    return agrees(DateTimePattern::kMonth, date.month, "MonthOfYear") &&
           agrees(DateTimePattern::kDay, date.day, "DayOfMonth");
  }
  return DateOf(year, parsed.Get(DateTimePattern::kMonth, 1), parsed.Get(DateTimePattern::kDay, 1), days, message);
}

template <typename Parsed>
int64_t NanosOf(const Parsed& parsed) {
  int64_t hour = 0;
  if (parsed.Has(DateTimePattern::kHour)) {
    hour = parsed.values[DateTimePattern::kHour];
  } else if (parsed.Has(DateTimePattern::kHalfDayHour)) {
    hour = parsed.values[DateTimePattern::kHalfDayHour];
  } else if (parsed.Get(DateTimePattern::kHalfDay, 0) == 1) {
    hour = 12;
  }
  return ((hour * 60 + parsed.Get(DateTimePattern::kMinute, 0)) * 60 + parsed.Get(DateTimePattern::kSecond, 0)) *
             1'000'000'000 +
         parsed.Get(DateTimePattern::kNano, 0);
}

std::optional<int64_t> Micros(int64_t second, int64_t micros, std::string* message) {
  __int128 total = static_cast<__int128>(second) * kMicrosPerSecond + micros;
  if (total <= std::numeric_limits<int64_t>::max() && total >= std::numeric_limits<int64_t>::min()) {
    return static_cast<int64_t>(total);
  }
  Fail(message, "long overflow");
  return std::nullopt;
}

}  // namespace

std::optional<int64_t> DateTimePattern::ParseTimestamp(std::string_view text, const TimeZone& zone,
                                                       std::string* message) const {
  Parsed parsed;
  int64_t days = 0;
  if (!ParseAll(text, parsed, message) || !DaysOf(parsed, &days, message)) return std::nullopt;
  const int64_t nanos = NanosOf(parsed);
  const int64_t local_second = days * kSecondsPerDay + nanos / 1'000'000'000;
  int64_t offset = parsed.offset;
  if (parsed.zone != nullptr) {
    offset = parsed.zone->OffsetAtLocal(local_second);
  } else if (!parsed.has_offset) {
    offset = zone.OffsetAtLocal(local_second);
  }
  return Micros(local_second - offset, nanos % 1'000'000'000 / 1000, message);
}

std::optional<int64_t> DateTimePattern::ParseTimestampNtz(std::string_view text, bool allow_time_zone,
                                                          std::string* message) const {
  Parsed parsed;
  int64_t days = 0;
  if (!ParseAll(text, parsed, message) || !DaysOf(parsed, &days, message)) return std::nullopt;
  if (!allow_time_zone && (parsed.zone != nullptr || parsed.has_offset)) {
    Fail(message, "Text '" + Shown(text) + "' could not be parsed: it has a time zone");
    return std::nullopt;
  }
  const int64_t nanos = NanosOf(parsed);
  return Micros(days * kSecondsPerDay + nanos / 1'000'000'000, nanos % 1'000'000'000 / 1000, message);
}

std::optional<int32_t> DateTimePattern::ParseDate(std::string_view text, std::string* message) const {
  Parsed parsed;
  int64_t days = 0;
  if (!ParseAll(text, parsed, message) || !DaysOf(parsed, &days, message)) return std::nullopt;
  if (days > std::numeric_limits<int32_t>::max() || days < std::numeric_limits<int32_t>::min()) {
    Fail(message, "integer overflow");
    return std::nullopt;
  }
  return static_cast<int32_t>(days);
}

std::optional<int64_t> DateTimePattern::ParseTime(std::string_view text, std::string* message) const {
  Parsed parsed;
  if (!ParseAll(text, parsed, message)) return std::nullopt;
  return NanosOf(parsed) / 1000 * 1000;
}

}  // namespace firesteel
