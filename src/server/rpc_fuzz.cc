// libFuzzer's entry: any bytes to any of the 12 RPCs must be answered, or refused with an error. The first byte says which RPC (the order
// is that of tests/fuzz/seeds.py). Calls with one answer go to their handlers; the streams (ExecutePlan, ReattachExecute, AddArtifacts) to
// a server of this process, over a connection. No plan is run: the server takes no operations. See ./dev fuzz.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "base/deep_stack.h"
#include "server/server.h"
#include "server/unary.h"

namespace firesteel::server {
namespace {

constexpr int64_t kCallSecondsMax = 30;
constexpr int kCallsBetweenCleanings = 500;  // CloneSession makes sessions without end

struct Rpc {
  const char* method;
  UnaryHandler unary;
};
constexpr Rpc kRpcs[] = {
    {"ExecutePlan", nullptr},
    {"AnalyzePlan", &AnalyzePlan},
    {"Config", &Config},
    {"AddArtifacts", nullptr},
    {"ArtifactStatus", &ArtifactStatus},
    {"Interrupt", &Interrupt},
    {"ReattachExecute", nullptr},
    {"ReleaseExecute", &ReleaseExecute},
    {"ReleaseSession", &ReleaseSession},
    {"FetchErrorDetails", &FetchErrorDetails},
    {"CloneSession", &CloneSession},
    {"GetStatus", &GetStatus},
};

session::ServerOptions Options() {
  session::ServerOptions options;
  // A session that was released may come back: the seeds name only one.
  options.configuration["spark.connect.session.manager.closedSessionsTombstonesSize"] = "0";
  options.session_operations_max = 0;
  options.artifact_bytes_max = 1 << 20;
  options.work_folder =
      (std::filesystem::temp_directory_path() / ("firesteel-rpc-fuzz-" + std::to_string(getpid()))).string();
  return options;
}

class Target {
 public:
  Target() : options_(Options()), service_(options_, "") {
    auto started = Server::Start({.host = "127.0.0.1", .port = 0}, options_);
    if (!started.ok()) {
      std::fprintf(stderr, "%s\n", started.error().Message().c_str());
      std::abort();
    }
    server_ = std::move(*started);
    stub_ = std::make_unique<grpc::GenericStub>(
        grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
  }
  ~Target() {
    server_->Drain(0);
    server_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(options_.work_folder, ignored);
  }

  void Call(const Rpc& rpc, const grpc::ByteBuffer& request) {
    if (rpc.unary == nullptr) return Stream(rpc.method, request);
    RunOnDeepStack([&] { (void)rpc.unary(service_, request); });
    if (++calls_ % kCallsBetweenCleanings == 0) service_.sessions.CloseAll();
  }

 private:
  void Await(grpc::CompletionQueue& queue) {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    good_ = ok;
  }

  void Stream(const char* method, const grpc::ByteBuffer& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(kCallSecondsMax));
    grpc::CompletionQueue queue;
    auto call = stub_->PrepareCall(&context, "/spark.connect.SparkConnectService/" + std::string(method), &queue);
    call->StartCall(this);
    Await(queue);
    if (good_) {
      call->Write(request, grpc::WriteOptions().set_last_message(), this);
      Await(queue);
    }
    grpc::ByteBuffer answer;
    for (good_ = true; good_;) {
      call->Read(&answer, this);
      Await(queue);
    }
    grpc::Status status;
    call->Finish(&status, this);
    Await(queue);
    queue.Shutdown();
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
        status.error_code() == grpc::StatusCode::UNAVAILABLE) {
      std::fprintf(stderr, "%s: %s\n", method, status.error_message().c_str());
      std::abort();  // nobody answered
    }
  }

  const session::ServerOptions options_;
  Service service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<grpc::GenericStub> stub_;
  bool good_ = false;
  int calls_ = 0;
};

}  // namespace
}  // namespace firesteel::server

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace firesteel::server;  // NOLINT: the entry stands outside
  static Target target;
  if (size == 0) return 0;
  const grpc::Slice slice(data + 1, size - 1);
  target.Call(kRpcs[data[0] % std::size(kRpcs)], grpc::ByteBuffer(&slice, 1));
  return 0;
}
