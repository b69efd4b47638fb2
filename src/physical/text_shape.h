#pragma once
// What text files look like where DuckDB's reader of CSV and Spark read the same bytes differently.
#include <string>
#include <vector>

#include "functions/csv_text.h"

namespace firesteel::physical {

/// No file is compressed, all lines of a file end alike and none is longer than DuckDB's reader takes by default.
bool LinesAreRegular(const std::vector<std::string>& files);

/// DuckDB splits the files into the fields that Spark finds: quotes stand around whole fields, escapes before quotes and
/// escapes in them, and no quoted field goes over a line's end, which for Spark ends the record (without multiLine).
bool FieldsAreRegular(const std::vector<std::string>& files, const functions::CsvDialect& dialect);

}  // namespace firesteel::physical
