#pragma once
// All executions of the server by session and id, and the memory of those that are gone.
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace firesteel::operation {

/// Thread safe.
class OperationManager {
 public:
  /// `detached_milliseconds_max`: operations that nobody reads for this long are abandoned.
  explicit OperationManager(int64_t detached_milliseconds_max)
      : detached_milliseconds_max_(detached_milliseconds_max) {}

  /// INVALID_HANDLE.FORMAT, .OPERATION_ALREADY_EXISTS, .OPERATION_ABANDONED.
  Result<OperationPtr> Create(const std::shared_ptr<session::Session>& session, Start start);
  /// INVALID_HANDLE.OPERATION_NOT_FOUND, .OPERATION_ABANDONED.
  Result<OperationPtr> Get(const session::SessionKey& session, const std::string& operation_id) const;
  /// Interrupts and forgets; true if there was one.
  bool Remove(const session::SessionKey& session, const std::string& operation_id);
  void RemoveAll(const session::SessionKey& session);

  enum class Select { kAll, kTag, kId };
  /// Ids of the operations that were running and are interrupted now.
  std::vector<std::string> Interrupt(const session::SessionKey& session, Select select, const std::string& what);

  struct Status {
    std::string operation_id;
    std::optional<State> state;  ///< nothing: unknown
  };
  std::vector<Status> List(const session::SessionKey& session, const std::vector<std::string>& ids) const;

  /// Ends what was abandoned and sends progress of what has run for a while. To be called every second or so.
  void Maintain();
  size_t running() const;
  void InterruptAll();

 private:
  using Key = std::pair<session::SessionKey, std::string>;
  void Bury(const Key& key, bool abandoned, State state);  // with the mutex held

  const int64_t detached_milliseconds_max_;
  mutable std::mutex mutex_;
  std::map<Key, OperationPtr> operations_;
  struct Tombstone {
    bool abandoned = false;
    State state = State::kSucceeded;
  };
  std::map<Key, Tombstone> tombstones_;
  std::deque<Key> tombstone_order_;
};

constexpr size_t kOperationTombstonesMax = 10'000;
constexpr int64_t kProgressIntervalMilliseconds = 2000;

}  // namespace firesteel::operation
