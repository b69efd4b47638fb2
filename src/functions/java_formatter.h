#pragma once
// java.util.Formatter in Locale.US, as format_string uses it: "%,d %5.1f %s %2$x". %h, %a and %t are not supported.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "functions/kernel.h"

namespace firesteel::functions {

/// Object.toString of a value as Spark holds it: a DATE is a number of days.
Status AppendJavaText(const Cell& cell, std::string& out);

class JavaFormatter {
 public:
  /// Errors are Java's own (UnknownFormatConversionException …), without a condition.
  static Result<JavaFormatter> Compile(std::string_view format);
  /// Appends the text. Values are taken as Spark holds them: a DATE is an Integer, a TIMESTAMP a Long.
  Status Append(std::span<const Cell> arguments, std::string& out) const;

 private:
  enum Flag : uint8_t {
    kLeft = 1,
    kAlternate = 2,
    kPlus = 4,
    kSpace = 8,
    kZero = 16,
    kGroup = 32,
    kParentheses = 64,
    kPrevious = 128
  };
  struct Piece {
    std::string text;     ///< a literal, or the specifier as written
    char conversion = 0;  ///< 0: a literal; always lower case
    bool upper = false;
    uint8_t flags = 0;
    int index = 0;  ///< from 1; 0: the next ordinary one
    int width = -1;
    int precision = -1;
    bool Has(Flag flag) const { return (flags & flag) != 0; }
  };

  static Status CheckFlags(const Piece& piece);
  static Result<std::string> Print(const Piece& piece, const Cell& value);
  static Result<std::string> PrintInteger(const Piece& piece, const Cell& value);
  static Result<std::string> PrintFloating(const Piece& piece, double value, bool is_float);
  static void Pad(const Piece& piece, std::string& text);
  static std::string FlagText(uint8_t flags);

  std::vector<Piece> pieces_;
};

}  // namespace firesteel::functions
