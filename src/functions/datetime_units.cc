// Functions that take a unit of time: timestampadd, timestampdiff, trunc, date_trunc.
#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/row.h"
#include "functions/topics.h"
#include "functions/wall_clock.h"
#include "types/value.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

struct NamedUnit {
  std::string_view name;
  TimeUnit unit;
};

std::optional<TimeUnit> Find(std::span<const NamedUnit> units, std::string_view name) {
  for (const NamedUnit& named : units) {
    if (EqualsIgnoreCase(named.name, name)) return named.unit;
  }
  return std::nullopt;
}

// ---------------------------------------------------------------- timestampadd, timestampdiff
constexpr NamedUnit kAddedUnits[] = {{"YEAR", TimeUnit::kYear},
                                     {"QUARTER", TimeUnit::kQuarter},
                                     {"MONTH", TimeUnit::kMonth},
                                     {"WEEK", TimeUnit::kWeek},
                                     {"DAY", TimeUnit::kDay},
                                     {"DAYOFYEAR", TimeUnit::kDay},
                                     {"HOUR", TimeUnit::kHour},
                                     {"MINUTE", TimeUnit::kMinute},
                                     {"SECOND", TimeUnit::kSecond},
                                     {"MILLISECOND", TimeUnit::kMillisecond},
                                     {"MICROSECOND", TimeUnit::kMicrosecond}};

Result<TimeUnit> AddedUnit(std::string_view function, std::string_view name) {
  if (const auto unit = Find(kAddedUnits, name)) return *unit;
  return Error::Condition(
      "INVALID_PARAMETER_VALUE.DATETIME_UNIT",
      {{"functionName", ToSqlId(function)}, {"parameter", ToSqlId("unit")}, {"invalidValue", Cat("'", name, "'")}});
}

Result<int64_t> TimestampAdd(const KernelContext& context, std::string_view name, int64_t count, int64_t micros) {
  FS_TRY(const TimeUnit unit, AddedUnit("timestampadd", name));
  const TimeZone* zone = context.result_type.Is(TypeId::kTimestamp) ? FindTimeZoneOrNull(context.time_zone) : nullptr;
  if (const auto interval = IntervalOfUnits(unit, count)) {
    if (const auto result = AddToTimestamp(micros, *interval, zone)) return *result;
  }
  return Error::Condition("DATETIME_OVERFLOW",
                          {{"operation", Cat("add ", count, "L ", Upper(name), " to ",
                                             LiteralSql(Value(micros), context.result_type, context.time_zone))}})
      .As(ErrorClass::kArithmetic);
}

Result<int64_t> TimestampDiff(const KernelContext& context, std::string_view name, int64_t start, int64_t end) {
  FS_TRY(const TimeUnit unit, AddedUnit("timestampdiff", name));
  const TimeZone* zone = FindTimeZoneOrNull(context.time_zone);
  return UnitsBetween(unit, zone->ToLocalMicros(start), zone->ToLocalMicros(end));
}

DataType TypeOfThird(std::span<const ExprPtr> arguments) { return arguments[2]->type; }

// ---------------------------------------------------------------- trunc, date_trunc
constexpr NamedUnit kDateUnits[] = {
    {"YEAR", TimeUnit::kYear},   {"YYYY", TimeUnit::kYear}, {"YY", TimeUnit::kYear},   {"QUARTER", TimeUnit::kQuarter},
    {"MONTH", TimeUnit::kMonth}, {"MM", TimeUnit::kMonth},  {"MON", TimeUnit::kMonth}, {"WEEK", TimeUnit::kWeek}};
constexpr NamedUnit kTimeUnits[] = {{"DAY", TimeUnit::kDay},
                                    {"DD", TimeUnit::kDay},
                                    {"HOUR", TimeUnit::kHour},
                                    {"MINUTE", TimeUnit::kMinute},
                                    {"SECOND", TimeUnit::kSecond},
                                    {"MILLISECOND", TimeUnit::kMillisecond},
                                    {"MICROSECOND", TimeUnit::kMicrosecond}};

std::optional<TimeUnit> TruncUnit(std::string_view format, bool with_time) {
  const auto unit = Find(kDateUnits, format);
  return unit || !with_time ? unit : Find(kTimeUnits, format);
}

/// DuckDB's name of a unit.
std::string_view DuckUnit(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kYear:
      return "year";
    case TimeUnit::kQuarter:
      return "quarter";
    case TimeUnit::kMonth:
      return "month";
    case TimeUnit::kWeek:
      return "week";
    case TimeUnit::kDay:
      return "day";
    case TimeUnit::kHour:
      return "hour";
    case TimeUnit::kMinute:
      return "minute";
    case TimeUnit::kSecond:
      return "second";
    case TimeUnit::kMillisecond:
      return "millisecond";
    case TimeUnit::kMicrosecond:
      return "microsecond";
  }
  return "";
}

bool IsTimestampUnit(std::string_view format) { return TruncUnit(format, true).has_value(); }
bool IsDateUnit(std::string_view format) { return TruncUnit(format, false).has_value(); }

Result<std::optional<int64_t>> TruncTimestamp(const KernelContext& context, std::string_view format, int64_t micros) {
  const auto unit = TruncUnit(format, true);
  if (!unit) return std::optional<int64_t>();
  const TimeZone* zone = FindTimeZoneOrNull(context.time_zone);
  const int64_t local = zone->ToLocalMicros(micros), start = TruncatedLocal(*unit, local);
  int64_t utc = 0;
  if (start > local || !zone->ToUtcMicros(start, &utc)) return JavaException(kArithmeticClasses, "long overflow");
  return std::optional(utc);
}
std::optional<int32_t> TruncDate(int32_t day, std::string_view format) {
  const auto unit = TruncUnit(format, false);
  if (!unit) return std::nullopt;
  return static_cast<int32_t>(TruncatedDay(*unit, day));
}

/// The value is computed only where the format is one: Spark evaluates the format first.
Result<std::string> LowerByFormat(const Expr& call, const ScalarKernel& is_unit, const std::string& format,
                                  const ScalarKernel& kernel, std::span<const std::string> arguments,
                                  Lowering& lowering) {
  FS_TRY(const std::string valid,
         LowerKernel(is_unit, {format}, {TypeId::kString}, TypeId::kBoolean, EvalMode::kAnsi, call.origin, lowering));
  FS_TRY(const std::string value, LowerKernel(kernel, call, {arguments.begin(), arguments.end()}, lowering));
  return Cat("CASE WHEN ", valid, " THEN ", value, " END");
}

Result<std::string> LowerTrunc(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  static constexpr ScalarKernel kIsUnit = RowKernel<&IsDateUnit>(), kKernel = RowKernel<&TruncDate>();
  const auto* literal = std::get_if<logical::Literal>(&std::get<Call>(call.node).arguments[1]->node);
  if (literal == nullptr) return LowerByFormat(call, kIsUnit, arguments[1], kKernel, arguments, lowering);
  const auto unit = literal->value.IsNull() ? std::nullopt : TruncUnit(literal->value.As<std::string>(), false);
  if (!unit) return std::string("CAST(NULL AS DATE)");
  if (lowering.precise_errors()) return LowerKernel(kKernel, call, {arguments.begin(), arguments.end()}, lowering);
  return Cat("CAST(date_trunc('", DuckUnit(*unit), "', ", arguments[0], ") AS DATE)");
}

Result<std::string> LowerDateTrunc(const Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  static constexpr ScalarKernel kIsUnit = RowKernel<&IsTimestampUnit>(), kKernel = RowKernel<&TruncTimestamp>();
  const auto* literal = std::get_if<logical::Literal>(&std::get<Call>(call.node).arguments[0]->node);
  if (literal == nullptr) return LowerByFormat(call, kIsUnit, arguments[0], kKernel, arguments, lowering);
  const auto unit = literal->value.IsNull() ? std::nullopt : TruncUnit(literal->value.As<std::string>(), true);
  if (!unit) return std::string("CAST(NULL AS TIMESTAMP)");
  if (lowering.precise_errors()) return LowerKernel(kKernel, call, {arguments.begin(), arguments.end()}, lowering);
  FS_TRY(std::string local,
         lowering.CastSql(arguments[1], TypeId::kTimestamp, TypeId::kTimestampNtz, EvalMode::kAnsi, call.origin));
  return lowering.CastSql(Cat("date_trunc('", DuckUnit(*unit), "', ", local, ")"), TypeId::kTimestampNtz,
                          TypeId::kTimestamp, EvalMode::kAnsi, call.origin);
}

const Function kDatetime{.group = "datetime_funcs"};

std::vector<Function> Rows() {
  const Argument text{TypeId::kString}, timestamp{TypeId::kTimestamp}, date{TypeId::kDate}, count{TypeId::kLong};
  return {
      ShownAs("timestampadd", RowOf(kDatetime, "@timestampadd", {text, count, {Class::kAnyTimestamp}}, &TypeOfThird,
                                    RowKernel<&TimestampAdd>(), "3.3.0", "Returns the timestamp so many units later.",
                                    "timestampadd(HOUR, 8, TIMESTAMP'2022-02-14 20:30:00')")),
      ShownAs("timestampdiff",
              RowOf(kDatetime, "@timestampdiff", {text, timestamp, timestamp}, DataType(TypeId::kLong),
                    RowKernel<&TimestampDiff>(), "3.3.0", "Returns the whole units from one timestamp to another.",
                    "timestampdiff(HOUR, TIMESTAMP'2022-02-11 20:30:00', TIMESTAMP'2022-02-12 04:30:00')")),
      WithNulls(RowOf(kDatetime, "trunc", {date, text}, DataType(TypeId::kDate), &LowerTrunc, "1.5.0",
                      "Returns the date cut to the unit.", "trunc('2019-08-04', 'week')"),
                Nulls::kMaybe),
      WithNulls(
          RowOf(kDatetime, "date_trunc", {text, timestamp}, DataType(TypeId::kTimestamp), &LowerDateTrunc, "2.3.0",
                "Returns the timestamp cut to the unit.", "date_trunc('YEAR', '2015-03-05T09:32:05.359')"),
          Nulls::kMaybe),
  };
}

}  // namespace

std::span<const Function> DatetimeUnitFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
