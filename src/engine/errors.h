#pragma once
// DuckDB's error messages as Spark's conditions.
#include <memory>
#include <string_view>

#include "base/error.h"

namespace firesteel::engine {

/// The error that `message` of DuckDB stands for: one of ours that went through it (Error::Encode), a condition of Spark
/// that means the same, or INTERNAL_ERROR with DuckDB's text.
Error FromDuckDb(std::string_view message, const std::shared_ptr<const SqlText>& text);

/// OPERATION_CANCELED.
Error Canceled();

/// The database refuses everything after this error and must be opened anew.
bool InvalidatesDatabase(std::string_view message);

}  // namespace firesteel::engine
