// Files behind paths. Sources: Spark's HadoopFSUtils (hidden files), DataSource.checkAndGlobPath, PartitioningAwareFileIndex.
#include "catalog/file_listing.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <set>

#include "base/java_exception.h"
#include "base/text.h"
#include "catalog/file_roots.h"
#include "catalog/file_status.h"
#include "catalog/partition_folders.h"
#include "catalog/path_pattern.h"

namespace firesteel::catalog {
namespace {

namespace fs = std::filesystem;

bool IsHidden(std::string_view name) {
  const bool exclude = (name.starts_with("_") && name.find('=') == std::string_view::npos) || name.starts_with(".") ||
                       name.ends_with("._COPYING_");
  return exclude || name.starts_with("_common_metadata") || name.starts_with("_metadata");
}

std::string In(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + '/' + name;
}

std::string NameOf(const std::string& path) { return fs::path(path).filename().string(); }
std::string FolderOf(const std::string& path) { return fs::path(path).parent_path().string(); }

struct Root {
  std::string path;
  FileStatus status;
};

// What matches a pattern; only parts that are patterns need their folder to be listed.
Status Expand(const std::string& pattern, std::vector<Root>& found) {
  std::vector<Root> current = {{"/", {.kind = FileKind::kFolder}}};
  for (const fs::path& part : fs::path(pattern).relative_path()) {
    const std::string name = part.string();
    if (name.empty() || name == ".") continue;
    std::vector<Root> next;
    for (const Root& folder : current) {
      if (folder.status.kind != FileKind::kFolder) continue;
      std::vector<std::string> names = {UnescapePattern(name)};
      if (name.find_first_of("*?[") != std::string::npos) {
        FS_TRY(names, NamesIn(folder.path));
        std::erase_if(names, [&](const std::string& one) { return !Matches(name, one); });
      }
      for (const std::string& one : names) {
        std::string path = In(folder.path, one);
        FS_TRY(std::optional<FileStatus> status, StatusOf(path));
        if (status) next.push_back({std::move(path), *status});
      }
    }
    current = std::move(next);
  }
  std::move(current.begin(), current.end(), std::back_inserter(found));
  return {};
}

// The data files of roots. Partitions are looked for in folders of folders; without any only what is in the roots is read.
struct Listing {
  std::vector<ListedFile> everywhere;  // each once, sorted
  std::vector<ListedFile> in_roots;    // as often as they are named
};

// `above`: the folders that `folder` is in; null in_roots for those that are no root.
Status ListFolder(const Root& folder, std::vector<FileStatus> above, std::vector<ListedFile>* in_roots,
                  std::vector<ListedFile>& everywhere) {
  // A link to a folder above would be followed for ever.
  if (std::any_of(above.begin(), above.end(), [&](const auto& one) { return one.IsSameFile(folder.status); }))
    return {};
  above.push_back(folder.status);
  FS_TRY(std::vector<std::string> names, NamesIn(folder.path));
  for (const std::string& name : names) {
    if (IsHidden(name)) continue;
    const std::string path = In(folder.path, name);
    // What is in an allowed folder is allowed, unless it leads out of it.
    std::error_code ignored;
    if (FilesAreLimited() && fs::is_symlink(path, ignored)) FS_CHECK(CheckFileAllowed(path));
    FS_TRY(std::optional<FileStatus> status, StatusOf(path));
    if (!status) continue;
    if (status->kind == FileKind::kFolder) FS_CHECK(ListFolder({path, *status}, above, nullptr, everywhere));
    if (status->kind != FileKind::kFile) continue;
    everywhere.push_back({path, status->bytes});
    if (in_roots != nullptr) in_roots->push_back(everywhere.back());
  }
  return {};
}

Result<Listing> List(const std::vector<Root>& roots) {
  Listing listing;
  for (const Root& root : roots) {
    if (root.status.kind == FileKind::kFolder) {
      FS_CHECK(ListFolder(root, {}, &listing.in_roots, listing.everywhere));
    } else if (root.status.kind == FileKind::kFile && !IsHidden(NameOf(root.path))) {
      listing.in_roots.push_back({root.path, root.status.bytes});
      listing.everywhere.push_back(listing.in_roots.back());
    }
  }
  auto& files = listing.everywhere;
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  files.erase(std::unique(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path == b.path; }),
              files.end());
  return listing;
}

// The folder that every match of a pattern is in; the path itself if it is none.
std::string FixedPart(const std::string& path) {
  fs::path fixed;
  for (const fs::path& part : fs::path(path)) {
    if (IsPattern(part.string())) return fixed.string();
    fixed /= part;
  }
  return path;
}

// Refuses patterns before anything is looked up, so that errors do not tell what exists elsewhere.
Status CheckPatternAllowed(const std::string& pattern) {
  if (!FilesAreLimited()) return {};
  for (const fs::path& part : fs::path(pattern)) {
    if (part == "..") return CheckFileAllowed("/");
  }
  return CheckFileAllowed(FixedPart(pattern));
}

Result<bool> IsRecursive(const std::map<std::string, std::string>& options) {
  auto found = options.find("recursivefilelookup");
  if (found == options.end() || EqualsIgnoreCase(found->second, "false")) return false;
  if (EqualsIgnoreCase(found->second, "true")) return true;
  return JavaException(kIllegalArgumentClasses, "For input string: " + InDoubleQuotes(found->second));
}

Status ApplyGlobFilter(const std::map<std::string, std::string>& options, std::vector<ListedFile>& files) {
  auto found = options.find("pathglobfilter");
  if (found == options.end() || found->second.empty()) return {};
  FS_TRY(std::vector<std::string> filters, ExpandBraces(found->second));
  std::erase_if(files, [&](const ListedFile& file) {
    const std::string name = NameOf(file.path);
    return std::none_of(filters.begin(), filters.end(), [&](const std::string& one) { return Matches(one, name); });
  });
  return {};
}

Result<std::vector<Root>> RootsOf(const std::vector<std::string>& paths) {
  std::vector<Root> roots;
  for (const std::string& path : paths) {
    FS_TRY(std::string local, LocalPath(path));
    std::vector<Root> found;
    if (IsPattern(local)) {
      FS_TRY(std::vector<std::string> patterns, ExpandBraces(local));
      for (const std::string& pattern : patterns) {
        FS_CHECK(CheckPatternAllowed(pattern));
        FS_CHECK(Expand(pattern, found));
      }
    } else if (auto status = StatusOf(local); status.ok() && *status) {
      // Spark says of what it may not look at that there is none.
      found.push_back({local, **status});
      if (found[0].status.kind == FileKind::kOther) {
        return Error::Condition("FAILED_READ_FILE.NO_HINT", {{"path", FileUri(local)}})
            .As(ErrorClass::kSpark)
            .CausedBy(Error::Internal(local + " is neither a file nor a folder"));
      }
    }
    if (found.empty()) return Error::Condition("PATH_NOT_FOUND", {{"path", QualifiedPath(local)}});
    for (Root& root : found) {
      FS_CHECK(CheckFileAllowed(root.path));
      roots.push_back(std::move(root));
    }
  }
  return roots;
}

// The folders whose names, and those of the folders above, are no partitions.
Result<std::set<std::string>> BasePaths(const std::vector<Root>& roots,
                                        const std::map<std::string, std::string>& options) {
  auto given = options.find("basepath");
  if (given == options.end()) {
    std::set<std::string> bases;
    for (const Root& root : roots)
      bases.insert(root.status.kind == FileKind::kFolder ? root.path : FolderOf(root.path));
    return bases;
  }
  FS_TRY(std::string base, LocalPath(given->second));
  FS_TRY(std::optional<FileStatus> status, StatusOf(base));
  if (!status) return JavaException(kIllegalArgumentClasses, "Option 'basePath' not found");
  if (status->kind != FileKind::kFolder)
    return JavaException(kIllegalArgumentClasses, "Option 'basePath' must be a directory");
  for (const Root& root : roots) {
    if (root.path.starts_with(base)) continue;
    return JavaException(kIllegalArgumentClasses,
                         "Wrong basePath " + given->second + " for the root path: " + QualifiedPath(root.path));
  }
  return std::set<std::string>{base};
}

}  // namespace

Result<std::string> LocalPath(const std::string& path) {
  std::string local = path;
  const size_t colon = path.find(':');
  const size_t slash = path.find('/');
  if (colon != std::string::npos && colon > 0 && (slash == std::string::npos || colon < slash)) {
    if (path.compare(0, 5, "file:") != 0) {
      return Error::Unsupported("the file system of " + path.substr(0, colon + 1) + "//");
    }
    local = path.substr(5);
    if (local.starts_with("//")) {
      if (!local.starts_with("///"))
        return JavaException(kIllegalArgumentClasses, "Wrong FS: " + path + ", expected: file:///");
      local = local.substr(2);
    }
  }
  if (local.empty()) return JavaException(kIllegalArgumentClasses, "Can not create a Path from an empty string");
  std::error_code failed;
  fs::path absolute = fs::absolute(local, failed).lexically_normal();
  std::string text = absolute.string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  FS_CHECK(CheckFileAllowed(FixedPart(text)));
  return text;
}

std::string QualifiedPath(const std::string& local_path) { return "file:" + local_path; }

Result<FileList> ListFiles(const std::vector<std::string>& paths, const std::map<std::string, std::string>& options,
                           const std::optional<DataType>& user_schema, const Settings& settings,
                           bool infer_partition_types) {
  for (const char* unsupported : {"modifiedbefore", "modifiedafter"}) {
    if (options.contains(unsupported)) return Error::Unsupported(std::string("the option ") + unsupported);
  }
  FS_TRY(const bool recursive, IsRecursive(options));
  FS_TRY(std::vector<Root> roots, RootsOf(paths));
  FS_TRY(Listing listing, List(roots));
  Partitions partitions;
  if (!recursive) {
    FS_TRY(std::set<std::string> base_paths, BasePaths(roots, options));
    std::vector<std::string> folders;  // sorted neighbours are the same
    for (const ListedFile& file : listing.everywhere) {
      std::string folder = FolderOf(file.path);
      if (folders.empty() || folders.back() != folder) folders.push_back(std::move(folder));
    }
    FS_TRY(partitions, FindPartitions({base_paths, user_schema, settings, infer_partition_types}, folders));
  }
  const bool partitioned = !partitions.values.empty();
  FileList list;
  for (const Root& root : roots) list.root_paths.push_back(QualifiedPath(root.path));
  list.listed = recursive || partitioned ? std::move(listing.everywhere) : std::move(listing.in_roots);
  FS_CHECK(ApplyGlobFilter(options, list.listed));
  for (const ListedFile& file : list.listed) {
    // Nor are there rows in what has no size: files of /proc among them, some of which wait when they are read.
    if (file.bytes == 0) continue;
    if (partitioned) {
      auto values = partitions.values.find(FolderOf(file.path));
      if (values == partitions.values.end()) continue;
      list.partition_values.push_back(values->second);
    }
    list.files.push_back(file.path);
  }
  list.partition_schema = std::move(partitions.schema);
  return list;
}

Result<std::vector<std::string>> InputFiles(const std::vector<std::string>& root_paths,
                                            const std::map<std::string, std::string>& options, bool partitioned) {
  std::vector<Root> roots;
  for (const std::string& path : root_paths) {
    FS_TRY(std::string local, LocalPath(path));
    FS_TRY(std::optional<FileStatus> status, StatusOf(local));
    if (status) roots.push_back({local, *status});
  }
  FS_TRY(const bool recursive, IsRecursive(options));
  FS_TRY(Listing listing, List(roots));
  std::vector<ListedFile>& files = recursive || partitioned ? listing.everywhere : listing.in_roots;
  FS_CHECK(ApplyGlobFilter(options, files));
  std::set<std::string> uris;
  for (const ListedFile& file : files) uris.insert(FileUri(file.path));
  return std::vector<std::string>(uris.begin(), uris.end());
}

std::string FileUri(const std::string& path) {
  if (path.find("://") != std::string::npos) return path;
  constexpr char kDigits[] = "0123456789ABCDEF";
  const std::string text = fs::absolute(path).string();
  std::string uri = "file://";
  // As java.net.URI: what is neither a control nor a blank may stand in it beyond ASCII.
  for (size_t i = 0; i < text.size();) {
    const size_t begin = i;
    UChar32 character = 0;
    U8_NEXT(text.data(), i, text.size(), character);
    const bool quoted = character < 0 || u_isISOControl(character) || u_isJavaSpaceChar(character) ||
                        (character < 0x80 && std::strchr("\"#%<>?[\\]^`{|}", character) != nullptr);
    for (const char c : std::string_view(text).substr(begin, i - begin)) {
      const auto byte = static_cast<unsigned char>(c);
      uri += quoted ? std::string{'%', kDigits[byte >> 4], kDigits[byte & 15]} : std::string(1, c);
    }
  }
  return uri;
}

Value FileMetadata(const std::string& local_path, const DataType& fields) {
  std::error_code gone;
  const std::string uri = FileUri(local_path);
  const auto bytes = fs::file_size(local_path, gone);
  const int64_t size = gone ? 0 : static_cast<int64_t>(bytes);
  const auto written = fs::last_write_time(local_path, gone);
  int64_t milliseconds = 0;
  if (!gone) {
    const auto since = std::chrono::file_clock::to_sys(written).time_since_epoch();
    milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  }
  Value::List values;
  for (const StructField& field : fields.fields()) {
    if (field.name == "file_path") {
      values.push_back(Value("file:" + uri.substr(uri.find("//") + 2)));
    } else if (field.name == "file_name") {
      values.push_back(Value(uri.substr(uri.rfind('/') + 1)));
    } else if (field.name == "file_size" || field.name == "file_block_length") {
      values.push_back(Value(size));
    } else if (field.name == "file_block_start") {
      values.push_back(Value(int64_t{0}));
    } else if (field.name == "file_modification_time") {
      values.push_back(Value(milliseconds * 1000));
    } else {  // row_index: the scan counts
      values.push_back(Value(int64_t{0}));
    }
  }
  return Value(std::move(values));
}

}  // namespace firesteel::catalog
