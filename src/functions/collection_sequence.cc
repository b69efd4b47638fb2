// sequence: from start to stop by steps, of whole numbers, dates and timestamps.
#include <algorithm>
#include <optional>

#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/collection.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "functions/wall_clock.h"
#include "types/coercion.h"
#include "types/datetime.h"
#include "types/interval_text.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::ExprPtr;
using Class = TypePattern::Class;

constexpr int128_t kLengthMax = 2147483632;

Error WrongSequence(const CallSite& site) {
  return TypeMismatch(site, "SEQUENCE_WRONG_INPUT_TYPES",
                      {{"functionName", "`sequence`"},
                       {"startType", "(\"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \"DATE\")"},
                       {"stepType", "(\"INTERVAL\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\")"},
                       {"otherStartType", "\"INTEGRAL\""}});
}

bool IsWhole(const DataType& type) {
  return type.Is(TypeId::kByte) || type.Is(TypeId::kShort) || type.Is(TypeId::kInteger) || type.Is(TypeId::kLong);
}

bool IsInterval(const DataType& type) { return type.IsAnsiInterval() || type.Is(TypeId::kCalendarInterval); }

Result<ExprPtr> BindSequence(CallSite& site) {
  std::vector<DataType> types;  // of start and stop, and of the step if it is no interval
  for (const ExprPtr& argument : site.arguments) {
    if (types.size() < 2 || !IsInterval(argument->type)) types.push_back(argument->type);
  }
  const bool by_interval = types.size() < site.arguments.size();
  const auto common = WiderType(types, site.settings);
  if (!common) return WrongSequence(site);
  const bool temporal = common->IsDateOrTimestamp() && types.size() == 2;
  if (!temporal && (by_interval || !IsWhole(*common))) return WrongSequence(site);
  for (size_t i = 0; i < types.size(); ++i) site.arguments[i] = CastIfNotSameType(site.arguments[i], *common, site);
  return Built(site, site.name, DataType::Array(*common, false), AnyNullable(site.arguments), site.mode);
}

Error IllegalBoundaries(int64_t start, int64_t stop, const std::string& step) {
  return JavaException(kIllegalArgumentClasses,
                       Cat("requirement failed: Illegal sequence boundaries: ", start, " to ", stop, " by ", step));
}

Error TooLong(int128_t count) {
  return Error::Condition("COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER",
                          {{"functionName", "`sequence`"},
                           {"parameter", "`count`"},
                           {"maxRoundedArrayLength", "2147483632"},
                           {"numberOfElements",
                            count > INT64_MAX ? Cat(static_cast<uint64_t>(count)) : Cat(static_cast<int64_t>(count))}})
      .As(ErrorClass::kRuntime);
}

/// Timestamps step on the wall clock by months and days, and in time by the rest; dates, as their days' first moments, too.
struct Step {
  CalendarInterval by;
  const TimeZone* zone = nullptr;  ///< null: TIMESTAMP_NTZ

  std::optional<int64_t> After(int64_t start, int64_t count) const {
    CalendarInterval sum;
    if (__builtin_mul_overflow(by.months, count, &sum.months) || __builtin_mul_overflow(by.days, count, &sum.days) ||
        __builtin_mul_overflow(by.micros, count, &sum.micros))
      return std::nullopt;
    return AddToTimestamp(start, sum, zone);
  }
};

/// The step as the error of wrong boundaries says it.
std::string StepText(const Step& step, std::span<const InputVector> in, size_t row) {
  if (in.size() < 3 || !in[2].type.Is(TypeId::kCalendarInterval))
    return Cat(in.size() < 3 ? step.by.days * kMicrosPerDay : in[2].WholeAt(row));
  return step.by.months == 0 && step.by.days == 0 ? Cat(step.by.micros) : CalendarIntervalText(step.by);
}

Status TemporalSequence(const KernelContext& context, const CalendarInterval& by, size_t row,
                        std::span<const InputVector> in, OutputVector& out) {
  const bool dates = in[0].type.Is(TypeId::kDate);
  int64_t start = in[0].WholeAt(row), stop = in[1].WholeAt(row);
  Step step{by};
  if (!in[0].type.Is(TypeId::kTimestampNtz)) {
    FS_TRY(step.zone, FindTimeZone(context.time_zone));
  }
  for (int64_t* bound : {&start, &stop}) {
    if (dates && (__builtin_mul_overflow(*bound, kMicrosPerDay, bound) || !step.zone->ToUtcMicros(*bound, bound)))
      return JavaException(kArithmeticClasses, "long overflow");
  }
  // At least so long a step, in microseconds.
  const int64_t estimate = (by.months * int64_t{28} + by.days) * kMicrosPerDay + by.micros;
  if (estimate == 0 ? start != stop : estimate > 0 ? start > stop : start < stop)
    return IllegalBoundaries(start, stop, StepText(step, in, row));
  const int128_t count = estimate == 0 ? 1 : (static_cast<int128_t>(stop) - start) / estimate + 1;
  if (count > kLengthMax) return TooLong(count);
  // Months may be longer than estimated, days shorter.
  const auto within = [&](int64_t index) {
    const std::optional<int64_t> value = step.After(start, index);
    return value && (estimate > 0 ? *value <= stop : *value >= stop);
  };
  int64_t size = 1;
  while (estimate != 0 && within(size)) ++size;
  const uint64_t first = out.AppendList(row, static_cast<uint64_t>(size));
  for (int64_t i = 0; i < size; ++i) {
    const int64_t value = *step.After(start, i);
    if (dates) {
      out.child(0).Data<int32_t>()[first + i] =
          static_cast<int32_t>(FloorDivide(step.zone->ToLocalMicros(value), kMicrosPerDay));
    } else {
      out.child(0).Data<int64_t>()[first + i] = value;
    }
  }
  return {};
}

Status WholeSequence(int64_t start, int64_t stop, int64_t step, size_t row, OutputVector& out) {
  if (step == 0 ? start != stop : step > 0 ? start > stop : start < stop)
    return IllegalBoundaries(start, stop, Cat(step));
  const int128_t count = step == 0 ? 1 : (static_cast<int128_t>(stop) - start) / step + 1;
  if (count > kLengthMax) return TooLong(count);
  const auto size = static_cast<uint64_t>(count);
  const uint64_t first = out.AppendList(row, size);
  OutputVector& child = out.child(0);
  for (uint64_t i = 0; i < size; ++i) {
    const auto value = static_cast<int64_t>(start + static_cast<int128_t>(step) * i);
    switch (child.type().id()) {
      case TypeId::kByte:
        child.Data<int8_t>()[first + i] = static_cast<int8_t>(value);
        break;
      case TypeId::kShort:
        child.Data<int16_t>()[first + i] = static_cast<int16_t>(value);
        break;
      case TypeId::kLong:
        child.Data<int64_t>()[first + i] = value;
        break;
      default:
        child.Data<int32_t>()[first + i] = static_cast<int32_t>(value);
    }
  }
  return {};
}

Status SequenceOf(const KernelContext& context, size_t row, std::span<const InputVector> in, OutputVector& out) {
  const int64_t start = in[0].WholeAt(row), stop = in[1].WholeAt(row);
  const bool dates = in[0].type.Is(TypeId::kDate);
  if (!in[0].type.IsDateOrTimestamp())
    return WholeSequence(start, stop, in.size() > 2 ? in[2].WholeAt(row) : start <= stop ? 1 : -1, row, out);
  const CalendarInterval step = in.size() > 2 ? IntervalAt(in[2], row) : CalendarInterval{0, start <= stop ? 1 : -1, 0};
  if (dates && step.months == 0 && step.days == 0) {
    const DataType& type = in[2].type;
    const std::string_view name = type.Is(TypeId::kCalendarInterval)    ? "interval"
                                  : type.Is(TypeId::kYearMonthInterval) ? "interval year to month"
                                                                        : "interval day to second";
    return Error::Condition("_LEGACY_ERROR_TEMP_3242", {{"intervalType", std::string(name)}})
        .As(ErrorClass::kIllegalArgument);
  }
  if (dates && step.months == 0 && step.micros == 0) return WholeSequence(start, stop, step.days, row, out);
  return TemporalSequence(context, step, row, in, out);
}

Status SequenceKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (std::any_of(in.begin(), in.end(), [&](const InputVector& v) { return v.IsNull(row); })) {
      out.SetNull(row);
    } else {
      FS_CHECK(SequenceOf(context, row, in, out));
    }
  }
  return {};
}

}  // namespace

std::span<const Function> SequenceFunctions() {
  static const std::vector<Function> rows = {
      {.name = "sequence",
       .arguments = {{Class::kAny}, {Class::kAny}, {.type = Class::kAny, .optional = true}},
       .runs = ScalarKernel{&SequenceKernel},
       .bind = &BindSequence,
       .group = "array_funcs",
       .since = "2.4.0",
       .doc = "Returns the values from start to stop.",
       .example = "sequence(1, 5)"},
  };
  return rows;
}

}  // namespace firesteel::functions
