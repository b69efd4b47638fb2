#pragma once
// What is at a path and in a folder. Nothing is silently left out: what cannot be looked at is an error, since rows that are
// missing look like an answer.
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace firesteel::catalog {

enum class FileKind {
  kFile,
  kFolder,
  kOther,  ///< a pipe, a device, a socket: to read it may take forever
};

struct FileStatus {
  FileKind kind = FileKind::kFile;
  int64_t bytes = 0;
  dev_t device = 0;
  ino_t number = 0;

  bool IsSameFile(const FileStatus& other) const { return device == other.device && number == other.number; }
};

/// What a path leads to, through links; nothing if it leads nowhere. Errors, as Java's: AccessDeniedException, IOException.
Result<std::optional<FileStatus>> StatusOf(const std::string& path);

/// The names in a folder, sorted; those that are no UTF-8 are not there, as Java cannot name them either. Errors: as above.
Result<std::vector<std::string>> NamesIn(const std::string& folder);

}  // namespace firesteel::catalog
