// The system's calls behind file_status.h, and their errors in Java's words.
#include "catalog/file_status.h"

#include <simdjson.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/java_exception.h"

namespace firesteel::catalog {
namespace {

Error CannotLookAt(const std::string& path, int number) {
  if (number == EACCES || number == EPERM) {
    return JavaException("java.nio.file.AccessDeniedException,java.nio.file.FileSystemException,java.io.IOException",
                         path + ": Permission denied");
  }
  return JavaException("java.io.IOException", path + ": " + std::generic_category().message(number));
}

}  // namespace

Result<std::optional<FileStatus>> StatusOf(const std::string& path) {
  // The system would read a path up to there.
  if (path.find('\0') != std::string::npos) return std::optional<FileStatus>();
  struct stat found = {};
  if (::stat(path.c_str(), &found) != 0) {
    const int number = errno;
    const bool leads_nowhere = number == ENOENT || number == ENOTDIR || number == ELOOP || number == ENAMETOOLONG;
    if (leads_nowhere) return std::optional<FileStatus>();
    return CannotLookAt(path, number);
  }
  const FileKind kind = S_ISDIR(found.st_mode)   ? FileKind::kFolder
                        : S_ISREG(found.st_mode) ? FileKind::kFile
                                                 : FileKind::kOther;
  return std::make_optional(FileStatus{kind, found.st_size, found.st_dev, found.st_ino});
}

Result<std::vector<std::string>> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  std::filesystem::directory_iterator it(folder, failed);
  for (const std::filesystem::directory_iterator end; !failed && it != end; it.increment(failed)) {
    std::string name = it->path().filename().string();
    if (simdjson::validate_utf8(name)) names.push_back(std::move(name));
  }
  if (failed) return CannotLookAt(folder, failed.value());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace firesteel::catalog
