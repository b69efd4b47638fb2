#pragma once
// JSON records as rows: Spark's JacksonParser on simdjson. Both the scan of JSON files and their inference read with it.
#include <string>
#include <string_view>

#include "functions/kernel.h"

namespace firesteel::physical {

/// (text, options) -> STRUCT; a record that is not a JSON object is a struct of nulls, or fails under FAILFAST.
extern const functions::ScalarKernel kReadJsonRecord;
/// (text, options) -> ARRAY<STRUCT>: a file's records, one after the other or in an array.
extern const functions::ScalarKernel kReadJsonRecords;

struct JsonOptions {
  std::string formats;         ///< TextValues::Formats::Encode
  std::string corrupt_column;  ///< columnNameOfCorruptRecord
  char mode = 'P';             ///< P, D or F: ParseMode
  bool primitives_as_string = false;
  std::string Encode() const;
  static JsonOptions Decode(std::string_view text);
};

}  // namespace firesteel::physical
