// TIME values: made of numbers and texts, taken apart, cut; and timestamps put into buckets. TIME is nanoseconds since midnight.
#include <cmath>
#include <limits>
#include <optional>

#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/query_site.h"
#include "functions/row.h"
#include "functions/value_topics.h"
#include "functions/wall_clock.h"
#include "plan/rewrite.h"
#include "types/datetime.h"
#include "types/datetime_pattern.h"
#include "types/decimal.h"
#include "types/number_text.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using logical::ExprPtr;
using Class = TypePattern::Class;

constexpr int64_t kNanosPerMicro = 1000, kNanosPerMilli = 1'000'000, kNanosPerSecond = 1'000'000'000;
constexpr int kPrecision = 6;

Error OutOfBounds(std::string message) {
  return Error::Condition("DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION", {{"rangeMessage", std::move(message)}})
      .As(ErrorClass::kDateTime);
}

// ---------------------------------------------------------------- made of numbers
Result<int64_t> MakeTime(int32_t hour, int32_t minute, DecimalCell seconds) {
  const auto micros = static_cast<int64_t>(seconds.unscaled);
  const int64_t second = FloorDivide(micros, kMicrosPerSecond);
  if (hour < 0 || hour > 23) return OutOfBounds(Cat("Invalid value for HourOfDay (valid values 0 - 23): ", hour));
  if (minute < 0 || minute > 59)
    return OutOfBounds(Cat("Invalid value for MinuteOfHour (valid values 0 - 59): ", minute));
  if (second < 0 || second > 59)
    return OutOfBounds(Cat("Invalid value for SecondOfMinute (valid values 0 - 59): ", second));
  return (hour * kMicrosPerHour + minute * kMicrosPerMinute + micros) * kNanosPerMicro;
}

Result<int64_t> OfDay(int128_t nanos) {
  if (nanos >= 0 && nanos < kNanosPerDay) return static_cast<int64_t>(nanos);
  return OutOfBounds(Cat("Invalid TIME value: must be between 00:00:00 and 23:59:59.999999999, but got ",
                         DecimalPlainText(nanos, 0), " nanoseconds"));
}

template <int64_t kNanos>
Result<int64_t> TimeOfCount(int64_t count) {
  return OfDay(static_cast<int128_t>(count) * kNanos);
}

/// Seconds of any numeric type.
Result<int64_t> TimeOfSeconds(Cell seconds) {
  const InputVector& column = *seconds.vector;
  switch (column.type.id()) {
    case TypeId::kDecimal: {
      int128_t nanos = column.DecimalAt(seconds.row);
      int scale = column.type.scale();
      for (; scale < 9; ++scale) {
        if (__builtin_mul_overflow(nanos, int128_t{10}, &nanos)) return OfDay(std::numeric_limits<int64_t>::max());
      }
      for (; scale > 9; --scale) nanos /= 10;
      return OfDay(nanos);
    }
    case TypeId::kFloat:
    case TypeId::kDouble: {
      const double value = column.type.Is(TypeId::kFloat) ? static_cast<double>(column.At<float>(seconds.row))
                                                          : column.At<double>(seconds.row);
      const double nanos = value * static_cast<double>(kNanosPerSecond);
      if (!(nanos > -0x1p62 && nanos < 0x1p62))
        return OfDay(nanos < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max());
      return OfDay(static_cast<int64_t>(nanos));
    }
    default:
      return OfDay(static_cast<int128_t>(column.At<int64_t>(seconds.row)) * kNanosPerSecond);
  }
}

Result<DataType> BindTimeOfSeconds(CallSite& site) {
  const DataType type = site.arguments[0]->type;
  if (!type.IsNumeric() && !type.Is(TypeId::kNull)) return UnexpectedInputType(site, 0, "\"NUMERIC\"");
  if (!type.IsFractional() && !type.Is(TypeId::kDecimal))
    site.arguments[0] = CastTo(site.arguments[0], TypeId::kLong, site);
  return DataType::Time(kPrecision);
}
Result<DataType> BindTimeOfCount(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  if (!type.IsIntegral() && !type.Is(TypeId::kNull)) return UnexpectedInputType(site, 0, "\"INTEGRAL\"");
  site.arguments[0] = CastTo(site.arguments[0], TypeId::kLong, site);
  return DataType::Time(kPrecision);
}

// ---------------------------------------------------------------- made of text
using Prepared = std::optional<DateTimePattern>;

Result<std::shared_ptr<const void>> PreparePattern(const KernelContext& context) {
  auto prepared = std::make_shared<Prepared>();
  if (context.constants.size() > 1 && context.constants[1] && !context.constants[1]->IsNull()) {
    FS_TRY(*prepared,
           DateTimePattern::Compile(context.constants[1]->As<std::string>(), DateTimePattern::Use::kParseNtz));
  }
  return std::shared_ptr<const void>(std::move(prepared));
}

Result<std::optional<int64_t>> Parsed(const KernelContext& context, std::optional<int64_t> nanos, std::string_view text,
                                      std::string_view pattern) {
  if (nanos) return std::optional(*nanos / kNanosPerMicro * kNanosPerMicro);
  if (context.mode == EvalMode::kTry) return std::optional<int64_t>();
  return Error::Condition("CANNOT_PARSE_TIME", {{"input", Cat("'", text, "'")}, {"format", Cat("'", pattern, "'")}})
      .As(ErrorClass::kDateTime);
}
Result<std::optional<int64_t>> ToTime(const KernelContext& context, std::string_view text) {
  return Parsed(context, ParseTime(text), text, "HH:mm:ss.SSSSSS");
}
Result<std::optional<int64_t>> ToTimeByPattern(const KernelContext& context, std::string_view text,
                                               std::string_view pattern_text) {
  const Prepared* pattern = &context.Prepared<Prepared>();
  Prepared scratch;
  if (!*pattern) {
    FS_TRY(scratch, DateTimePattern::Compile(pattern_text, DateTimePattern::Use::kParseNtz));
    pattern = &scratch;
  }
  return Parsed(context, (*pattern)->ParseTime(text), text, pattern_text);
}

Result<std::string> LowerToTime(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  static constexpr ScalarKernel kPlain = RowKernel<&ToTime>();
  static constexpr ScalarKernel kByPattern = RowKernel<&ToTimeByPattern>(&PreparePattern);
  return LowerKernel(arguments.size() > 1 ? kByPattern : kPlain, call, {arguments.begin(), arguments.end()}, lowering);
}

std::string TryToTimeName(std::span<const std::string> arguments, const logical::Expr&) {
  return Cat("try_to_time(to_time(", Join({arguments.begin(), arguments.end()}, ", "), "))");
}

// ---------------------------------------------------------------- the clock
Result<DataType> BindCurrentTime(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypeId::kInteger));
  const ExprPtr& argument = site.arguments[0];
  if (!logical::IsFoldable(argument)) {
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", "`precision`"},
                         {"inputType", "\"INT\""},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*argument))}});
  }
  FS_TRY(const Value value, Constant(site, 0));
  if (value.IsNull()) return TypeMismatch(site, "UNEXPECTED_NULL", {{"exprName", "precision"}});
  const int64_t precision = value.As<int64_t>();
  if (precision < 0 || precision > kPrecision) {
    return TypeMismatch(site, "VALUE_OUT_OF_RANGE",
                        {{"exprName", "`precision`"}, {"valueRange", "[0, 6]"}, {"currentValue", Cat(precision)}});
  }
  return DataType::Time(static_cast<int>(precision));
}
Result<std::string> LowerCurrentTime(const logical::Expr& call, std::span<const std::string>, Lowering& lowering) {
  FS_TRY(const std::string local, lowering.CastSql("make_timestamp(epoch_us(now()))", TypeId::kTimestamp,
                                                   TypeId::kTimestampNtz, EvalMode::kAnsi, call.origin));
  int64_t unit = 1;
  for (int digits = call.type.precision(); digits < kPrecision; ++digits) unit *= 10;
  return Cat("(epoch_us(", local, ") % ", kMicrosPerDay, " // ", unit, " * ", unit * kNanosPerMicro, ")");
}

// ---------------------------------------------------------------- units
Result<int64_t> UnitNanos(std::string_view unit, std::string_view function) {
  struct Unit {
    std::string_view name;
    int64_t nanos;
  };
  static constexpr Unit kUnits[] = {{"HOUR", kMicrosPerHour * kNanosPerMicro},
                                    {"MINUTE", kMicrosPerMinute * kNanosPerMicro},
                                    {"SECOND", kNanosPerSecond},
                                    {"MILLISECOND", kNanosPerMilli},
                                    {"MICROSECOND", kNanosPerMicro}};
  for (const Unit& known : kUnits) {
    if (EqualsIgnoreCase(known.name, unit)) return known.nanos;
  }
  return Error::Condition("INVALID_PARAMETER_VALUE.TIME_UNIT", {{"parameter", "`unit`"},
                                                                {"functionName", Cat("`", function, "`")},
                                                                {"invalidValue", Cat("'", unit, "'")}})
      .As(ErrorClass::kIllegalArgument);
}
Result<int64_t> TimeTrunc(std::string_view unit, int64_t nanos) {
  FS_TRY(const int64_t step, UnitNanos(unit, "time_trunc"));
  return nanos / step * step;
}
Result<int64_t> TimeDiff(std::string_view unit, int64_t start, int64_t end) {
  FS_TRY(const int64_t step, UnitNanos(unit, "time_diff"));
  return (end - start) / step;
}

/// A TIME, or what is cast to one.
Status CoerceTime(CallSite& site, size_t index, bool casts) {
  const DataType& type = site.arguments[index]->type;
  if (type.Is(TypeId::kTime)) return {};
  if (!type.Is(TypeId::kNull) && !(casts && type.Is(TypeId::kString)))
    return UnexpectedInputType(site, index, "\"TIME\"");
  site.arguments[index] = CastTo(site.arguments[index], DataType::Time(kPrecision), site);
  return {};
}
Result<DataType> BindTimeTrunc(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
  FS_CHECK(CoerceTime(site, 1, true));
  return site.arguments[1]->type;
}
Result<DataType> BindTimeDiff(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypeId::kString));
  FS_CHECK(CoerceTime(site, 1, true));
  FS_CHECK(CoerceTime(site, 2, true));
  return DataType(TypeId::kLong);
}
template <bool kSeconds>
Result<DataType> BindCountOfTime(CallSite& site) {
  FS_CHECK(CoerceTime(site, 0, false));
  return kSeconds ? DataType::Decimal(14, 6) : DataType(TypeId::kLong);
}
DecimalCell SecondsOfTime(int64_t nanos) { return {nanos / kNanosPerMicro}; }

// ---------------------------------------------------------------- time_bucket
/// The start of the bucket that `at` is in: buckets of so many microseconds from `origin` on; none if it is out of range. Buckets of a
/// day and more are so many days long on the zone's wall clock, shorter ones know no wall clock.
std::optional<int64_t> BucketOfMicros(int64_t at, int64_t size, int64_t origin, const TimeZone* zone) {
  int64_t elapsed = 0;
  if (__builtin_sub_overflow(at, origin, &elapsed)) return std::nullopt;
  const int64_t index = FloorDivide(elapsed, size);
  const auto start = [&](int64_t bucket) -> std::optional<int64_t> {
    int64_t micros = 0, result = 0;
    if (__builtin_mul_overflow(bucket, size, &micros)) return std::nullopt;
    if (size >= kMicrosPerDay) {
      const CalendarInterval interval{0, static_cast<int32_t>(micros / kMicrosPerDay), micros % kMicrosPerDay};
      return AddToTimestamp(origin, interval, zone);
    }
    return __builtin_add_overflow(origin, micros, &result) ? std::nullopt : std::optional(result);
  };
  std::optional<int64_t> found = start(index);
  if (!found || size < kMicrosPerDay) return found;
  if (*found > at) return start(index - 1);
  const std::optional<int64_t> next = start(index + 1);
  return next && *next > at ? found : next;
}
std::optional<int64_t> BucketOfMonths(int64_t at, int64_t months, int64_t origin, const TimeZone* zone) {
  const auto month_of = [&](int64_t micros) {
    const CivilDate date = CivilFromDays(FloorDivide(zone ? zone->ToLocalMicros(micros) : micros, kMicrosPerDay));
    return date.year * 12 + date.month;
  };
  const int64_t index = FloorDivide(month_of(at) - month_of(origin), months);
  const auto start = [&](int64_t bucket) {
    return AddToTimestamp(origin, {static_cast<int32_t>(bucket * months), 0, 0}, zone);
  };
  const std::optional<int64_t> found = start(index);
  return found && *found > at ? start(index - 1) : found;
}

Status TimeBucket(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const bool of_months = in[0].type.Is(TypeId::kYearMonthInterval);
  const TimeZone* zone = nullptr;
  if (context.result_type.Is(TypeId::kTimestamp)) {
    FS_TRY(zone, FindTimeZone(context.time_zone));
  }
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row) || in[2].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    const int64_t at = in[1].At<int64_t>(row), origin = in[2].At<int64_t>(row);
    const auto start = of_months ? BucketOfMonths(at, in[0].At<int32_t>(row), origin, zone)
                                 : BucketOfMicros(at, in[0].At<int64_t>(row), origin, zone);
    if (!start) return JavaException(kArithmeticClasses, "long overflow");
    out.Data<int64_t>()[row] = *start;
  }
  return {};
}

Result<DataType> BindTimeBucket(CallSite& site) {
  DataType type = site.arguments[1]->type;
  if (type.Is(TypeId::kNull)) {
    type = TypeId::kTimestamp;
    site.arguments[1] = CastTo(site.arguments[1], type, site);
  }
  if (site.arguments.size() < 3) {  // the wall clock's 1970
    const DataType of = type.Is(TypeId::kTimestampNtz) ? type : DataType(TypeId::kTimestamp);
    int64_t origin = 0;
    if (of.Is(TypeId::kTimestamp)) {
      FS_TRY(const TimeZone* zone, FindTimeZone(site.settings.time_zone));
      zone->ToUtcMicros(0, &origin);
    }
    site.arguments.push_back(LiteralOf(Value(origin), of, site.origin));
  }
  const ExprPtr& size = site.arguments[0];
  if (!size->type.IsAnsiInterval())
    return UnexpectedInputType(site, 0, R"(("INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH"))");
  if (!type.Is(TypeId::kTimestamp) && !type.Is(TypeId::kTimestampNtz))
    return UnexpectedInputType(site, 1, "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"");
  if (!site.arguments[2]->type.SameType(type)) return UnexpectedInputType(site, 2, InDoubleQuotes(TypeSql(type)));
  static constexpr std::string_view kNames[] = {"bucketSize", "", "origin"};
  for (const size_t i : {size_t{0}, size_t{2}}) {
    if (logical::IsFoldable(site.arguments[i])) continue;
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", Cat("`", kNames[i], "`")},
                         {"inputType", InDoubleQuotes(TypeSql(site.arguments[i]->type))},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[i]))}});
  }
  FS_TRY(const Value value, InQuery(site).evaluate(size));
  if (!value.IsNull() && value.As<int64_t>() <= 0) {
    return TypeMismatch(site, "VALUE_OUT_OF_RANGE",
                        {{"exprName", "`bucketSize`"},
                         {"valueRange", "(0, inf)"},
                         {"currentValue", LiteralSql(value, size->type, site.settings.time_zone)}});
  }
  return type;
}

std::vector<Function> Rows() {
  const Function since_41{.nulls = Nulls::kMaybe, .group = "datetime_funcs", .since = "4.1.0"};
  Function since_42 = since_41;
  since_42.since = "4.2.0";
  const Argument any{Class::kAny}, integer{TypeId::kInteger};
  const Argument text{TypePattern(TypeId::kString).Exactly()};
  const Argument pattern{.type = TypePattern(TypeId::kString).Exactly(), .optional = true};
  const DataType time = DataType::Time(kPrecision), count = TypeId::kLong;
  Function to_time =
      RowOf(since_41, "to_time", {text, pattern}, time, &LowerToTime, "A time read from text.", "to_time('10:20:30')");
  Function tries = Synonym(to_time, "try_to_time");
  tries.doc = "As to_time, NULL for what is none.";
  tries.example = "try_to_time('10:20:30')";
  tries.name_of = &TryToTimeName;
  return {
      RowOf(since_41, "make_time", {integer, integer, {DataType::Decimal(16, 6)}}, time, RowKernel<&MakeTime>(),
            "The time of an hour, a minute and seconds.", "make_time(6, 30, 45.887)"),
      std::move(to_time),
      std::move(tries),
      Bound(WithNulls(RowOf(since_41, "current_time", {{.type = Class::kAny, .optional = true, .default_sql = "6"}}, {},
                            &LowerCurrentTime, "The time of day at the start of the query.", "current_time()"),
                      Nulls::kNever),
            &BindCurrentTime),
      Bound(RowOf(since_41, "time_trunc", {any, any}, {}, RowKernel<&TimeTrunc>(), "A time cut to a unit.",
                  "time_trunc('HOUR', TIME'09:32:05.359')"),
            &BindTimeTrunc),
      Bound(RowOf(since_41, "time_diff", {any, any, any}, count, RowKernel<&TimeDiff>(),
                  "How many whole units are between two times.", "time_diff('HOUR', TIME'20:30:29', TIME'21:30:28')"),
            &BindTimeDiff),
      Bound(RowOf(since_42, "time_from_seconds", {any}, time, RowKernel<&TimeOfSeconds>(),
                  "The time so many seconds after midnight.", "time_from_seconds(52200.5)"),
            &BindTimeOfSeconds),
      Bound(RowOf(since_42, "time_from_millis", {any}, time, RowKernel<&TimeOfCount<kNanosPerMilli>>(),
                  "The time so many milliseconds after midnight.", "time_from_millis(52200500)"),
            &BindTimeOfCount),
      Bound(RowOf(since_42, "time_from_micros", {any}, time, RowKernel<&TimeOfCount<kNanosPerMicro>>(),
                  "The time so many microseconds after midnight.", "time_from_micros(52200500000)"),
            &BindTimeOfCount),
      Bound(RowOf(since_42, "time_to_seconds", {any}, {}, RowKernel<&SecondsOfTime>(), "The seconds since midnight.",
                  "time_to_seconds(TIME'14:30:00.5')"),
            &BindCountOfTime<true>),
      Bound(RowOf(since_42, "time_to_millis", {any}, count, Sql{"({0} // 1000000)"}, "The milliseconds since midnight.",
                  "time_to_millis(TIME'14:30:00.5')"),
            &BindCountOfTime<false>),
      Bound(RowOf(since_42, "time_to_micros", {any}, count, Sql{"({0} // 1000)"}, "The microseconds since midnight.",
                  "time_to_micros(TIME'14:30:00.5')"),
            &BindCountOfTime<false>),
      Bound(WithNulls(RowOf(since_42, "time_bucket", {any, any, {.type = Class::kAny, .optional = true}}, {},
                            ScalarKernel{&TimeBucket}, "The start of the bucket of time that a timestamp is in.",
                            "time_bucket(INTERVAL '15' MINUTE, TIMESTAMP'2024-01-01 11:27:00')"),
                      Nulls::kIfAny),
            &BindTimeBucket),
  };
}

}  // namespace

std::span<const Function> TimeFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
