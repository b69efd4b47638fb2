// ExecutePlan and ReattachExecute: both end in a stream that sends an operation's responses on.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <chrono>

#include "base/deep_stack.h"
#include "operation/execution.h"
#include "server/status.h"
#include "server/unary.h"

namespace firesteel::server {

namespace {

using operation::OperationPtr;

/// Sends what an operation has, one write after the other; whoever brings news or ends a write sends the next.
class ResponseStream final : public grpc::ServerGenericBidiReactor {
 public:
  enum class Kind { kExecute, kReattach };

  ResponseStream(Service& service, Kind kind) : service_(service), kind_(kind), count_(service) {
    link_ = std::make_shared<Link>(this);
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return FinishOnce(grpc::Status(grpc::StatusCode::INTERNAL, "Half-closed without a request"));
    // The stream may be gone before the work is: what runs holds the link and the operation, never the stream.
    PostToDeepStack([&service = service_, kind = kind_, link = link_, request = request_] {
      if (kind == Kind::kExecute) {
        Execute(service, link, request);
      } else {
        Reattach(service, link, request);
      }
    });
    request_.Clear();
  }

  void OnWriteDone(bool ok) override {
    {
      std::lock_guard lock(mutex_);
      writing_ = false;
      if (!ok) broken_ = true;
    }
    Pump();
  }

  void OnCancel() override {
    {
      std::lock_guard lock(mutex_);
      broken_ = true;
    }
    Pump();
  }

  void OnDone() override {
    link_->Cut();
    if (operation_ != nullptr) {
      operation_->Detach(link_.get());
      if (!operation_->start().reattachable) {
        // Nobody can come back for it.
        service_.operations.Remove(operation_->session().key(), operation_->id());
      }
    }
    delete this;
  }

 private:
  /// Stands between the operation and the stream, which may end at any time.
  class Link final : public operation::Consumer {
   public:
    explicit Link(ResponseStream* stream) : stream_(stream) {}
    void OnNews() override {
      std::lock_guard lock(mutex_);
      if (stream_ != nullptr) stream_->Pump();
    }
    void OnDisconnected() override {
      std::lock_guard lock(mutex_);
      if (stream_ == nullptr) return;
      stream_->FinishOnce(StatusOf(Error::Condition("INVALID_CURSOR.DISCONNECTED").As(ErrorClass::kSpark), nullptr));
    }
    void Fail(const Error& error, session::Session* session) {
      grpc::Status status = StatusOf(error, session);
      std::lock_guard lock(mutex_);
      if (stream_ != nullptr) stream_->FinishOnce(status);
    }
    /// False if the stream is gone.
    bool SetOperation(const OperationPtr& operation) {
      std::lock_guard lock(mutex_);
      if (stream_ == nullptr) return false;
      std::lock_guard stream_lock(stream_->mutex_);
      stream_->operation_ = operation;
      return true;
    }
    void Cut() {
      std::lock_guard lock(mutex_);
      stream_ = nullptr;
    }
    bool IsCut() {
      std::lock_guard lock(mutex_);
      return stream_ == nullptr;
    }

   private:
    std::recursive_mutex mutex_;  // a write may end inside StartWrite's caller
    ResponseStream* stream_;
  };
  using LinkPtr = std::shared_ptr<Link>;

  /// Equal for equal plans. Not zero.
  static uint64_t DigestOf(const connect::Plan& plan) {
    std::string bytes;
    {
      google::protobuf::io::StringOutputStream stream(&bytes);
      google::protobuf::io::CodedOutputStream out(&stream);
      out.SetSerializationDeterministic(true);
      plan.SerializePartialToCodedStream(&out);
    }
    return std::hash<std::string>()(bytes) | 1;
  }

  static operation::Start StartOf(const connect::ExecutePlanRequest& request, bool reattachable) {
    operation::Start start;
    start.operation_id = request.operation_id();
    if (!start.operation_id.empty()) start.plan_digest = DigestOf(request.plan());
    start.tags = {request.tags().begin(), request.tags().end()};
    for (const auto& option : request.request_options()) {
      switch (option.request_option_case()) {
        case connect::ExecutePlanRequest::RequestOption::kReattachOptions:
          start.reattachable = reattachable && option.reattach_options().reattachable();
          break;
        case connect::ExecutePlanRequest::RequestOption::kResultChunkingOptions:
          start.chunk_batches = option.result_chunking_options().allow_arrow_batch_chunking();
          start.chunk_bytes = option.result_chunking_options().preferred_arrow_chunk_size();
          break;
        case connect::ExecutePlanRequest::RequestOption::kExtension:
        case connect::ExecutePlanRequest::RequestOption::REQUEST_OPTION_NOT_SET:
          break;
      }
    }
    return start;
  }

  static void Execute(Service& service, const LinkPtr& link, const grpc::ByteBuffer& bytes) {
    google::protobuf::Arena arena;
    auto& request = *google::protobuf::Arena::CreateMessage<connect::ExecutePlanRequest>(&arena);
    if (Status parsed = Parse(bytes, service, request); !parsed.ok()) return link->Fail(parsed.error(), nullptr);
    Result<session::SessionPtr> session = SessionOf(service, request);
    if (!session.ok()) return link->Fail(session.error(), nullptr);
    Result<proto::Plan> plan = proto::PlanFromProto(request.plan(), service.plan_limits);
    if (!plan.ok()) return link->Fail(plan.error(), session->get());
    auto created = service.operations.Create(*session, StartOf(request, service.reattachable));
    if (!created.ok()) return link->Fail(created.error(), session->get());
    const OperationPtr operation = created->operation;
    if (!created->is_new) return AttachAgain(link, operation, "");
    if (Status attached = operation->Attach(link, ""); !attached.ok())
      return link->Fail(attached.error(), session->get());
    if (!link->SetOperation(operation)) {
      // The client went away before anything ran. It may come back for what can be reattached to: gone, it could not ask again,
      // since an id is good for one operation.
      operation->Detach(link.get());
      if (!operation->start().reattachable) {
        service.operations.Remove((*session)->key(), operation->id());
        operation->Finish(std::nullopt);
        return;
      }
    }
    arena.Reset();
    operation::Run(operation, *plan);
  }

  static void AttachAgain(const LinkPtr& link, const OperationPtr& operation, const std::string& last_response_id) {
    session::Session* session = &operation->session();
    if (!operation->start().reattachable) {
      return link->Fail(Error::Condition("INVALID_CURSOR.NOT_REATTACHABLE").As(ErrorClass::kSpark), session);
    }
    if (!link->SetOperation(operation)) return;
    if (Status attached = operation->Attach(link, last_response_id); !attached.ok())
      return link->Fail(attached.error(), session);
    link->OnNews();
    // A stream that ended meanwhile has let go of the operation before it held it.
    if (link->IsCut()) operation->Detach(link.get());
  }

  static void Reattach(Service& service, const LinkPtr& link, const grpc::ByteBuffer& bytes) {
    connect::ReattachExecuteRequest request;
    if (Status parsed = Parse(bytes, service, request); !parsed.ok()) return link->Fail(parsed.error(), nullptr);
    Result<session::SessionPtr> session =
        service.sessions.Get(KeyOf(request), request.client_observed_server_side_session_id());
    if (!session.ok()) return link->Fail(session.error(), nullptr);
    Result<OperationPtr> operation = service.operations.Get((*session)->key(), request.operation_id());
    if (!operation.ok()) return link->Fail(operation.error(), session->get());
    AttachAgain(link, *operation, request.last_response_id());
  }

  /// Starts the next write, or ends the stream. At most one write is under way.
  void Pump() {
    std::unique_lock lock(mutex_);
    if (writing_ || finished_) return;
    if (ends_with_) {
      const grpc::Status status = *ends_with_;
      lock.unlock();
      return FinishOnce(status);
    }
    if (broken_) {
      lock.unlock();
      return FinishOnce(grpc::Status::CANCELLED);
    }
    if (operation_ == nullptr) return;
    const bool reattachable = operation_->start().reattachable;
    if (reattachable && Expired()) {
      lock.unlock();
      return FinishOnce(grpc::Status::OK);  // without ResultComplete: the client comes back
    }
    operation::Operation::Next next = operation_->Take(link_.get());
    if (!next.response) {
      if (!next.end) return;
      lock.unlock();
      return FinishOnce(next.error ? StatusOf(*next.error, &operation_->session(), std::move(next.trace))
                                   : grpc::Status::OK);
    }
    response_ = std::move(next.response->bytes);
    const bool first = bytes_sent_ == 0;
    bytes_sent_ += next.response->size;
    writing_ = true;
    if (next.end && !next.error) {
      finished_ = true;
      lock.unlock();
      return StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    }
    grpc::WriteOptions options;
    // Goes out with the one that follows. Not the first, which takes the headers along: gRPC calls it done when those are written, and
    // with the hint nothing would write them before something else uses the connection.
    if (next.more && !first) options.set_buffer_hint();
    lock.unlock();
    StartWrite(&response_, options);
  }

  bool Expired() const {
    const auto age = std::chrono::steady_clock::now() - started_;
    return bytes_sent_ > 0 && ((service_.stream_milliseconds_max > 0 &&
                                age > std::chrono::milliseconds(service_.stream_milliseconds_max)) ||
                               (service_.stream_bytes_max > 0 && bytes_sent_ > service_.stream_bytes_max));
  }

  /// gRPC ends the process when a stream is finished twice, or when a write starts after that: while one is under way (or about to
  /// be, on another thread) the end waits for it.
  void FinishOnce(const grpc::Status& status) {
    {
      std::lock_guard lock(mutex_);
      if (finished_) return;
      if (writing_) {
        if (!ends_with_) ends_with_ = status;
        return;
      }
      finished_ = true;
    }
    Finish(status);
  }

  Service& service_;
  const Kind kind_;
  RpcCount count_;
  LinkPtr link_;
  grpc::ByteBuffer request_, response_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();

  std::mutex mutex_;
  OperationPtr operation_;
  bool writing_ = false;
  bool finished_ = false;
  bool broken_ = false;
  std::optional<grpc::Status> ends_with_;  // once the write under way is done
  int64_t bytes_sent_ = 0;
};

}  // namespace

grpc::ServerGenericBidiReactor* MakeExecutePlan(Service& service) {
  return new ResponseStream(service, ResponseStream::Kind::kExecute);
}

grpc::ServerGenericBidiReactor* MakeReattachExecute(Service& service) {
  return new ResponseStream(service, ResponseStream::Kind::kReattach);
}

}  // namespace firesteel::server
