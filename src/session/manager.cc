// Sessions by key under one mutex, tombstones of closed ones, and which are idle.
#include "session/manager.h"

#include <algorithm>

#include "base/deep_stack.h"

namespace firesteel::session {

namespace {

Error InvalidHandle(std::string_view which, const std::string& handle) {
  return Error::Condition("INVALID_HANDLE." + std::string(which), {{"handle", handle}}).As(ErrorClass::kSpark);
}

Error InvalidClone(std::string_view which, const std::string& id) {
  return Error::Condition("INVALID_CLONE_SESSION_REQUEST." + std::string(which), {{"targetSessionId", id}})
      .As(ErrorClass::kSpark);
}

/// Views and caches hold plans as deep as clients made them; whoever lets the session go may have a small stack.
void DeleteOnDeepStack(Session* session) {
  RunOnDeepStack([session] { delete session; });
}

}  // namespace

SessionManager::SessionManager(ServerOptions options)
    : options_(std::make_shared<const ServerOptions>(std::move(options))),
      global_temp_views_(std::make_shared<catalog::TempViews>()),
      idle_milliseconds_max_(
          Configuration(options_->configuration).Milliseconds("spark.connect.session.manager.defaultSessionTimeout")),
      tombstones_max_(static_cast<size_t>(
          std::max<int64_t>(0, Configuration(options_->configuration)
                                   .Integer("spark.connect.session.manager.closedSessionsTombstonesSize")))) {}

SessionPtr SessionManager::Make(const SessionKey& key) const {
  return SessionPtr(new Session(key, options_, global_temp_views_), &DeleteOnDeepStack);
}

SessionManager::~SessionManager() = default;

Result<SessionPtr> SessionManager::Find(const SessionKey& key, const std::string& observed, bool create) {
  if (!IsUuid(key.session_id)) return InvalidHandle("FORMAT", key.session_id);
  std::lock_guard lock(mutex_);
  auto found = sessions_.find(key);
  if (found == sessions_.end()) {
    if (closed_.contains(key)) return InvalidHandle("SESSION_CLOSED", key.session_id);
    // The client knew a session that this server does not: the server is a new one.
    if (!observed.empty()) return InvalidHandle("SESSION_CHANGED", key.session_id);
    if (!create) return InvalidHandle("SESSION_NOT_FOUND", key.session_id);
    found = sessions_.emplace(key, Make(key)).first;
  } else if (!observed.empty() && observed != found->second->server_side_id()) {
    return InvalidHandle("SESSION_CHANGED", key.session_id);
  }
  found->second->Touch();
  return found->second;
}

Result<SessionPtr> SessionManager::GetOrCreate(const SessionKey& key, const std::string& observed) {
  return Find(key, observed, true);
}

Result<SessionPtr> SessionManager::Get(const SessionKey& key, const std::string& observed) {
  return Find(key, observed, false);
}

SessionPtr SessionManager::Close(const SessionKey& key, bool allow_reconnect) {
  std::lock_guard lock(mutex_);
  SessionPtr session;
  if (auto found = sessions_.find(key); found != sessions_.end()) {
    session = std::move(found->second);
    sessions_.erase(found);
  }
  if (session != nullptr && !allow_reconnect && closed_.insert(key).second) {
    closed_order_.push_back(key);
    if (closed_order_.size() > tombstones_max_) {
      closed_.erase(closed_order_.front());
      closed_order_.pop_front();
    }
  }
  return session;
}

Result<SessionPtr> SessionManager::Clone(const SessionPtr& source, const std::string& new_id) {
  if (!new_id.empty() && !IsUuid(new_id)) return InvalidClone("TARGET_SESSION_ID_FORMAT", new_id);
  SessionKey key{source->key().user_id, new_id.empty() ? NewUuid() : new_id};
  auto check_new = [&]() -> Status {
    if (closed_.contains(key)) return InvalidClone("TARGET_SESSION_ID_ALREADY_CLOSED", key.session_id);
    if (sessions_.contains(key)) return InvalidClone("TARGET_SESSION_ID_ALREADY_EXISTS", key.session_id);
    return {};
  };
  {
    std::lock_guard lock(mutex_);
    FS_CHECK(check_new());  // before any file is copied
  }
  SessionPtr clone = Make(key);
  for (const auto& [name, value] : source->configuration().All()) {
    (void)clone->configuration().Set(name, value);  // static ones are the server's and equal already
  }
  clone->temp_views().CopyFrom(source->temp_views());
  clone->variables().CopyFrom(source->variables());
  FS_CHECK(clone->artifacts().CopyFrom(source->artifacts()));
  std::lock_guard lock(mutex_);
  FS_CHECK(check_new());
  sessions_.emplace(key, clone);
  return clone;
}

std::vector<SessionPtr> SessionManager::CloseIdle() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<SessionPtr> expired, resting;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [key, session] : sessions_) {
      if (session->running_operations.load() > 0) continue;
      const auto idle = std::chrono::duration_cast<std::chrono::milliseconds>(now - session->last_used()).count();
      if (idle_milliseconds_max_ > 0 && idle > idle_milliseconds_max_) {
        expired.push_back(session);
      } else if (idle > kEngineIdleMillisecondsMax) {
        resting.push_back(session);
      }
    }
  }
  for (const SessionPtr& session : resting) session->CloseEngine();
  std::erase_if(expired, [&](const SessionPtr& session) {
    // It may have been used since.
    const auto idle = std::chrono::steady_clock::now() - session->last_used();
    if (idle <= std::chrono::milliseconds(idle_milliseconds_max_) || session->running_operations.load() > 0)
      return true;
    return Close(session->key(), false) != session;
  });
  return expired;
}

std::vector<SessionPtr> SessionManager::CloseAll() {
  std::vector<SessionPtr> all;
  std::lock_guard lock(mutex_);
  for (auto& [key, session] : sessions_) all.push_back(std::move(session));
  sessions_.clear();
  return all;
}

size_t SessionManager::size() const {
  std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace firesteel::session
