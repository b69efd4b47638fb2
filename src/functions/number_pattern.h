#pragma once
// The number formats of to_number and to_char: "99G999D9S", "$0,000.00", "99PR". Source: Spark's ToNumberParser.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/data_type.h"
#include "types/value.h"

namespace firesteel::functions {

class NumberPattern {
 public:
  /// Errors: INVALID_FORMAT.*.
  static Result<NumberPattern> Compile(std::string_view format, const Origin& origin);

  const std::string& format() const { return format_; }
  DataType type() const { return DataType::Decimal(before_ + after_, after_); }
  /// Unscaled; none: the text does not match.
  std::optional<int128_t> Parse(std::string_view text) const;
  std::string Format(int128_t unscaled, int scale) const;

 private:
  enum class Kind : uint8_t { kDigits, kPoint, kDollar, kPlusOrMinus, kMinus, kOpening, kClosing, kOther };
  /// A run of 0s and 9s that starts with 0 (exactly as many digits) or 9 (at most).
  struct Run {
    bool exact;
    int count;
  };
  struct Token {
    Kind kind;
    std::string text;       ///< as errors call it
    std::vector<Run> runs;  ///< kDigits: from left to right, a thousands separator between each two
    bool separator_at_edge = false;
  };

  Status Check(const Origin& origin) const;
  static bool ParseDigits(const Token& token, std::string_view text, size_t& at, std::string& digits);

  std::string format_;
  std::vector<Token> tokens_;
  int before_ = 0, after_ = 0;  ///< digits
};

}  // namespace firesteel::functions
