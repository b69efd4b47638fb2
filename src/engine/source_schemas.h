#pragma once
// Schemas of files, as Spark infers them.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/source_reader.h"
#include "engine/engine.h"

namespace firesteel::engine {

/// Starts a query on whatever database the engine has now.
using StartQuery = std::function<Result<std::unique_ptr<ResultStream>>(const physical::Query& query)>;
std::unique_ptr<catalog::SourceReader> MakeSourceReader(StartQuery start);

/// The text columns of a query, row by row; a NULL is none. `on_row` answers false to stop.
using TextRow = std::vector<std::optional<std::string_view>>;
Status ForEachRow(const StartQuery& start, const std::string& sql, size_t columns,
                  const std::function<Result<bool>(const TextRow&)>& on_row);

Result<DataType> InferCsv(const StartQuery& start, const std::vector<std::string>& files,
                          const std::map<std::string, std::string>& options);
Result<DataType> InferJson(const StartQuery& start, const std::vector<std::string>& files,
                           const std::map<std::string, std::string>& options);

}  // namespace firesteel::engine
