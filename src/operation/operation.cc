// An execution's state under one mutex; responses are pushed to whoever consumes now, and stay for those that come back.
#include "operation/operation.h"

#include <algorithm>

namespace firesteel::operation {

namespace {

Error Canceled() { return Error::Condition("OPERATION_CANCELED").As(ErrorClass::kSpark); }

Error InvalidCursor(std::string_view which, Error::Parameters parameters = {}) {
  return Error::Condition("INVALID_CURSOR." + std::string(which), std::move(parameters)).As(ErrorClass::kSpark);
}

}  // namespace

Operation::Operation(std::shared_ptr<session::Session> session, Start start, int64_t sent_bytes_max,
                     std::shared_ptr<void> place)
    : session_(std::move(session)),
      start_(std::move(start)),
      encoder_(session_->key().session_id, session_->server_side_id(), start_.operation_id),
      buffer_(start_.reattachable ? std::max<int64_t>(sent_bytes_max, 0) : -1),
      place_(std::move(place)) {}

void Operation::Notify() {
  ConsumerPtr consumer;
  {
    std::lock_guard lock(mutex_);
    consumer = consumer_;
  }
  if (consumer != nullptr) consumer->OnNews();
}

// ---------------------------------------------------------------- producer
Status Operation::Push(Response response) {
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return !buffer_.Full() || interrupted_; });
    if (interrupted_) return Canceled();
    buffer_.Add(std::move(response));
  }
  Notify();
  return {};
}

void Operation::Offer(Response response) {
  {
    std::lock_guard lock(mutex_);
    if (buffer_.Full() || interrupted_ || state_ != State::kRunning || consumer_ == nullptr) return;
    buffer_.Add(std::move(response));
  }
  Notify();
}

Status Operation::CheckInterrupted() const {
  std::lock_guard lock(mutex_);
  if (interrupted_) return Canceled();
  return {};
}

void Operation::Finish(std::optional<Error> error) {
  {
    std::lock_guard lock(mutex_);
    if (finished_) return;
    finished_ = true;
    place_.reset();
    session_->Touch();
    if (state_ != State::kRunning) return;  // interrupted: the consumer knows
    state_ = error ? State::kFailed : State::kSucceeded;
    if (error) trace_ = session::TakeTrace(*error);
    error_ = std::move(error);
  }
  Notify();
}

// ---------------------------------------------------------------- consumer
Status Operation::Attach(ConsumerPtr consumer, const std::string& last_response_id) {
  ConsumerPtr before;
  {
    std::lock_guard lock(mutex_);
    int64_t index = 0;
    switch (buffer_.Rewind(last_response_id, &index)) {
      case ResponseBuffer::Found::kYes:
        break;
      case ResponseBuffer::Found::kNotFound:
        return InvalidCursor("POSITION_NOT_FOUND", {{"responseId", last_response_id}});
      case ResponseBuffer::Found::kGone:
        return InvalidCursor("POSITION_NOT_AVAILABLE",
                             {{"responseId", last_response_id}, {"index", std::to_string(index)}});
    }
    before = std::exchange(consumer_, std::move(consumer));
    detached_since_.reset();
  }
  room_.notify_all();
  if (before != nullptr) before->OnDisconnected();
  return {};
}

void Operation::Detach(const Consumer* consumer) {
  ConsumerPtr before;
  std::lock_guard lock(mutex_);
  if (consumer_.get() != consumer) return;
  before = std::move(consumer_);
  consumer_ = nullptr;
  detached_since_ = std::chrono::steady_clock::now();
}

Operation::Next Operation::Take(const Consumer* consumer) {
  Next out;
  {
    std::lock_guard lock(mutex_);
    if (consumer_.get() != consumer) return out;
    if (buffer_.HasNext()) {
      out.response = buffer_.TakeNext();
      out.more = buffer_.HasNext();
    }
    if (state_ != State::kRunning && !buffer_.HasNext()) {
      out.end = true;
      out.error = error_;
      out.trace = trace_;
    }
  }
  if (out.response) room_.notify_one();
  return out;
}

// ---------------------------------------------------------------- control
bool Operation::Interrupt() {
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::kRunning || interrupted_) return false;
    // The client is told at once; what runs notices as soon as it can.
    interrupted_ = true;
    state_ = State::kCancelled;
    error_ = Canceled();
    buffer_.Clear();
  }
  watch_->Interrupt();
  room_.notify_all();
  Notify();
  return true;
}

Status Operation::ReleaseUntil(const std::string& response_id) {
  std::lock_guard lock(mutex_);
  // An id that is not kept any more is released already; an unknown one is not worth an error, as in Spark.
  (void)buffer_.ReleaseUntil(response_id);
  return {};
}

State Operation::state() const {
  std::lock_guard lock(mutex_);
  return state_;
}

bool Operation::ProgressDue(std::chrono::steady_clock::time_point now) {
  const int64_t interval = session_->configuration().Milliseconds("spark.connect.progress.reportInterval");
  std::lock_guard lock(mutex_);
  if (interval <= 0 || now - progress_told_ < std::chrono::milliseconds(interval)) return false;
  progress_told_ = now;
  return true;
}

std::optional<std::chrono::steady_clock::time_point> Operation::detached_since() const {
  std::lock_guard lock(mutex_);
  return detached_since_;
}

}  // namespace firesteel::operation
