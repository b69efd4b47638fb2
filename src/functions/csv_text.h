#pragma once
// One line of CSV as fields and back: what univocity's parser and writer do for Spark.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/kernel.h"
#include "functions/source_options.h"

namespace firesteel::functions {

struct CsvDialect {
  std::string separator = ",", quote = "\"", escape = "\\", comment;
  std::string null_value, empty_value;
  std::string escape_escape;  ///< written before an escape within quotes; empty: nothing
  bool trim_left = false, trim_right = false, quote_all = false;
  bool escape_quotes = true;  ///< a quote in a field is a reason to quote it

  static CsvDialect ForReading(const SourceOptions& options);
  static CsvDialect ForWriting(const SourceOptions& options);
};

/// The fields of a line. None: an empty field without quotes.
std::vector<std::optional<std::string>> SplitCsvLine(std::string_view line, const CsvDialect& dialect);
/// Of kReadCsvRecord: '1' for each field that is read, '0' for others. Then only those tell whether a line is malformed.
inline constexpr char kWantedFieldsOption[] = "@wantedfields";
/// (text, options[, file]) -> the struct of the result type: a line as from_csv reads it; NULL if it is to be dropped.
extern const ScalarKernel kReadCsvRecord;
/// (struct, options) -> STRING: the line as to_csv writes it; NULL if nothing is in it.
extern const ScalarKernel kWriteCsvRecord;
/// Appends a field as it stands in a line; none is NULL.
void AppendCsvField(std::optional<std::string_view> field, const CsvDialect& dialect, std::string& out);

}  // namespace firesteel::functions
