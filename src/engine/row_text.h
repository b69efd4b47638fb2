#pragma once
// Kernels that write values as the text of CSV and JSON files.
#include <string>

#include "functions/row_text.h"
#include "physical/query.h"

namespace firesteel::engine {

using functions::RowTextOptions;

/// (any value) -> STRING: one CSV field, unquoted. Not for nested types.
Result<physical::KernelUse> CsvFieldKernel(const std::string& name, const DataType& type,
                                           const RowTextOptions& options);
/// (a struct) -> STRING: one line of CSV; NULL if nothing is in it. `options` as the writer got them, keys in lower case.
Result<physical::KernelUse> CsvRowKernel(const std::string& name, const DataType& type,
                                         const functions::SourceOptions::Map& options, const std::string& time_zone);
/// (a struct) -> STRING: one JSON object without a line break.
Result<physical::KernelUse> JsonRowKernel(const std::string& name, const DataType& type, const RowTextOptions& options);

}  // namespace firesteel::engine
