// Reads settings, starts the server, waits for a signal, drains.
#include "main/serve.h"

#include <absl/synchronization/mutex.h>
#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "catalog/file_roots.h"
#include "main/listen_settings.h"
#include "main/properties.h"
#include "main/scheduler_settings.h"
#include "server/server.h"

namespace firesteel::main_program {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kDrainMilliseconds = 30'000;

Status ReadFiles(const ServeFlags& flags, session::ConfigurationMap& out) {
  std::string path = flags.properties_file;
  if (path.empty()) {
    const char* folder = std::getenv("SPARK_CONF_DIR");
    if (folder == nullptr) return {};
    path = (fs::path(folder) / "spark-defaults.conf").string();
    if (!fs::exists(path)) return {};
  }
  FS_TRY(out, ReadProperties(path));
  return {};
}

Status ReadFlags(const ServeFlags& flags, session::ConfigurationMap& out) {
  for (const std::string& pair : flags.configuration) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error::Internal("--conf needs key=value, not '" + pair + "'");
    out[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return {};
}

/// Bad values of known keys are refused at the start, not at their first use.
Status CheckValues(const session::ConfigurationMap& configuration) {
  for (const auto& [key, value] : configuration) FS_CHECK(session::CheckConfigurationValue(key, value));
  return {};
}

/// Settings of our own. A misspelt one must not pass for an unknown key of Spark's.
constexpr std::string_view kOwnKeys[] = {"firesteel.allowRemotePlaintext", "firesteel.files.roots",
                                         "firesteel.maxOperations", "firesteel.session.maxArtifactBytes",
                                         "firesteel.session.maxOperations"};

/// Folders, between commas.
Status LimitFiles(const std::string& setting) {
  std::vector<std::string> folders;
  for (size_t start = 0; start <= setting.size();) {
    const size_t comma = std::min(setting.find(',', start), setting.size());
    std::string folder = PathOf(std::string(TrimControls(std::string_view(setting).substr(start, comma - start))));
    if (!folder.empty()) folders.push_back(std::move(folder));
    start = comma + 1;
  }
  // Who sets it and names nothing does not want that all files can be read.
  if (folders.empty()) return Error::Internal("firesteel.files.roots names no folder");
  return catalog::SetFileRoots(folders);
}

Status CheckOwnKeys(const session::ConfigurationMap& configuration) {
  for (const auto& [key, value] : configuration) {
    if (key.starts_with("firesteel.") && std::find(std::begin(kOwnKeys), std::end(kOwnKeys), key) == std::end(kOwnKeys))
      return Error::Internal("There is no setting " + key);
  }
  return {};
}

Result<int> OperationsMax(const session::ConfigurationMap& configuration, const std::string& key, int default_value) {
  FS_TRY(const int64_t limit,
         session::ParseIntegerSetting(key, SettingOf(configuration, key, std::to_string(default_value))));
  if (limit < 1) return Error::Internal(key + " must be at least 1");
  return static_cast<int>(std::min<int64_t>(limit, 100'000));
}

struct Setup {
  server::ListenOptions listen;
  session::ServerOptions options;
};

Result<Setup> Prepare(const ServeFlags& flags) {
  Setup setup;
  session::ConfigurationMap& configuration = setup.options.configuration;
  FS_CHECK(ReadFiles(flags, configuration));
  FS_CHECK(ReadFlags(flags, configuration));
  FS_CHECK(CheckValues(configuration));
  FS_CHECK(CheckOwnKeys(configuration));
  configuration.try_emplace("spark.master", "local[*]");
  configuration.try_emplace("spark.app.name", "Firesteel");
  std::error_code ignored;
  configuration.try_emplace("spark.sql.warehouse.dir",
                            "file:" + (fs::current_path(ignored) / "spark-warehouse").string());

  FS_TRY(setup.listen, ReadListenSettings(flags, configuration));
  const std::string artifacts = "firesteel.session.maxArtifactBytes";
  FS_TRY(setup.options.artifact_bytes_max,
         session::ParseBytesSetting(artifacts, SettingOf(configuration, artifacts, "16g")));
  FS_TRY(setup.options.session_operations_max,
         OperationsMax(configuration, "firesteel.session.maxOperations", setup.options.session_operations_max));
  FS_TRY(setup.options.operations_max,
         OperationsMax(configuration, "firesteel.maxOperations", setup.options.operations_max));

  if (auto roots = configuration.find("firesteel.files.roots"); roots != configuration.end())
    FS_CHECK(LimitFiles(roots->second));
  FS_TRY(setup.options.threads, ThreadsOf(configuration["spark.master"]));
  FS_CHECK(InstallScheduler(configuration, setup.options.threads));
  if (configuration.contains("spark.driver.memory")) {
    FS_TRY(setup.options.memory_bytes_max,
           session::ParseBytesSetting("spark.driver.memory", configuration["spark.driver.memory"]));
  }
  const char* temporary = std::getenv("TMPDIR");
  std::string folder = SettingOf(configuration, "spark.local.dir", temporary != nullptr ? temporary : "/tmp");
  if (size_t comma = folder.find(','); comma != std::string::npos) folder.resize(comma);
  // Made when a session first needs it; a name of its own, so that servers never share one.
  setup.options.work_folder =
      (fs::path(folder) / ("firesteel-" + std::to_string(::getpid()) + "-" + session::NewUuid())).string();
  return setup;
}

int Fail(const Error& error) {
  const auto message = error.parameters().find("message");
  std::fprintf(stderr, "firesteel: %s\n",
               message != error.parameters().end() ? message->second.c_str() : error.Message().c_str());
  return 1;
}

}  // namespace

int Serve(const ServeFlags& flags) {
  // Debian's Abseil is built to look for deadlocks at each lock of gRPC's, and to end the process when it suspects one.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // The signals are taken by sigwait below: every thread must have them blocked.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  spdlog::set_default_logger(spdlog::stderr_color_mt("firesteel"));
  spdlog::set_level(spdlog::level::from_str(flags.log_level == "warn" ? "warning" : flags.log_level));

  Result<Setup> setup = Prepare(flags);
  if (!setup.ok()) return Fail(setup.error());
  const std::string work_folder = setup->options.work_folder;
  Result<std::unique_ptr<server::Server>> server = server::Server::Start(setup->listen, std::move(setup->options));
  if (!server.ok()) return Fail(server.error());
  std::printf("Firesteel %s (Spark %s) listening on sc://%s\n", FIRESTEEL_VERSION, FIRESTEEL_SPARK_VERSION,
              (*server)->address().c_str());
  std::fflush(stdout);

  int signal_number = 0;
  sigwait(&signals, &signal_number);
  spdlog::info("signal {}: draining", signal_number);
  // A second signal ends the process at once.
  signal(signal_number, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  (*server)->Drain(kDrainMilliseconds);
  server->reset();
  std::error_code ignored;
  fs::remove_all(work_folder, ignored);
  // Threads of libraries may still be around: their destructors are not worth waiting for.
  std::fflush(nullptr);
  std::_Exit(0);
}

}  // namespace firesteel::main_program
