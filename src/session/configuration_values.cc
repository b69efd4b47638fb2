// How the values of settings are spelled: booleans, numbers, sizes and times as Java and Spark read them.
#include <charconv>
#include <limits>

#include "base/text.h"
#include "session/configuration.h"

namespace firesteel::session {

namespace {

Error Mismatch(std::string_view key, std::string_view value, std::string_view type) {
  return Error::Condition(
             "INVALID_CONF_VALUE.TYPE_MISMATCH",
             {{"confName", std::string(key)}, {"confValue", std::string(value)}, {"confType", std::string(type)}})
      .As(ErrorClass::kIllegalArgument);
}

struct Unit {
  std::string_view name;
  int64_t factor;
};

constexpr Unit kByteUnits[] = {{"b", 1},
                               {"k", 1 << 10},
                               {"kb", 1 << 10},
                               {"m", 1 << 20},
                               {"mb", 1 << 20},
                               {"g", 1 << 30},
                               {"gb", 1 << 30},
                               {"t", int64_t{1} << 40},
                               {"tb", int64_t{1} << 40},
                               {"p", int64_t{1} << 50},
                               {"pb", int64_t{1} << 50}};
constexpr Unit kTimeUnits[] = {{"ms", 1},       {"s", 1000},      {"m", 60'000},
                               {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};

template <typename T>
bool ParseNumber(std::string_view text, T& out) {
  if (text.starts_with('+')) text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool ParseWithUnit(std::string_view text, std::span<const Unit> units, int64_t& out) {
  std::string lower = Lower(TrimControls(text));
  size_t digits = lower.starts_with('-') ? 1 : 0;
  while (digits < lower.size() && lower[digits] >= '0' && lower[digits] <= '9') ++digits;
  int64_t number = 0;
  if (!ParseNumber(std::string_view(lower).substr(0, digits), number)) return false;
  std::string_view unit = std::string_view(lower).substr(digits);
  if (unit.empty()) {
    out = number;
    return true;
  }
  if (unit == "us" && units.data() == kTimeUnits) {
    out = number / 1000;
    return true;
  }
  for (const Unit& known : units) {
    if (known.name == unit) return !__builtin_mul_overflow(number, known.factor, &out);
  }
  return false;
}

}  // namespace

Result<bool> ParseBooleanSetting(std::string_view key, std::string_view value) {
  std::string_view trimmed = TrimControls(value);
  if (EqualsIgnoreCase(trimmed, "true")) return true;
  if (EqualsIgnoreCase(trimmed, "false")) return false;
  return Mismatch(key, value, "boolean");
}

Result<int64_t> ParseIntegerSetting(std::string_view key, std::string_view value) {
  int64_t out = 0;
  if (ParseNumber(TrimControls(value), out)) return out;
  return Mismatch(key, value, "long");
}

Result<int64_t> ParseBytesSetting(std::string_view key, std::string_view value) {
  int64_t out = 0;
  if (ParseWithUnit(value, kByteUnits, out)) return out;
  return Mismatch(key, value, "bytes in BYTE");
}

Result<int64_t> ParseMillisecondsSetting(std::string_view key, std::string_view value) {
  int64_t out = 0;
  if (ParseWithUnit(value, kTimeUnits, out)) return out;
  return Mismatch(key, value, "time in MILLISECONDS");
}

namespace configuration_internal {

Status CheckValue(const ConfigurationEntry& entry, const std::string& value) {
  std::string_view trimmed = TrimControls(value);
  switch (entry.kind) {
    case ConfigurationKind::kBoolean:
      FS_CHECK(ParseBooleanSetting(entry.key, value));
      break;
    case ConfigurationKind::kInteger: {
      int32_t number = 0;
      if (!ParseNumber(trimmed, number)) return Mismatch(entry.key, value, "int");
      break;
    }
    case ConfigurationKind::kLong:
      FS_CHECK(ParseIntegerSetting(entry.key, value));
      break;
    case ConfigurationKind::kDouble: {
      double number = 0;
      if (!ParseNumber(trimmed, number)) return Mismatch(entry.key, value, "double");
      break;
    }
    case ConfigurationKind::kMilliseconds:
      FS_CHECK(ParseMillisecondsSetting(entry.key, value));
      break;
    case ConfigurationKind::kSeconds: {
      int64_t ignored = 0;
      if (!ParseWithUnit(value, kTimeUnits, ignored)) return Mismatch(entry.key, value, "time in SECONDS");
      break;
    }
    case ConfigurationKind::kBytes:
      FS_CHECK(ParseBytesSetting(entry.key, value));
      break;
    case ConfigurationKind::kString:
      break;
  }
  if (entry.options.empty()) return {};
  std::string_view rest = entry.options;
  while (true) {
    size_t comma = rest.find(", ");
    if (EqualsIgnoreCase(rest.substr(0, comma), value)) return {};
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 2);
  }
  return Error::Condition(
             "INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS",
             {{"confName", std::string(entry.key)}, {"confValue", value}, {"confOptions", std::string(entry.options)}})
      .As(ErrorClass::kIllegalArgument);
}

}  // namespace configuration_internal

}  // namespace firesteel::session
