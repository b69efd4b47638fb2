// Dates and timestamps made of numbers: of year, month, day …, of seconds since 1970; timestamps moved between time zones.
#include <cmath>

#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/arithmetic.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/registry.h"
#include "functions/row.h"
#include "functions/topics.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using logical::ExprPtr;
using Class = TypePattern::Class;

// ---------------------------------------------------------------- java.time's checks
/// Why java.time refuses a date; empty if it does not.
std::string WrongDate(int32_t year, int32_t month, int32_t day) {
  static constexpr const char* kNames[] = {"JANUARY", "FEBRUARY", "MARCH",     "APRIL",   "MAY",      "JUNE",
                                           "JULY",    "AUGUST",   "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"};
  constexpr int32_t kYearMax = 999'999'999;
  if (year > kYearMax || year < -kYearMax)
    return Cat("Invalid value for Year (valid values -999999999 - 999999999): ", year);
  if (month < 1 || month > 12) return Cat("Invalid value for MonthOfYear (valid values 1 - 12): ", month);
  if (day < 1 || day > 31) return Cat("Invalid value for DayOfMonth (valid values 1 - 28/31): ", day);
  if (day <= DaysInMonth(year, month)) return {};
  return day == 29 ? Cat("Invalid date 'February 29' as '", year, "' is not a leap year")
                   : Cat("Invalid date '", kNames[month - 1], " ", day, "'");
}

std::string WrongTime(int32_t hour, int32_t minute, int64_t second) {
  if (hour < 0 || hour > 23) return Cat("Invalid value for HourOfDay (valid values 0 - 23): ", hour);
  if (minute < 0 || minute > 59) return Cat("Invalid value for MinuteOfHour (valid values 0 - 59): ", minute);
  if (second < 0 || second > 59) return Cat("Invalid value for SecondOfMinute (valid values 0 - 59): ", second);
  return {};
}

Error OutOfBounds(const std::string& message) {
  return Error::Condition("DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION",
                          {{"ansiConfig", "\"spark.sql.ansi.enabled\""}, {"rangeMessage", message}})
      .As(ErrorClass::kDateTime);
}

Error LongOverflow() { return JavaException(kArithmeticClasses, "long overflow"); }

Result<std::optional<int32_t>> MakeDate(const KernelContext& context, int32_t year, int32_t month, int32_t day) {
  const std::string wrong = WrongDate(year, month, day);
  if (!wrong.empty()) {
    if (!context.Ansi()) return std::optional<int32_t>();
    return OutOfBounds(wrong);
  }
  const int64_t days = DaysFromCivil(year, month, day);
  if (days > INT32_MAX || days < INT32_MIN) return JavaException(kArithmeticClasses, "integer overflow");
  return std::optional(static_cast<int32_t>(days));
}

// ---------------------------------------------------------------- make_timestamp
/// The wall clock of six numbers, the seconds with six digits behind the point; none if they are none.
Result<std::optional<int64_t>> WallClockOf(const KernelContext& context, std::span<const InputVector> in, size_t row) {
  const int32_t year = in[0].At<int32_t>(row), month = in[1].At<int32_t>(row), day = in[2].At<int32_t>(row);
  const int32_t hour = in[3].At<int32_t>(row), minute = in[4].At<int32_t>(row);
  const int128_t unscaled = in[5].DecimalAt(row);
  const auto micros = static_cast<int32_t>(unscaled);  // Spark cuts at 32 bits
  const int64_t fraction = FloorModulo(micros, kMicrosPerSecond);
  int64_t second = FloorDivide(micros, kMicrosPerSecond);
  const bool leap = second == 60;  // as PostgreSQL: the next minute's start
  if (leap && fraction != 0) {
    if (!context.Ansi()) return std::optional<int64_t>();
    return Error::Condition("INVALID_FRACTION_OF_SECOND", {{"secAndMicros", DoubleText(DecimalToDouble(unscaled, 6))}})
        .As(ErrorClass::kDateTime);
  }
  if (leap) second = 0;
  std::string wrong = WrongDate(year, month, day);
  if (wrong.empty()) wrong = WrongTime(hour, minute, second);
  if (!wrong.empty()) {
    if (!context.Ansi()) return std::optional<int64_t>();
    return OutOfBounds(wrong);
  }
  int64_t result = 0;
  const int64_t of_day =
      hour * kMicrosPerHour + (minute + (leap ? 1 : 0)) * kMicrosPerMinute + second * kMicrosPerSecond + fraction;
  if (__builtin_mul_overflow(DaysFromCivil(year, month, day), kMicrosPerDay, &result) ||
      __builtin_add_overflow(result, of_day, &result)) {
    return LongOverflow();
  }
  return std::optional(result);
}

/// (year, month, day, hour, minute, seconds [, zone]) or (date [, time [, zone]]).
Status MakeTimestampRows(const KernelContext& context, size_t rows, std::span<const InputVector> in,
                         OutputVector& out) {
  const bool of_numbers = in.size() >= 6;
  const bool has_zone = in.size() == 7 || in.size() == 3;
  const bool ntz = context.result_type.Is(TypeId::kTimestampNtz);
  FS_TRY(const TimeZone* session_zone, FindTimeZone(context.time_zone));
  for (size_t row = 0; row < rows; ++row) {
    bool null = false;
    for (const InputVector& argument : in) null = null || argument.IsNull(row);
    if (null) {
      out.SetNull(row);
      continue;
    }
    const TimeZone* zone = session_zone;
    if (has_zone) {
      FS_TRY(zone, FindTimeZone(in.back().StringAt(row)));
    }
    std::optional<int64_t> micros;
    if (of_numbers) {
      FS_TRY(micros, WallClockOf(context, in, row));
    } else {
      int64_t local = 0;
      if (__builtin_mul_overflow(int64_t{in[0].At<int32_t>(row)}, kMicrosPerDay, &local)) return LongOverflow();
      micros = local + (in.size() > 1 ? in[1].At<int64_t>(row) / 1000 : 0);
    }
    if (!micros) {
      out.SetNull(row);
      continue;
    }
    int64_t utc = *micros;
    if (!ntz && !zone->ToUtcMicros(*micros, &utc)) return LongOverflow();
    out.Data<int64_t>()[row] = utc;
  }
  return {};
}

Result<ExprPtr> BindMakeTimestamp(CallSite& site) {
  const Function& row = *FindFunction(site.name);
  const bool names_type = row.name.ends_with("tz");
  const bool ntz = row.name.ends_with("_ntz");
  const size_t count = site.arguments.size();
  const bool of_numbers = count == 6 || (count == 7 && !ntz);
  const bool of_date = count == 2 || ((count == 1 || count == 3) && !ntz);
  if (!of_numbers && !of_date) return WrongArgumentCount(site, names_type ? "[2, 6]" : "[1, 2, 3, 6, 7]", site.origin);
  // Spark builds one expression for both names, and never casts its date and time.
  const std::string_view written = site.name;
  if (of_date && !ntz) site.name = "make_timestamp";
  for (size_t i = 0; i < count; ++i) {
    const bool zone = i == 6 || (of_date && i == 2);
    const TypePattern type = zone                ? TypePattern(TypeId::kString)
                             : of_date && i == 0 ? TypePattern(TypeId::kDate).Exactly()
                             : of_date           ? TypePattern(DataType::Time(6)).Exactly()
                             : i == 5            ? TypePattern(DataType::Decimal(16, 6))
                                                 : TypePattern(TypeId::kInteger);
    FS_CHECK(CoerceArgument(site, i, type));
  }
  const bool nullable =
      AnyNullable(site.arguments) || site.mode == EvalMode::kTry || (of_numbers && site.mode != EvalMode::kAnsi);
  const bool ntz_by_default = site.settings.timestamp_ntz_default && !names_type && of_numbers;
  const DataType type = ntz || ntz_by_default ? TypeId::kTimestampNtz : TypeId::kTimestamp;
  if (!of_date) return Built(site, row.name, type, nullable, site.mode);
  const ExprPtr call = Built(site, site.name, type, nullable, site.mode);
  const std::string shown = logical::PrettyName(*call);
  if (written == "try_make_timestamp") return Shown(call, "try_" + shown);
  if (written == "try_make_timestamp_ntz") return Shown(call, Cat(written, "(", shown.substr(4), ")"));
  return UnderOwnName(call);
}

// ---------------------------------------------------------------- counts since 1970
int64_t UnixSeconds(int64_t micros) { return FloorDivide(micros, kMicrosPerSecond); }
int64_t UnixMillis(int64_t micros) { return FloorDivide(micros, 1000); }

Result<int64_t> TimestampMillis(int64_t millis) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(millis, int64_t{1000}, &micros)) return LongOverflow();
  return micros;
}
int64_t TimestampMicros(int64_t micros) { return micros; }

Status TimestampSeconds(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const DataType& type = context.argument_types[0];
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    int64_t& result = out.Data<int64_t>()[row];
    if (type.IsFractional()) {
      const double seconds =
          type.Is(TypeId::kFloat) ? static_cast<double>(in[0].At<float>(row)) : in[0].At<double>(row);
      const double micros = seconds * static_cast<double>(kMicrosPerSecond);
      if (!std::isfinite(seconds)) {
        out.SetNull(row);
      } else if (micros >= 9223372036854775808.0) {
        result = INT64_MAX;  // Java's (long)
      } else {
        result = micros < -9223372036854775808.0 ? INT64_MIN : static_cast<int64_t>(micros);
      }
      continue;
    }
    // BigDecimal.longValueExact: nothing may be left behind the sixth digit.
    const int128_t unscaled = in[0].DecimalAt(row);
    const int scale = type.scale();
    int128_t micros = 0;
    if (scale > 6) {
      const int128_t unit = PowerOfTen(scale - 6);
      if (unscaled % unit != 0) return JavaException(kArithmeticClasses, "Rounding necessary");
      micros = unscaled / unit;
    } else if (__builtin_mul_overflow(unscaled, PowerOfTen(6 - scale), &micros)) {
      return JavaException(kArithmeticClasses, "Overflow");
    }
    if (micros > INT64_MAX || micros < INT64_MIN) return JavaException(kArithmeticClasses, "Overflow");
    result = static_cast<int64_t>(micros);
  }
  return {};
}
Result<int64_t> TimestampOfSeconds(int64_t seconds) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(seconds, kMicrosPerSecond, &micros)) return LongOverflow();
  return micros;
}

Result<ExprPtr> BindTimestampSeconds(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypePattern(Class::kNumeric).Exactly()));
  const bool fractional = site.arguments[0]->type.IsFractional();
  return Built(site, "timestamp_seconds", TypeId::kTimestamp, fractional || AnyNullable(site.arguments), site.mode);
}

Result<std::string> LowerTimestampSeconds(const logical::Expr& call, std::span<const std::string> arguments,
                                          Lowering& lowering) {
  static constexpr ScalarKernel kOfNumber = {&TimestampSeconds};
  static constexpr ScalarKernel kOfInteger = RowKernel<&TimestampOfSeconds>();
  const DataType& type = std::get<logical::Call>(call.node).arguments[0]->type;
  if (!type.IsIntegral()) return LowerKernel(kOfNumber, call, {arguments[0]}, lowering);
  return LowerKernel(kOfInteger, {Cat("CAST(", arguments[0], " AS BIGINT)")}, {TypeId::kLong}, call.type,
                     EvalMode::kAnsi, call.origin, lowering);
}

/// The kernel takes a BIGINT.
template <auto F>
Result<std::string> LowerCount(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  static constexpr ScalarKernel kKernel = RowKernel<F>();
  return LowerKernel(kKernel, {Cat("CAST(", arguments[0], " AS BIGINT)")}, {TypeId::kLong}, call.type, EvalMode::kAnsi,
                     call.origin, lowering);
}

// ---------------------------------------------------------------- zones
Result<int64_t> FromUtc(int64_t micros, std::string_view zone_name) {
  FS_TRY(const TimeZone* zone, FindTimeZone(zone_name));
  return zone->ToLocalMicros(micros);
}
Result<int64_t> ToUtc(int64_t micros, std::string_view zone_name) {
  FS_TRY(const TimeZone* zone, FindTimeZone(zone_name));
  int64_t utc = 0;
  if (!zone->ToUtcMicros(micros, &utc)) return LongOverflow();
  return utc;
}

Result<int64_t> ConvertTimezone(std::string_view from, std::string_view to, int64_t local) {
  FS_TRY(const int64_t utc, ToUtc(local, from));
  return FromUtc(utc, to);
}

Result<ExprPtr> BindConvertTimezone(CallSite& site) {
  if (site.arguments.size() == 2) {
    FS_TRY(ExprPtr session, site.call("current_timezone", {}));
    site.arguments.insert(site.arguments.begin(), std::move(session));
  }
  FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
  FS_CHECK(CoerceArgument(site, 1, TypeId::kString));
  FS_CHECK(CoerceArgument(site, 2, TypeId::kTimestampNtz));
  return Built(site, "convert_timezone", TypeId::kTimestampNtz, AnyNullable(site.arguments), site.mode);
}

const Function kDatetime{.group = "datetime_funcs"};

/// Spark's expression for it has forgotten the zone.
std::string TryMakeTimestampName(std::span<const std::string> arguments, const logical::Expr&) {
  return Cat("try_make_timestamp(",
             Join({arguments.begin(), arguments.begin() + std::min<std::ptrdiff_t>(6, std::ssize(arguments))}, ", "),
             ")");
}

std::vector<Function> Rows() {
  const Argument integer{TypeId::kInteger}, text{TypeId::kString}, timestamp{TypeId::kTimestamp},
      instant{TypePattern(TypeId::kTimestamp).Exactly()}, integral{Class::kIntegral}, any{Class::kAny};
  const Argument any_number{.type = Class::kAny, .optional = true, .repeated = true};
  const DataType kDate = TypeId::kDate, kTimestamp = TypeId::kTimestamp, kLong = TypeId::kLong;
  constexpr std::string_view kMakeDoc =
      "Makes a timestamp of year, month, day, hour, minute, second and zone, or of date, time and zone.";
  std::vector<Function> rows = {
      Bound(RowOf(kDatetime, "make_date", {integer, integer, integer}, kDate, RowKernel<&MakeDate>(), "3.0.0",
                  "Makes a date of year, month and day.", "make_date(2013, 7, 15)"),
            &BindNullUnlessAnsi),
      RowOf(kDatetime, "unix_micros", {instant}, kLong, Sql{"epoch_us({0})"}, "3.1.0",
            "Returns the microseconds since 1970-01-01 00:00:00 UTC.", "unix_micros(TIMESTAMP'1970-01-01 00:00:01Z')"),
      RowOf(kDatetime, "unix_millis", {instant}, kLong, RowKernel<&UnixMillis>(), "3.1.0",
            "Returns the milliseconds since 1970-01-01 00:00:00 UTC.", "unix_millis(TIMESTAMP'1970-01-01 00:00:01Z')"),
      RowOf(kDatetime, "unix_seconds", {instant}, kLong, RowKernel<&UnixSeconds>(), "3.1.0",
            "Returns the seconds since 1970-01-01 00:00:00 UTC.", "unix_seconds(TIMESTAMP'1970-01-01 00:00:01Z')"),
      RowOf(kDatetime, "timestamp_micros", {integral}, kTimestamp, &LowerCount<&TimestampMicros>, "3.1.0",
            "Returns the timestamp of microseconds since 1970-01-01.", "timestamp_micros(1230219000123123)"),
      RowOf(kDatetime, "timestamp_millis", {integral}, kTimestamp, &LowerCount<&TimestampMillis>, "3.1.0",
            "Returns the timestamp of milliseconds since 1970-01-01.", "timestamp_millis(1230219000123)"),
      Bound(RowOf(kDatetime, "timestamp_seconds", {any}, kTimestamp, &LowerTimestampSeconds, "3.1.0",
                  "Returns the timestamp of seconds since 1970-01-01.", "timestamp_seconds(1230219000)"),
            &BindTimestampSeconds),
      RowOf(kDatetime, "from_utc_timestamp", {timestamp, text}, kTimestamp, RowKernel<&FromUtc>(), "1.5.0",
            "Takes the timestamp for UTC and shows it in the zone.", "from_utc_timestamp('2016-08-31', 'Asia/Seoul')"),
      RowOf(kDatetime, "to_utc_timestamp", {timestamp, text}, kTimestamp, RowKernel<&ToUtc>(), "1.5.0",
            "Takes the timestamp for one of the zone and shows it in UTC.",
            "to_utc_timestamp('2016-08-31', 'Asia/Seoul')"),
      Bound(RowOf(kDatetime, "convert_timezone", {any, any, {.type = Class::kAny, .optional = true}},
                  TypeId::kTimestampNtz, RowKernel<&ConvertTimezone>(), "3.4.0",
                  "Moves a wall clock from one zone, by default the session's, to another.",
                  "convert_timezone('Europe/Brussels', 'America/Los_Angeles', TIMESTAMP_NTZ'2021-12-06 00:00:00')"),
            &BindConvertTimezone),
  };
  for (std::string_view name : {"make_timestamp", "make_timestamp_ltz", "make_timestamp_ntz", "try_make_timestamp",
                                "try_make_timestamp_ltz", "try_make_timestamp_ntz"}) {
    rows.push_back(Bound(
        RowOf(kDatetime, name, {any_number}, kTimestamp, ScalarKernel{&MakeTimestampRows},
              name.starts_with("try_") ? "4.0.0" : "3.0.0", kMakeDoc, "make_timestamp(2014, 12, 28, 6, 30, 45.887)"),
        &BindMakeTimestamp));
    if (name == "try_make_timestamp") rows.back().name_of = &TryMakeTimestampName;
  }
  return rows;
}

}  // namespace

std::span<const Function> DatetimeMakeFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
