#include "session/manager.h"

#include <algorithm>

namespace firesteel::session {

namespace {

Error InvalidHandle(std::string_view which, const std::string& handle) {
  return Error::Condition("INVALID_HANDLE." + std::string(which), {{"handle", handle}}).As(ErrorClass::kSpark);
}

Error InvalidClone(std::string_view which, const std::string& id) {
  return Error::Condition("INVALID_CLONE_SESSION_REQUEST." + std::string(which), {{"targetSessionId", id}})
      .As(ErrorClass::kSpark);
}

int64_t IdleMillisecondsMax(const ServerOptions& options) {
  constexpr int64_t kDefault = 60 * 60 * 1000;
  auto found = options.configuration.find("spark.connect.session.manager.defaultSessionTimeout");
  if (found == options.configuration.end()) return kDefault;
  Result<int64_t> parsed = ParseMillisecondsSetting(found->first, found->second);
  return parsed.ok() ? *parsed : kDefault;
}

}  // namespace

SessionManager::SessionManager(ServerOptions options)
    : options_(std::make_shared<const ServerOptions>(std::move(options))),
      global_temp_views_(std::make_shared<catalog::TempViews>()),
      idle_milliseconds_max_(IdleMillisecondsMax(*options_)) {}

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
    found = sessions_.emplace(key, std::make_shared<Session>(key, options_, global_temp_views_)).first;
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
    if (closed_order_.size() > kTombstonesMax) {
      closed_.erase(closed_order_.front());
      closed_order_.pop_front();
    }
  }
  return session;
}

Result<SessionPtr> SessionManager::Clone(const SessionPtr& source, const std::string& new_id) {
  if (!new_id.empty() && !IsUuid(new_id)) return InvalidClone("TARGET_SESSION_ID_FORMAT", new_id);
  SessionKey key{source->key().user_id, new_id.empty() ? NewUuid() : new_id};
  auto clone = std::make_shared<Session>(key, options_, global_temp_views_);
  for (const auto& [name, value] : source->configuration().All()) {
    (void)clone->configuration().Set(name, value);  // static ones are the server's and equal already
  }
  clone->temp_views().CopyFrom(source->temp_views());
  FS_CHECK(clone->artifacts().CopyFrom(source->artifacts()));
  std::lock_guard lock(mutex_);
  if (closed_.contains(key)) return InvalidClone("TARGET_SESSION_ID_ALREADY_CLOSED", key.session_id);
  if (!sessions_.emplace(key, clone).second) return InvalidClone("TARGET_SESSION_ID_ALREADY_EXISTS", key.session_id);
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
  for (const SessionPtr& session : expired) Close(session->key(), false);
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
