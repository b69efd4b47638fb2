#pragma once
// One client's session: what belongs to it. How plans run in it is in pipeline.h, what runs for its clients in
// operation/.
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "catalog/temp_views.h"
#include "catalog/variables.h"
#include "engine/engine.h"
#include "session/artifacts.h"
#include "session/configuration.h"
#include "session/known_scans.h"
#include "session/stage_trace.h"

namespace firesteel::session {

class PipelineState;  // pipeline.cc's own caches

/// Sessions are (user, session): another user's session of the same id is another session.
struct SessionKey {
  std::string user_id;
  std::string session_id;
  bool operator==(const SessionKey&) const = default;
  bool operator<(const SessionKey& other) const {
    return session_id != other.session_id ? session_id < other.session_id : user_id < other.user_id;
  }
};

/// What the server gives every session; from flags and files (main/).
struct ServerOptions {
  ConfigurationMap configuration;                  ///< --conf and spark-defaults.conf
  int threads = 1;                                 ///< of each engine
  int64_t memory_bytes_max = 0;                    ///< of all engines together; 0: the engine's default
  std::string work_folder;                         ///< spill files and artifacts, in a folder for each session
  int session_operations_max = 200;                ///< running at once: firesteel.session.maxOperations
  int operations_max = 1000;                       ///< of all sessions together: firesteel.maxOperations
  int64_t artifact_bytes_max = int64_t{16} << 30;  ///< of each session: firesteel.session.maxArtifactBytes
};

/// A version 4 UUID.
std::string NewUuid();
/// "00112233-4455-6677-8899-aabbccddeeff", as Java's UUID.fromString takes it.
bool IsUuid(std::string_view text);

class Session {
 public:
  Session(SessionKey key, std::shared_ptr<const ServerOptions> options,
          std::shared_ptr<catalog::TempViews> global_temp_views);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const SessionKey& key() const { return key_; }
  const std::string& server_side_id() const { return server_side_id_; }
  const ServerOptions& options() const { return *options_; }
  Configuration& configuration() { return configuration_; }
  const Configuration& configuration() const { return configuration_; }
  catalog::TempViews& temp_views() { return temp_views_; }
  catalog::TempViews& global_temp_views() { return *global_temp_views_; }
  catalog::Variables& variables() { return variables_; }
  KnownScans& known_scans() { return known_scans_; }
  Artifacts& artifacts() { return artifacts_; }

  /// The session's engine, opened at the first use; whoever holds the pointer keeps it open.
  Result<std::shared_ptr<engine::Engine>> OpenEngine();
  /// Lets an engine go that nobody uses: its memory goes back. Views and settings stay.
  void CloseEngine();
  /// While its kept rows can't be computed again (checkpoints).
  void KeepEngineOpen(bool stays) { engine_stays_ = stays; }

  /// The caches that pipeline.cc keeps with the session; `make` is called once.
  PipelineState& pipeline_state();

  /// Errors that clients may ask for by id (FetchErrorDetails); the oldest are forgotten.
  struct KeptError {
    std::string id;
    Error error;
    StageTrace trace;
    size_t bytes = 0;
  };
  std::string KeepError(const Error& error, StageTrace trace = {});
  std::optional<KeptError> TakeError(const std::string& error_id);

  /// For idle time-outs.
  void Touch() {
    last_used_.store(std::chrono::steady_clock::now().time_since_epoch().count(), std::memory_order_relaxed);
  }
  std::chrono::steady_clock::time_point last_used() const {
    return std::chrono::steady_clock::time_point(
        std::chrono::steady_clock::duration(last_used_.load(std::memory_order_relaxed)));
  }
  std::chrono::system_clock::time_point created() const { return created_; }
  /// Work that runs for the session keeps it from being idle.
  std::atomic<int> running_operations{0};

 private:
  const SessionKey key_;
  const std::string server_side_id_;
  const std::shared_ptr<const ServerOptions> options_;
  const std::string folder_;
  const std::chrono::system_clock::time_point created_;
  std::atomic<int64_t> last_used_{0};
  Configuration configuration_;
  catalog::TempViews temp_views_;
  std::shared_ptr<catalog::TempViews> global_temp_views_;
  catalog::Variables variables_;
  KnownScans known_scans_;
  Artifacts artifacts_;

  std::atomic<bool> engine_stays_{false};

  std::mutex mutex_;  // guards what follows
  std::shared_ptr<engine::Engine> engine_;
  std::shared_ptr<PipelineState> pipeline_state_;
  std::deque<KeptError> errors_;
  size_t error_bytes_ = 0;
};

/// Defined by pipeline.cc.
std::shared_ptr<PipelineState> MakePipelineState();

}  // namespace firesteel::session
