#pragma once
// Where users' files may be (firesteel.files.roots): every path that a query reads or writes is checked here, after `..` and
// symbolic links are resolved. The server's own files (spill, artifacts) are none of users' and not checked.
#include <string>
#include <vector>

#include "base/result.h"

namespace firesteel::catalog {

/// Once, before any query runs. Each must be a folder that exists; without any, files may be anywhere.
Status SetFileRoots(const std::vector<std::string>& folders);
bool FilesAreLimited();

/// UNSUPPORTED_FEATURE.PATH_NOT_ALLOWED unless `local_path` (absolute; it need not exist) lies in one of the roots. Says
/// nothing about whether it exists.
Status CheckFileAllowed(const std::string& local_path);

}  // namespace firesteel::catalog
