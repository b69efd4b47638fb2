// Paths are compared part by part after they are resolved: /data2 does not lie in /data.
#include "catalog/file_roots.h"

#include <algorithm>
#include <filesystem>

namespace firesteel::catalog {
namespace {

namespace fs = std::filesystem;

/// Written before the server listens, only read afterwards.
std::vector<fs::path>& Roots() {
  static auto& roots = *new std::vector<fs::path>;
  return roots;
}

bool IsWithin(const fs::path& path, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

}  // namespace

Status SetFileRoots(const std::vector<std::string>& folders) {
  std::vector<fs::path> roots;
  for (const std::string& folder : folders) {
    std::error_code failed;
    fs::path root = fs::canonical(folder, failed);
    if (failed || !fs::is_directory(root, failed))
      return Error::Internal("firesteel.files.roots: " + folder + " is not a folder that can be read");
    roots.push_back(std::move(root));
  }
  Roots() = std::move(roots);
  return {};
}

bool FilesAreLimited() { return !Roots().empty(); }

Status CheckFileAllowed(const std::string& local_path) {
  if (!FilesAreLimited()) return {};
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(local_path, failed);
  // A link that leads nowhere yet could be written through.
  std::error_code ignored;
  const bool dangling = fs::is_symlink(fs::symlink_status(local_path, ignored)) && !fs::exists(local_path, ignored);
  if (!failed && !dangling && std::ranges::any_of(Roots(), [&](const auto& root) { return IsWithin(real, root); }))
    return {};
  return Error::Condition("UNSUPPORTED_FEATURE.PATH_NOT_ALLOWED", {{"path", "file:" + local_path}});
}

}  // namespace firesteel::catalog
