#pragma once
// JSON text as a stream of tokens with the leniency and the words of Jackson, which Spark reads JSON with: what follows the first
// value is not read, quotes may be single, names bare, numbers NaN, as the options say.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel::functions {

enum class JsonToken : uint8_t {
  kNone,  ///< before the first token and behind the last
  kObjectStart,
  kObjectEnd,
  kArrayStart,
  kArrayEnd,
  kFieldName,
  kString,
  kInteger,
  kFloat,
  kTrue,
  kFalse,
  kNull,
  kError,  ///< malformed; it stays so
};

/// What Jackson calls JsonReadFeature, with Spark's defaults.
struct JsonSyntax {
  bool comments = false;
  bool bare_names = false;
  bool single_quotes = true;
  bool leading_zeros = false;
  bool any_escape = false;
  bool control_characters = false;
  bool non_numbers = true;  ///< NaN, Infinity, -INF …
};

class JsonTokens {
 public:
  JsonTokens(std::string_view text, const JsonSyntax& syntax) : text_(text), syntax_(syntax) {}

  JsonToken Next();
  JsonToken current() const { return current_; }
  /// Of names and strings: decoded; of numbers: as written. Valid until the next token.
  std::string_view value() const { return value_; }
  bool IsValue() const { return current_ != JsonToken::kNone && current_ != JsonToken::kError; }

  /// From the start of an object or array to its end; elsewhere nothing. False: malformed.
  bool SkipChildren();
  /// From wherever to the end of the value that began at this depth: false if malformed. Depth() is taken before the value.
  bool SkipToDepth(size_t depth);
  size_t Depth() const { return stack_.size(); }

  /// The bytes from where the current token starts to where reading stands.
  size_t token_start() const { return token_start_; }
  size_t position() const { return at_; }
  std::string_view text() const { return text_; }
  /// Jackson's words for what is malformed.
  const std::string& error() const { return error_; }

 private:
  struct Level {
    bool object;
    bool any;  ///< has an item
  };
  JsonToken Fail(std::string message);
  JsonToken Unexpected(std::string_view wanted);
  JsonToken UnknownWord();
  bool SkipBlanks();
  JsonToken ReadValue();
  JsonToken ReadName();
  JsonToken ReadString(char quote);
  JsonToken ReadNumber();
  JsonToken ReadWord(std::string_view word, JsonToken token);
  bool AppendEscape();
  bool ReadHex(char32_t& unit);
  JsonToken Close(bool object);

  std::string_view text_;
  JsonSyntax syntax_;
  size_t at_ = 0;
  size_t token_start_ = 0;
  JsonToken current_ = JsonToken::kNone;
  bool expects_value_ = false;  ///< a field name has been read
  std::string_view value_;
  std::string decoded_;
  std::vector<Level> stack_;
  std::string error_;
};

/// The number that Jackson makes of a token: what JSON numbers and its NaN say.
double JsonDouble(std::string_view number);
float JsonFloat(std::string_view number);

}  // namespace firesteel::functions
