#pragma once
// Values of CSV and JSON from their text: Spark's UnivocityParser and JacksonParser, which are stricter than CAST.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/datetime_pattern.h"
#include "types/time_zone.h"
#include "types/vector.h"

namespace firesteel::functions {

class TextValues {
 public:
  struct Formats {  ///< empty patterns: the defaults, which read as casts do
    std::string date, timestamp, timestamp_ntz;
    std::string time_zone = "UTC";
    bool infer_ntz = false;  ///< spark.sql.timestampType = TIMESTAMP_NTZ; not encoded
    std::string nan = "NaN", positive_infinity = "Inf", negative_infinity = "-Inf";
    std::string Encode() const;  ///< one text for all, to pass through a kernel's constants
    static Formats Decode(std::string_view text);
  };
  /// Errors: INVALID_DATETIME_PATTERN.*, an unknown time zone.
  static Result<std::shared_ptr<const TextValues>> Make(const Formats& formats);

  /// Writes the value of `text` as `out`'s type, which is not nested; false if the text is malformed.
  bool Read(std::string_view text, OutputVector& out, size_t row) const;

  bool IsDate(std::string_view text) const;
  std::optional<int64_t> Timestamp(std::string_view text) const;
  std::optional<int64_t> TimestampNtz(std::string_view text) const;
  /// TIMESTAMP, or TIMESTAMP_NTZ of a text without a zone where that is the default; none for other texts.
  std::optional<TypeId> TimestampType(std::string_view text) const;
  std::optional<double> Double(std::string_view text) const;
  bool has_date_format() const { return date_.has_value(); }

 private:
  Formats formats_;
  const TimeZone* zone_ = nullptr;
  std::optional<DateTimePattern> date_, timestamp_, timestamp_ntz_;
};

/// Java's Long.parseLong and its kin for T.
template <typename T>
bool ParseJavaInteger(std::string_view text, T& value);

}  // namespace firesteel::functions
