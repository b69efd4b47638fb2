#pragma once
// DuckDB's error messages as Spark's conditions.
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace firesteel::engine {

/// The error that `message` of DuckDB stands for: one of ours that went through it (Error::Encode), a condition of Spark
/// that means the same, or INTERNAL_ERROR with DuckDB's text. `parquet_files`: what the statement reads; DuckDB does not always say
/// which of them is broken.
Error FromDuckDb(std::string_view message, const std::shared_ptr<const SqlText>& text,
                 std::span<const std::string> parquet_files = {});

/// OPERATION_CANCELED.
Error Canceled();

/// The database refuses everything after this error and must be opened anew.
bool InvalidatesDatabase(std::string_view message);

}  // namespace firesteel::engine
