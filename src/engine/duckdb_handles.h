#pragma once
// Move-only owners of DuckDB's handles. Nothing else calls a duckdb_destroy_*, duckdb_close or duckdb_disconnect.
#include <duckdb.h>

#include <utility>

namespace firesteel::engine {

template <typename T, void (*kDestroy)(T*)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T raw) : raw_(raw) {}
  Handle(Handle&& other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~Handle() { Reset(); }

  T get() const { return raw_; }
  /// For functions that fill a handle in.
  T* Out() {
    Reset();
    return &raw_;
  }
  void Reset() {
    if (raw_ != nullptr) kDestroy(&raw_);
    raw_ = nullptr;
  }
  explicit operator bool() const { return raw_ != nullptr; }

 private:
  T raw_ = nullptr;
};

using Database = Handle<duckdb_database, duckdb_close>;
using Connection = Handle<duckdb_connection, duckdb_disconnect>;
using Config = Handle<duckdb_config, duckdb_destroy_config>;
using Prepared = Handle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using Pending = Handle<duckdb_pending_result, duckdb_destroy_pending>;
using DataChunk = Handle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using LogicalType = Handle<duckdb_logical_type, duckdb_destroy_logical_type>;
using DuckValue = Handle<duckdb_value, duckdb_destroy_value>;
using ScalarFunction = Handle<duckdb_scalar_function, duckdb_destroy_scalar_function>;
using AggregateFunction = Handle<duckdb_aggregate_function, duckdb_destroy_aggregate_function>;
using ClientContext = Handle<duckdb_client_context, duckdb_destroy_client_context>;
using TableFunction = Handle<duckdb_table_function, duckdb_destroy_table_function>;

inline void DestroyTaskState(duckdb_task_state* state) { duckdb_destroy_task_state(*state); }
using TaskState = Handle<duckdb_task_state, DestroyTaskState>;

inline void FreeText(char** text) { duckdb_free(*text); }
using OwnedText = Handle<char*, FreeText>;  ///< a string that DuckDB allocated

/// duckdb_result is a struct, not a pointer.
class QueryResult {
 public:
  QueryResult() = default;
  QueryResult(QueryResult&& other) noexcept : raw_(std::exchange(other.raw_, {})) {}
  QueryResult& operator=(QueryResult&& other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~QueryResult() { duckdb_destroy_result(&raw_); }

  duckdb_result* get() { return &raw_; }
  duckdb_result* Out() {
    duckdb_destroy_result(&raw_);
    raw_ = {};
    return &raw_;
  }

 private:
  duckdb_result raw_ = {};
};

}  // namespace firesteel::engine
