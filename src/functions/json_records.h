#pragma once
// JSON as values of Spark's types: Spark's JacksonParser on json_tokens.h. JSON files and from_json read with it.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/json_tokens.h"
#include "functions/kernel.h"
#include "functions/source_options.h"
#include "functions/text_values.h"

namespace firesteel::functions {

/// JSONOptions: what options mean for reading and for the inference of schemas.
struct JsonReadOptions {
  JsonSyntax syntax;
  TextValues::Formats formats;
  std::string corrupt_column = "_corrupt_record";
  ParseMode mode = ParseMode::kPermissive;
  bool primitives_as_string = false, prefers_decimal = false, infer_timestamp = false, drop_if_all_null = false;
  /// Objects and numbers read as strings keep the record's own text (files); else they are written anew (from_json).
  bool exact_strings = false;

  /// Errors: options that are not supported.
  static Result<JsonReadOptions> From(const SourceOptions& options, const std::string& time_zone);
};

/// Reads records into one type. Made once, thread safe.
class JsonRecords {
 public:
  /// `type` is a struct, an array or a map. A struct's field of the corrupt column's name holds what could not be read.
  static Result<std::shared_ptr<const JsonRecords>> Make(const DataType& type, JsonReadOptions options);

  /// from_json: the value of `text`, as out[row]. NULL for empty text; under FAILFAST malformed text is an error.
  Status ReadOne(std::string_view text, OutputVector& out, size_t row) const;
  /// Files: `text` is a record, or an array of them, of a struct; out is an ARRAY of that struct. What DROPMALFORMED drops is a
  /// null element.
  Status ReadAll(std::string_view text, OutputVector& out, size_t row) const;

 private:
  /// A type made ready: fields found by name.
  struct Node {
    DataType type;
    std::vector<Node> children;
    std::map<std::string, size_t, std::less<>> fields;
  };
  class Reader;

  static Node NodeOf(const DataType& type);
  /// Writes all of a record that could not be read but the corrupt column.
  void SetAllNull(OutputVector& out, size_t row) const;
  /// MALFORMED_RECORD_IN_PARSING; `partial`: what could be read is shown.
  Error Malformed(std::string_view text, bool partial) const;

  JsonReadOptions options_;
  std::shared_ptr<const TextValues> values_;
  Node root_;
  std::optional<size_t> corrupt_;
};

/// (text, options[, file]) -> ARRAY<STRUCT>: JsonRecords::ReadAll with SourceOptions::Encode.
extern const ScalarKernel kReadJsonRecords;
/// (text, options) -> the result type: JsonRecords::ReadOne.
extern const ScalarKernel kFromJson;

}  // namespace firesteel::functions
