// Dates and timestamps from and to text: date_format, to_date, to_timestamp, unix_timestamp, from_unixtime and their try_ forms.
#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/cast.h"
#include "functions/lower.h"
#include "functions/registry.h"
#include "functions/row.h"
#include "functions/topics.h"
#include "types/datetime.h"
#include "types/datetime_pattern.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using logical::ExprPtr;
using Class = TypePattern::Class;

constexpr const char* kDefaultPattern = "'yyyy-MM-dd HH:mm:ss'";

// ---------------------------------------------------------------- patterns
/// The pattern of argument 1: compiled once if it is a constant, else for each row.
using Prepared = std::optional<DateTimePattern>;

template <DateTimePattern::Use kUse>
Result<std::shared_ptr<const void>> Prepare(const KernelContext& context) {
  auto prepared = std::make_shared<Prepared>();
  if (context.constants.size() > 1 && context.constants[1] && !context.constants[1]->IsNull()) {
    FS_TRY(*prepared, DateTimePattern::Compile(context.constants[1]->As<std::string>(), kUse));
  }
  return std::shared_ptr<const void>(std::move(prepared));
}

template <DateTimePattern::Use kUse>
Result<const DateTimePattern*> PatternOf(const KernelContext& context, std::string_view text, Prepared& scratch) {
  const auto& prepared = context.Prepared<Prepared>();
  if (prepared) return &*prepared;
  FS_TRY(scratch, DateTimePattern::Compile(text, kUse));
  return &*scratch;
}

Result<std::string> DateFormat(const KernelContext& context, int64_t micros, std::string_view pattern_text) {
  Prepared scratch;
  FS_TRY(const DateTimePattern* pattern, PatternOf<DateTimePattern::Use::kFormat>(context, pattern_text, scratch));
  std::string out;
  pattern->Format(micros, *FindTimeZoneOrNull(context.time_zone), out);
  return out;
}

/// The instant that `text` says by the pattern; an error in ANSI mode, NULL otherwise, if it says none.
Result<std::optional<int64_t>> Instant(const KernelContext& context, std::string_view text,
                                       std::string_view pattern_text, std::string_view suggestion) {
  Prepared scratch;
  FS_TRY(const DateTimePattern* pattern, PatternOf<DateTimePattern::Use::kParse>(context, pattern_text, scratch));
  std::string message;
  const auto micros = pattern->ParseTimestamp(text, *FindTimeZoneOrNull(context.time_zone), &message);
  if (!micros && context.Ansi()) return CannotParseTimestamp(std::move(message), suggestion);
  return micros;
}

Result<std::optional<int64_t>> ToTimestamp(const KernelContext& context, std::string_view text,
                                           std::string_view pattern) {
  return Instant(context, text, pattern, "try_to_timestamp");
}

Result<std::optional<int64_t>> ToTimestampNtz(const KernelContext& context, std::string_view text,
                                              std::string_view pattern_text) {
  Prepared scratch;
  FS_TRY(const DateTimePattern* pattern, PatternOf<DateTimePattern::Use::kParseNtz>(context, pattern_text, scratch));
  std::string message;
  const auto micros = pattern->ParseTimestampNtz(text, true, &message);  // a zone is read and left out
  if (!micros && context.Ansi()) return CannotParseTimestamp(std::move(message), "try_to_timestamp");
  return micros;
}

Result<std::optional<int32_t>> ToDate(const KernelContext& context, std::string_view text, std::string_view pattern) {
  FS_TRY(const auto micros, Instant(context, text, pattern, "try_to_date"));
  if (!micros) return std::optional<int32_t>();
  return std::optional(
      static_cast<int32_t>(FloorDivide(FindTimeZoneOrNull(context.time_zone)->ToLocalMicros(*micros), kMicrosPerDay)));
}

Result<std::optional<int64_t>> UnixTimestamp(const KernelContext& context, std::string_view text,
                                             std::string_view pattern) {
  FS_TRY(const auto micros, Instant(context, text, pattern, "try_to_timestamp"));
  if (!micros) return std::optional<int64_t>();
  return std::optional(*micros / kMicrosPerSecond);  // cut, also before 1970
}

Result<std::string> FromUnixTime(const KernelContext& context, int64_t seconds, std::string_view pattern_text) {
  Prepared scratch;
  FS_TRY(const DateTimePattern* pattern, PatternOf<DateTimePattern::Use::kFormat>(context, pattern_text, scratch));
  std::string out;
  int64_t micros = 0;
  (void)__builtin_mul_overflow(seconds, kMicrosPerSecond, &micros);  // wraps, as Java's long
  pattern->Format(micros, *FindTimeZoneOrNull(context.time_zone), out);
  return out;
}

// ---------------------------------------------------------------- rows that parse: with a pattern a kernel, without one a cast
const TypePattern kTextOrTime =
    TypePattern::OneOf({TypeId::kString, TypeId::kDate, TypeId::kTimestamp, TypeId::kTimestampNtz});

constexpr ScalarKernel kToDate = RowKernel<&ToDate>(&Prepare<DateTimePattern::Use::kParse>);
constexpr ScalarKernel kToTimestamp = RowKernel<&ToTimestamp>(&Prepare<DateTimePattern::Use::kParse>);
constexpr ScalarKernel kToTimestampNtz = RowKernel<&ToTimestampNtz>(&Prepare<DateTimePattern::Use::kParseNtz>);
constexpr ScalarKernel kUnixTimestamp = RowKernel<&UnixTimestamp>(&Prepare<DateTimePattern::Use::kParse>);

EvalMode ModeOf(const logical::Expr& call) {
  const auto& c = std::get<logical::Call>(call.node);
  return c.function->name.starts_with("try_") ? EvalMode::kTry : c.mode;
}

Result<std::string> LowerParse(const logical::Expr& call, std::span<const std::string> arguments, Lowering& lowering) {
  const auto& c = std::get<logical::Call>(call.node);
  const DataType& from = c.arguments[0]->type;
  if (arguments.size() < 2) {
    if (const auto special = SpecialTimeOf(*c.arguments[0], call.type, lowering.time_zone()))
      return lowering.LiteralSql(*special, call.type);
  }
  if (arguments.size() < 2 || !from.Is(TypeId::kString))
    return lowering.CastSql(arguments[0], from, call.type, ModeOf(call), call.origin);
  const ScalarKernel& kernel = call.type.Is(TypeId::kDate)        ? kToDate
                               : call.type.Is(TypeId::kTimestamp) ? kToTimestamp
                                                                  : kToTimestampNtz;
  KernelContext context = ContextOf(call, lowering);
  context.mode = ModeOf(call);
  return lowering.CallKernel(kernel, {arguments[0], arguments[1]}, std::move(context));
}

Result<std::string> LowerUnixTimestamp(const logical::Expr& call, std::span<const std::string> arguments,
                                       Lowering& lowering) {
  const auto& c = std::get<logical::Call>(call.node);
  if (arguments.empty()) return std::string("CAST(floor(epoch_us(now())::DECIMAL(38,0) / 1000000) AS BIGINT)");
  const DataType& from = c.arguments[0]->type;
  if (!from.Is(TypeId::kString)) {
    std::string instant = arguments[0];  // a wall clock without a zone counts as if it were UTC's
    if (from.Is(TypeId::kDate)) {
      FS_TRY(instant, lowering.CastSql(std::move(instant), from, TypeId::kTimestamp, c.mode, call.origin));
    }
    return Cat("(epoch_us(", instant, ") // 1000000)");
  }
  return LowerKernel(kUnixTimestamp, call, {arguments[0], arguments[1]}, lowering);
}

/// Without a pattern the call is a cast; with one it parses texts and may fail where a cast of dates and timestamps would not.
Result<ExprPtr> BindParse(CallSite& site) {
  const Function& row = *FindFunction(site.name);
  const bool ntz = site.settings.timestamp_ntz_default && row.name.ends_with("to_timestamp");
  const DataType type = ntz ? TypeId::kTimestampNtz : std::get<DataType>(row.result);
  FS_CHECK(CoerceArgument(site, 0, ntz ? kTextOrTime : row.arguments[0].type));
  const ExprPtr& value = site.arguments[0];
  if (site.arguments.size() == 1) {
    const bool nullable = value->nullable || CastMayBeNull(value->type, type, site.settings.ansi);
    return Built(site, row.name, type, nullable, site.mode);
  }
  if (value->type.IsNumeric()) {
    const std::string arguments = Cat(logical::PrettyName(*value), ", ", logical::PrettyName(*site.arguments[1]));
    return Error::Internal(Cat("Cannot resolve the runtime replaceable expression \"", site.name, "(", arguments,
                               ")\". The replacement is unresolved: \"gettimestamp(", arguments, ")\"."));
  }
  FS_CHECK(CoerceArgument(site, 1, TypeId::kString));
  return Built(site, row.name, type, AnyNullable(site.arguments) || site.mode != EvalMode::kAnsi, site.mode);
}

const Function kDatetime{.nulls = Nulls::kMaybe, .group = "datetime_funcs", .since = "1.5.0"};

std::vector<Function> Rows() {
  const Argument text{TypeId::kString}, timestamp{TypeId::kTimestamp}, parsed{kTextOrTime},
      exact{kTextOrTime.Exactly()};
  const Argument parsed_or_number{TypePattern::OneOf({kTextOrTime, Class::kNumeric})};
  const Argument pattern{.type = TypeId::kString, .optional = true};
  const Argument default_pattern{.type = TypeId::kString, .optional = true, .default_sql = kDefaultPattern};
  std::vector<Function> rows = {
      WithNulls(RowOf(kDatetime, "date_format", {timestamp, text}, TypeId::kString,
                      RowKernel<&DateFormat>(&Prepare<DateTimePattern::Use::kFormat>),
                      "Formats the timestamp by the pattern.", "date_format('2016-04-08', 'y')"),
                Nulls::kIfAny),
      RowOf(kDatetime, "from_unixtime", {{TypeId::kLong}, default_pattern}, TypeId::kString,
            RowKernel<&FromUnixTime>(&Prepare<DateTimePattern::Use::kFormat>),
            "Formats seconds since 1970 by the pattern.", "from_unixtime(0, 'yyyy-MM-dd HH:mm:ss')"),
      Bound(RowOf(kDatetime, "to_unix_timestamp", {exact, default_pattern}, TypeId::kLong, &LowerUnixTimestamp,
                  "Returns the seconds since 1970 of a time.", "to_unix_timestamp('2016-04-08', 'yyyy-MM-dd')"),
            &BindNullUnlessAnsi),
      Bound(RowOf(kDatetime, "unix_timestamp", {{.type = kTextOrTime.Exactly(), .optional = true}, default_pattern},
                  TypeId::kLong, &LowerUnixTimestamp, "Returns the seconds since 1970 of a time, or of now.",
                  "unix_timestamp('2016-04-08', 'yyyy-MM-dd')"),
            &BindNullUnlessAnsi),
  };
  struct Parser {
    std::string_view name;
    TypeId result;
  };
  for (const Parser& parser : {Parser{"to_date", TypeId::kDate},
                               {"try_to_date", TypeId::kDate},
                               {"to_timestamp", TypeId::kTimestamp},
                               {"try_to_timestamp", TypeId::kTimestamp},
                               {"to_timestamp_ltz", TypeId::kTimestamp},
                               {"to_timestamp_ntz", TypeId::kTimestampNtz}}) {
    const Argument& value = parser.result == TypeId::kTimestamp ? parsed_or_number : parsed;
    rows.push_back(Bound(RowOf(kDatetime, parser.name, {value, pattern}, parser.result, &LowerParse,
                               "Reads a date or timestamp, by a pattern if one is given.", parser.name),
                         &BindParse));
  }
  return rows;
}

}  // namespace

std::span<const Function> DatetimeTextFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
