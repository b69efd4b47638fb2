// Options of the text formats.
#include "functions/source_options.h"

#include "base/text.h"
#include "catalog/file_listing.h"

namespace firesteel::functions {

std::optional<std::string> SourceOptions::Find(const std::string& key) const {
  auto found = options_.find(key);
  return found == options_.end() ? std::nullopt : std::optional<std::string>(found->second);
}

std::string SourceOptions::Text(const std::string& key, std::string otherwise) const {
  return Find(key).value_or(std::move(otherwise));
}

bool SourceOptions::Flag(const std::string& key, bool otherwise) const {
  auto found = Find(key);
  return found ? EqualsIgnoreCase(*found, "true") : otherwise;
}

Status SourceOptions::Refuse(std::initializer_list<std::pair<const char*, const char*>> options) const {
  for (auto [key, harmless] : options) {
    if (auto value = Find(key); value && !EqualsIgnoreCase(*value, harmless)) {
      return Error::Unsupported(std::string("the option ") + key + "=" + *value);
    }
  }
  return {};
}

std::string SourceOptions::Encode(const Map& options) {
  std::string text;
  for (const auto& [key, value] : options) text += key + "\x1F" + value + "\x1E";
  return text;
}

SourceOptions::Map SourceOptions::Decode(std::string_view text) {
  Map options;
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find('\x1E'));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    const size_t split = std::min(entry.find('\x1F'), entry.size());
    options[std::string(entry.substr(0, split))] = entry.substr(std::min(split + 1, entry.size()));
  }
  return options;
}

SourceOptions::Map ForInference(SourceOptions::Map options, const Settings& settings) {
  if (settings.timestamp_ntz_default) options[kTimestampNtzOption] = "true";
  return options;
}

ParseMode ParseModeOf(const SourceOptions& options) {
  const std::string mode = Upper(options.Text("mode", "PERMISSIVE"));
  if (mode == "DROPMALFORMED") return ParseMode::kDropMalformed;
  return mode == "FAILFAST" ? ParseMode::kFailFast : ParseMode::kPermissive;
}

Error OfFile(Error error, std::span<const InputVector> arguments, size_t row) {
  if (arguments.size() < 3) return error;
  const std::string path = catalog::FileUri(std::string(arguments[2].StringAt(row)));
  return Error::Condition("FAILED_READ_FILE.NO_HINT", {{"path", path}})
      .As(ErrorClass::kSpark)
      .CausedBy(std::move(error));
}

}  // namespace firesteel::functions
