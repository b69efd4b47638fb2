#pragma once
// Arguments that are read when a call is bound: the schemas and options of from_json, from_csv and their kin.
#include <string>
#include <string_view>

#include "functions/bind.h"
#include "functions/source_options.h"

namespace firesteel::functions {

/// The type that argument `index` names, a constant in DDL or JSON.
Result<DataType> SchemaArgument(const CallSite& site, size_t index);
/// The entries of argument `index`, a call of map() with constants, keys in lower case; empty if it is left out.
Result<SourceOptions::Map> OptionsArgument(const CallSite& site, size_t index);
/// A constant text that is not NULL; errors call it `name`.
Result<std::string> ConstantText(const CallSite& site, size_t index, std::string_view name);

/// PARSE_MODE_UNSUPPORTED unless PERMISSIVE or FAILFAST.
Status CheckFunctionMode(const SourceOptions& options, std::string_view function);
/// INVALID_CORRUPT_RECORD_TYPE unless the column, if it is there, is a STRING.
Status CheckCorruptColumn(const DataType& schema, std::string_view column);

}  // namespace firesteel::functions
