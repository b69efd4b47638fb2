#pragma once
// The gRPC server: listens, routes every RPC to its file, drains.
#include <memory>
#include <string>

#include "base/result.h"
#include "session/session.h"

namespace firesteel::server {

struct ListenOptions {
  std::string host = "localhost";
  int port = 15002;      ///< 0: any free port
  int port_retries = 0;  ///< a port that is taken: the next one, so many times
  int64_t message_bytes_max = int64_t{128} << 20;
  int64_t metadata_bytes_max = 64 << 10;
  std::string token;                    ///< what clients must show as "authorization: Bearer …"; empty: nothing
  bool allow_remote_plaintext = false;  ///< unencrypted connections from other machines
  /// PEM texts; encrypted if there is a key.
  struct Tls {
    std::string private_key;
    std::string certificates;        ///< the server's chain
    std::string client_authorities;  ///< who may sign clients' certificates
    bool clients_must_show_one = false;
  } tls;
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
