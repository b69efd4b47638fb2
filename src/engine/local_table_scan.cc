// Local relations as tables of DuckDB. A name that it does not know (a replacement scan) becomes a call of one table
// function with the name as its argument; nothing is left in DuckDB's catalog when the statement is over.
#include "engine/local_table_scan.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "engine/duckdb_vectors.h"
#include "engine/errors.h"

namespace firesteel::engine {
namespace {

constexpr char kFunctionName[] = "fs_local_table";
constexpr size_t kRowsPerThreadMin = 32768;

using TablesHolder = std::shared_ptr<LocalTables>;

template <typename T>
void Delete(void* object) {
  delete static_cast<T*>(object);
}

struct Bound {
  std::shared_ptr<const LocalTable> table;
};
struct ScanState {
  std::atomic<size_t> next_row{0};
  std::vector<size_t> columns;  // of the table, in the order that DuckDB wants; past the last field: none of them
};

void Replace(duckdb_replacement_scan_info info, const char* name, void* data) {
  auto& tables = *static_cast<TablesHolder*>(data);
  if (tables->Find(name) == nullptr) return;
  duckdb_replacement_scan_set_function_name(info, kFunctionName);
  duckdb_replacement_scan_add_parameter(info, DuckValue(duckdb_create_varchar(name)).get());
}

void Bind(duckdb_bind_info info) {
  auto& tables = *static_cast<TablesHolder*>(duckdb_bind_get_extra_info(info));
  DuckValue argument(duckdb_bind_get_parameter(info, 0));
  OwnedText name(duckdb_get_varchar(argument.get()));
  std::shared_ptr<const LocalTable> table = tables->Find(name.get());
  if (table == nullptr) {
    duckdb_bind_set_error(info, "no such local table");
    return;
  }
  const auto& fields = table->schema().fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    duckdb_bind_add_result_column(info, ("c" + std::to_string(i)).c_str(), ToLogicalType(fields[i].type).get());
  }
  // DuckDB has no tables without columns; rows are counted through one that is always null.
  if (fields.empty()) duckdb_bind_add_result_column(info, "c0", ToLogicalType(TypeId::kBoolean).get());
  duckdb_bind_set_cardinality(info, table->rows(), true);
  duckdb_bind_set_bind_data(info, new Bound{std::move(table)}, Delete<Bound>);
}

void Init(duckdb_init_info info) {
  const auto& bound = *static_cast<const Bound*>(duckdb_init_get_bind_data(info));
  auto state = std::make_unique<ScanState>();
  for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
    state->columns.push_back(duckdb_init_get_column_index(info, i));
  }
  duckdb_init_set_max_threads(info, std::max<size_t>(1, bound.table->rows() / kRowsPerThreadMin));
  duckdb_init_set_init_data(info, state.release(), Delete<ScanState>);
}

void Scan(duckdb_function_info info, duckdb_data_chunk output) {
  const auto& bound = *static_cast<const Bound*>(duckdb_function_get_bind_data(info));
  auto& state = *static_cast<ScanState*>(duckdb_function_get_init_data(info));
  const size_t rows = bound.table->rows();
  const size_t first = state.next_row.fetch_add(duckdb_vector_size());
  if (first >= rows) {
    duckdb_data_chunk_set_size(output, 0);
    return;
  }
  const size_t count = std::min<size_t>(duckdb_vector_size(), rows - first);
  const auto& fields = bound.table->schema().fields();
  std::vector<std::unique_ptr<OutputVector>> owned(fields.size());
  std::vector<OutputVector*> columns(fields.size());
  for (size_t i = 0; i < state.columns.size(); ++i) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(output, i);
    if (state.columns[i] < fields.size()) {
      owned[state.columns[i]] = std::make_unique<DuckOutput>(fields[state.columns[i]].type, vector);
    } else if (fields.empty()) {
      DuckOutput nothing(TypeId::kBoolean, vector);
      for (size_t row = 0; row < count; ++row) nothing.SetNull(row);
    }
  }
  try {
    for (size_t i = 0; i < fields.size(); ++i) columns[i] = owned[i].get();
    bound.table->Read(first, count, columns);
  } catch (const std::exception& error) {
    duckdb_function_set_error(info, FromDuckDb(error.what(), nullptr).Encode().c_str());
    return;
  }
  duckdb_data_chunk_set_size(output, count);
}

}  // namespace

Status LocalTables::Install(duckdb_database database, duckdb_connection connection,
                            std::shared_ptr<LocalTables> tables) {
  tables->self_ = tables;
  TableFunction function(duckdb_create_table_function());
  duckdb_table_function_set_name(function.get(), kFunctionName);
  duckdb_table_function_add_parameter(function.get(),
                                      LogicalType(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR)).get());
  duckdb_table_function_set_extra_info(function.get(), new TablesHolder(tables), Delete<TablesHolder>);
  duckdb_table_function_set_bind(function.get(), Bind);
  duckdb_table_function_set_init(function.get(), Init);
  duckdb_table_function_set_function(function.get(), Scan);
  duckdb_table_function_supports_projection_pushdown(function.get(), true);
  if (duckdb_register_table_function(connection, function.get()) != DuckDBSuccess) {
    return Error::Internal("the scan of local tables could not be registered");
  }
  duckdb_add_replacement_scan(database, Replace, new TablesHolder(std::move(tables)), Delete<TablesHolder>);
  return {};
}

std::shared_ptr<const void> LocalTables::Add(const std::string& name, std::shared_ptr<const LocalTable> table) {
  std::lock_guard lock(mutex_);
  auto& entry = tables_[name];
  if (entry.second++ == 0) entry.first = std::move(table);
  return std::shared_ptr<const void>(this, [self = self_, name](const void*) {
    auto tables = self.lock();
    if (tables == nullptr) return;
    std::lock_guard lock(tables->mutex_);
    auto found = tables->tables_.find(name);
    if (found != tables->tables_.end() && --found->second.second == 0) tables->tables_.erase(found);
  });
}

std::shared_ptr<const LocalTable> LocalTables::Find(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : found->second.first;
}

}  // namespace firesteel::engine
