#pragma once
// JSON records as rows: Spark's JacksonParser on simdjson. Both the scan of JSON files and their inference read with it.
#include <string>
#include <string_view>

#include "functions/kernel.h"

namespace firesteel::physical {

/// (text, options) -> ARRAY<STRUCT>: the records of a line or a file, one object or an array of them. What is not JSON is one
/// record of nulls, or fails under FAILFAST; what DROPMALFORMED drops is a null element.
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
