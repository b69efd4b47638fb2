#pragma once
// By connection: whether its statement has been interrupted. DuckDB asks between two batches of rows; kernels that take long for one ask
// here.
#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "engine/duckdb_handles.h"

namespace firesteel::engine {

using InterruptFlag = std::shared_ptr<std::atomic<bool>>;

/// Of one database. Thread safe.
class InterruptFlags {
 public:
  static idx_t IdOf(const ClientContext& context) { return duckdb_client_context_get_connection_id(context.get()); }
  static idx_t IdOf(duckdb_connection connection) {
    ClientContext context;
    duckdb_connection_get_client_context(connection, context.Out());
    return IdOf(context);
  }

  void Set(idx_t connection_id, InterruptFlag flag) {
    std::lock_guard lock(mutex_);
    flags_[connection_id] = std::move(flag);
  }
  void Remove(idx_t connection_id) {
    std::lock_guard lock(mutex_);
    flags_.erase(connection_id);
  }
  /// No statement runs.
  bool empty() {
    std::lock_guard lock(mutex_);
    return flags_.empty();
  }
  /// Null: nobody can interrupt it.
  InterruptFlag Find(idx_t connection_id) {
    std::lock_guard lock(mutex_);
    auto found = flags_.find(connection_id);
    return found == flags_.end() ? nullptr : found->second;
  }

 private:
  std::mutex mutex_;
  std::map<idx_t, InterruptFlag> flags_;
};

}  // namespace firesteel::engine
