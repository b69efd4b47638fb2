// Partition discovery: Spark's PartitioningUtils.
#include "catalog/partition_folders.h"

#include <absl/time/time.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "types/type_text.h"

namespace firesteel::catalog {
namespace {

namespace fs = std::filesystem;

struct Folder {
  std::string path;
  std::vector<std::string> names;
  std::vector<std::string> raw;  // unescaped values
  std::string base;              // the folder that its key=value folders stand in; itself without any
};

Error EmptyPart(std::string_view condition, const std::string& name) {
  return Error::Condition(condition, {{"columnSpec", name}}).As(ErrorClass::kRuntime);
}

// Nothing for a folder of work that is not done.
Result<std::optional<Folder>> ParseFolder(const std::string& folder, const std::set<std::string>& base_paths) {
  Folder parsed{.path = folder, .names = {}, .raw = {}, .base = folder};
  for (fs::path path = folder;; path = path.parent_path()) {
    const std::string name = path.filename().string();
    if (EqualsIgnoreCase(name, "_temporary")) return std::optional<Folder>();
    const bool is_base = base_paths.contains(path.string());
    const size_t equals = is_base ? std::string::npos : name.find('=');
    if (equals == std::string::npos) {
      if (!parsed.names.empty()) parsed.base = path.string();
      // Folders of another name may stand in a partition.
      if (is_base || !parsed.names.empty() || path == path.parent_path())
        return std::optional<Folder>(std::move(parsed));
      continue;
    }
    if (equals == 0) return EmptyPart("EMPTY_PARTITION_COLUMN_NAME", name);
    if (equals + 1 == name.size()) return EmptyPart("EMPTY_PARTITION_COLUMN_VALUE", name);
    parsed.names.insert(parsed.names.begin(), UnescapePartitionText(name.substr(0, equals)));
    parsed.raw.insert(parsed.raw.begin(), UnescapePartitionText(name.substr(equals + 1)));
  }
}

bool ParseLong(const std::string& text, int64_t& value) {
  const char* first = text.data() + (text.size() > 1 && text[0] == '+' ? 1 : 0);
  auto [end, failed] = std::from_chars(first, text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool AllDigits(const std::string& text) {
  const size_t first = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return text.size() > first &&
         std::all_of(text.begin() + first, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Java's Double.parseDouble, which takes a trailing d or f.
bool ParseDouble(std::string text, double& value) {
  text = std::string(TrimControls(text));
  if (text == "NaN" || text == "Infinity" || text == "+Infinity" || text == "-Infinity") {
    value = text == "NaN" ? NAN : text[0] == '-' ? -INFINITY : INFINITY;
    return true;
  }
  if (!text.empty() && std::string_view("dDfF").find(text.back()) != std::string_view::npos) text.pop_back();
  const char* first = text.data() + (text.size() > 1 && text[0] == '+' ? 1 : 0);
  if (first == text.data() + text.size() || !((*first >= '0' && *first <= '9') || *first == '.' || *first == '-'))
    return false;
  auto [end, failed] = std::from_chars(first, text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size();
}

bool ParseDate(const std::string& text, int64_t& days) {
  absl::CivilDay day;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  if (!absl::ParseCivilTime(text, &day)) return false;
  days = day - absl::CivilDay(1970, 1, 1);
  return true;
}

bool ParseTimestamp(const std::string& text, const std::string& zone_name, int64_t& micros) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(zone_name, &zone)) zone = absl::UTCTimeZone();
  for (const char* format : {"%Y-%m-%d %H:%M:%E*S", "%Y-%m-%dT%H:%M:%E*S"}) {
    absl::Time time;
    if (absl::ParseTime(format, text, zone, &time, nullptr)) {
      micros = absl::ToUnixMicros(time);
      return true;
    }
  }
  return false;
}

// The type that one value asks for; void for the default partition.
DataType InferOne(const std::string& raw, const PartitionRules& rules) {
  int64_t number = 0;
  double fraction = 0;
  if (raw == kDefaultPartitionName) return TypeId::kNull;
  if (!rules.infer_types) return TypeId::kString;
  if (ParseLong(raw, number)) return std::in_range<int32_t>(number) ? TypeId::kInteger : TypeId::kLong;
  if (AllDigits(raw) && raw.size() <= kDecimalPrecisionMax) {
    return DataType::Decimal(static_cast<int>(raw.size() - (raw[0] == '-' || raw[0] == '+')), 0);
  }
  if (ParseDouble(raw, fraction)) return TypeId::kDouble;
  if (ParseDate(raw, number)) return TypeId::kDate;
  if (ParseTimestamp(raw, rules.settings.time_zone, number))
    return rules.settings.timestamp_ntz_default ? TypeId::kTimestampNtz : TypeId::kTimestamp;
  return TypeId::kString;
}

DataType Wider(const DataType& a, const DataType& b, const Settings& settings) {
  const bool has_double = a.Is(TypeId::kDouble) || b.Is(TypeId::kDouble);
  const bool has_exact = a.Is(TypeId::kDecimal) || b.Is(TypeId::kDecimal) || a.Is(TypeId::kLong) || b.Is(TypeId::kLong);
  if (has_double && has_exact) return TypeId::kString;
  Settings legacy = settings;
  legacy.ansi = false;
  return WiderType(a, b, legacy).value_or(DataType(TypeId::kString));
}

Result<Value> Cast(const std::string& raw, const StructField& field, const PartitionRules& rules) {
  int64_t number = 0;
  double fraction = 0;
  if (raw == kDefaultPartitionName) return Value();
  switch (field.type.id()) {
    case TypeId::kString:
      return Value(raw);
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
      if (ParseLong(raw, number) &&
          (field.type.Is(TypeId::kLong) || (field.type.Is(TypeId::kInteger) && std::in_range<int32_t>(number)) ||
           (field.type.Is(TypeId::kShort) && std::in_range<int16_t>(number)) ||
           (field.type.Is(TypeId::kByte) && std::in_range<int8_t>(number)))) {
        return Value(number);
      }
      break;
    case TypeId::kFloat:
      if (ParseDouble(raw, fraction)) return Value(static_cast<float>(fraction));
      break;
    case TypeId::kDouble:
      if (ParseDouble(raw, fraction)) return Value(fraction);
      break;
    case TypeId::kBoolean:
      if (EqualsIgnoreCase(raw, "true") || EqualsIgnoreCase(raw, "false")) return Value(EqualsIgnoreCase(raw, "true"));
      break;
    case TypeId::kDecimal:
      if (AllDigits(raw) && static_cast<int>(raw.size()) <= field.type.precision() - field.type.scale()) {
        int128_t unscaled = 0;
        for (char c : raw) {
          if (c >= '0' && c <= '9') unscaled = unscaled * 10 + (c - '0');
        }
        for (int i = 0; i < field.type.scale(); ++i) unscaled *= 10;
        return Value(raw[0] == '-' ? -unscaled : unscaled);
      }
      break;
    case TypeId::kDate:
      if (ParseDate(raw, number)) return Value(number);
      break;
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      if (ParseTimestamp(raw, field.type.Is(TypeId::kTimestamp) ? rules.settings.time_zone : "UTC", number))
        return Value(number);
      if (ParseDate(raw, number)) {
        absl::TimeZone zone = absl::UTCTimeZone();
        if (field.type.Is(TypeId::kTimestamp)) absl::LoadTimeZone(rules.settings.time_zone, &zone);
        return Value(absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(1970, 1, 1) + number, zone)));
      }
      break;
    case TypeId::kNull:
    case TypeId::kBinary:
    case TypeId::kTime:
    case TypeId::kCalendarInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval:
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct:
    case TypeId::kVariant:
    case TypeId::kUdt:
      return Error::Unsupported("partition columns of type " + TypeSql(field.type));
  }
  return Error::Condition("INVALID_PARTITION_VALUE", {{"value", "'" + raw + "'"},
                                                      {"dataType", "\"" + TypeSql(field.type) + "\""},
                                                      {"columnName", QuoteIdentifier(field.name)}})
      .As(ErrorClass::kRuntime);
}

// Partitions in one place, and no files of other folders but beside them.
Status CheckOneBase(const std::vector<Folder>& folders) {
  std::map<std::string, std::string> bases;  // without case, as Spark compares them; the first of each
  for (const Folder& folder : folders) bases.emplace(Lower(folder.base), folder.base);
  if (bases.size() <= 1) return {};
  std::string shown;
  for (const auto& [_, base] : bases) shown += "\n\t" + QualifiedPath(base);
  shown += "\n";
  return Error::Condition("CONFLICTING_DIRECTORY_STRUCTURES", {{"discoveredBasePaths", shown}})
      .As(ErrorClass::kRuntime);
}

Status CheckSameNames(const std::vector<Folder>& folders, bool case_sensitive) {
  std::vector<std::vector<std::string>> lists;
  auto same = [&](const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const std::string& x, const std::string& y) {
      return case_sensitive ? x == y : EqualsIgnoreCase(x, y);
    });
  };
  for (const Folder& folder : folders) {
    if (std::none_of(lists.begin(), lists.end(), [&](const auto& list) { return same(list, folder.names); }))
      lists.push_back(folder.names);
  }
  if (lists.size() <= 1) return {};
  std::string shown, suspicious;
  for (size_t i = 0; i < lists.size(); ++i) {
    shown += "Partition column name list #" + std::to_string(i) + ": " + Join(lists[i], ", ") + "\n";
  }
  for (const Folder& folder : folders) suspicious += "\n\t" + QualifiedPath(folder.path);
  return Error::Condition("CONFLICTING_PARTITION_COLUMN_NAMES",
                          {{"distinctPartColLists", shown}, {"suspiciousPaths", suspicious}})
      .As(ErrorClass::kRuntime);
}

}  // namespace

Result<Partitions> FindPartitions(const PartitionRules& rules, const std::vector<std::string>& paths) {
  std::vector<Folder> folders;
  for (const std::string& path : paths) {
    FS_TRY(std::optional<Folder> folder, ParseFolder(path, rules.base_paths));
    if (folder) folders.push_back(*std::move(folder));
  }
  if (std::all_of(folders.begin(), folders.end(), [](const Folder& folder) { return folder.names.empty(); }))
    return Partitions{};
  FS_CHECK(CheckOneBase(folders));
  std::erase_if(folders, [](const Folder& folder) { return folder.names.empty(); });
  FS_CHECK(CheckSameNames(folders, rules.settings.case_sensitive));

  std::vector<StructField> fields;
  for (size_t column = 0; column < folders[0].names.size(); ++column) {
    StructField field{folders[0].names[column], TypeId::kNull, true, "{}"};
    bool given = false;
    if (rules.user_schema) {
      for (const StructField& user : rules.user_schema->fields()) {
        if (rules.settings.case_sensitive ? user.name != field.name : !EqualsIgnoreCase(user.name, field.name))
          continue;
        field = user;
        field.nullable = true;
        given = true;
      }
    }
    if (!given) {
      std::set<std::string> values;
      for (const Folder& folder : folders) values.insert(folder.raw[column]);
      for (const std::string& value : values) {
        const DataType one = InferOne(value, rules);
        if (field.type.Is(TypeId::kNull))
          field.type = one;
        else if (!one.Is(TypeId::kNull))
          field.type = Wider(field.type, one, rules.settings);
      }
      if (field.type.Is(TypeId::kNull)) field.type = TypeId::kString;
    }
    fields.push_back(std::move(field));
  }
  Partitions partitions;
  for (const Folder& folder : folders) {
    std::vector<Value> values;
    for (size_t column = 0; column < fields.size(); ++column) {
      FS_TRY(Value value, Cast(folder.raw[column], fields[column], rules));
      values.push_back(std::move(value));
    }
    partitions.values.emplace(folder.path, std::move(values));
  }
  partitions.schema = DataType::Struct(std::move(fields));
  return partitions;
}

// Hive's rule: these characters, and control characters, as %XX.
std::string EscapePartitionText(std::string_view text) {
  constexpr std::string_view kSpecial = "\"#%'*/:=?\\\x7F{[]^";
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || kSpecial.find(c) != std::string_view::npos) {
      out += '%';
      out += "0123456789ABCDEF"[byte >> 4];
      out += "0123456789ABCDEF"[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

std::string UnescapePartitionText(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace firesteel::catalog
