// Java's properties as far as spark-defaults.conf uses them.
#include "main/properties.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

#include "base/text.h"

namespace firesteel::main_program {

namespace {

Error Bad(std::string message) { return Error::Internal(std::move(message)); }

/// One logical line: key, separator, value, with \ escapes of the separators.
void ParseLine(std::string_view line, session::ConfigurationMap& out) {
  std::string key;
  size_t i = 0;
  for (; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      key += line[++i];
    } else if (line[i] == '=' || line[i] == ':' || line[i] == ' ' || line[i] == '\t') {
      break;
    } else {
      key += line[i];
    }
  }
  while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
  if (i < line.size() && (line[i] == '=' || line[i] == ':')) ++i;
  if (!key.empty()) out[key] = std::string(TrimControls(line.substr(i)));
}

}  // namespace

Result<session::ConfigurationMap> ReadProperties(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Bad("Cannot read " + path + ": " + std::strerror(errno));
  session::ConfigurationMap out;
  std::string line, joined;
  while (std::getline(file, line)) {
    std::string_view text = line;
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (joined.empty() && (text.empty() || text[0] == '#' || text[0] == '!')) continue;
    if (text.ends_with('\\')) {
      joined += text.substr(0, text.size() - 1);
      continue;
    }
    joined += text;
    ParseLine(joined, out);
    joined.clear();
  }
  if (file.bad()) return Bad("Cannot read " + path + ": " + std::strerror(errno));  // a folder can be opened
  if (!joined.empty()) ParseLine(joined, out);
  return out;
}

std::string SettingOf(const session::ConfigurationMap& configuration, const std::string& key, std::string otherwise) {
  auto found = configuration.find(key);
  return found != configuration.end() ? found->second : otherwise;
}

std::string PathOf(std::string setting) {
  if (setting.starts_with("file:")) setting.erase(0, setting.starts_with("file://") ? 7 : 5);
  return setting;
}

Result<int> ThreadsOf(const std::string& master) {
  const int all = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (master == "local") return 1;
  if (master.starts_with("local[") && master.ends_with("]")) {
    std::string inside = master.substr(6, master.size() - 7);
    if (size_t comma = inside.find(','); comma != std::string::npos) inside.resize(comma);
    std::string_view count = TrimControls(inside);
    if (count == "*") return all;
    Result<int64_t> number = session::ParseIntegerSetting("spark.master", count);
    if (number.ok() && *number >= 1 && *number <= 4096) return static_cast<int>(*number);
  }
  return Bad("spark.master is '" + master + "': this server takes local, local[N] and local[*]");
}

}  // namespace firesteel::main_program
