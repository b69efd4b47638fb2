#pragma once
// Which files a source's paths mean, as Spark lists them: globs, folders, hidden files, partition folders (key=value).
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/coercion.h"
#include "types/data_type.h"
#include "types/value.h"

namespace firesteel::catalog {

/// The hidden column of files that every row knows its file by.
inline constexpr std::string_view kFileMetadata = "_metadata";

struct ListedFile {
  std::string path;  ///< plain and absolute
  int64_t bytes = 0;
};

struct FileList {
  std::vector<std::string> files;  ///< plain absolute paths that rows are read from: as often as they are named
  std::vector<ListedFile> listed;  ///< what schemas are inferred from: empty files too, and those beside partitions
  std::vector<std::string> root_paths;  ///< as Spark shows them: "file:/data/x"
  DataType partition_schema = DataType::Struct({});
  std::vector<std::vector<Value>> partition_values;  ///< per file, as partition_schema; empty when not partitioned
};

/// Expands `paths`. `options` (keys in lower case): basePath, recursiveFileLookup, pathGlobFilter. `user_schema` gives the
/// types of partition columns that it names. Errors: PATH_NOT_FOUND, CONFLICTING_DIRECTORY_STRUCTURES,
/// CONFLICTING_PARTITION_COLUMN_NAMES, INVALID_PARTITION_VALUE, FAILED_READ_FILE for what is no file, and those of
/// file_status.h for what may not be looked at.
Result<FileList> ListFiles(const std::vector<std::string>& paths, const std::map<std::string, std::string>& options,
                           const std::optional<DataType>& user_schema, const Settings& settings,
                           bool infer_partition_types = true);

/// What inputFiles() names, each once: the files of FileList::listed, looked up anew.
Result<std::vector<std::string>> InputFiles(const std::vector<std::string>& root_paths,
                                            const std::map<std::string, std::string>& options, bool partitioned);

/// "file:///a/b", "file:/a/b" and "/a/b" -> "/a/b"; relative paths from the working folder. Other file systems and what is
/// outside of the server's roots (file_roots.h) are UNSUPPORTED_FEATURE; no path and other hosts IllegalArgumentException.
Result<std::string> LocalPath(const std::string& path);
/// As Spark names a local path in messages and plans: "file:/a/b".
std::string QualifiedPath(const std::string& local_path);
/// A path as input_file_name() shows it: a URI ("file:///a/b%20c"), with what may not stand in one escaped.
std::string FileUri(const std::string& path);
/// A struct's values for `_metadata` as `fields` says: of a file that is one block. A file that is gone has size 0.
Value FileMetadata(const std::string& local_path, const DataType& fields);
/// Spark's escaping of a partition folder's key or value ("a/b" -> "a%2Fb"), and back.
std::string EscapePartitionText(std::string_view text);
std::string UnescapePartitionText(std::string_view text);
inline constexpr std::string_view kDefaultPartitionName = "__HIVE_DEFAULT_PARTITION__";

}  // namespace firesteel::catalog
