// Compiling and formatting. Parsing is in datetime_pattern_parse.cc.
#include "types/datetime_pattern.h"

#include <unicode/locid.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <array>

#include "base/text.h"
#include "types/datetime.h"
#include "types/datetime_names.h"
#include "types/java_time_zones.h"
#include "types/value.h"

namespace firesteel {

// ---------------------------------------------------------------- compiling
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Whether Java's old SimpleDateFormat takes the pattern: then users may go back to it, and the error says so.
bool LegacyFormatterTakes(std::string_view pattern) {
  constexpr std::string_view kLetters = "GyMdkHmsSEDFwWahKzZYuXL";
  bool quoted = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\'') quoted = !quoted;
    if (quoted || !IsLetter(pattern[i])) continue;
    if (kLetters.find(pattern[i]) == std::string_view::npos) return false;
    size_t end = i;
    while (end < pattern.size() && pattern[end] == pattern[i]) ++end;
    if (pattern[i] == 'X' && end - i > 3) return false;
    i = end - 1;
  }
  return !quoted;
}

constexpr const char* kDocumentRoot = "https://spark.apache.org/docs/latest";

std::string QuotedPattern(std::string_view pattern) {
  return LiteralSql(Value(std::string(pattern)), TypeId::kString, "UTC");
}

/// `cause`: Spark's own objection, or none if Java's formatter objects.
Error BadPattern(std::string_view pattern, const Error* cause, DateTimePattern::Use use) {
  if (use == DateTimePattern::Use::kParseNtz) {
    cause = nullptr;
  } else if (LegacyFormatterTakes(pattern)) {
    return Error::Condition("INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
                            {{"pattern", QuotedPattern(pattern)},
                             {"config", ToSqlConf("spark.sql.legacy.timeParserPolicy")},
                             {"docroot", kDocumentRoot}})
        .As(ErrorClass::kUpgrade);
  }
  if (cause != nullptr) return *cause;
  return Error::Condition("INVALID_DATETIME_PATTERN.WITH_SUGGESTION",
                          {{"pattern", QuotedPattern(pattern)}, {"docroot", kDocumentRoot}})
      .As(ErrorClass::kRuntime);
}

/// Calls `visit(part)` with every stretch of the pattern that is not quoted.
template <typename Visit>
void ForEachUnquoted(std::string_view pattern, Visit visit) {
  bool quoted = false;
  while (true) {
    size_t quote = pattern.find('\'');
    if (!quoted) visit(pattern.substr(0, quote));
    if (quote == std::string_view::npos) return;
    pattern.remove_prefix(quote + 1);
    quoted = !quoted;
  }
}

/// What Spark refuses before Java's formatter sees it.
std::unique_ptr<Error> SparksObjection(std::string_view pattern, bool parsing) {
  std::unique_ptr<Error> error;
  auto object = [&](std::string_view condition, Error::Parameters parameters) {
    if (!error) {
      error =
          std::make_unique<Error>(Error::Condition(condition, std::move(parameters)).As(ErrorClass::kIllegalArgument));
    }
  };
  ForEachUnquoted(pattern, [&](std::string_view part) {
    for (char c : part) {
      if (std::string_view("YWwuec").find(c) != std::string_view::npos) {
        object("INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN", {{"c", std::string(1, c)}});
      }
    }
    for (char c : part) {
      if (std::string_view("ABnNp").find(c) != std::string_view::npos ||
          (parsing && std::string_view("EFqQ").find(c) != std::string_view::npos)) {
        object("INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
               {{"c", std::string(1, c)}, {"pattern", std::string(pattern)}});
      }
    }
    for (std::string_view style : {"GGGGG", "MMMMM", "LLLLL", "EEEEE", "QQQQQ", "qqqqq", "yyyyyyy"}) {
      if (part.find(style) != std::string_view::npos) {
        object("INVALID_DATETIME_PATTERN.LENGTH", {{"pattern", std::string(style)}});
      }
    }
  });
  return error;
}

}  // namespace

/// DateTimeFormatterBuilder.appendPattern.
class DateTimePattern::Compiler {
 public:
  Compiler(std::string_view pattern, bool parsing) : pattern_(pattern), parsing_(parsing) {
    bool has_era = false;
    ForEachUnquoted(pattern,
                    [&](std::string_view part) { has_era = has_era || part.find('G') != std::string_view::npos; });
    year_field_ = has_era ? kYearOfEra : kYear;
    sections_.emplace_back();
  }

  /// False: Java's formatter would not take it.
  bool Compile() {
    for (size_t i = 0; i < pattern_.size();) {
      const char c = pattern_[i];
      if (IsLetter(c)) {
        size_t end = i;
        while (end < pattern_.size() && pattern_[end] == c) ++end;
        if (!Letter(c, static_cast<int>(end - i))) return false;
        i = end;
      } else if (c == '\'') {
        std::string literal;
        size_t end = i + 1;
        for (; end < pattern_.size(); ++end) {
          if (pattern_[end] == '\'') {
            if (end + 1 >= pattern_.size() || pattern_[end + 1] != '\'') break;
            ++end;
          }
          literal += pattern_[end];
        }
        if (end >= pattern_.size()) return false;
        if (literal.empty()) literal.push_back('\'');
        AddLiteral(literal);
        i = end + 1;
      } else if (c == '[') {
        constexpr size_t kSectionsMax = 64;
        if (sections_.size() == kSectionsMax) return false;
        sections_.emplace_back();
        number_index_ = -1;
        ++i;
      } else if (c == ']') {
        if (sections_.size() == 1) return false;
        CloseSection();
        ++i;
      } else if (c == '{' || c == '}' || c == '#') {
        return false;
      } else {
        size_t end = i + 1;  // one character, which may have several bytes
        while (end < pattern_.size() && (pattern_[end] & 0xC0) == 0x80) ++end;
        AddLiteral(std::string(pattern_.substr(i, end - i)));
        i = end;
      }
    }
    while (sections_.size() > 1) CloseSection();  // an open section ends with the pattern
    return true;
  }

  std::vector<Node> TakeNodes() { return std::move(sections_[0]); }

 private:
  bool Letter(char letter, int count) {
    switch (letter) {
      case 'y':
        if (count == 2) {
          Number({.kind = Kind::kReducedYear,
                  .field = year_field_,
                  .sign = SignStyle::kNotNegative,
                  .min_width = 2,
                  .max_width = 2});
        } else {
          Number({.kind = Kind::kNumber,
                  .field = year_field_,
                  .sign = count < 4 ? SignStyle::kNormal : SignStyle::kExceedsPad,
                  .min_width = count,
                  .max_width = 19});
        }
        return true;
      case 'M':
      case 'L':
        return NumberOrText(kMonth, count);
      case 'Q':
      case 'q':
        return NumberOrText(kQuarter, count);
      case 'E':
        if (count > 4) return false;
        Add({.kind = Kind::kText, .field = kDayOfWeek, .full = count == 4});
        return true;
      case 'G':
        if (count > 4) return false;
        Add({.kind = Kind::kText, .field = kEra, .full = count == 4});
        return true;
      case 'a':
        if (count > 1) return false;
        Add({.kind = Kind::kText, .field = kHalfDay});
        return true;
      case 'd':
        return UpToTwo(kDay, count);
      case 'h':
        return UpToTwo(kClockHalfDayHour, count);
      case 'H':
        return UpToTwo(kHour, count);
      case 'k':
        return UpToTwo(kClockHour, count);
      case 'K':
        return UpToTwo(kHalfDayHour, count);
      case 'm':
        return UpToTwo(kMinute, count);
      case 's':
        return UpToTwo(kSecond, count);
      case 'D':
        if (count > 3) return false;
        if (count == 1) {
          Number({.kind = Kind::kNumber, .field = kDayOfYear});
        } else {
          Number({.kind = Kind::kNumber,
                  .field = kDayOfYear,
                  .sign = SignStyle::kNotNegative,
                  .min_width = count,
                  .max_width = 3});
        }
        return true;
      case 'F':
        if (count > 1) return false;
        Number({.kind = Kind::kNumber, .field = kWeekdayInMonth});
        return true;
      case 'S': {
        if (count > 9) return false;
        Node node{.kind = Kind::kFraction,
                  .field = kNano,
                  .sign = SignStyle::kNotNegative,
                  .min_width = parsing_ ? 1 : count,
                  .max_width = count};
        if (parsing_ && count > 1) {
          Add(std::move(node));
        } else {
          Number(std::move(node));
        }
        return true;
      }
      case 'z':
        if (count > 4) return false;
        Add({.kind = Kind::kZoneName, .full = count == 4});
        return true;
      case 'V':
        if (count != 2) return false;
        Add({.kind = Kind::kZoneId});
        return true;
      case 'Z':
        if (count < 4) return Offset("+HHMM", "+0000");
        if (count == 4) {
          Add({.kind = Kind::kLocalizedOffset, .full = true});
          return true;
        }
        return count == 5 && Offset("+HH:MM:ss", "Z");
      case 'O':
        if (count != 1 && count != 4) return false;
        Add({.kind = Kind::kLocalizedOffset, .full = count == 4});
        return true;
      case 'X':
      case 'x': {
        static constexpr const char* kPatterns[] = {"+HHmm", "+HHMM", "+HH:MM", "+HHMMss", "+HH:MM:ss"};
        static constexpr const char* kZeros[] = {"+00", "+0000", "+00:00", "+0000", "+00:00"};
        if (count > 5) return false;
        return Offset(kPatterns[count - 1], letter == 'X' ? "Z" : kZeros[count - 1]);
      }
      default:
        return false;
    }
  }

  bool UpToTwo(Field field, int count) {
    if (count > 2) return false;
    if (count == 1) {
      Number({.kind = Kind::kNumber, .field = field});
    } else {
      Number({.kind = Kind::kNumber, .field = field, .sign = SignStyle::kNotNegative, .min_width = 2, .max_width = 2});
    }
    return true;
  }

  bool NumberOrText(Field field, int count) {
    if (count <= 2) return UpToTwo(field, count);
    if (count > 4) return false;
    Add({.kind = Kind::kText, .field = field, .full = count == 4});
    return true;
  }

  bool Offset(const char* pattern, const char* zero) {
    Add({.kind = Kind::kOffset, .literal = pattern, .zero = zero});
    return true;
  }

  void AddLiteral(std::string literal) { Add({.kind = Kind::kLiteral, .literal = std::move(literal)}); }

  void Add(Node node) {
    sections_.back().push_back(std::move(node));
    number_index_ = -1;
  }

  /// Numbers side by side: the first takes what the others, which have fixed widths, leave.
  void Number(Node node) {
    std::vector<Node>& nodes = sections_.back();
    const bool fixed = node.min_width == node.max_width && node.sign == SignStyle::kNotNegative;
    if (number_index_ >= 0 && fixed) {
      if (nodes[number_index_].subsequent_width >= 0) nodes[number_index_].subsequent_width += node.max_width;
      node.subsequent_width = -1;
      nodes.push_back(std::move(node));
      return;
    }
    if (number_index_ >= 0) nodes[number_index_].subsequent_width = -1;
    nodes.push_back(std::move(node));
    number_index_ = static_cast<int>(nodes.size()) - 1;
  }

  void CloseSection() {
    Node node{.kind = Kind::kOptional};
    node.children = std::move(sections_.back());
    sections_.pop_back();
    sections_.back().push_back(std::move(node));
    number_index_ = -1;
  }

  std::string_view pattern_;
  bool parsing_;
  Field year_field_ = kYear;
  std::vector<std::vector<Node>> sections_;
  int number_index_ = -1;
};

Result<DateTimePattern> DateTimePattern::Compile(std::string_view pattern, Use use) {
  const bool parsing = use != Use::kFormat;
  if (std::unique_ptr<Error> objection = SparksObjection(pattern, parsing))
    return BadPattern(pattern, objection.get(), use);
  Compiler compiler(pattern, parsing);
  if (!compiler.Compile()) return BadPattern(pattern, nullptr, use);
  DateTimePattern compiled;
  compiled.text_ = std::string(pattern);
  compiled.nodes_ = compiler.TakeNodes();
  return compiled;
}

// ---------------------------------------------------------------- formatting
struct FormatFields {
  CivilTime civil;
  int64_t days = 0;
  int64_t epoch_second = 0;
  int32_t offset = 0;
  const TimeZone* zone = nullptr;

  int64_t Get(DateTimePattern::Field field) const {
    switch (field) {
      case DateTimePattern::kEra:
        return civil.date.year >= 1 ? 1 : 0;
      case DateTimePattern::kYear:
        return civil.date.year;
      case DateTimePattern::kYearOfEra:
        return civil.date.year >= 1 ? civil.date.year : 1 - civil.date.year;
      case DateTimePattern::kMonth:
        return civil.date.month;
      case DateTimePattern::kDay:
        return civil.date.day;
      case DateTimePattern::kDayOfYear:
        return DayOfYear(civil.date);
      case DateTimePattern::kWeekdayInMonth:
        return (civil.date.day - 1) % 7 + 1;
      case DateTimePattern::kQuarter:
        return (civil.date.month - 1) / 3 + 1;
      case DateTimePattern::kHalfDay:
        return civil.hour / 12;
      case DateTimePattern::kHour:
        return civil.hour;
      case DateTimePattern::kClockHour:
        return civil.hour == 0 ? 24 : civil.hour;
      case DateTimePattern::kHalfDayHour:
        return civil.hour % 12;
      case DateTimePattern::kClockHalfDayHour:
        return civil.hour % 12 == 0 ? 12 : civil.hour % 12;
      case DateTimePattern::kMinute:
        return civil.minute;
      case DateTimePattern::kSecond:
        return civil.second;
      case DateTimePattern::kNano:
        return civil.nanos;
      case DateTimePattern::kDayOfWeek:
        return DayOfWeek(days);
      case DateTimePattern::kFieldCount:
        return 0;
    }
    return 0;
  }
};

namespace {

void AppendPadded(std::string& out, uint64_t number, int width) {
  char digits[20];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (count < width && count < 20) digits[count++] = '0';
  for (; width > 20; --width) out += '0';
  while (count > 0) out += digits[--count];
}

void AppendOffset(std::string& out, int32_t seconds, const std::string& pattern, const std::string& zero) {
  const uint32_t magnitude = static_cast<uint32_t>(seconds < 0 ? -seconds : seconds);
  const bool colons = pattern.size() > 3 && pattern[3] == ':';
  const uint32_t minute = magnitude / 60 % 60;
  const uint32_t second = magnitude % 60;
  const bool has_seconds = pattern.find("ss") != std::string::npos && second > 0;
  const bool has_minutes = pattern.find("MM") != std::string::npos || minute > 0 || has_seconds;
  // Zero in all the fields that the pattern has.
  if (magnitude / 3600 == 0 && minute == 0 && !has_seconds) {
    out += zero;
    return;
  }
  out += seconds < 0 ? '-' : '+';
  AppendPadded(out, magnitude / 3600, 2);
  if (has_minutes) {
    if (colons) out += ':';
    AppendPadded(out, minute, 2);
  }
  if (has_seconds) {
    if (colons) out += ':';
    AppendPadded(out, second, 2);
  }
}

void AppendLocalizedOffset(std::string& out, int32_t seconds, bool full) {
  out += "GMT";
  if (seconds == 0) return;
  const uint32_t magnitude = static_cast<uint32_t>(seconds < 0 ? -seconds : seconds);
  out += seconds < 0 ? '-' : '+';
  AppendPadded(out, magnitude / 3600, full ? 2 : 1);
  if (full || magnitude % 3600 != 0) {
    out += ':';
    AppendPadded(out, magnitude / 60 % 60, 2);
  }
  if (magnitude % 60 != 0) {
    out += ':';
    AppendPadded(out, magnitude % 60, 2);
  }
}

/// Java names today's standard and daylight saving time, whatever the clocks were called at the instant.
std::string ZoneName(const TimeZone& zone, int64_t epoch_second, bool full) {
  const bool region = zone.id().find('/') != std::string::npos;
  const bool daylight = zone.IsDaylight(epoch_second);
  if (full && (region || zone.id() == "UTC" || zone.id() == "GMT")) {
    icu::UnicodeString name;
    std::unique_ptr<icu::TimeZone> icu_zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone.id())));
    icu_zone->getDisplayName(daylight, icu::TimeZone::LONG, icu::Locale::getUS(), name);
    std::string out;
    return name.toUTF8String(out);
  }
  if (!region) return zone.id();
  if (const JavaZoneNames* names = FindJavaZoneNames(zone.id()))
    return std::string(daylight ? names->daylight : names->standard);
  return zone.Abbreviation(epoch_second);
}

}  // namespace

void DateTimePattern::FormatNodes(const std::vector<Node>& nodes, const FormatFields& fields, std::string& out) const {
  for (const Node& node : nodes) {
    switch (node.kind) {
      case Kind::kLiteral:
        out += node.literal;
        break;
      case Kind::kNumber: {
        const int64_t value = fields.Get(node.field);
        if (value < 0) out += '-';
        if (value >= 0 && node.sign == SignStyle::kExceedsPad && node.min_width < 19) {
          int64_t bound = 1;
          for (int i = 0; i < node.min_width; ++i) bound *= 10;
          if (value >= bound) out += '+';
        }
        AppendPadded(out, static_cast<uint64_t>(value < 0 ? -value : value), node.min_width);
        break;
      }
      case Kind::kReducedYear: {
        const int64_t value = fields.Get(node.field);
        AppendPadded(out, static_cast<uint64_t>((value < 0 ? -value : value) % 100), 2);
        break;
      }
      case Kind::kFraction: {
        int64_t value = fields.civil.nanos;
        for (int i = node.max_width; i < 9; ++i) value /= 10;
        AppendPadded(out, static_cast<uint64_t>(value), node.max_width);
        break;
      }
      case Kind::kText:
        out += DateTimeName(node.field, fields.Get(node.field), node.full);
        break;
      case Kind::kZoneId:
        out += fields.zone->id();
        break;
      case Kind::kZoneName:
        out += ZoneName(*fields.zone, fields.epoch_second, node.full);
        break;
      case Kind::kOffset:
        AppendOffset(out, fields.offset, node.literal, node.zero);
        break;
      case Kind::kLocalizedOffset:
        AppendLocalizedOffset(out, fields.offset, node.full);
        break;
      case Kind::kOptional:
        FormatNodes(node.children, fields, out);
        break;
    }
  }
}

void DateTimePattern::Format(int64_t utc_micros, const TimeZone& zone, std::string& out) const {
  FormatFields fields;
  fields.zone = &zone;
  fields.epoch_second = FloorDivide(utc_micros, kMicrosPerSecond);
  fields.offset = zone.OffsetAt(fields.epoch_second);
  const int64_t local_second = fields.epoch_second + fields.offset;
  fields.days = FloorDivide(local_second, kSecondsPerDay);
  const int64_t second_of_day = local_second - fields.days * kSecondsPerDay;
  fields.civil.date = CivilFromDays(fields.days);
  fields.civil.hour = static_cast<int32_t>(second_of_day / 3600);
  fields.civil.minute = static_cast<int32_t>(second_of_day / 60 % 60);
  fields.civil.second = static_cast<int32_t>(second_of_day % 60);
  fields.civil.nanos = static_cast<int32_t>(FloorModulo(utc_micros, kMicrosPerSecond)) * 1000;
  FormatNodes(nodes_, fields, out);
}

Error CannotParseTimestamp(std::string message, std::string_view function) {
  return Error::Condition("CANNOT_PARSE_TIMESTAMP",
                          {{"message", std::move(message)}, {"func", QuoteIdentifier(function)}})
      .As(ErrorClass::kDateTime);
}

}  // namespace firesteel
