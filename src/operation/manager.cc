// Places of running executions and tombstones; the server calls Maintain, which abandons what nobody reads.
#include "operation/manager.h"

namespace firesteel::operation {

namespace {

Error InvalidHandle(std::string_view which, const std::string& handle) {
  return Error::Condition("INVALID_HANDLE." + std::string(which), {{"handle", handle}}).As(ErrorClass::kSpark);
}

/// Counts until it is given back.
std::shared_ptr<void> Place(std::shared_ptr<session::Session> session, std::shared_ptr<std::atomic<int>> running) {
  session->running_operations.fetch_add(1);
  running->fetch_add(1);
  return {nullptr, [session = std::move(session), running = std::move(running)](void*) {
            session->running_operations.fetch_sub(1);
            running->fetch_sub(1);
          }};
}

}  // namespace

Result<OperationManager::Created> OperationManager::Create(const std::shared_ptr<session::Session>& session,
                                                           Start start) {
  if (start.operation_id.empty()) {
    start.operation_id = session::NewUuid();
  } else if (!session::IsUuid(start.operation_id)) {
    return InvalidHandle("FORMAT", start.operation_id);
  }
  const std::string id = start.operation_id;
  Key key{session->key(), id};
  const uint64_t digest = start.plan_digest;
  std::lock_guard lock(mutex_);
  if (auto found = operations_.find(key); found != operations_.end()) {
    // A client that did not hear the answer asks again; nothing may run twice.
    if (digest != 0 && found->second->start().plan_digest == digest) return Created{found->second, false};
    return InvalidHandle("OPERATION_ALREADY_EXISTS", id);
  }
  if (auto grave = tombstones_.find(key); grave != tombstones_.end()) {
    return InvalidHandle(grave->second.abandoned ? "OPERATION_ABANDONED" : "OPERATION_ALREADY_EXISTS", id);
  }
  if (session->running_operations.load() >= limits_.per_session_max) {
    return Error::Condition("INVALID_HANDLE.TOO_MANY_OPERATIONS",
                            {{"handle", session->key().session_id}, {"limit", std::to_string(limits_.per_session_max)}})
        .As(ErrorClass::kSpark);
  }
  if (running_->load() >= limits_.running_max) {
    return Error::Condition("INVALID_HANDLE.SERVER_BUSY",
                            {{"handle", id}, {"limit", std::to_string(limits_.running_max)}})
        .As(ErrorClass::kSpark);
  }
  auto operation =
      std::make_shared<Operation>(session, std::move(start), limits_.sent_bytes_max, Place(session, running_));
  operations_.emplace(std::move(key), operation);
  return Created{std::move(operation), true};
}

Result<OperationPtr> OperationManager::Get(const session::SessionKey& session, const std::string& operation_id) const {
  std::lock_guard lock(mutex_);
  Key key{session, operation_id};
  auto found = operations_.find(key);
  if (found != operations_.end()) return found->second;
  auto grave = tombstones_.find(key);
  if (grave != tombstones_.end() && grave->second.abandoned) return InvalidHandle("OPERATION_ABANDONED", operation_id);
  return InvalidHandle("OPERATION_NOT_FOUND", operation_id);
}

void OperationManager::Bury(const Key& key, bool abandoned, State state) {
  if (!tombstones_.emplace(key, Tombstone{abandoned, state}).second) return;
  tombstone_order_.push_back(key);
  if (tombstone_order_.size() > limits_.tombstones_max) {
    tombstones_.erase(tombstone_order_.front());
    tombstone_order_.pop_front();
  }
}

bool OperationManager::Remove(const session::SessionKey& session, const std::string& operation_id) {
  OperationPtr operation;
  {
    std::lock_guard lock(mutex_);
    Key key{session, operation_id};
    auto found = operations_.find(key);
    if (found == operations_.end()) return false;
    operation = std::move(found->second);
    operations_.erase(found);
    const State state = operation->state();
    Bury(key, false, state == State::kRunning ? State::kCancelled : state);
  }
  operation->Interrupt();
  return true;
}

void OperationManager::RemoveAll(const session::SessionKey& session) {
  std::vector<OperationPtr> removed;
  {
    std::lock_guard lock(mutex_);
    for (auto it = operations_.lower_bound(Key{session, ""}); it != operations_.end() && it->first.first == session;) {
      removed.push_back(std::move(it->second));
      it = operations_.erase(it);
    }
  }
  for (const OperationPtr& operation : removed) operation->Interrupt();
}

std::vector<std::string> OperationManager::Interrupt(const session::SessionKey& session, Select select,
                                                     const std::string& what) {
  std::vector<OperationPtr> chosen;
  {
    std::lock_guard lock(mutex_);
    for (auto it = operations_.lower_bound(Key{session, ""}); it != operations_.end() && it->first.first == session;
         ++it) {
      const OperationPtr& operation = it->second;
      bool matches = false;
      switch (select) {
        case Select::kAll:
          matches = true;
          break;
        case Select::kTag:
          matches = operation->start().tags.contains(what);
          break;
        case Select::kId:
          matches = operation->id() == what;
          break;
      }
      if (matches) chosen.push_back(operation);
    }
  }
  std::vector<std::string> ids;
  for (const OperationPtr& operation : chosen) {
    if (operation->Interrupt()) ids.push_back(operation->id());
  }
  return ids;
}

std::vector<OperationManager::Status> OperationManager::List(const session::SessionKey& session,
                                                             const std::vector<std::string>& ids) const {
  std::vector<Status> out;
  std::lock_guard lock(mutex_);
  auto add = [&](const std::string& id) {
    Key key{session, id};
    if (auto found = operations_.find(key); found != operations_.end()) {
      out.push_back({id, found->second->state()});
    } else if (auto grave = tombstones_.find(key); grave != tombstones_.end()) {
      out.push_back({id, grave->second.state});
    } else {
      out.push_back({id, std::nullopt});
    }
  };
  for (const std::string& id : ids) add(id);
  if (!ids.empty()) return out;
  for (auto it = operations_.lower_bound(Key{session, ""}); it != operations_.end() && it->first.first == session;
       ++it) {
    out.push_back({it->second->id(), it->second->state()});
  }
  for (auto it = tombstones_.lower_bound(Key{session, ""}); it != tombstones_.end() && it->first.first == session;
       ++it) {
    out.push_back({it->first.second, it->second.state});
  }
  return out;
}

void OperationManager::Maintain() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<OperationPtr> abandoned, running;
  {
    std::lock_guard lock(mutex_);
    for (auto it = operations_.begin(); it != operations_.end();) {
      const OperationPtr& operation = it->second;
      auto since = operation->detached_since();
      const State state = operation->state();
      if (since && now - *since > std::chrono::milliseconds(limits_.detached_milliseconds_max)) {
        Bury(it->first, state == State::kRunning, state == State::kRunning ? State::kCancelled : state);
        abandoned.push_back(std::move(it->second));
        it = operations_.erase(it);
        continue;
      }
      if (state == State::kRunning && operation->ProgressDue(now)) running.push_back(operation);
      ++it;
    }
  }
  for (const OperationPtr& operation : abandoned) operation->Interrupt();
  for (const OperationPtr& operation : running) {
    // Spark counts tasks; the share of the work that is done stands for them, in hundredths.
    const double done = operation->Progress();
    ::spark::connect::ExecutePlanResponse message;
    auto* progress = message.mutable_execution_progress();
    auto* stage = progress->add_stages();
    stage->set_num_tasks(100);
    stage->set_num_completed_tasks(done > 0 ? static_cast<int64_t>(done * 100) : 0);
    progress->set_num_inflight_tasks(1);
    operation->Offer(operation->encoder().Encode(message));
  }
}

size_t OperationManager::running() const {
  std::lock_guard lock(mutex_);
  size_t count = 0;
  for (const auto& [key, operation] : operations_) count += operation->state() == State::kRunning ? 1 : 0;
  return count;
}

void OperationManager::InterruptAll() {
  std::vector<OperationPtr> all;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [key, operation] : operations_) all.push_back(operation);
  }
  for (const OperationPtr& operation : all) operation->Interrupt();
}

}  // namespace firesteel::operation
