// Checks what belongs together (keys with certificates, tokens with encryption) before the server opens a port.
#include "main/listen_settings.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "main/properties.h"

namespace firesteel::main_program {

namespace {

// The keys follow Spark's other spark.ssl.<namespace>.*; what only a JVM reads (key stores) is not among them.
constexpr std::string_view kTlsPrefix = "spark.ssl.connect.";
constexpr const char* kTlsEnabled = "spark.ssl.connect.enabled";
constexpr const char* kTlsPrivateKey = "spark.ssl.connect.privateKey";
constexpr const char* kTlsCertificates = "spark.ssl.connect.certChain";
constexpr const char* kTlsAuthorities = "spark.ssl.connect.trustStore";
constexpr const char* kTlsClientsToo = "spark.ssl.connect.needClientAuth";
constexpr std::string_view kTlsKeys[] = {kTlsEnabled, kTlsPrivateKey, kTlsCertificates, kTlsAuthorities,
                                         kTlsClientsToo};
constexpr const char* kToken = "spark.connect.authenticate.token";
constexpr const char* kTokenVariable = "SPARK_CONNECT_AUTHENTICATE_TOKEN";

Result<std::string> FileOf(const session::ConfigurationMap& configuration, const std::string& key) {
  const std::string path = SettingOf(configuration, key, "");
  if (path.empty()) return Error::Internal(key + " is needed: the path of a PEM file");
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (!file || text.empty()) return Error::Internal("Cannot read " + key + " (" + path + "): " + std::strerror(errno));
  return text;
}

Result<bool> FlagOf(const session::ConfigurationMap& configuration, const std::string& key) {
  return session::ParseBooleanSetting(key, SettingOf(configuration, key, "false"));
}

Result<server::ListenOptions::Tls> ReadTls(const session::ConfigurationMap& configuration) {
  for (auto it = configuration.lower_bound(std::string(kTlsPrefix));
       it != configuration.end() && it->first.starts_with(kTlsPrefix); ++it) {
    if (std::find(std::begin(kTlsKeys), std::end(kTlsKeys), it->first) == std::end(kTlsKeys))
      return Error::Internal(it->first + " is not supported: keys and certificates are PEM files here");
  }
  server::ListenOptions::Tls tls;
  FS_TRY(bool enabled, FlagOf(configuration, kTlsEnabled));
  if (!enabled) return tls;
  FS_TRY(tls.private_key, FileOf(configuration, kTlsPrivateKey));
  FS_TRY(tls.certificates, FileOf(configuration, kTlsCertificates));
  FS_TRY(tls.clients_must_show_one, FlagOf(configuration, kTlsClientsToo));
  if (tls.clients_must_show_one) {
    FS_TRY(tls.client_authorities, FileOf(configuration, kTlsAuthorities));
  }
  return tls;
}

}  // namespace

Result<server::ListenOptions> ReadListenSettings(const ServeFlags& flags, session::ConfigurationMap& configuration) {
  server::ListenOptions listen;
  listen.host = flags.host.value_or(SettingOf(configuration, "spark.connect.grpc.binding.address", "localhost"));
  const std::string port_key = "spark.connect.grpc.binding.port";
  FS_TRY(int64_t port, session::ParseIntegerSetting(port_key, SettingOf(configuration, port_key, "15002")));
  if (port < 0 || port > 65535) return Error::Internal(port_key + " must be 0 to 65535");
  listen.port = flags.port.value_or(static_cast<int>(port));
  const std::string retries = "spark.connect.grpc.port.maxRetries";
  FS_TRY(int64_t port_retries, session::ParseIntegerSetting(retries, SettingOf(configuration, retries, "0")));
  listen.port_retries = static_cast<int>(std::min<int64_t>(port_retries, 65535));
  const std::string inbound = "spark.connect.grpc.maxInboundMessageSize";
  FS_TRY(listen.message_bytes_max, session::ParseBytesSetting(inbound, SettingOf(configuration, inbound, "128m")));
  const std::string metadata = "spark.connect.grpc.maxMetadataSize";
  FS_TRY(listen.metadata_bytes_max, session::ParseBytesSetting(metadata, SettingOf(configuration, metadata, "64k")));

  const char* variable = std::getenv(kTokenVariable);
  listen.token = SettingOf(configuration, kToken, variable != nullptr ? variable : "");
  configuration.erase(kToken);
  FS_TRY(listen.tls, ReadTls(configuration));
  FS_TRY(listen.allow_remote_plaintext, FlagOf(configuration, "firesteel.allowRemotePlaintext"));
  return listen;
}

}  // namespace firesteel::main_program
