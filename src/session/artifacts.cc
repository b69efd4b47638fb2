// Uploads are written beside their place and moved there when they are whole.
#include "session/artifacts.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace firesteel::session {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kCachePrefix = "cache/";

Error WriteFailed(const std::string& path) {
  return Error::Condition("INTERNAL_ERROR_STORAGE", {{"message", "Cannot write " + path + ": " + std::strerror(errno)}})
      .As(ErrorClass::kSpark);
}

std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  return table;
}

}  // namespace

uint32_t Crc32(uint32_t crc, std::string_view bytes) {
  static const std::array<uint32_t, 256> table = MakeCrcTable();
  crc = ~crc;
  for (unsigned char byte : bytes) crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

Status CheckArtifactName(const std::string& name) {
  const fs::path path(name);
  bool good = !name.empty() && name.size() <= 1024 && !path.is_absolute() && name.find('\0') == std::string::npos &&
              name.back() != '/';
  for (const fs::path& part : path) good = good && part != ".." && part != ".";
  if (good) return {};
  return Error::Condition("INVALID_ARTIFACT_PATH", {{"name", name}}).As(ErrorClass::kRuntime);
}

// ---------------------------------------------------------------- uploads
Artifacts::Upload::Upload(Upload&& other) noexcept
    : owner_(other.owner_),
      name_(std::move(other.name_)),
      path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      bytes_(std::exchange(other.bytes_, 0)) {}

Artifacts::Upload::~Upload() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(path_.c_str());
  std::lock_guard lock(owner_->mutex_);
  owner_->bytes_ -= bytes_;
}

Status Artifacts::Upload::Append(std::string_view bytes) {
  {
    std::lock_guard lock(owner_->mutex_);
    if (owner_->bytes_ + static_cast<int64_t>(bytes.size()) > owner_->bytes_max_) {
      return Error::Condition("CONNECT_INVALID_PLAN.ARTIFACTS_SIZE_LIMIT_EXCEEDED",
                              {{"name", name_}, {"limit", std::to_string(owner_->bytes_max_)}})
          .As(ErrorClass::kConnect);
    }
    owner_->bytes_ += static_cast<int64_t>(bytes.size());
    bytes_ += static_cast<int64_t>(bytes.size());
  }
  while (!bytes.empty()) {
    ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return WriteFailed("artifact " + name_);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

// ---------------------------------------------------------------- the folder
Artifacts::~Artifacts() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Status Artifacts::MakeFolder() {
  std::error_code failed;
  fs::create_directories(folder_, failed);
  if (!failed) return {};
  errno = failed.value();
  return WriteFailed(folder_);
}

std::string Artifacts::PathOf(const std::string& name) const { return (fs::path(folder_) / name).string(); }

Result<Artifacts::Upload> Artifacts::Begin(const std::string& name) {
  FS_CHECK(CheckArtifactName(name));
  FS_CHECK(MakeFolder());
  std::string path;
  {
    std::lock_guard lock(mutex_);
    path = (fs::path(folder_) / (".upload-" + std::to_string(++uploads_begun_))).string();
  }
  int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return WriteFailed(path);
  return Upload(this, name, std::move(path), descriptor);
}

Status Artifacts::Commit(Upload upload) {
  std::lock_guard lock(mutex_);
  if (sizes_.contains(upload.name_)) {
    if (upload.name_.starts_with(kCachePrefix)) return Status{};  // named by its content: nothing to do
    return Error::Condition("ARTIFACT_ALREADY_EXISTS", {{"normalizedRemoteRelativePath", upload.name_}})
        .As(ErrorClass::kRuntime);
  }
  const std::string to = PathOf(upload.name_);
  std::error_code failed;
  fs::create_directories(fs::path(to).parent_path(), failed);
  if (!failed) fs::rename(upload.path_, to, failed);
  if (failed) {
    errno = failed.value();
    return WriteFailed(to);
  }
  sizes_[upload.name_] = upload.bytes_;
  ::close(std::exchange(upload.descriptor_, -1));
  return {};
}

bool Artifacts::Exists(const std::string& name) const {
  std::lock_guard lock(mutex_);
  return sizes_.contains(name);
}

Result<std::string> Artifacts::Cached(const std::string& hash, const std::string& session_id, int64_t bytes_max) const {
  const std::string name = std::string(kCachePrefix) + hash;
  Error missing = Error::Condition("CONNECT_INVALID_PLAN.NOT_FOUND_CACHED_LOCAL_RELATION",
                                   {{"hash", hash}, {"sessionUUID", session_id}})
                      .As(ErrorClass::kConnect);
  size_t size = 0;
  {
    std::lock_guard lock(mutex_);
    auto found = sizes_.find(name);
    if (found == sizes_.end()) return missing;
    size = static_cast<size_t>(found->second);
    if (found->second > bytes_max) {
      return Error::Condition("CONNECT_INVALID_PLAN.LOCAL_RELATION_CHUNK_SIZE_LIMIT_EXCEEDED",
                              {{"limit", std::to_string(bytes_max)}})
          .As(ErrorClass::kConnect);
    }
  }
  std::ifstream file(PathOf(name), std::ios::binary);
  std::string bytes(size, '\0');
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) return missing;
  return bytes;
}

Status Artifacts::CopyFrom(const Artifacts& other) {
  std::map<std::string, int64_t> sizes;
  {
    std::lock_guard lock(other.mutex_);
    sizes = other.sizes_;
  }
  for (const auto& [name, size] : sizes) {
    FS_TRY(Upload upload, Begin(name));
    std::ifstream file(other.PathOf(name), std::ios::binary);
    std::string buffer(1 << 20, '\0');
    while (file) {
      file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
      FS_CHECK(upload.Append(std::string_view(buffer).substr(0, static_cast<size_t>(file.gcount()))));
    }
    FS_CHECK(Commit(std::move(upload)));
  }
  return {};
}

}  // namespace firesteel::session
