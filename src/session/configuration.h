#pragma once
// Settings: the table of Spark's keys (configuration_table.cc, recorded from Apache Spark) and one session's values.
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/parser.h"
#include "types/coercion.h"

namespace firesteel::session {

enum class ConfigurationKind : uint8_t { kBoolean, kInteger, kLong, kDouble, kString, kMilliseconds, kSeconds, kBytes };

struct ConfigurationEntry {
  std::string_view key;
  std::string_view default_text;  ///< "<undefined>" if there is none, "<value of KEY>" for another key's
  ConfigurationKind kind = ConfigurationKind::kString;
  bool is_static = false;
  bool is_public = true;
  std::string_view options;  ///< allowed values as errors list them ("A, B"), compared without case; empty: any
  std::string_view version;  ///< since
  std::string_view doc;
};

/// Every key of spark.sql.* that Spark knows, by key.
std::span<const ConfigurationEntry> ConfigurationTable();
const ConfigurationEntry* FindConfiguration(std::string_view key);
/// Keys of Spark's core (spark.driver.memory …), which cannot be set in a session.
bool IsCoreConfiguration(std::string_view key);

/// Java's and Spark's spellings of values: "true", "64MB", "10s". The errors are INVALID_CONF_VALUE.TYPE_MISMATCH.
Result<bool> ParseBooleanSetting(std::string_view key, std::string_view value);
Result<int64_t> ParseIntegerSetting(std::string_view key, std::string_view value);
Result<int64_t> ParseBytesSetting(std::string_view key, std::string_view value);  ///< bytes without a unit
Result<int64_t> ParseMillisecondsSetting(std::string_view key,
                                         std::string_view value);  ///< milliseconds without a unit

/// A zone as java.time.ZoneId.of takes it: a region, an offset, or UTC/GMT/UT with an offset.
bool IsTimeZone(std::string_view name);

/// The error that setting the key to the value would give for the value's sake; fine for keys that Spark does not know.
Status CheckConfigurationValue(const std::string& key, const std::string& value);

using ConfigurationMap = std::map<std::string, std::string>;

/// One session's settings. Thread safe.
class Configuration {
 public:
  /// `server` are the settings that the server was started with: they are every session's first values.
  explicit Configuration(const ConfigurationMap& server) : values_(server) {}

  /// The value, or the default. SQL_CONF_NOT_FOUND for a key that is not set and that Spark does not know.
  Result<std::string> Get(const std::string& key) const;
  /// As Get; nothing for unknown keys and for those that have neither value nor default.
  std::optional<std::string> GetOption(const std::string& key) const;
  /// What is set, or `otherwise`, which must be a value that the key could have; Spark's own default is not looked at.
  Result<std::optional<std::string>> GetWithDefault(const std::string& key,
                                                    const std::optional<std::string>& otherwise) const;
  /// CANNOT_MODIFY_STATIC_CONFIG, CANNOT_MODIFY_CONFIG, INVALID_CONF_VALUE.*.
  Status Set(const std::string& key, const std::string& value);
  Status Unset(const std::string& key);
  /// RESET: everything back to the server's values.
  void Reset(const ConfigurationMap& server);
  bool IsModifiable(const std::string& key) const;
  ConfigurationMap All() const;  ///< what is set
  /// The warning that setting or reading a deprecated key gives; empty otherwise.
  static std::string WarningFor(std::string_view key);

  /// Typed reads of known keys with valid defaults.
  bool Boolean(const std::string& key) const;
  int64_t Integer(const std::string& key) const;
  int64_t Bytes(const std::string& key) const;
  int64_t Milliseconds(const std::string& key) const;

  /// Views of the settings for the stages; rebuilt when a setting changes.
  std::shared_ptr<const Settings> settings() const;
  std::shared_ptr<const sql::ParserOptions> parser_options() const;
  /// Changes with every change of a setting: for caches whose entries depend on them.
  uint64_t generation() const;

 private:
  std::optional<std::string> Lookup(const std::string& key) const;  // with the mutex held

  mutable std::mutex mutex_;
  ConfigurationMap values_;
  uint64_t generation_ = 0;
  mutable std::shared_ptr<const Settings> settings_;  // null: to be built
  mutable std::shared_ptr<const sql::ParserOptions> parser_options_;
};

}  // namespace firesteel::session
