// Types with parameters that may be out of range: built only if Spark would build them.
#pragma once

#include <string>

#include "base/result.h"
#include "types/data_type.h"

namespace firesteel {

/// Errors: DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION; a scale that is negative or greater than the precision.
Result<DataType> CheckedDecimal(int64_t precision, int64_t scale);
/// Errors: UNSUPPORTED_TIME_PRECISION.
Result<DataType> CheckedTime(int64_t precision);
Result<DataType> CheckedChar(int64_t length);
Result<DataType> CheckedVarchar(int64_t length);
/// `name` in any case; the type has Spark's spelling. Errors: COLLATION_INVALID_NAME.
Result<DataType> CheckedCollation(const std::string& name);

}  // namespace firesteel
