#pragma once
// All sessions of the server, and the memory of those that are gone.
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "session/session.h"

namespace firesteel::session {

using SessionPtr = std::shared_ptr<Session>;

/// Thread safe.
class SessionManager {
 public:
  explicit SessionManager(ServerOptions options);
  ~SessionManager();

  /// The session, made if it is new. INVALID_HANDLE.FORMAT, .SESSION_CLOSED; .SESSION_CHANGED if `observed` (the
  /// server-side id that the client saw last; empty if none) is not the session's.
  Result<SessionPtr> GetOrCreate(const SessionKey& key, const std::string& observed);
  /// As GetOrCreate, and it must exist: INVALID_HANDLE.SESSION_NOT_FOUND.
  Result<SessionPtr> Get(const SessionKey& key, const std::string& observed);
  /// Null if there is none. Closed for good unless `allow_reconnect`.
  SessionPtr Close(const SessionKey& key, bool allow_reconnect);
  /// INVALID_CLONE_SESSION_REQUEST.*. `new_id` empty: a new one.
  Result<SessionPtr> Clone(const SessionPtr& source, const std::string& new_id);

  /// Sessions that have been idle too long are closed and handed back; engines idle for a while are closed.
  std::vector<SessionPtr> CloseIdle();
  std::vector<SessionPtr> CloseAll();
  size_t size() const;
  const ServerOptions& options() const { return *options_; }

 private:
  SessionPtr Make(const SessionKey& key) const;
  Result<SessionPtr> Find(const SessionKey& key, const std::string& observed, bool create);

  std::shared_ptr<const ServerOptions> options_;
  std::shared_ptr<catalog::TempViews> global_temp_views_;
  int64_t idle_milliseconds_max_;  // -1: none
  size_t tombstones_max_;
  mutable std::mutex mutex_;
  std::map<SessionKey, SessionPtr> sessions_;
  std::set<SessionKey> closed_;  // tombstones, as many as tombstones_max_
  std::deque<SessionKey> closed_order_;
};

/// An engine that has not been used for this long is closed.
constexpr int64_t kEngineIdleMillisecondsMax = 60'000;

}  // namespace firesteel::session
