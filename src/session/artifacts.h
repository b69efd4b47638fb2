#pragma once
// What clients upload: files of one session in a folder of its own, removed with the session. Cached local relations
// are the artifacts called "cache/<sha256 of the content>".
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace firesteel::session {

/// CRC32 as zlib and Java compute it, continued from `crc` (0 at the start).
uint32_t Crc32(uint32_t crc, std::string_view bytes);

/// INVALID_ARTIFACT_PATH unless the name is a relative path that stays below its folder.
Status CheckArtifactName(const std::string& name);

/// Thread safe.
class Artifacts {
 public:
  /// `folder` is made at the first upload.
  Artifacts(std::string folder, int64_t bytes_max) : folder_(std::move(folder)), bytes_max_(bytes_max) {}
  ~Artifacts();
  Artifacts(const Artifacts&) = delete;
  Artifacts& operator=(const Artifacts&) = delete;

  /// A file of the session that is being received; moved to its place by Commit.
  class Upload {
   public:
    Upload(Upload&& other) noexcept;
    Upload& operator=(Upload&&) = delete;
    ~Upload();  ///< removes what was not committed
    Status Append(std::string_view bytes);

   private:
    friend class Artifacts;
    Upload(Artifacts* owner, std::string name, std::string path, int descriptor)
        : owner_(owner), name_(std::move(name)), path_(std::move(path)), descriptor_(descriptor) {}
    Artifacts* owner_;
    std::string name_, path_;
    int descriptor_;
    int64_t bytes_ = 0;
  };
  Result<Upload> Begin(const std::string& name);
  /// ARTIFACT_ALREADY_EXISTS if a file other than a cached relation has the name and other content.
  Status Commit(Upload upload);

  bool Exists(const std::string& name) const;
  /// The bytes of `cache/<hash>`. CONNECT_INVALID_PLAN.NOT_FOUND_CACHED_LOCAL_RELATION, .LOCAL_RELATION_CHUNK_SIZE_LIMIT_EXCEEDED.
  Result<std::string> Cached(const std::string& hash, const std::string& session_id,
                             int64_t bytes_max = INT64_MAX) const;
  /// Where an artifact's file is.
  std::string PathOf(const std::string& name) const;
  Status CopyFrom(const Artifacts& other);  ///< CloneSession

 private:
  Status MakeFolder();
  const std::string folder_;
  const int64_t bytes_max_;
  mutable std::mutex mutex_;
  std::map<std::string, int64_t> sizes_;  // by name
  int64_t bytes_ = 0;                     // of committed files and of uploads in progress
  int64_t uploads_begun_ = 0;
};

}  // namespace firesteel::session
