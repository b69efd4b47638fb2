// Parts of dates and timestamps, and arithmetic by named functions. Text in and out is in datetime_text.cc, what numbers make in
// datetime_make.cc, units of time in datetime_units.cc.
#include <cmath>

#include "base/cat.h"
#include "base/text.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/registry.h"
#include "functions/row.h"
#include "functions/topics.h"
#include "types/datetime.h"
#include "types/number_text.h"

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
  if (Argument0(call)->type.Is(TypeId::kTime)) {
    const bool hour = kPart[0] == 'h', minute = kPart[0] == 'm';
    return Cat("CAST(", arguments[0], " // ",
               hour     ? "3600000000000"
               : minute ? "60000000000 % 60"
                        : "1000000000 % 60",
               " AS INTEGER)");
  }
  FS_TRY(std::string local, WallClock(arguments[0], Argument0(call)->type, call.origin, lowering));
  return Cat("CAST(", kPart, "(", local, ") AS INTEGER)");
}
constexpr char kHour[] = "hour", kMinute[] = "minute", kSecond[] = "second";

/// hour, minute and second leave all arguments but the first unread, as Spark's builders do.
Result<DataType> BindClockPart(CallSite& site) {
  if (site.arguments.empty()) return WrongArgumentCount(site, "> 0", site.origin);
  site.arguments.resize(1);
  if (site.arguments[0]->type.Is(TypeId::kTime)) return DataType(TypeId::kInteger);
  FS_CHECK(CoerceArgument(site, 0, Class::kAnyTimestamp));
  return DataType(TypeId::kInteger);
}

Result<DataType> BindSecondWithFraction(CallSite& site) {
  if (!site.arguments[0]->type.Is(TypeId::kTime)) FS_CHECK(CoerceArgument(site, 0, Class::kAnyTimestamp));
  return DataType::Decimal(8, 6);
}

/// EXTRACT(SECOND …): with the fraction.
Result<std::string> LowerSecondWithFraction(const logical::Expr& call, std::span<const std::string> arguments,
                                            Lowering& lowering) {
  if (Argument0(call)->type.Is(TypeId::kTime))
    return Cat("CAST(", arguments[0], " % 60000000000 // 1000 / 1000000.0 AS DECIMAL(8,6))");
  FS_TRY(std::string local, WallClock(arguments[0], Argument0(call)->type, call.origin, lowering));
  return Cat("CAST(microsecond(", local, ") / 1000000.0 AS DECIMAL(8,6))");
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

/// The part of an interval by its name as a part of a timestamp; empty if intervals of the type have none.
std::string_view IntervalPart(std::string_view part, const DataType& type) {
  struct IntervalField {
    std::string_view part, function;
    TypeId type;
    int field;
  };
  static constexpr IntervalField kFields[] = {
      {"year", "@interval_years", TypeId::kYearMonthInterval, 0},
      {"month", "@interval_months", TypeId::kYearMonthInterval, 1},
      {"day", "@interval_days", TypeId::kDayTimeInterval, 0},
      {"hour", "@interval_hours", TypeId::kDayTimeInterval, 1},
      {"minute", "@interval_minutes", TypeId::kDayTimeInterval, 2},
      {"second_with_fraction", "@interval_seconds", TypeId::kDayTimeInterval, 3},
  };
  for (const IntervalField& f : kFields) {
    if (f.part != part) continue;
    if (type.Is(TypeId::kCalendarInterval)) return f.function;
    if (type.Is(f.type) && f.field >= type.interval().start && f.field <= type.interval().end) return f.function;
  }
  return {};
}

Result<ExprPtr> BindExtract(CallSite& site) {
  const auto* literal = std::get_if<logical::Literal>(&site.arguments[0]->node);
  const ExprPtr source = site.arguments[1];
  if (literal != nullptr && literal->value.IsNull()) return LiteralOf(Value(), TypeId::kDouble, site.origin);
  if (literal == nullptr || !site.arguments[0]->type.Is(TypeId::kString)) {
    return Error::Condition(
        "NON_FOLDABLE_ARGUMENT",
        {{"funcName", ToSqlId(site.name)}, {"paramName", ToSqlId("field")}, {"paramType", "\"STRING\""}}, site.origin);
  }
  const std::string field = Upper(literal->value.As<std::string>());
  const bool of_interval = source->type.IsAnsiInterval() || source->type.Is(TypeId::kCalendarInterval);
  for (const Part& part : kParts) {
    if (part.field != field) continue;
    const bool of_clock =
        part.function == "hour" || part.function == "minute" || part.function == "second_with_fraction";
    if (source->type.Is(TypeId::kTime) && !of_clock) break;
    if (!of_interval) return site.call(part.function, {source});
    const std::string_view function = IntervalPart(part.function, source->type);
    if (!function.empty()) return site.call(function, {source});
  }
  return Error::Condition(
      "INVALID_EXTRACT_FIELD",
      {{"field", ToSqlId(literal->value.As<std::string>())}, {"expr", ToSqlExpr(logical::PrettyName(*source))}},
      site.origin);
}

std::string ExtractName(std::span<const std::string> arguments, const logical::Expr& call) {
  return Cat(std::get<logical::Call>(call.node).function->name, "(", arguments[0], " FROM ", arguments[1], ")");
}

// ---------------------------------------------------------------- days and months added
/// Whole numbers of days up to 32 bits; texts as Spark's two modes read them.
Result<DataType> BindAddDays(CallSite& site) {
  ExprPtr &date = site.arguments[0], &days = site.arguments[1];
  if (date->type.Is(TypeId::kString) || date->type.Is(TypeId::kTimestamp) || date->type.Is(TypeId::kTimestampNtz))
    date = CastTo(date, TypeId::kDate, site);
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kDate).Exactly()));
  if (days->type.Is(TypeId::kString)) {
    const auto* literal = std::get_if<logical::Literal>(&days->node);
    if (site.settings.ansi) {
      days = CastTo(days, TypeId::kInteger, site);
    } else if (literal != nullptr && !literal->value.IsNull()) {
      const auto number = ParseInteger(literal->value.As<std::string>(), INT32_MIN, INT32_MAX, Fraction::kRefused);
      if (!number) {
        const std::string function(FindFunction(site.name)->name == "date_sub" ? "date_sub" : "date_add");
        return Error::Condition("SECOND_FUNCTION_ARGUMENT_NOT_INTEGER", {{"functionName", function}});
      }
      days = LiteralOf(Value(*number), TypeId::kInteger, days->origin);
    }
  }
  static const TypePattern kDays = TypePattern::OneOf({TypeId::kInteger, TypeId::kShort, TypeId::kByte}).Exactly();
  FS_CHECK(CoerceArgument(site, 1, kDays));
  return DataType(TypeId::kDate);
}

/// Wraps, as Java's int.
int32_t AddDays(int32_t date, int32_t days) {
  return static_cast<int32_t>(static_cast<uint32_t>(date) + static_cast<uint32_t>(days));
}
int32_t SubtractDays(int32_t date, int32_t days) {
  return static_cast<int32_t>(static_cast<uint32_t>(date) - static_cast<uint32_t>(days));
}
Result<int32_t> AddMonthsToDate(int32_t date, int32_t months) {
  const int64_t day = AddMonths(date, months);
  if (day > INT32_MAX || day < INT32_MIN) return ArithmeticOverflow("overflow", "", Origin());
  return static_cast<int32_t>(day);
}

/// DuckDB's operators; where they raise, kernels that know Java's range.
Result<std::string> LowerAddDays(const logical::Expr& call, std::span<const std::string> arguments,
                                 Lowering& lowering) {
  static constexpr ScalarKernel kAdd = RowKernel<&AddDays>(), kSubtract = RowKernel<&SubtractDays>();
  const bool subtract = std::get<logical::Call>(call.node).function->name == "date_sub";
  const std::string days = Cat("CAST(", arguments[1], " AS INTEGER)");
  if (!lowering.precise_errors()) return Cat("CAST(", arguments[0], subtract ? " - " : " + ", days, " AS DATE)");
  return LowerKernel(subtract ? kSubtract : kAdd, {arguments[0], days}, {TypeId::kDate, TypeId::kInteger}, call.type,
                     EvalMode::kAnsi, call.origin, lowering);
}
Result<std::string> LowerAddMonths(const logical::Expr& call, std::span<const std::string> arguments,
                                   Lowering& lowering) {
  static constexpr ScalarKernel kKernel = RowKernel<&AddMonthsToDate>();
  if (!lowering.precise_errors()) return Cat("CAST(", arguments[0], " + to_months(", arguments[1], ") AS DATE)");
  return LowerKernel(kKernel, call, {arguments.begin(), arguments.end()}, lowering);
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
  return Error::Condition("ILLEGAL_DAY_OF_WEEK", {{"string", std::string(name)}}).As(ErrorClass::kIllegalArgument);
}

int32_t DateOfDay(int32_t day) { return day; }
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

const Function kDatetime{.group = "datetime_funcs", .since = "1.5.0"};

Function Clock(std::string_view name, LowerFn lower, std::string_view doc, std::string_view example) {
  Function row = RowOf(kDatetime, name, {{.type = Class::kAny, .optional = true, .repeated = true}}, TypeId::kInteger,
                       lower, doc, example);
  row.bind = &BindClockPart;
  return row;
}
Function DaysAdded(std::string_view name, std::string_view shown_as, std::string_view doc, std::string_view example) {
  Function row = RowOf(kDatetime, name, {{Class::kAny}, {Class::kAny}}, TypeId::kDate, &LowerAddDays, doc, example);
  row.bind = &BindAddDays;
  row.shown_as = shown_as;
  return row;
}

std::vector<Function> Rows() {
  const Argument date{TypeId::kDate}, integer{TypeId::kInteger}, text{TypeId::kString}, time{Class::kAnyTimestamp},
      timestamp{TypeId::kTimestamp}, any{Class::kAny};
  const DataType kInt = TypeId::kInteger, kDate = TypeId::kDate, kTimestamp = TypeId::kTimestamp;
  std::vector<Function> rows = {
      RowOf(kDatetime, "year", {date}, kInt, Sql{"CAST(year({0}) AS INTEGER)"}, "Returns the year of the date.",
            "year('2016-07-30')"),
      RowOf(kDatetime, "quarter", {date}, kInt, Sql{"CAST(quarter({0}) AS INTEGER)"},
            "Returns the quarter of the date, 1 to 4.", "quarter('2016-08-31')"),
      RowOf(kDatetime, "month", {date}, kInt, Sql{"CAST(month({0}) AS INTEGER)"}, "Returns the month of the date.",
            "month('2016-07-30')"),
      RowOf(kDatetime, "day", {date}, kInt, Sql{"CAST(day({0}) AS INTEGER)"}, "Returns the day of the month.",
            "day('2009-07-30')"),
      RowOf(kDatetime, "dayofmonth", {date}, kInt, Sql{"CAST(day({0}) AS INTEGER)"}, "Returns the day of the month.",
            "dayofmonth('2009-07-30')"),
      RowOf(kDatetime, "dayofyear", {date}, kInt, Sql{"CAST(dayofyear({0}) AS INTEGER)"},
            "Returns the day of the year.", "dayofyear('2016-04-09')"),
      RowOf(kDatetime, "dayofweek", {date}, kInt, Sql{"CAST(dayofweek({0}) + 1 AS INTEGER)"},
            "Returns the day of the week, 1 Sunday to 7 Saturday.", "dayofweek('2009-07-30')"),
      RowOf(kDatetime, "dayofweek_iso", {date}, kInt, Sql{"CAST(isodow({0}) AS INTEGER)"},
            "Returns the day of the week, 1 Monday to 7 Sunday.", "extract(DOW_ISO FROM DATE'2009-07-30')"),
      RowOf(kDatetime, "weekday", {date}, kInt, Sql{"CAST(isodow({0}) - 1 AS INTEGER)"},
            "Returns the day of the week, 0 Monday to 6 Sunday.", "weekday('2009-07-30')"),
      RowOf(kDatetime, "weekofyear", {date}, kInt, Sql{"CAST(weekofyear({0}) AS INTEGER)"},
            "Returns the ISO week of the year.", "weekofyear('2008-02-20')"),
      RowOf(kDatetime, "yearofweek", {date}, kInt, RowKernel<&YearOfWeek>(), "Returns the year of the date's ISO week.",
            "extract(YEAROFWEEK FROM DATE'2008-01-01')"),
      RowOf(kDatetime, "dayname", {date}, TypeId::kString, RowKernel<&DayName>(),
            "Returns the day's name, three letters.", "dayname(DATE'2008-02-20')"),
      RowOf(kDatetime, "monthname", {date}, TypeId::kString, RowKernel<&MonthName>(),
            "Returns the month's name, three letters.", "monthname(DATE'2008-02-20')"),
      RowOf(kDatetime, "last_day", {date}, kDate, Sql{"last_day({0})"}, "Returns the last day of the date's month.",
            "last_day('2009-01-12')"),
      WithNulls(
          RowOf(kDatetime, "next_day", {date, text}, kDate, RowKernel<&NextDay>(),
                "Returns the first later date that is the named day of the week.", "next_day('2015-01-14', 'TU')"),
          Nulls::kMaybe),
      Clock("hour", &LowerPart<kHour>, "Returns the hour of the timestamp.", "hour('2009-07-30 12:58:59')"),
      Clock("minute", &LowerPart<kMinute>, "Returns the minute of the timestamp.", "minute('2009-07-30 12:58:59')"),
      Clock("second", &LowerPart<kSecond>, "Returns the second of the timestamp.", "second('2009-07-30 12:58:59')"),
      Bound(
          RowOf(kDatetime, "second_with_fraction", {any}, {}, &LowerSecondWithFraction,
                "Returns the second with its fraction.", "extract(SECOND FROM TIMESTAMP'2019-10-01 00:00:01.000001')"),
          &BindSecondWithFraction),
      DaysAdded("date_add", "", "Returns the date so many days later.", "date_add('2016-07-30', 1)"),
      DaysAdded("dateadd", "date_add", "Returns the date so many days later.", "dateadd('2016-07-30', 1)"),
      DaysAdded("date_sub", "", "Returns the date so many days earlier.", "date_sub('2016-07-30', 1)"),
      RowOf(kDatetime, "datediff", {date, date}, kInt, Sql{"CAST({0} - {1} AS INTEGER)"},
            "Returns the days from the second date to the first.", "datediff('2009-07-31', '2009-07-30')"),
      RowOf(kDatetime, "date_diff", {date, date}, kInt, Sql{"CAST({0} - {1} AS INTEGER)"},
            "Returns the days from the second date to the first.", "date_diff('2009-07-31', '2009-07-30')"),
      RowOf(kDatetime, "add_months", {date, integer}, kDate, &LowerAddMonths, "Returns the date so many months later.",
            "add_months('2016-08-31', 1)"),
      RowOf(kDatetime, "unix_date", {{TypePattern(TypeId::kDate).Exactly()}}, kInt,
            Sql{"CAST({0} - DATE '1970-01-01' AS INTEGER)"}, "Returns the days since 1970-01-01.",
            "unix_date(DATE'1970-01-02')"),
      RowOf(kDatetime, "date_from_unix_date", {integer}, kDate, RowKernel<&DateOfDay>(),
            "Returns the date so many days after 1970-01-01.", "date_from_unix_date(1)"),
      WithNulls(RowOf(kDatetime, "current_date", {}, kDate, &LowerCurrentDate,
                      "Returns the date at the start of the query.", "current_date()"),
                Nulls::kNever),
      ShownAs("current_date", WithNulls(RowOf(kDatetime, "curdate", {}, kDate, &LowerCurrentDate,
                                              "Returns the date at the start of the query.", "curdate()"),
                                        Nulls::kNever)),
      WithNulls(RowOf(kDatetime, "current_timestamp", {}, kTimestamp, Sql{"make_timestamp(epoch_us(now()))"},
                      "Returns the timestamp at the start of the query.", "current_timestamp()"),
                Nulls::kNever),
      WithNulls(RowOf(kDatetime, "now", {}, kTimestamp, Sql{"make_timestamp(epoch_us(now()))"},
                      "Returns the timestamp at the start of the query.", "now()"),
                Nulls::kNever),
      WithNulls(RowOf(kDatetime, "localtimestamp", {}, TypeId::kTimestampNtz, &LowerLocalTimestamp,
                      "Returns the wall clock at the start of the query.", "localtimestamp()"),
                Nulls::kNever),
      WithNulls(RowOf(kDatetime, "current_timezone", {}, TypeId::kString, &LowerCurrentTimeZone,
                      "Returns the session's time zone.", "current_timezone()"),
                Nulls::kNever),
  };
  Argument round_off{.type = TypeId::kBoolean, .optional = true, .default_sql = "true"};
  rows.push_back(RowOf(kDatetime, "months_between", {timestamp, timestamp, round_off}, TypeId::kDouble,
                       RowKernel<&MonthsBetween>(), "Returns the months between two timestamps.",
                       "months_between('1997-02-28 10:30:00', '1996-10-30')"));
  for (std::string_view name : {"extract", "date_part", "datepart"}) {
    Function row = RowOf(kDatetime, name, {any, any}, kInt, std::monostate(), "Returns a part of a date or timestamp.",
                         "extract(YEAR FROM TIMESTAMP'2019-08-12 01:00:00')");
    row.bind = &BindExtract;
    if (name != "date_part") row.name_of = ExtractName;
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
