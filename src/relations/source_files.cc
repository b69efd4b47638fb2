// See source_files.h. Sources: Spark's PartitioningUtils, InMemoryFileIndex, DataSource.checkAndGlobPathIfNecessary.
#include "relations/source_files.h"

#include <fnmatch.h>
#include <glob.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>

#include "base/text.h"
#include "types/datetime.h"
#include "types/time_zone.h"
#include "types/type_text.h"

namespace firesteel::relations {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNullPartition = "__HIVE_DEFAULT_PARTITION__";
constexpr size_t kFilesMax = 1'000'000;

std::string PlainPath(std::string path) {
  for (std::string_view scheme : {"file://", "file:"}) {
    if (path.starts_with(scheme)) {
      path = path.substr(scheme.size());
      break;
    }
  }
  if (!path.empty() && path[0] != '/') path = (fs::current_path() / path).string();
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

bool IsHidden(const std::string& name) {
  if (name.starts_with(".")) return true;
  return name.starts_with("_") && name.find('=') == std::string::npos && !name.starts_with("_metadata") &&
         !name.starts_with("_common_metadata");
}

std::vector<std::string> Glob(const std::string& path) {
  glob_t found{};
  std::vector<std::string> out;
  if (glob(path.c_str(), GLOB_BRACE, nullptr, &found) == 0) {
    for (size_t i = 0; i < found.gl_pathc; ++i) out.emplace_back(found.gl_pathv[i]);
  }
  globfree(&found);
  return out;
}

Status Walk(const fs::path& folder, std::vector<std::string>& files) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error)) {
    entries.push_back(it->path());
  }
  std::sort(entries.begin(), entries.end());
  for (const fs::path& entry : entries) {
    if (IsHidden(entry.filename().string())) continue;
    if (fs::is_directory(entry, error)) {
      FS_CHECK(Walk(entry, files));
    } else if (files.size() < kFilesMax) {
      files.push_back(entry.string());
    } else {
      return Error::Unsupported("reading more than a million files at once");
    }
  }
  return {};
}

std::string Unescape(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    int code = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The key=value folders between `base` and the file.
Pairs PartitionFolders(const std::string& file, const std::string& base) {
  Pairs pairs;
  fs::path folder = fs::path(file).parent_path();
  while (folder.string().size() > base.size()) {
    std::string name = folder.filename().string();
    size_t equals = name.find('=');
    if (equals == std::string::npos || equals == 0) break;
    pairs.insert(pairs.begin(), {Unescape(name.substr(0, equals)), Unescape(name.substr(equals + 1))});
    folder = folder.parent_path();
  }
  return pairs;
}

template <typename T>
std::optional<T> Number(const std::string& text) {
  T value{};
  const char* begin = text.data() + (text.size() > 1 && text[0] == '+' ? 1 : 0);
  auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

/// The type that one value of a partition column looks like.
DataType TypeOf(const std::string& text, const TimeZone& zone) {
  if (text == kNullPartition) return TypeId::kNull;
  if (Number<int32_t>(text)) return TypeId::kInteger;
  if (Number<int64_t>(text)) return TypeId::kLong;
  bool digits = !text.empty() && std::all_of(text.begin() + (text[0] == '-' ? 1 : 0), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && text.size() <= 38) return DataType::Decimal(static_cast<int>(text.size() - (text[0] == '-' ? 1 : 0)), 0);
  if (auto number = Number<double>(text); number && std::isfinite(*number)) return TypeId::kDouble;
  if (text.size() >= 8 && text.find('-') != std::string::npos) {
    if (text.find(':') == std::string::npos && ParseDate(text)) return TypeId::kDate;
    if (text.find(':') != std::string::npos && ParseTimestamp(text, zone)) return TypeId::kTimestamp;
  }
  return TypeId::kString;
}

DataType Common(const DataType& a, const DataType& b) {
  if (a == b || b.Is(TypeId::kNull)) return a;
  if (a.Is(TypeId::kNull)) return b;
  if (a.IsNumeric() && b.IsNumeric()) {
    if (a.Is(TypeId::kDouble) || b.Is(TypeId::kDouble)) return TypeId::kDouble;
    if (a.Is(TypeId::kDecimal) || b.Is(TypeId::kDecimal)) return DataType::Decimal(kDecimalPrecisionMax, 0);
    return TypeId::kLong;
  }
  bool times = (a.Is(TypeId::kDate) && b.Is(TypeId::kTimestamp)) || (a.Is(TypeId::kTimestamp) && b.Is(TypeId::kDate));
  return times ? TypeId::kTimestamp : TypeId::kString;
}

Result<Value> ValueOf(const std::string& text, const DataType& type, const std::string& column, const TimeZone& zone) {
  if (text == kNullPartition) return Value();
  auto fails = [&]() {
    return Error::Condition("INVALID_PARTITION_VALUE",
                            {{"value", text}, {"dataType", InDoubleQuotes(TypeSql(type))}, {"columnName", QuoteIdentifier(column)}});
  };
  switch (type.id()) {
    case TypeId::kNull: return Value();
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
      if (auto number = Number<int64_t>(text)) return Value(*number);
      return fails();
    case TypeId::kFloat:
      if (auto number = Number<float>(text)) return Value(*number);
      return fails();
    case TypeId::kDouble:
      if (auto number = Number<double>(text)) return Value(*number);
      return fails();
    case TypeId::kDecimal: {
      int128_t unscaled = 0;
      bool negative = text.starts_with("-"), point = false;
      int scale = 0;
      for (size_t i = negative ? 1 : 0; i < text.size(); ++i) {
        if (text[i] == '.' && !point) {
          point = true;
        } else if (text[i] >= '0' && text[i] <= '9') {
          if (point && scale == type.scale()) return fails();
          unscaled = unscaled * 10 + (text[i] - '0');
          scale += point;
        } else {
          return fails();
        }
      }
      for (; scale < type.scale(); ++scale) unscaled *= 10;
      return Value(negative ? static_cast<int128_t>(-unscaled) : unscaled);
    }
    case TypeId::kBoolean:
      if (EqualsIgnoreCase(text, "true")) return Value(true);
      if (EqualsIgnoreCase(text, "false")) return Value(false);
      return fails();
    case TypeId::kDate:
      if (auto days = ParseDate(text)) return Value(int64_t{*days});
      return fails();
    case TypeId::kTimestamp:
      if (auto micros = ParseTimestamp(text, zone)) return Value(*micros);
      return fails();
    case TypeId::kTimestampNtz:
      if (auto micros = ParseTimestampNtz(text, true)) return Value(*micros);
      return fails();
    case TypeId::kString: return Value(text);
    default: return fails();
  }
}

bool IsTrue(const std::map<std::string, std::string>& options, const std::string& key) {
  auto it = options.find(key);
  return it != options.end() && EqualsIgnoreCase(it->second, "true");
}

}  // namespace

Result<SourceFiles> ListFiles(const std::vector<std::string>& paths, const std::map<std::string, std::string>& options,
                              const DataType& user_schema, Environment& environment) {
  SourceFiles out;
  std::vector<std::string> bases;  // per file
  auto base_option = options.find("basepath");
  for (const std::string& given : paths) {
    std::string path = PlainPath(given);
    std::vector<std::string> roots;
    std::error_code error;
    if (fs::exists(path, error)) {
      roots.push_back(path);
    } else if (path.find_first_of("*?[{") != std::string::npos) {
      roots = Glob(path);
    }
    if (roots.empty()) return Error::Condition("PATH_NOT_FOUND", {{"path", "file:" + path}});
    for (const std::string& root : roots) {
      size_t before = out.files.size();
      std::string base = root;
      if (fs::is_directory(root, error)) {
        FS_CHECK(Walk(root, out.files));
      } else {
        out.files.push_back(root);
        base = fs::path(root).parent_path().string();
      }
      if (base_option != options.end()) base = PlainPath(base_option->second);
      bases.resize(bases.size() + out.files.size() - before, base);
    }
  }
  if (auto filter = options.find("pathglobfilter"); filter != options.end()) {
    size_t kept = 0;
    for (size_t i = 0; i < out.files.size(); ++i) {
      if (fnmatch(filter->second.c_str(), fs::path(out.files[i]).filename().c_str(), 0) != 0) continue;
      out.files[kept] = out.files[i];
      bases[kept++] = bases[i];
    }
    out.files.resize(kept);
    bases.resize(kept);
  }
  if (IsTrue(options, "recursivefilelookup")) return out;

  std::vector<Pairs> partitions;
  for (size_t i = 0; i < out.files.size(); ++i) partitions.push_back(PartitionFolders(out.files[i], bases[i]));
  bool any = std::any_of(partitions.begin(), partitions.end(), [](const Pairs& p) { return !p.empty(); });
  if (!any) return out;
  for (const Pairs& pairs : partitions) {
    bool same = pairs.size() == partitions[0].size();
    for (size_t i = 0; same && i < pairs.size(); ++i) same = pairs[i].first == partitions[0][i].first;
    if (!same) {
      return Error::Condition("CONFLICTING_PARTITION_COLUMN_NAMES",
                              {{"distinctPartColLists", ""}, {"suspiciousPaths", fs::path(out.files[0]).parent_path().string()}});
    }
  }
  FS_TRY(const TimeZone* zone, FindTimeZone(environment.settings().time_zone));
  const bool infers = environment.Configuration("spark.sql.sources.partitionColumnTypeInference.enabled") != "false";
  std::vector<StructField> fields;
  for (size_t c = 0; c < partitions[0].size(); ++c) {
    DataType type = TypeId::kNull;
    for (const Pairs& pairs : partitions) type = Common(type, infers ? TypeOf(pairs[c].second, *zone) : DataType(TypeId::kString));
    if (type.Is(TypeId::kNull)) type = TypeId::kString;
    if (user_schema.Is(TypeId::kStruct)) {
      for (const StructField& field : user_schema.fields()) {
        if (EqualsIgnoreCase(field.name, partitions[0][c].first)) type = field.type;
      }
    }
    fields.push_back({partitions[0][c].first, type, true, "{}"});
  }
  for (const Pairs& pairs : partitions) {
    std::vector<Value> values;
    for (size_t c = 0; c < pairs.size(); ++c) {
      FS_TRY(Value value, ValueOf(pairs[c].second, fields[c].type, fields[c].name, *zone));
      values.push_back(std::move(value));
    }
    out.partition_values.push_back(std::move(values));
  }
  out.partition_schema = DataType::Struct(std::move(fields));
  return out;
}

}  // namespace firesteel::relations
