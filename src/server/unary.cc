#include "server/unary.h"

#include "base/deep_stack.h"

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
        reply = handler_(service_, request_);
      } catch (const std::exception& bug) {
        reply = ReplyWithError(Error::Internal(bug.what()), nullptr);
      }
      if (!reply.status.ok()) return Finish(reply.status);
      response_ = std::move(reply.bytes);
      StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    });
  }
  void OnDone() override { delete this; }

 private:
  Service& service_;
  const UnaryHandler handler_;
  RpcCount count_;
  grpc::ByteBuffer request_, response_;
};

}  // namespace

grpc::ServerGenericBidiReactor* MakeUnary(Service& service, UnaryHandler handler) {
  return new Unary(service, handler);
}

}  // namespace firesteel::server
