#pragma once
// All executions of the server by session and id, and the memory of those that are gone.
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace firesteel::operation {

struct OperationLimits {
  int64_t detached_milliseconds_max = 5 * 60'000;  ///< operations that nobody reads for this long are abandoned
  int64_t sent_bytes_max = 10 << 20;               ///< kept of what was sent, for clients that come back
  size_t tombstones_max = 10'000;
  int per_session_max = 200;  ///< running at once
  int running_max = 1000;     ///< of all sessions together
};

/// Thread safe.
class OperationManager {
 public:
  explicit OperationManager(const OperationLimits& limits) : limits_(limits) {}

  struct Created {
    OperationPtr operation;
    bool is_new = true;  ///< false: the same request came before; its operation, to be attached to
  };
  /// INVALID_HANDLE.FORMAT, .OPERATION_ALREADY_EXISTS (with another plan), .OPERATION_ABANDONED, .TOO_MANY_OPERATIONS,
  /// .SERVER_BUSY.
  Result<Created> Create(const std::shared_ptr<session::Session>& session, Start start);
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

  const OperationLimits limits_;
  const std::shared_ptr<std::atomic<int>> running_ = std::make_shared<std::atomic<int>>(0);  // threads may outlive us
  mutable std::mutex mutex_;
  std::map<Key, OperationPtr> operations_;
  struct Tombstone {
    bool abandoned = false;
    State state = State::kSucceeded;
  };
  std::map<Key, Tombstone> tombstones_;
  std::deque<Key> tombstone_order_;
};

}  // namespace firesteel::operation
