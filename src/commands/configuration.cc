// SET, RESET, SET TIME ZONE.
#include <absl/strings/str_split.h>

#include "base/cat.h"
#include "base/text.h"
#include "commands/commands.h"

namespace firesteel::commands {
namespace {

constexpr std::string_view kTimeZoneKey = "spark.sql.session.timeZone";
constexpr int64_t kOffsetSecondsMax = 18 * 3600;
constexpr int64_t kMicrosPerSecond = 1'000'000;

Value Text(std::string text) { return Value(std::move(text)); }

}  // namespace

Result<logical::PlanPtr> Run(const unresolved::SetConfiguration& command, const Origin&, Context& context) {
  if (command.key.empty()) {
    std::vector<std::vector<Value>> rows;
    for (auto& entry : context.AllConfiguration(command.verbose)) {
      rows.push_back({Text(entry.key), Text(entry.value)});
      if (command.verbose) {
        rows.back().push_back(Text(entry.doc));
        rows.back().push_back(Text(entry.since));
      }
    }
    return command.verbose ? Rows({"key", "value", "meaning", "Since version"}, rows) : Rows({"key", "value"}, rows);
  }
  if (command.value) {
    const unresolved::Name name = absl::StrSplit(command.key, '.');
    const auto variable = catalog::VariableNameOf(name, context.settings().case_sensitive);
    if (variable && context.variables().Find(*variable))
      return Error::Condition("UNSUPPORTED_FEATURE.SET_VARIABLE_USING_SET", {{"variableName", ToSqlId(name)}});
    FS_CHECK(context.SetConfiguration(command.key, *command.value));
    return Rows({"key", "value"}, {{Text(command.key), Text(*command.value)}});
  }
  return Rows({"key", "value"},
              {{Text(command.key), Text(context.Configuration(command.key).value_or("<undefined>"))}});
}

Result<logical::PlanPtr> Run(const unresolved::ResetConfiguration& command, const Origin&, Context& context) {
  if (command.key) {
    FS_CHECK(context.ResetConfiguration(*command.key));
  } else {
    context.ResetAllConfiguration();
  }
  return NoRows();
}

Result<logical::PlanPtr> Run(const unresolved::SetTimeZone& command, const Origin& origin, Context& context) {
  const std::string key(kTimeZoneKey);
  if (command.zone == nullptr) {  // LOCAL: the server's own zone
    FS_CHECK(context.ResetConfiguration(key));
    return Rows({"key", "value"}, {{Text(key), Text(context.Configuration(key).value_or("UTC"))}});
  }
  const auto* literal = std::get_if<unresolved::Literal>(&command.zone->node);
  if (literal == nullptr || literal->value.IsNull())
    return Error::Unsupported("SET TIME ZONE with an expression", origin);
  std::string zone;
  if (literal->type.Is(TypeId::kString)) {
    zone = literal->value.As<std::string>();
  } else {
    const int64_t micros = literal->type.Is(TypeId::kDayTimeInterval)    ? literal->value.As<int64_t>()
                           : literal->type.Is(TypeId::kCalendarInterval) ? literal->value.As<CalendarInterval>().micros
                                                                         : INT64_MAX;
    const int64_t seconds = micros / kMicrosPerSecond;
    if (micros % kMicrosPerSecond != 0 || seconds < -kOffsetSecondsMax || seconds > kOffsetSecondsMax) {
      return Error::Condition("INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE", {{"input", Cat(micros)}},
                              origin)
          .As(ErrorClass::kParse);
    }
    const int64_t magnitude = seconds < 0 ? -seconds : seconds;
    auto two = [](int64_t n) { return Cat(n < 10 ? "0" : "", n); };
    zone = Cat(seconds < 0 ? '-' : '+', two(magnitude / 3600), ':', two(magnitude / 60 % 60));
    if (magnitude % 60 != 0) Append(zone, ':', two(magnitude % 60));
  }
  FS_CHECK(context.SetConfiguration(key, zone));
  return Rows({"key", "value"}, {{Text(key), Text(zone)}});
}

}  // namespace firesteel::commands
