#pragma once
// Where the server listens, who may connect and how: from flags and settings.
#include <string>

#include "base/result.h"
#include "main/serve.h"
#include "server/server.h"
#include "session/configuration.h"

namespace firesteel::main_program {

/// spark.connect.grpc.*, spark.connect.authenticate.token, spark.ssl.connect.*, firesteel.allowRemotePlaintext. The token is taken out
/// of the settings: sessions can read those.
Result<server::ListenOptions> ReadListenSettings(const ServeFlags& flags, session::ConfigurationMap& configuration);

}  // namespace firesteel::main_program
