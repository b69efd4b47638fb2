#pragma once
// Errors of casts, and values as they show in them.
#include <string>
#include <string_view>

#include "base/error.h"
#include "types/data_type.h"
#include "types/value.h"

namespace firesteel::functions {

/// A value in an error: its SQL literal; infinities and NaN by name.
std::string ErrorValue(const Value& value, const DataType& type, std::string_view time_zone);
/// CAST_INVALID_INPUT of a text; the class depends on the target as in Spark.
Error CastInvalidInput(std::string_view text, const DataType& from, const DataType& to, const Origin& origin);
/// CAST_OVERFLOW: Spark gives it no position.
Error CastOverflow(std::string value, const DataType& from, const DataType& to);
/// BigDecimal(text).toPlainString for a number with or without exponent: "100000000000000000000" for "1.0E20".
std::string PlainDecimalText(std::string_view number);

}  // namespace firesteel::functions
