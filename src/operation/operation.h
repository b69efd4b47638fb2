#pragma once
// One execution: started by ExecutePlan, read by one consumer at a time, reattached, interrupted, released. What it runs is in
// execution.h.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "engine/statement_watch.h"
#include "operation/responses.h"
#include "session/session.h"

namespace firesteel::operation {

enum class State { kRunning, kSucceeded, kFailed, kCancelled };

/// Who sends the responses on: one RPC's stream. Called without locks held, from any thread, possibly at once from several.
class Consumer {
 public:
  virtual ~Consumer() = default;
  /// There may be something new to take, or the end.
  virtual void OnNews() = 0;
  /// Another consumer has taken over.
  virtual void OnDisconnected() = 0;
};
using ConsumerPtr = std::shared_ptr<Consumer>;

struct Start {
  std::string operation_id;
  std::set<std::string> tags;
  bool reattachable = false;
  uint64_t plan_digest = 0;    ///< tells a repeated request from another one with the same id
  bool chunk_batches = false;  ///< result_chunking_options: batches may be cut in pieces
  int64_t chunk_bytes = 0;     ///< preferred size of a piece; 0: the server's
};

class Operation : public std::enable_shared_from_this<Operation> {
 public:
  /// `sent_bytes_max`: what is kept of responses that were sent, for clients that come back.
  /// `place` is given back when the producer is done: what counts it among those that run.
  Operation(std::shared_ptr<session::Session> session, Start start, int64_t sent_bytes_max,
            std::shared_ptr<void> place = nullptr);

  const std::string& id() const { return start_.operation_id; }
  const Start& start() const { return start_; }
  session::Session& session() { return *session_; }
  const std::shared_ptr<session::Session>& session_ptr() const { return session_; }
  const ResponseEncoder& encoder() const { return encoder_; }

  // The producer's side.
  /// Waits while the buffer is full. OPERATION_CANCELED when the operation was interrupted meanwhile.
  Status Push(Response response);
  /// Never waits; drops the response if the buffer is full (progress).
  void Offer(Response response);
  void Finish(std::optional<Error> error);
  Status CheckInterrupted() const;
  /// What the execution runs belongs to it, so that Interrupt reaches it.
  const std::shared_ptr<engine::StatementWatch>& watch() const { return watch_; }

  // The consumer's side.
  /// Attaches `consumer`, whose predecessor is told so. INVALID_CURSOR.* when the position is unknown.
  Status Attach(ConsumerPtr consumer, const std::string& last_response_id);
  void Detach(const Consumer* consumer);
  struct Next {
    std::optional<Response> response;
    bool more = false;  ///< another response is there already
    bool end = false;   ///< all is taken and nothing will follow; or, with a response, it is the last
    std::optional<Error> error;
    session::StageTrace trace;  ///< of the error
  };
  /// Nothing in it: come back after OnNews.
  Next Take(const Consumer* consumer);

  /// From any thread. False if it has ended before.
  bool Interrupt();
  Status ReleaseUntil(const std::string& response_id);
  State state() const;
  double Progress() const { return watch_->Progress(); }  ///< negative: unknown
  /// Whether the client is to be told how far it is, now or since spark.connect.progress.reportInterval. True once each interval.
  bool ProgressDue(std::chrono::steady_clock::time_point now);
  /// When nobody has been attached any more; nothing while somebody is.
  std::optional<std::chrono::steady_clock::time_point> detached_since() const;
  std::chrono::steady_clock::time_point started() const { return started_; }

 private:
  void Notify();

  const std::shared_ptr<session::Session> session_;
  const Start start_;
  const ResponseEncoder encoder_;
  const std::shared_ptr<engine::StatementWatch> watch_ = std::make_shared<engine::StatementWatch>();
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();

  mutable std::mutex mutex_;
  std::condition_variable room_;
  ResponseBuffer buffer_;
  std::shared_ptr<void> place_;
  ConsumerPtr consumer_;
  State state_ = State::kRunning;
  bool interrupted_ = false;
  bool finished_ = false;  // the producer is done
  std::optional<Error> error_;
  session::StageTrace trace_;
  std::optional<std::chrono::steady_clock::time_point> detached_since_;
  std::chrono::steady_clock::time_point progress_told_ = started_;
};
using OperationPtr = std::shared_ptr<Operation>;

}  // namespace firesteel::operation
