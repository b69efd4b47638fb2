#pragma once
// The gRPC server: listens, routes every RPC to its file, drains.
#include <memory>
#include <string>

#include "base/result.h"
#include "session/session.h"

namespace firesteel::server {

struct ListenOptions {
  std::string host = "localhost";
  int port = 15002;  ///< 0: any free port
  int64_t message_bytes_max = int64_t{128} << 20;
};

class Server {
 public:
  /// Listens when this returns. The error's text says why it cannot (port in use).
  static Result<std::unique_ptr<Server>> Start(const ListenOptions& listen, session::ServerOptions options);
  virtual ~Server() = default;
  virtual int port() const = 0;
  virtual const std::string& address() const = 0;  ///< "127.0.0.1:15002"
  /// Refuses new work, waits for what runs up to the limit, ends the rest, and returns.
  virtual void Drain(int64_t milliseconds_max) = 0;
};

}  // namespace firesteel::server
