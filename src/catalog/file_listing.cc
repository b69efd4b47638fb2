// Files behind paths. Sources: Hadoop's globs, Spark's HadoopFSUtils (hidden files) and DataSource.checkAndGlobPath.
#include "catalog/file_listing.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/text.h"
#include "catalog/file_roots.h"
#include "catalog/partition_folders.h"

namespace firesteel::catalog {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBracesMax = 10'000;  // alternatives that one pattern may expand to
constexpr int kFolderLevelsMax = 200;

bool IsPattern(std::string_view text) { return text.find_first_of("*?[{\\") != std::string_view::npos; }

// "{a,b}c" -> "ac", "bc"; nested ones too.
Status ExpandBraces(const std::string& pattern, std::vector<std::string>& out) {
  std::vector<std::string> todo = {pattern};
  while (!todo.empty()) {
    const std::string text = std::move(todo.back());
    todo.pop_back();
    size_t open = std::string::npos;
    for (size_t i = 0; i < text.size() && open == std::string::npos; ++i) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '{')
        open = i;
    }
    if (open == std::string::npos) {
      out.push_back(text);
    } else {
      int depth = 0;
      size_t start = open + 1, close = open;
      std::vector<std::string> choices;
      for (size_t i = open; i < text.size(); ++i) {
        if (text[i] == '\\') {
          ++i;
        } else if (text[i] == '{') {
          ++depth;
        } else if ((text[i] == ',' && depth == 1) || (text[i] == '}' && --depth == 0)) {
          choices.push_back(text.substr(start, i - start));
          start = i + 1;
          if (depth == 0) {
            close = i;
            break;
          }
        }
      }
      if (close == open) return Error::Condition("PATH_NOT_FOUND", {{"path", pattern}});
      for (size_t i = choices.size(); i-- > 0;) {
        todo.push_back(text.substr(0, open) + choices[i] + text.substr(close + 1));
      }
    }
    if (out.size() + todo.size() > kBracesMax) return Error::Condition("PATH_NOT_FOUND", {{"path", pattern}});
  }
  return {};
}

// One character class; `i` stands on '[' and is moved to ']'. False for no match.
bool MatchClass(std::string_view pattern, size_t& i, char c) {
  const bool negated = i + 1 < pattern.size() && (pattern[i + 1] == '^' || pattern[i + 1] == '!');
  size_t k = i + 1 + negated;
  bool found = false;
  for (const size_t first = k; k < pattern.size() && (pattern[k] != ']' || k == first); ++k) {
    if (k + 2 < pattern.size() && pattern[k + 1] == '-' && pattern[k + 2] != ']') {
      found |= pattern[k] <= c && c <= pattern[k + 2];
      k += 2;
    } else {
      if (pattern[k] == '\\' && k + 1 < pattern.size()) ++k;
      found |= pattern[k] == c;
    }
  }
  i = std::min(k, pattern.size() - 1);
  return found != negated;
}

// Backtracks to the last star only: linear in practice, never exponential.
bool Matches(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = std::string_view::npos, star_name = 0;
  while (n < name.size()) {
    bool ok = false;
    size_t next = p;
    if (p < pattern.size()) {
      if (pattern[p] == '*') {
        star = p++;
        star_name = n;
        continue;
      }
      if (pattern[p] == '?') {
        ok = true;
      } else if (pattern[p] == '[') {
        ok = MatchClass(pattern, next, name[n]);
      } else {
        if (pattern[p] == '\\' && p + 1 < pattern.size()) next = p + 1;
        ok = pattern[next] == name[n];
      }
    }
    if (ok) {
      p = next + 1;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool IsHidden(std::string_view name) {
  const bool exclude = (name.starts_with("_") && name.find('=') == std::string_view::npos) || name.starts_with(".") ||
                       name.ends_with("._COPYING_");
  return exclude || name.starts_with("_common_metadata") || name.starts_with("_metadata");
}

std::vector<fs::directory_entry> Entries(const fs::path& folder) {
  std::vector<fs::directory_entry> entries;
  std::error_code failed;
  for (fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, failed), end;
       !failed && it != end; it.increment(failed)) {
    entries.push_back(*it);
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

void Expand(const std::string& pattern, std::vector<std::string>& found) {
  std::vector<fs::path> current = {"/"};
  for (const fs::path& part : fs::path(pattern).relative_path()) {
    const std::string name = part.string();
    if (name.empty() || name == ".") continue;
    std::vector<fs::path> next;
    std::error_code ignored;
    for (const fs::path& folder : current) {
      if (!IsPattern(name)) {
        if (fs::exists(folder / name, ignored)) next.push_back(folder / name);
        continue;
      }
      for (const fs::directory_entry& entry : Entries(folder)) {
        if (Matches(name, entry.path().filename().string())) next.push_back(entry.path());
      }
    }
    current = std::move(next);
  }
  for (const fs::path& path : current) found.push_back(path.string());
}

// The data files below a folder. Spark looks into folders of folders only for partitions or when told to; with neither a
// folder of a folder without data files of its own is still listed.
Status ListFolder(const fs::path& folder, int level, std::vector<std::string>& files) {
  if (level > kFolderLevelsMax) return {};
  for (const fs::directory_entry& entry : Entries(folder)) {
    const std::string name = entry.path().filename().string();
    if (IsHidden(name)) continue;
    std::error_code ignored;
    // What is in an allowed folder is allowed, unless it leads out of it.
    if (entry.is_symlink(ignored)) FS_CHECK(CheckFileAllowed(entry.path().string()));
    if (entry.is_directory(ignored)) {
      FS_CHECK(ListFolder(entry.path(), level + 1, files));
    } else if (entry.is_regular_file(ignored)) {
      files.push_back(entry.path().string());
    }
  }
  return {};
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

std::string OptionOr(const std::map<std::string, std::string>& options, const std::string& key, std::string otherwise) {
  auto found = options.find(key);
  return found == options.end() ? otherwise : found->second;
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
      const size_t host_end = local.find('/', 2);
      local = host_end == std::string::npos ? "/" : local.substr(host_end);
    }
  }
  if (local.empty()) return Error::Condition("PATH_NOT_FOUND", {{"path", path}});
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
  FileList list;
  const bool recursive = EqualsIgnoreCase(OptionOr(options, "recursivefilelookup", "false"), "true");
  const std::string filter = OptionOr(options, "pathglobfilter", "");
  for (const char* unsupported : {"modifiedbefore", "modifiedafter"}) {
    if (options.contains(unsupported)) return Error::Unsupported(std::string("the option ") + unsupported);
  }
  std::vector<std::string> files, base_paths;
  for (const std::string& path : paths) {
    FS_TRY(std::string local, LocalPath(path));
    std::vector<std::string> roots;
    std::error_code ignored;
    if (IsPattern(local) && !fs::exists(local, ignored)) {
      std::vector<std::string> patterns;
      FS_CHECK(ExpandBraces(local, patterns));
      for (const std::string& pattern : patterns) {
        FS_CHECK(CheckPatternAllowed(pattern));
        Expand(pattern, roots);
      }
    } else if (fs::exists(local, ignored)) {
      roots.push_back(local);
    }
    if (roots.empty()) return Error::Condition("PATH_NOT_FOUND", {{"path", QualifiedPath(local)}});
    for (const std::string& root : roots) {
      FS_CHECK(CheckFileAllowed(root));
      list.root_paths.push_back(QualifiedPath(root));
      if (fs::is_directory(root, ignored)) {
        base_paths.push_back(root);
        FS_CHECK(ListFolder(root, 0, files));
      } else {
        base_paths.push_back(fs::path(root).parent_path().string());
        if (!IsHidden(fs::path(root).filename().string())) files.push_back(root);
      }
    }
  }
  if (!filter.empty()) {
    std::vector<std::string> filters;
    FS_CHECK(ExpandBraces(filter, filters));
    std::erase_if(files, [&](const std::string& file) {
      const std::string name = fs::path(file).filename().string();
      return std::none_of(filters.begin(), filters.end(), [&](const std::string& one) { return Matches(one, name); });
    });
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  list.files = std::move(files);
  if (recursive) return list;  // partitions are not looked for then
  if (auto base = options.find("basepath"); base != options.end()) {
    FS_TRY(std::string local, LocalPath(base->second));
    base_paths = {local};
  }
  PartitionRules rules{base_paths, user_schema, settings, infer_partition_types};
  FS_CHECK(FindPartitions(rules, list));
  return list;
}

std::string FileUri(const std::string& path) {
  if (path.find("://") != std::string::npos) return path;
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string uri = "file://";
  for (const char c : fs::absolute(path).string()) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && std::string_view("\"#%<>?[\\]^`{|}\x7F").find(c) == std::string_view::npos) {
      uri += c;
    } else {
      uri += '%';
      uri += kDigits[byte >> 4];
      uri += kDigits[byte & 15];
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
