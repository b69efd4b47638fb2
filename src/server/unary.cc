// The reactor of RPCs that answer once; the work is done on a deep stack, not on gRPC's threads.
#include "server/unary.h"

#include "base/deep_stack.h"
#include "engine/statement_watch.h"

namespace firesteel::server {

namespace {

class Unary final : public grpc::ServerGenericBidiReactor {
 public:
  Unary(Service& service, UnaryHandler handler) : service_(service), handler_(handler), count_(service) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::INTERNAL, "Half-closed without a request"));
    PostToDeepStack([this] {
      Reply reply;
      try {
        // Schemas of files may take their time.
        engine::StatementWatch::Scope scope(watch_);
        reply = handler_(service_, request_);
      } catch (const std::exception& bug) {
        reply = ReplyWithError(Error::Internal(bug.what()), nullptr);
      }
      if (!reply.status.ok()) return Finish(reply.status);
      response_ = std::move(reply.bytes);
      StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    });
  }
  void OnCancel() override { watch_->Interrupt(); }
  void OnDone() override { delete this; }

 private:
  Service& service_;
  const UnaryHandler handler_;
  RpcCount count_;
  const std::shared_ptr<engine::StatementWatch> watch_ = std::make_shared<engine::StatementWatch>();
  grpc::ByteBuffer request_, response_;
};

}  // namespace

grpc::ServerGenericBidiReactor* MakeUnary(Service& service, UnaryHandler handler) {
  return new Unary(service, handler);
}

}  // namespace firesteel::server
