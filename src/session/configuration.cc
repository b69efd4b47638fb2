// Values are checked when they are set; settings that planning needs are read into a struct once for each change.
#include "session/configuration.h"

#include <absl/time/time.h>

#include <algorithm>

#include "base/text.h"

namespace firesteel::session {

namespace configuration_internal {
Status CheckValue(const ConfigurationEntry& entry, const std::string& value);
std::string_view DeprecationOf(std::string_view key);
}  // namespace configuration_internal

namespace {

constexpr std::string_view kUndefined = "<undefined>";
constexpr std::string_view kValueOf = "<value of ";

/// The default of a key, following keys whose default is another's value; `values` are what is set.
std::optional<std::string> DefaultOf(const ConfigurationEntry& entry, const ConfigurationMap& values) {
  const ConfigurationEntry* current = &entry;
  for (int hops = 0; hops < 8; ++hops) {
    if (current->default_text == kUndefined) return std::nullopt;
    if (!current->default_text.starts_with(kValueOf)) return std::string(current->default_text);
    std::string_view key = current->default_text.substr(kValueOf.size());
    key.remove_suffix(1);
    auto found = values.find(std::string(key));
    if (found != values.end()) return found->second;
    current = FindConfiguration(key);
    if (current == nullptr) return std::nullopt;
  }
  return std::nullopt;
}

Error NotFound(const std::string& key) {
  return Error::Condition("SQL_CONF_NOT_FOUND", {{"sqlConf", ToSqlConf(key)}}).As(ErrorClass::kNoSuchElement);
}

Status CheckTimeZone(const std::string& key, const std::string& value) {
  // As java.time.ZoneId.of: region names, UTC/GMT/UT with an offset, and plain offsets.
  if (IsTimeZone(value)) return {};
  return Error::Condition("INVALID_CONF_VALUE.TIME_ZONE", {{"confName", key}, {"confValue", value}})
      .As(ErrorClass::kIllegalArgument);
}

Status CheckMayChange(const std::string& key) {
  const ConfigurationEntry* entry = FindConfiguration(key);
  if ((entry != nullptr && entry->is_static) || key.starts_with("firesteel.")) {
    return Error::Condition("CANNOT_MODIFY_STATIC_CONFIG", {{"key", ToSqlConf(key)}});
  }
  if (entry == nullptr && IsCoreConfiguration(key)) {
    return Error::Condition("CANNOT_MODIFY_CONFIG",
                            {{"key", ToSqlConf(key)}, {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  return {};
}

}  // namespace

const ConfigurationEntry* FindConfiguration(std::string_view key) {
  std::span<const ConfigurationEntry> table = ConfigurationTable();
  auto found = std::lower_bound(table.begin(), table.end(), key,
                                [](const ConfigurationEntry& entry, std::string_view k) { return entry.key < k; });
  return found != table.end() && found->key == key ? &*found : nullptr;
}

bool IsTimeZone(std::string_view name) {
  auto offset = [](std::string_view text) {  // +h, +hh, +hh:mm, +hhmm, +hh:mm:ss; up to 18 hours
    if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
    std::string digits;
    for (size_t i = 1; i < text.size(); ++i) {
      if (text[i] == ':' && i % 3 == 0) continue;
      if (text[i] < '0' || text[i] > '9') return false;
      digits += text[i];
    }
    if (digits.empty() || digits.size() > 6 || digits.size() == 3 || digits.size() == 5) return false;
    int hours = std::stoi(digits.substr(0, std::min<size_t>(2, digits.size())));
    int minutes = digits.size() >= 4 ? std::stoi(digits.substr(2, 2)) : 0;
    return hours <= 18 && minutes < 60 && (hours < 18 || minutes == 0);
  };
  if (name == "Z" || offset(name)) return true;
  for (std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (name == prefix) return true;
    if (name.starts_with(prefix) && offset(name.substr(prefix.size()))) return true;
  }
  absl::TimeZone zone;
  return !name.empty() && absl::LoadTimeZone(std::string(name), &zone) && name.find("..") == std::string_view::npos &&
         name[0] != '/' && name[0] != ':';
}

Status CheckConfigurationValue(const std::string& key, const std::string& value) {
  const ConfigurationEntry* entry = FindConfiguration(key);
  if (entry == nullptr) return {};
  FS_CHECK(configuration_internal::CheckValue(*entry, value));
  if (key == "spark.sql.session.timeZone") FS_CHECK(CheckTimeZone(key, value));
  return {};
}

std::string Configuration::WarningFor(std::string_view key) {
  return std::string(configuration_internal::DeprecationOf(key));
}

std::optional<std::string> Configuration::Lookup(const std::string& key) const {
  auto found = values_.find(key);
  if (found != values_.end()) return found->second;
  const ConfigurationEntry* entry = FindConfiguration(key);
  return entry != nullptr ? DefaultOf(*entry, values_) : std::nullopt;
}

Result<std::string> Configuration::Get(const std::string& key) const {
  std::lock_guard lock(mutex_);
  if (std::optional<std::string> value = Lookup(key)) return *value;
  if (FindConfiguration(key) != nullptr) return std::string(kUndefined);
  return NotFound(key);
}

std::optional<std::string> Configuration::GetOption(const std::string& key) const {
  std::lock_guard lock(mutex_);
  return Lookup(key);
}

Result<std::optional<std::string>> Configuration::GetWithDefault(const std::string& key,
                                                                 const std::optional<std::string>& otherwise) const {
  {
    std::lock_guard lock(mutex_);
    if (auto found = values_.find(key); found != values_.end()) return std::optional(found->second);
  }
  if (otherwise) FS_CHECK(CheckConfigurationValue(key, *otherwise));
  return otherwise;
}

Status Configuration::Set(const std::string& key, const std::string& value) {
  FS_CHECK(CheckMayChange(key));
  FS_CHECK(CheckConfigurationValue(key, value));
  std::lock_guard lock(mutex_);
  values_[key] = value;
  ++generation_;
  settings_ = nullptr;
  parser_options_ = nullptr;
  return {};
}

Status Configuration::Unset(const std::string& key) {
  FS_CHECK(CheckMayChange(key));
  std::lock_guard lock(mutex_);
  values_.erase(key);
  ++generation_;
  settings_ = nullptr;
  parser_options_ = nullptr;
  return {};
}

void Configuration::Reset(const ConfigurationMap& server) {
  std::lock_guard lock(mutex_);
  values_ = server;
  ++generation_;
  settings_ = nullptr;
  parser_options_ = nullptr;
}

bool Configuration::IsModifiable(const std::string& key) const {
  const ConfigurationEntry* entry = FindConfiguration(key);
  return entry != nullptr && !entry->is_static;
}

ConfigurationMap Configuration::All() const {
  std::lock_guard lock(mutex_);
  return values_;
}

uint64_t Configuration::generation() const {
  std::lock_guard lock(mutex_);
  return generation_;
}

// ---------------------------------------------------------------- typed reads
bool Configuration::Boolean(const std::string& key) const {
  std::optional<std::string> text = GetOption(key);
  return text && EqualsIgnoreCase(TrimControls(*text), "true");
}

int64_t Configuration::Integer(const std::string& key) const {
  Result<int64_t> value = ParseIntegerSetting(key, GetOption(key).value_or("0"));
  return value.ok() ? *value : 0;
}

int64_t Configuration::Bytes(const std::string& key) const {
  Result<int64_t> value = ParseBytesSetting(key, GetOption(key).value_or("0"));
  return value.ok() ? *value : 0;
}

int64_t Configuration::Milliseconds(const std::string& key) const {
  Result<int64_t> value = ParseMillisecondsSetting(key, GetOption(key).value_or("0"));
  return value.ok() ? *value : 0;
}

std::shared_ptr<const Settings> Configuration::settings() const {
  {
    std::lock_guard lock(mutex_);
    if (settings_ != nullptr) return settings_;
  }
  const uint64_t before = generation();
  auto out = std::make_shared<Settings>();
  out->ansi = Boolean("spark.sql.ansi.enabled");
  out->case_sensitive = Boolean("spark.sql.caseSensitive");
  out->time_zone = GetOption("spark.sql.session.timeZone").value_or("UTC");
  out->decimal_allow_precision_loss = Boolean("spark.sql.decimalOperations.allowPrecisionLoss");
  out->group_by_ordinal = Boolean("spark.sql.groupByOrdinal");
  out->order_by_ordinal = Boolean("spark.sql.orderByOrdinal");
  out->group_by_aliases = Boolean("spark.sql.groupByAliases");
  out->cross_join_enabled = Boolean("spark.sql.crossJoin.enabled");
  out->timestamp_ntz_default = EqualsIgnoreCase(GetOption("spark.sql.timestampType").value_or(""), "TIMESTAMP_NTZ");
  out->legacy_size_of_null = !out->ansi && Boolean("spark.sql.legacy.sizeOfNull");
  std::string policy = GetOption("spark.sql.legacy.timeParserPolicy").value_or("");
  out->legacy_datetime_parser = EqualsIgnoreCase(policy, "LEGACY");
  out->corrected_datetime_parser = EqualsIgnoreCase(policy, "CORRECTED");
  out->map_keys_last_win = EqualsIgnoreCase(GetOption("spark.sql.mapKeyDedupPolicy").value_or(""), "LAST_WIN");
  out->max_to_string_fields = static_cast<int>(Integer("spark.sql.debug.maxToStringFields"));
  out->pivot_max_values = Integer("spark.sql.pivotMaxValues");
  std::lock_guard lock(mutex_);
  if (generation_ == before) settings_ = out;
  return out;
}

std::shared_ptr<const sql::ParserOptions> Configuration::parser_options() const {
  {
    std::lock_guard lock(mutex_);
    if (parser_options_ != nullptr) return parser_options_;
  }
  const uint64_t before = generation();
  auto out = std::make_shared<sql::ParserOptions>();
  out->ansi = Boolean("spark.sql.ansi.enabled");
  out->enforce_reserved_keywords = out->ansi && Boolean("spark.sql.ansi.enforceReservedKeywords");
  out->double_quoted_identifiers = out->ansi && Boolean("spark.sql.ansi.doubleQuotedIdentifiers");
  out->escaped_string_literals = Boolean("spark.sql.parser.escapedStringLiterals");
  out->quoted_regex_column_names = Boolean("spark.sql.parser.quotedRegexColumnNames");
  out->timestamp_ntz = EqualsIgnoreCase(GetOption("spark.sql.timestampType").value_or(""), "TIMESTAMP_NTZ");
  out->legacy_exponent_as_decimal = Boolean("spark.sql.legacy.exponentLiteralAsDecimal.enabled");
  out->legacy_intervals = Boolean("spark.sql.legacy.interval.enabled");
  out->time_zone = GetOption("spark.sql.session.timeZone").value_or("UTC");
  std::lock_guard lock(mutex_);
  if (generation_ == before) parser_options_ = out;
  return out;
}

}  // namespace firesteel::session
