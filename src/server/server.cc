// The table of RPCs and their way in: credentials, routing, then draining at the end.
#include "server/server.h"

#include <arpa/inet.h>
#include <grpcpp/grpcpp.h>
#include <netdb.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <thread>

#include "server/unary.h"

namespace firesteel::server {

namespace {

struct Route {
  std::string_view method;
  UnaryHandler unary = nullptr;
  grpc::ServerGenericBidiReactor* (*make)(Service&) = nullptr;
};

constexpr Route kRoutes[] = {
    {"/spark.connect.SparkConnectService/ExecutePlan", nullptr, &MakeExecutePlan},
    {"/spark.connect.SparkConnectService/AnalyzePlan", &AnalyzePlan, nullptr},
    {"/spark.connect.SparkConnectService/Config", &Config, nullptr},
    {"/spark.connect.SparkConnectService/AddArtifacts", nullptr, &MakeAddArtifacts},
    {"/spark.connect.SparkConnectService/ArtifactStatus", &ArtifactStatus, nullptr},
    {"/spark.connect.SparkConnectService/Interrupt", &Interrupt, nullptr},
    {"/spark.connect.SparkConnectService/ReattachExecute", nullptr, &MakeReattachExecute},
    {"/spark.connect.SparkConnectService/ReleaseExecute", &ReleaseExecute, nullptr},
    {"/spark.connect.SparkConnectService/ReleaseSession", &ReleaseSession, nullptr},
    {"/spark.connect.SparkConnectService/FetchErrorDetails", &FetchErrorDetails, nullptr},
    {"/spark.connect.SparkConnectService/CloneSession", &CloneSession, nullptr},
    {"/spark.connect.SparkConnectService/GetStatus", &GetStatus, nullptr},
    {"/grpc.health.v1.Health/Check", &HealthCheck, nullptr},
    {"/grpc.health.v1.Health/Watch", nullptr, &MakeHealthWatch},
    {"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", nullptr, &MakeReflection},
    {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", nullptr, &MakeReflection},
};

bool SameSecret(std::string_view a, std::string_view b) {
  // As long for the first wrong letter as for the last.
  unsigned char different = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) different |= static_cast<unsigned char>(a[i] ^ b[i]);
  return different == 0;
}

/// As Spark's PreSharedKeyAuthenticationInterceptor words it.
grpc::Status CheckToken(const grpc::GenericCallbackServerContext& context, const std::string& token) {
  // Probes of orchestrators have no token and learn nothing.
  if (token.empty() || context.method().starts_with("/grpc.health.v1.Health/")) return grpc::Status::OK;
  const auto found = context.client_metadata().find("authorization");
  if (found == context.client_metadata().end())
    return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "No authentication token provided");
  if (SameSecret(std::string_view(found->second.data(), found->second.size()), "Bearer " + token))
    return grpc::Status::OK;
  return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "Invalid authentication token");
}

class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refusal(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

/// Every RPC arrives here as raw bytes: protobuf's own limit on nesting cannot be raised for typed ones.
class Router final : public grpc::CallbackGenericService {
 public:
  explicit Router(Service& service) : service_(service) {}
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    if (grpc::Status allowed = CheckToken(*context, service_.token); !allowed.ok()) return new Refusal(allowed);
    for (const Route& route : kRoutes) {
      if (route.method != context->method()) continue;
      return route.unary != nullptr ? MakeUnary(service_, route.unary) : route.make(service_);
    }
    return new Refusal(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "Method not found: " + context->method()));
  }

 private:
  Service& service_;
};

/// gRPC binds with SO_REUSEPORT where it can and its errors say little: a plain socket is tried first.
Status CheckPortFree(const addrinfo& address, const std::string& name) {
  int probe = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return {};
  const int yes = 1;
  ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const int failed = ::bind(probe, address.ai_addr, address.ai_addrlen) == 0 && ::listen(probe, 1) == 0 ? 0 : errno;
  ::close(probe);
  if (failed == 0) return {};
  return Error::Internal("Cannot listen on " + name + ": " + std::strerror(failed));
}

bool IsLoopback(const sockaddr& address) {
  if (address.sa_family == AF_INET)
    return (ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24) == 127;
  return address.sa_family == AF_INET6 &&
         IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

Result<std::string> Resolve(const ListenOptions& listen) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(listen.host.c_str(), std::to_string(listen.port).c_str(), &hints, &found);
  if (failed != 0) return Error::Internal("Cannot listen on " + listen.host + ": " + gai_strerror(failed));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  // localhost may be both: IPv4 is what clients try that do not try both.
  for (const addrinfo* candidate = found; candidate != nullptr; candidate = candidate->ai_next) {
    if (candidate->ai_family == AF_INET) found = const_cast<addrinfo*>(candidate);
    if (candidate->ai_family == AF_INET) break;
  }
  char text[INET6_ADDRSTRLEN] = "";
  ::getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  std::string host = found->ai_family == AF_INET6 ? "[" + std::string(text) + "]" : text;
  if (listen.tls.private_key.empty() && !listen.allow_remote_plaintext && !IsLoopback(*found->ai_addr)) {
    return Error::Internal(
        "Refusing to listen on " + listen.host +
        " without encryption: other machines could read and change what clients send. Set spark.ssl.connect.enabled "
        "with "
        "spark.ssl.connect.privateKey and spark.ssl.connect.certChain, or firesteel.allowRemotePlaintext=true if the "
        "network is protected otherwise");
  }
  if (listen.port != 0) FS_CHECK(CheckPortFree(*found, listen.host + ":" + std::to_string(listen.port)));
  return host;
}

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const ListenOptions::Tls& tls) {
  if (tls.private_key.empty()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options(tls.clients_must_show_one
                                                ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                                : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  options.pem_key_cert_pairs.push_back({tls.private_key, tls.certificates});
  options.pem_root_certs = tls.client_authorities;
  return grpc::SslServerCredentials(options);
}

class GrpcServer final : public Server {
 public:
  GrpcServer(session::ServerOptions options, std::string token)
      : service_(std::move(options), std::move(token)), router_(service_) {}

  ~GrpcServer() override {
    Drain(0);
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (maintenance_.joinable()) maintenance_.join();
  }

  Status Listen(const ListenOptions& listen) {
    FS_TRY(std::string host, Resolve(listen));
    grpc::ServerBuilder builder;
    builder.AddListeningPort(host + ":" + std::to_string(listen.port), CredentialsOf(listen.tls), &port_);
    builder.RegisterCallbackGenericService(&router_);
    builder.SetMaxReceiveMessageSize(static_cast<int>(std::min<int64_t>(listen.message_bytes_max, INT32_MAX)));
    builder.SetMaxSendMessageSize(-1);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    // Clients ping while they wait: that is no abuse.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE,
                               static_cast<int>(std::min<int64_t>(listen.metadata_bytes_max, INT32_MAX)));
    // A client whose machine is gone says nothing: what it left running is to end all the same.
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0)
      return Error::Internal("Cannot listen on " + host + ":" + std::to_string(listen.port));
    address_ = host + ":" + std::to_string(port_);
    maintenance_ = std::thread([this] { Maintain(); });
    return {};
  }

  int port() const override { return port_; }
  const std::string& address() const override { return address_; }

  void Drain(int64_t milliseconds_max) override {
    if (server_ == nullptr) return;
    service_.draining = true;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds_max);
    while (std::chrono::steady_clock::now() < until &&
           (service_.operations.running() > 0 || service_.rpcs_running.load() > 0)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    service_.operations.InterruptAll();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(500));
    server_->Wait();
    server_.reset();
    for (const session::SessionPtr& session : service_.sessions.CloseAll())
      service_.operations.RemoveAll(session->key());
  }

 private:
  void Maintain() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
      lock.unlock();
      service_.operations.Maintain();
      for (const session::SessionPtr& session : service_.sessions.CloseIdle()) {
        spdlog::info("session {} was idle too long and is closed", session->key().session_id);
        service_.operations.RemoveAll(session->key());
      }
      lock.lock();
    }
  }

  Service service_;
  Router router_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  std::string address_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread maintenance_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(const ListenOptions& listen, session::ServerOptions options) {
  auto server = std::make_unique<GrpcServer>(std::move(options), listen.token);
  ListenOptions attempt = listen;
  for (int retry = 0;; ++retry) {
    Status listening = server->Listen(attempt);
    if (listening.ok()) break;
    if (retry >= listen.port_retries || listen.port == 0 || attempt.port >= 65535) return listening.error();
    ++attempt.port;
  }
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace firesteel::server
