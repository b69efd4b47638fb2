// window(time, length [, slide [, start]]): the windows that a time falls into, as a generator of one struct for each. How GROUP BY takes
// it is in relations/time_window.cc.
#include <cstdlib>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/datetime.h"
#include "types/interval_text.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::Call;
using logical::EvalMode;
using logical::Expr;
using logical::ExprPtr;
using Class = TypePattern::Class;

/// Windows that may overlap at one time: what a row's result may take is bounded.
constexpr int64_t kWindowsMax = 1 << 20;

/// A constant text as microseconds.
Result<int64_t> Duration(CallSite& site, size_t index) {
  const ExprPtr& argument = site.arguments[index];
  const auto* literal = std::get_if<logical::Literal>(&argument->node);
  if (literal == nullptr || literal->value.IsNull() || !argument->type.Is(TypeId::kString))
    return Error::Unsupported("window with a duration that is not a constant text", site.origin);
  const std::string& text = literal->value.As<std::string>();
  const auto interval = ParseCalendarInterval(text);
  if (!interval.ok()) {
    return Error::Condition("CANNOT_PARSE_INTERVAL", {{"intervalString", Cat("'", text, "'")}}, site.origin);
  }
  if (interval->months != 0) {
    return Error::Condition("_LEGACY_ERROR_TEMP_3231", {{"interval", text}}).As(ErrorClass::kIllegalArgument);
  }
  int64_t micros = 0;
  if (__builtin_mul_overflow(int64_t{interval->days}, kMicrosPerDay, &micros) ||
      __builtin_add_overflow(micros, interval->micros, &micros)) {
    return Error::Condition("CANNOT_PARSE_INTERVAL", {{"intervalString", Cat("'", text, "'")}}, site.origin);
  }
  return micros;
}

Error NotPositive(const CallSite& site, std::string_view name, int64_t value) {
  return TypeMismatch(
      site, "VALUE_OUT_OF_RANGE",
      {{"exprName", ToSqlId(name)}, {"valueRange", "(0, 9223372036854775807]"}, {"currentValue", Cat(value, "L")}});
}
Error Constraint(const CallSite& site, std::string_view left, int64_t left_value, std::string_view constraint,
                 std::string_view right, int64_t right_value) {
  return TypeMismatch(site, "PARAMETER_CONSTRAINT_VIOLATION",
                      {{"leftExprName", ToSqlId(left)},
                       {"leftExprValue", Cat(left_value, "L")},
                       {"constraint", std::string(constraint)},
                       {"rightExprName", ToSqlId(right)},
                       {"rightExprValue", Cat(right_value, "L")}});
}

/// The arguments become (time, length, slide, start) with microseconds.
Result<DataType> BindWindow(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, Class::kAnyTimestamp));
  FS_TRY(const int64_t length, Duration(site, 1));
  int64_t slide = length, start = 0;
  if (site.arguments.size() > 2) {
    FS_TRY(slide, Duration(site, 2));
  }
  if (site.arguments.size() > 3) {
    FS_TRY(start, Duration(site, 3));
  }
  if (length <= 0) return NotPositive(site, "window_duration", length);
  if (slide <= 0) return NotPositive(site, "slide_duration", slide);
  if (slide > length) return Constraint(site, "slide_duration", slide, "<=", "window_duration", length);
  const int64_t distance = start == INT64_MIN ? INT64_MAX : std::abs(start);
  if (distance >= slide) return Constraint(site, "abs(start_time)", distance, "<", "slide_duration", slide);
  if (length / slide >= kWindowsMax) return Error::Unsupported("window with so many windows at one time", site.origin);
  site.arguments.resize(1);
  for (const int64_t micros : {length, slide, start})
    site.arguments.push_back(LiteralOf(Value(micros), TypeId::kLong, site.origin));
  return DataType(TypeId::kNull);  // as all generators
}

DataType WindowType(const DataType& time) {
  return DataType::Struct({{"start", time, true, "{}"}, {"end", time, true, "{}"}});
}
std::vector<DataType> WindowTypes(std::span<const ExprPtr> arguments) { return {WindowType(arguments[0]->type)}; }

Status WindowRows(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row)) {  // no window: the row disappears
      out.AppendList(row, 0);
      continue;
    }
    const int64_t time = in[0].At<int64_t>(row);
    const int64_t length = in[1].At<int64_t>(row), slide = in[2].At<int64_t>(row), start = in[3].At<int64_t>(row);
    // In 128 bits, since windows around the first and last times begin or end beyond 64.
    const auto from_start = static_cast<int128_t>(time) - start;
    int128_t behind = from_start % slide;
    if (behind < 0) behind += slide;
    const int128_t last = static_cast<int128_t>(time) - behind;  // the latest window that has begun
    const int128_t count = (static_cast<int128_t>(length) - behind + slide - 1) / slide;
    const uint64_t first = out.AppendList(row, static_cast<uint64_t>(count));
    OutputVector& window = out.child(0);
    for (uint64_t i = 0; i < static_cast<uint64_t>(count); ++i) {
      const int128_t begin = last - static_cast<int128_t>(i) * slide;
      window.child(0).Data<int64_t>()[first + i] = static_cast<int64_t>(begin);
      window.child(1).Data<int64_t>()[first + i] = static_cast<int64_t>(begin + length);
    }
  }
  return {};
}

Result<std::string> LowerWindow(const Expr& expr, std::span<const std::string> arguments, Lowering& lowering) {
  static constexpr ScalarKernel kKernel = {&WindowRows};
  const DataType& time = std::get<Call>(expr.node).arguments[0]->type;
  return LowerKernel(kKernel, {arguments.begin(), arguments.end()}, {time, TypeId::kLong, TypeId::kLong, TypeId::kLong},
                     DataType::Array(WindowType(time), false), EvalMode::kAnsi, expr.origin, lowering);
}

}  // namespace

std::span<const Function> TimeWindowFunctions() {
  static const std::vector<Function> rows = {
      {.name = "window",
       .kind = Kind::kGenerator,
       .arguments = {{Class::kAny},
                     {Class::kAny},
                     {.type = Class::kAny, .optional = true},
                     {.type = Class::kAny, .optional = true}},
       .nulls = Nulls::kMaybe,
       .runs = &LowerWindow,
       .bind = &BindWindow,
       .generated = &WindowTypes,
       .group = "datetime_funcs",
       .since = "2.0.0",
       .doc = "The windows of a length, one beginning at every slide, that the time falls into.",
       .example = "window(TIMESTAMP'2021-01-01 00:00:00', '5 minutes')"},
  };
  return rows;
}

}  // namespace firesteel::functions
