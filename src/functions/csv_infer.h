#pragma once
// The types of CSV fields: Spark's CSVInferSchema, for files and schema_of_csv.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/source_options.h"
#include "functions/text_values.h"

namespace firesteel::functions {

/// How CSV's values read, as options say.
TextValues::Formats CsvFormats(const SourceOptions& options, const std::string& time_zone);

/// The names of the columns whose first line has these cells: that line's with the option `header`, made safe; else _c0, _c1 ….
std::vector<std::string> CsvColumnNames(const std::vector<std::string>& cells, const SourceOptions& options);

class CsvFieldTypes {
 public:
  /// `values` must live as long.
  CsvFieldTypes(const TextValues& values, const SourceOptions& options);

  /// The type of a column that has been `so_far` (VOID at first) when this field comes.
  DataType Next(const DataType& so_far, std::string_view text) const;
  /// The same for the fields of a line, which may be more or fewer than the columns.
  template <typename Text>
  void Add(const std::vector<std::optional<Text>>& fields, std::vector<DataType>& so_far) const {
    for (size_t i = 0; i < std::min(fields.size(), so_far.size()); ++i) {
      if (fields[i]) so_far[i] = Next(so_far[i], *fields[i]);
    }
  }

 private:
  DataType Try(const DataType& so_far, std::string_view text) const;
  DataType Integer(std::string_view text) const;
  DataType Long(std::string_view text) const;
  DataType Decimal(std::string_view text) const;
  DataType Double(std::string_view text) const;
  DataType Date(std::string_view text) const;
  DataType Timestamp(std::string_view text) const;
  DataType Boolean(std::string_view text) const;

  const TextValues& values_;
  const bool prefer_date_;
  const std::string null_value_;
};

}  // namespace firesteel::functions
