// Datetime patterns ("yyyy-MM-dd HH:mm:ss") as Spark 3 and later read them: compiled once, then formatting and parsing.
// Sources: Spark's DateTimeFormatterHelper and Java's DateTimeFormatter (strict, English, case-insensitive when parsing).
// The legacy formatter (spark.sql.legacy.timeParserPolicy = LEGACY) is not here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/time_zone.h"

namespace firesteel {

class DateTimePattern {
 public:
  /// kParseNtz: for TIMESTAMP_NTZ, which the old formatter does not know, so that errors don't point to it.
  enum class Use { kFormat, kParse, kParseNtz };
  /// Errors: INVALID_DATETIME_PATTERN.*, INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION (the old formatter would
  /// take it) and .DATETIME_WEEK_BASED_PATTERN.
  static Result<DateTimePattern> Compile(std::string_view pattern, Use use);

  const std::string& text() const { return text_; }

  /// Appends the text. TIMESTAMP_NTZ and DATE: the zone is UTC.
  void Format(int64_t utc_micros, const TimeZone& zone, std::string& out) const;

  /// What parsing answers; on failure `message` (if wanted) tells why as Java does, for CANNOT_PARSE_TIMESTAMP.
  std::optional<int64_t> ParseTimestamp(std::string_view text, const TimeZone& zone,
                                        std::string* message = nullptr) const;
  /// A zone in the text is malformed unless allowed; then it is left out.
  std::optional<int64_t> ParseTimestampNtz(std::string_view text, bool allow_time_zone,
                                           std::string* message = nullptr) const;
  /// The wall clock's date, as data sources read dates; to_date is the date of ParseTimestamp's instant.
  std::optional<int32_t> ParseDate(std::string_view text, std::string* message = nullptr) const;
  /// Nanoseconds.
  std::optional<int64_t> ParseTime(std::string_view text, std::string* message = nullptr) const;

  enum Field : uint8_t {
    kEra,
    kYear,
    kYearOfEra,
    kMonth,
    kDay,
    kDayOfYear,
    kWeekdayInMonth,
    kQuarter,
    kHalfDay,
    kHour,
    kClockHour,
    kHalfDayHour,
    kClockHalfDayHour,
    kMinute,
    kSecond,
    kNano,
    kDayOfWeek,
    kFieldCount
  };

 private:
  enum class Kind : uint8_t {
    kLiteral,
    kNumber,
    kReducedYear,
    kFraction,
    kText,
    kZoneId,
    kZoneName,
    kOffset,
    kLocalizedOffset,
    kOptional
  };
  enum class SignStyle : uint8_t { kNormal, kExceedsPad, kNotNegative };
  struct Node {
    Kind kind;
    Field field = kFieldCount;
    SignStyle sign = SignStyle::kNormal;
    int min_width = 1;
    int max_width = 19;
    int subsequent_width = 0;    // digits of the numbers that follow without anything between
    bool full = false;           // text: the long form; names and localized offsets likewise
    bool decimal_free = false;   // fraction of a fixed width, next to other numbers
    std::string literal;         // literal; offset: the pattern ("+HH:MM")
    std::string zero;            // offset: what stands for zero
    std::vector<Node> children;  // optional section
  };
  struct Parsed;
  class Compiler;

  void FormatNodes(const std::vector<Node>& nodes, const struct FormatFields& fields, std::string& out) const;
  bool ParseAll(std::string_view text, Parsed& parsed, std::string* message) const;
  static int32_t ParseNodes(const std::vector<Node>& nodes, std::string_view text, int32_t at, Parsed& parsed);
  static int32_t ParseNode(const Node& node, std::string_view text, int32_t at, Parsed& parsed);
  static int32_t ParseNumber(const Node& node, std::string_view text, int32_t at, Parsed& parsed);
  static int32_t ParseText(const Node& node, std::string_view text, int32_t at, Parsed& parsed);
  static int32_t ParseOffset(const Node& node, std::string_view text, int32_t at, Parsed& parsed);
  static int32_t ParseLocalizedOffset(const Node& node, std::string_view text, int32_t at, Parsed& parsed);
  static int32_t ParseZone(const Node& node, std::string_view text, int32_t at, Parsed& parsed);

  std::string text_;
  std::vector<Node> nodes_;
};

/// CANNOT_PARSE_TIMESTAMP: `function` is what tolerates it, e.g. "try_to_timestamp".
Error CannotParseTimestamp(std::string message, std::string_view function);

}  // namespace firesteel
