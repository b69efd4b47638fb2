// gRPC's handler of our calls once more, from its header and instrumented: the atomics that say which callback of a call is the last one,
// after which OnDone comes, are seen then. See library_locks.cc.
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>

#include <thread>

template class grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>;

namespace grpc::internal {

// The library's own counts where nobody sees it. As there, another thread calls OnCancel.
void ServerCallbackCall::CallOnCancel(ServerReactor* reactor) {
  Ref();
  std::thread([this, reactor] {
    reactor->OnCancel();
    MaybeDone();
  }).detach();
}

}  // namespace grpc::internal
