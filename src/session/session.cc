// The engine's opening and closing, kept errors within a size, and UUIDs.
#include "session/session.h"

#include <absl/random/random.h>

#include <filesystem>

namespace firesteel::session {

namespace {

constexpr size_t kErrorsKeptMax = 100;
/// … and their texts: an error keeps the whole statement that it points into.
constexpr size_t kErrorBytesKeptMax = 4 << 20;

std::string FolderFor(const ServerOptions& options, const std::string& server_side_id) {
  return (std::filesystem::path(options.work_folder) / server_side_id).string();
}

size_t BytesOf(const Error& error) {
  size_t bytes = 0;
  for (const Error* current = &error; current != nullptr; current = current->cause()) {
    for (const auto& [name, value] : current->parameters()) bytes += name.size() + value.size();
    if (current->origin().FromSql()) bytes += current->origin().sql->text.size();
  }
  return bytes;
}

}  // namespace

std::string NewUuid() {
  static thread_local absl::BitGen random;
  uint64_t high = absl::Uniform<uint64_t>(random);
  uint64_t low = absl::Uniform<uint64_t>(random);
  high = (high & ~0xF000ull) | 0x4000;                  // version 4
  low = (low & ~0xC000000000000000ull) | (1ull << 63);  // variant
  constexpr char kHex[] = "0123456789abcdef";
  std::string out(36, '-');
  int at = 0;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) ++at;
    uint64_t word = i < 16 ? high : low;
    out[at++] = kHex[(word >> (60 - 4 * (i % 16))) & 15];
  }
  return out;
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return false;
    } else if (!std::isxdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
  }
  return true;
}

Session::Session(SessionKey key, std::shared_ptr<const ServerOptions> options,
                 std::shared_ptr<catalog::TempViews> global_temp_views)
    : key_(std::move(key)),
      server_side_id_(NewUuid()),
      options_(std::move(options)),
      folder_(FolderFor(*options_, server_side_id_)),
      created_(std::chrono::system_clock::now()),
      configuration_(options_->configuration),
      global_temp_views_(std::move(global_temp_views)),
      artifacts_((std::filesystem::path(folder_) / "artifacts").string(), options_->artifact_bytes_max) {
  Touch();
}

Session::~Session() {
  engine_.reset();
  std::error_code ignored;  // a folder that cannot be removed is not worth failing for
  std::filesystem::remove_all(folder_, ignored);
}

Result<std::shared_ptr<engine::Engine>> Session::OpenEngine() {
  std::lock_guard lock(mutex_);
  if (engine_ == nullptr) {
    engine::EngineOptions options;
    options.threads = options_->threads;
    options.memory_bytes_max = options_->memory_bytes_max;
    options.spill_folder = (std::filesystem::path(folder_) / "spill").string();
    FS_TRY(std::unique_ptr<engine::Engine> engine, engine::Engine::Open(options));
    engine_ = std::move(engine);
  }
  return engine_;
}

void Session::CloseEngine() {
  std::shared_ptr<engine::Engine> engine;
  {
    std::lock_guard lock(mutex_);
    if (engine_stays_) return;
    engine = std::move(engine_);
    engine_ = nullptr;
  }
}

PipelineState& Session::pipeline_state() {
  std::lock_guard lock(mutex_);
  if (pipeline_state_ == nullptr) pipeline_state_ = MakePipelineState();
  return *pipeline_state_;
}

std::string Session::KeepError(const Error& error, StageTrace trace) {
  std::string id = NewUuid();
  std::lock_guard lock(mutex_);
  errors_.push_back({id, error, std::move(trace), BytesOf(error)});
  error_bytes_ += errors_.back().bytes;
  while (errors_.size() > kErrorsKeptMax || (error_bytes_ > kErrorBytesKeptMax && errors_.size() > 1)) {
    error_bytes_ -= errors_.front().bytes;
    errors_.pop_front();
  }
  return id;
}

std::optional<Session::KeptError> Session::TakeError(const std::string& error_id) {
  std::lock_guard lock(mutex_);
  for (auto it = errors_.begin(); it != errors_.end(); ++it) {
    if (it->id != error_id) continue;
    KeptError kept = std::move(*it);
    error_bytes_ -= kept.bytes;
    errors_.erase(it);
    return kept;
  }
  return std::nullopt;
}

}  // namespace firesteel::session
