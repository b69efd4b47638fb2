// libFuzzer's entry: any bytes, read as a statement and as an expression, must give a tree or an error. See
// ./dev fuzz.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/deep_stack.h"
#include "sql/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  // The first byte chooses the options, so that all of them are reached.
  firesteel::sql::ParserOptions options;
  options.enforce_reserved_keywords = (data[0] & 1) != 0;
  options.double_quoted_identifiers = (data[0] & 2) != 0;
  options.escaped_string_literals = (data[0] & 4) != 0;
  options.timestamp_ntz = (data[0] & 8) != 0;
  options.quoted_regex_column_names = (data[0] & 16) != 0;
  std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  firesteel::RunOnDeepStack([&] {
    (void)firesteel::sql::ParseStatement(text, options);
    (void)firesteel::sql::ParseExpression(text, options);
    (void)firesteel::sql::ParseAttributeName(text);
  });
  return 0;
}
