#pragma once
// Values as CSV and JSON files hold them: kernels that write text (Spark's UnivocityGenerator and JacksonGenerator).
#include <string>

#include "functions/kernel.h"
#include "physical/query.h"

namespace firesteel::engine {

struct RowTextOptions {
  std::string time_zone = "UTC";
  std::string date_format = "yyyy-MM-dd";
  std::string timestamp_format = "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]";
  std::string timestamp_ntz_format = "yyyy-MM-dd'T'HH:mm:ss[.SSS]";
  bool ignore_null_fields = true;
};

/// (any value) -> STRING: one CSV field, unquoted. Not for nested types.
Result<physical::KernelUse> CsvFieldKernel(const std::string& name, const DataType& type,
                                           const RowTextOptions& options);
/// (a struct) -> STRING: one JSON object without a line break.
Result<physical::KernelUse> JsonRowKernel(const std::string& name, const DataType& type, const RowTextOptions& options);

}  // namespace firesteel::engine
