// Parts of dates and timestamps, and arithmetic by named functions. Text in and out is in datetime_text.cc.
#include <cmath>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/datetime.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- the session's wall clock
const ExprPtr& Argument0(const logical::Expr& call) { return std::get<logical::Call>(call.node).arguments[0]; }

/// A timestamp's wall clock in the session's zone, as a DuckDB TIMESTAMP.
Result<std::string> WallClock(const std::string& sql, const DataType& type, const Origin& origin, Lowering& lowering) {
  if (type.Is(TypeId::kTimestampNtz)) return sql;
  return lowering.CastSql(sql, type, TypeId::kTimestampNtz, EvalMode::kAnsi, origin);
}

template <char const* kPart>
Result<std::string> LowerPart(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  FS_TRY(std::string local, WallClock(arguments[0], Argument0(call)->type, call.origin, lowering));
  return Cat("CAST(", kPart, "(", local, ") AS INTEGER)");
}
constexpr char kHour[] = "hour", kMinute[] = "minute", kSecond[] = "second";

/// EXTRACT(SECOND …): with the fraction.
Result<std::string> LowerSecondWithFraction(const logical::Expr& call, std::span<const std::string> arguments,
                                            Lowering& lowering) {
  FS_TRY(std::string local, WallClock(arguments[0], Argument0(call)->type, call.origin, lowering));
  return Cat("CAST(microsecond(", local, ") / 1000000.0 AS DECIMAL(8,6))");
}

/// DuckDB's unit for a Spark format; empty if it is none.
std::string_view TruncUnit(std::string_view format, bool with_time) {
  const std::string f = Upper(format);
  if (f == "YEAR" || f == "YYYY" || f == "YY") return "year";
  if (f == "QUARTER") return "quarter";
  if (f == "MONTH" || f == "MM" || f == "MON") return "month";
  if (f == "WEEK") return "week";
  if (!with_time) return "";
  if (f == "DAY" || f == "DD") return "day";
  if (f == "HOUR") return "hour";
  if (f == "MINUTE") return "minute";
  if (f == "SECOND") return "second";
  if (f == "MILLISECOND") return "millisecond";
  if (f == "MICROSECOND") return "microsecond";
  return "";
}

Result<std::string_view> ConstantUnit(const ExprPtr& format, bool with_time, const logical::Expr& call) {
  const auto* literal = std::get_if<logical::Literal>(&format->node);
  if (literal == nullptr) return Error::Unsupported("trunc with a format that is not constant", call.origin);
  return literal->value.IsNull() ? std::string_view() : TruncUnit(literal->value.As<std::string>(), with_time);
}

Result<std::string> LowerTrunc(const logical::Expr& call, std::span<const std::string> arguments, Lowering&) {
  FS_TRY(std::string_view unit, ConstantUnit(std::get<logical::Call>(call.node).arguments[1], false, call));
  if (unit.empty()) return std::string("CAST(NULL AS DATE)");
  return Cat("CAST(date_trunc('", unit, "', ", arguments[0], ") AS DATE)");
}

Result<std::string> LowerDateTrunc(const logical::Expr& call, std::span<const std::string> arguments,
                                   Lowering& lowering) {
  FS_TRY(std::string_view unit, ConstantUnit(std::get<logical::Call>(call.node).arguments[0], true, call));
  if (unit.empty()) return std::string("CAST(NULL AS TIMESTAMP)");
  FS_TRY(std::string local, WallClock(arguments[1], TypeId::kTimestamp, call.origin, lowering));
  return lowering.CastSql(Cat("date_trunc('", unit, "', ", local, ")"), TypeId::kTimestampNtz, TypeId::kTimestamp,
                          EvalMode::kAnsi, call.origin);
}

// ---------------------------------------------------------------- extract, date_part
struct Part {
  std::string_view field, function;
};
constexpr Part kParts[] = {{"YEAR", "year"},
                           {"Y", "year"},
                           {"YEARS", "year"},
                           {"YR", "year"},
                           {"YRS", "year"},
                           {"YEAROFWEEK", "yearofweek"},
                           {"QUARTER", "quarter"},
                           {"QTR", "quarter"},
                           {"MONTH", "month"},
                           {"MON", "month"},
                           {"MONS", "month"},
                           {"MONTHS", "month"},
                           {"WEEK", "weekofyear"},
                           {"W", "weekofyear"},
                           {"WEEKS", "weekofyear"},
                           {"DAY", "day"},
                           {"D", "day"},
                           {"DAYS", "day"},
                           {"DAYOFWEEK", "dayofweek"},
                           {"DOW", "dayofweek"},
                           {"DAYOFWEEK_ISO", "dayofweek_iso"},
                           {"DOW_ISO", "dayofweek_iso"},
                           {"DOY", "dayofyear"},
                           {"HOUR", "hour"},
                           {"H", "hour"},
                           {"HOURS", "hour"},
                           {"HR", "hour"},
                           {"HRS", "hour"},
                           {"MINUTE", "minute"},
                           {"M", "minute"},
                           {"MIN", "minute"},
                           {"MINS", "minute"},
                           {"MINUTES", "minute"},
                           {"SECOND", "second_with_fraction"},
                           {"S", "second_with_fraction"},
                           {"SEC", "second_with_fraction"},
                           {"SECS", "second_with_fraction"},
                           {"SECONDS", "second_with_fraction"}};

Result<ExprPtr> BindExtract(CallSite& site) {
  const auto* literal = std::get_if<logical::Literal>(&site.arguments[0]->node);
  const ExprPtr source = site.arguments[1];
  if (source->type.IsAnsiInterval() || source->type.Is(TypeId::kCalendarInterval)) {
    return Error::Unsupported("extract from an interval", site.origin);
  }
  if (literal == nullptr || !site.arguments[0]->type.Is(TypeId::kString) || literal->value.IsNull()) {
    return Error::Condition(
        "NON_FOLDABLE_ARGUMENT",
        {{"funcName", ToSqlId(site.name)}, {"paramName", ToSqlId("field")}, {"paramType", "\"STRING\""}}, site.origin);
  }
  const std::string field = Upper(literal->value.As<std::string>());
  for (const Part& part : kParts) {
    if (part.field == field) return site.call(part.function, {source});
  }
  return Error::Condition(
      "INVALID_EXTRACT_FIELD",
      {{"field", ToSqlId(literal->value.As<std::string>())}, {"expr", ToSqlExpr(logical::PrettyName(*source))}},
      site.origin);
}

std::string ExtractName(std::span<const std::string> arguments, const logical::Expr&) {
  return Cat("extract(", arguments[0], " FROM ", arguments[1], ")");
}

// ---------------------------------------------------------------- kernels
std::optional<double> MonthsBetween(const KernelContext& context, int64_t end, int64_t start, bool round_off) {
  const TimeZone* zone = FindTimeZoneOrNull(context.time_zone);
  const int64_t a = zone->ToLocalMicros(end), b = zone->ToLocalMicros(start);
  constexpr int64_t kMicrosPerDay = 86'400'000'000;
  const CivilDate first = CivilFromDays(FloorDivide(a, kMicrosPerDay)),
                  second = CivilFromDays(FloorDivide(b, kMicrosPerDay));
  const auto months = static_cast<double>((first.year - second.year) * 12 + (first.month - second.month));
  const bool both_last =
      first.day == DaysInMonth(first.year, first.month) && second.day == DaysInMonth(second.year, second.month);
  if (first.day == second.day || both_last) return months;
  constexpr double kSecondsPerMonth = 31 * 86400.0;
  const int64_t seconds_a = FloorModulo(a, kMicrosPerDay) / 1'000'000,
                seconds_b = FloorModulo(b, kMicrosPerDay) / 1'000'000;
  const auto difference = static_cast<double>((first.day - second.day) * int64_t{86400} + seconds_a - seconds_b);
  const double result = months + difference / kSecondsPerMonth;
  return round_off ? std::round(result * 1e8) / 1e8 : result;
}

Result<std::optional<int32_t>> NextDay(const KernelContext& context, int32_t day, std::string_view name) {
  static constexpr std::string_view kDays[] = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                               "FRIDAY", "SATURDAY", "SUNDAY"};
  const std::string upper = Upper(name);
  for (int i = 0; i < 7; ++i) {
    if (upper != kDays[i] && upper != kDays[i].substr(0, 2) && upper != kDays[i].substr(0, 3)) continue;
    const int ahead = (i + 1 - DayOfWeek(day) + 7) % 7;
    return std::optional<int32_t>(day + (ahead == 0 ? 7 : ahead));
  }
  if (!context.Ansi()) return std::optional<int32_t>();
  return Error::Condition("ILLEGAL_DAY_OF_WEEK", {{"string", std::string(name)}}, context.origin)
      .As(ErrorClass::kIllegalArgument);
}

/// java.time.LocalDate.of; in ANSI mode its words for what is out of range.
Result<std::optional<int32_t>> MakeDate(const KernelContext& context, int32_t year, int32_t month, int32_t day) {
  static constexpr const char* kNames[] = {"January", "February", "March",     "April",   "May",      "June",
                                           "July",    "August",   "September", "October", "November", "December"};
  std::string message;
  if (month < 1 || month > 12) {
    message = Cat("Invalid value for MonthOfYear (valid values 1 - 12): ", month);
  } else if (day < 1 || day > 31) {
    message = Cat("Invalid value for DayOfMonth (valid values 1 - 28/31): ", day);
  } else if (day > DaysInMonth(year, month)) {
    message = day == 29 ? Cat("Invalid date 'February 29' as '", year, "' is not a leap year")
                        : Cat("Invalid date '", Upper(kNames[month - 1]), " ", day, "'");
  } else {
    return std::optional(static_cast<int32_t>(DaysFromCivil(year, month, day)));
  }
  if (!context.Ansi()) return std::optional<int32_t>();
  return Error::Condition("DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION",
                          {{"ansiConfig", "\"spark.sql.ansi.enabled\""}, {"rangeMessage", message}})
      .As(ErrorClass::kDateTime);
}

int32_t YearOfWeek(int32_t day) { return static_cast<int32_t>(WeekBasedYear(day)); }

std::string DayName(int32_t day) {
  static constexpr const char* kNames[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  return kNames[DayOfWeek(day) - 1];
}
std::string MonthName(int32_t day) {
  static constexpr const char* kNames[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return kNames[CivilFromDays(day).month - 1];
}

/// Wall clocks moved between a named zone and UTC.
Result<int64_t> FromUtc(const KernelContext& context, int64_t micros, std::string_view zone_name) {
  const TimeZone* zone = FindTimeZoneOrNull(zone_name);
  if (zone == nullptr)
    return Error::Condition("INVALID_TIMEZONE", {{"timeZone", std::string(zone_name)}}, context.origin)
        .As(ErrorClass::kDateTime);
  return zone->ToLocalMicros(micros);
}
Result<int64_t> ToUtc(const KernelContext& context, int64_t micros, std::string_view zone_name) {
  const TimeZone* zone = FindTimeZoneOrNull(zone_name);
  if (zone == nullptr)
    return Error::Condition("INVALID_TIMEZONE", {{"timeZone", std::string(zone_name)}}, context.origin)
        .As(ErrorClass::kDateTime);
  int64_t utc = 0;
  zone->ToUtcMicros(micros, &utc);
  return utc;
}

Result<std::string> LowerCurrentDate(const logical::Expr& call, std::span<const std::string>, Lowering& lowering) {
  return lowering.CastSql("make_timestamp(epoch_us(now()))", TypeId::kTimestamp, TypeId::kDate, EvalMode::kAnsi,
                          call.origin);
}
Result<std::string> LowerLocalTimestamp(const logical::Expr& call, std::span<const std::string>, Lowering& lowering) {
  return lowering.CastSql("make_timestamp(epoch_us(now()))", TypeId::kTimestamp, TypeId::kTimestampNtz, EvalMode::kAnsi,
                          call.origin);
}
Result<std::string> LowerCurrentTimeZone(const logical::Expr&, std::span<const std::string>, Lowering& lowering) {
  return lowering.LiteralSql(Value(lowering.time_zone()), TypeId::kString);
}

const TypePattern kAnyTime = TypePattern::OneOf({TypeId::kTimestamp, TypeId::kTimestampNtz});

Function Row(std::string_view name, std::vector<Argument> arguments, DataType result, Runs runs, std::string_view doc,
             std::string_view example) {
  return {.name = name,
          .arguments = std::move(arguments),
          .result = std::move(result),
          .runs = runs,
          .group = "datetime_funcs",
          .since = "1.5.0",
          .doc = doc,
          .example = example};
}

Function With(Function row, Nulls nulls) {
  row.nulls = nulls;
  return row;
}

std::vector<Function> Rows() {
  const Argument date{TypeId::kDate}, integer{TypeId::kInteger}, text{TypeId::kString}, time{kAnyTime},
      timestamp{TypeId::kTimestamp}, any{Class::kAny};
  const DataType kInt = TypeId::kInteger, kDate = TypeId::kDate, kTimestamp = TypeId::kTimestamp;
  std::vector<Function> rows = {
      Row("year", {date}, kInt, Sql{"CAST(year({0}) AS INTEGER)"}, "Returns the year of the date.",
          "year('2016-07-30')"),
      Row("quarter", {date}, kInt, Sql{"CAST(quarter({0}) AS INTEGER)"}, "Returns the quarter of the date, 1 to 4.",
          "quarter('2016-08-31')"),
      Row("month", {date}, kInt, Sql{"CAST(month({0}) AS INTEGER)"}, "Returns the month of the date.",
          "month('2016-07-30')"),
      Row("day", {date}, kInt, Sql{"CAST(day({0}) AS INTEGER)"}, "Returns the day of the month.", "day('2009-07-30')"),
      Row("dayofmonth", {date}, kInt, Sql{"CAST(day({0}) AS INTEGER)"}, "Returns the day of the month.",
          "dayofmonth('2009-07-30')"),
      Row("dayofyear", {date}, kInt, Sql{"CAST(dayofyear({0}) AS INTEGER)"}, "Returns the day of the year.",
          "dayofyear('2016-04-09')"),
      Row("dayofweek", {date}, kInt, Sql{"CAST(dayofweek({0}) + 1 AS INTEGER)"},
          "Returns the day of the week, 1 Sunday to 7 Saturday.", "dayofweek('2009-07-30')"),
      Row("dayofweek_iso", {date}, kInt, Sql{"CAST(isodow({0}) AS INTEGER)"},
          "Returns the day of the week, 1 Monday to 7 Sunday.", "extract(DOW_ISO FROM DATE'2009-07-30')"),
      Row("weekday", {date}, kInt, Sql{"CAST(isodow({0}) - 1 AS INTEGER)"},
          "Returns the day of the week, 0 Monday to 6 Sunday.", "weekday('2009-07-30')"),
      Row("weekofyear", {date}, kInt, Sql{"CAST(weekofyear({0}) AS INTEGER)"}, "Returns the ISO week of the year.",
          "weekofyear('2008-02-20')"),
      Row("yearofweek", {date}, kInt, RowKernel<&YearOfWeek>(), "Returns the year of the date's ISO week.",
          "extract(YEAROFWEEK FROM DATE'2008-01-01')"),
      Row("dayname", {date}, TypeId::kString, RowKernel<&DayName>(), "Returns the day's name, three letters.",
          "dayname(DATE'2008-02-20')"),
      Row("monthname", {date}, TypeId::kString, RowKernel<&MonthName>(), "Returns the month's name, three letters.",
          "monthname(DATE'2008-02-20')"),
      Row("last_day", {date}, kDate, Sql{"last_day({0})"}, "Returns the last day of the date's month.",
          "last_day('2009-01-12')"),
      Row("next_day", {date, text}, kDate, RowKernel<&NextDay>(),
          "Returns the first later date that is the named day of the week.", "next_day('2015-01-14', 'TU')"),
      Row("hour", {time}, kInt, &LowerPart<kHour>, "Returns the hour of the timestamp.", "hour('2009-07-30 12:58:59')"),
      Row("minute", {time}, kInt, &LowerPart<kMinute>, "Returns the minute of the timestamp.",
          "minute('2009-07-30 12:58:59')"),
      Row("second", {time}, kInt, &LowerPart<kSecond>, "Returns the second of the timestamp.",
          "second('2009-07-30 12:58:59')"),
      Row("second_with_fraction", {time}, DataType::Decimal(8, 6), &LowerSecondWithFraction,
          "Returns the second with its fraction.", "extract(SECOND FROM TIMESTAMP'2019-10-01 00:00:01.000001')"),
      Row("date_add", {date, integer}, kDate, Sql{"CAST({0} + {1} AS DATE)"}, "Returns the date so many days later.",
          "date_add('2016-07-30', 1)"),
      Row("dateadd", {date, integer}, kDate, Sql{"CAST({0} + {1} AS DATE)"}, "Returns the date so many days later.",
          "dateadd('2016-07-30', 1)"),
      Row("date_sub", {date, integer}, kDate, Sql{"CAST({0} - {1} AS DATE)"}, "Returns the date so many days earlier.",
          "date_sub('2016-07-30', 1)"),
      Row("datediff", {date, date}, kInt, Sql{"CAST({0} - {1} AS INTEGER)"},
          "Returns the days from the second date to the first.", "datediff('2009-07-31', '2009-07-30')"),
      Row("date_diff", {date, date}, kInt, Sql{"CAST({0} - {1} AS INTEGER)"},
          "Returns the days from the second date to the first.", "date_diff('2009-07-31', '2009-07-30')"),
      Row("add_months", {date, integer}, kDate, Sql{"CAST({0} + to_months({1}) AS DATE)"},
          "Returns the date so many months later.", "add_months('2016-08-31', 1)"),
      With(Row("trunc", {date, text}, kDate, &LowerTrunc, "Returns the date cut to the unit.",
               "trunc('2019-08-04', 'week')"),
           Nulls::kMaybe),
      With(Row("date_trunc", {text, timestamp}, kTimestamp, &LowerDateTrunc, "Returns the timestamp cut to the unit.",
               "date_trunc('YEAR', '2015-03-05T09:32:05.359')"),
           Nulls::kMaybe),
      Row("make_date", {integer, integer, integer}, kDate, RowKernel<&MakeDate>(),
          "Makes a date of year, month and day.", "make_date(2013, 7, 15)"),
      Row("unix_date", {date}, kInt, Sql{"CAST({0} - DATE '1970-01-01' AS INTEGER)"},
          "Returns the days since 1970-01-01.", "unix_date(DATE'1970-01-02')"),
      Row("date_from_unix_date", {integer}, kDate, Sql{"CAST(DATE '1970-01-01' + {0} AS DATE)"},
          "Returns the date so many days after 1970-01-01.", "date_from_unix_date(1)"),
      Row("unix_micros", {timestamp}, TypeId::kLong, Sql{"epoch_us({0})"},
          "Returns the microseconds since 1970-01-01 00:00:00 UTC.", "unix_micros(TIMESTAMP'1970-01-01 00:00:01Z')"),
      Row("unix_millis", {timestamp}, TypeId::kLong, Sql{"CAST(floor(epoch_us({0})::DECIMAL(38,0) / 1000) AS BIGINT)"},
          "Returns the milliseconds since 1970-01-01 00:00:00 UTC.", "unix_millis(TIMESTAMP'1970-01-01 00:00:01Z')"),
      Row("unix_seconds", {timestamp}, TypeId::kLong,
          Sql{"CAST(floor(epoch_us({0})::DECIMAL(38,0) / 1000000) AS BIGINT)"},
          "Returns the seconds since 1970-01-01 00:00:00 UTC.", "unix_seconds(TIMESTAMP'1970-01-01 00:00:01Z')"),
      Row("timestamp_micros", {{Class::kIntegral}}, kTimestamp, Sql{"make_timestamp(CAST({0} AS BIGINT))"},
          "Returns the timestamp of microseconds since 1970-01-01.", "timestamp_micros(1230219000123123)"),
      Row("timestamp_millis", {{Class::kIntegral}}, kTimestamp, Sql{"make_timestamp(CAST({0} AS BIGINT) * 1000)"},
          "Returns the timestamp of milliseconds since 1970-01-01.", "timestamp_millis(1230219000123)"),
      Row("from_utc_timestamp", {timestamp, text}, kTimestamp, RowKernel<&FromUtc>(),
          "Takes the timestamp for UTC and shows it in the zone.", "from_utc_timestamp('2016-08-31', 'Asia/Seoul')"),
      Row("to_utc_timestamp", {timestamp, text}, kTimestamp, RowKernel<&ToUtc>(),
          "Takes the timestamp for one of the zone and shows it in UTC.",
          "to_utc_timestamp('2016-08-31', 'Asia/Seoul')"),
      With(Row("current_date", {}, kDate, &LowerCurrentDate, "Returns the date at the start of the query.",
               "current_date()"),
           Nulls::kNever),
      With(Row("curdate", {}, kDate, &LowerCurrentDate, "Returns the date at the start of the query.", "curdate()"),
           Nulls::kNever),
      With(Row("current_timestamp", {}, kTimestamp, Sql{"make_timestamp(epoch_us(now()))"},
               "Returns the timestamp at the start of the query.", "current_timestamp()"),
           Nulls::kNever),
      With(Row("now", {}, kTimestamp, Sql{"make_timestamp(epoch_us(now()))"},
               "Returns the timestamp at the start of the query.", "now()"),
           Nulls::kNever),
      With(Row("localtimestamp", {}, TypeId::kTimestampNtz, &LowerLocalTimestamp,
               "Returns the wall clock at the start of the query.", "localtimestamp()"),
           Nulls::kNever),
      With(Row("current_timezone", {}, TypeId::kString, &LowerCurrentTimeZone, "Returns the session's time zone.",
               "current_timezone()"),
           Nulls::kNever),
  };
  Argument round_off{.type = TypeId::kBoolean, .optional = true, .default_sql = "true"};
  rows.push_back(Row("months_between", {timestamp, timestamp, round_off}, TypeId::kDouble, RowKernel<&MonthsBetween>(),
                     "Returns the months between two timestamps.",
                     "months_between('1997-02-28 10:30:00', '1996-10-30')"));
  for (std::string_view name : {"extract", "date_part", "datepart"}) {
    Function row = Row(name, {any, any}, kInt, std::monostate(), "Returns a part of a date or timestamp.",
                       "extract(YEAR FROM TIMESTAMP'2019-08-12 01:00:00')");
    row.bind = &BindExtract;
    if (name == "extract") row.name_of = ExtractName;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::span<const Function> DatetimeFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
