// sequence: from start to stop by steps, of whole numbers, dates and timestamps.
#include <algorithm>

#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/collection.h"
#include "functions/lower.h"
#include "functions/topics.h"
#include "types/coercion.h"
#include "types/datetime.h"
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

Result<ExprPtr> BindSequence(CallSite& site) {
  std::vector<DataType> types = {site.arguments[0]->type, site.arguments[1]->type};
  const bool temporal = types[0].IsDateOrTimestamp() && types[1].IsDateOrTimestamp();
  if (!temporal && site.arguments.size() > 2) types.push_back(site.arguments[2]->type);
  const auto common = WiderType(types, site.settings);
  if (!common) return WrongSequence(site);
  if (temporal && site.arguments.size() > 2) {
    if (site.arguments[2]->type.Is(TypeId::kCalendarInterval))
      return Error::Unsupported("sequence by a calendar interval", site.origin);
    if (!site.arguments[2]->type.IsAnsiInterval()) return WrongSequence(site);
  }
  if (!temporal && !IsWhole(*common)) return WrongSequence(site);
  for (size_t i = 0; i < types.size(); ++i) site.arguments[i] = CastIfNotSameType(site.arguments[i], *common, site);
  return Built(site, site.name, DataType::Array(*common, false), AnyNullable(site.arguments), site.mode);
}

Error IllegalBoundaries(int64_t start, int64_t stop, int64_t step) {
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

/// Timestamps step on the wall clock by months and days, and in time by what is less than a day.
struct Step {
  int64_t months = 0, days = 0, micros = 0;
  const TimeZone* zone = nullptr;  ///< null: TIMESTAMP_NTZ

  int64_t After(int64_t start, int64_t count) const {
    int64_t local = zone == nullptr ? start : zone->ToLocalMicros(start);
    const int64_t day = FloorDivide(local, kMicrosPerDay);
    local += (AddMonths(day, count * months) + count * days - day) * kMicrosPerDay;
    if (zone != nullptr && !zone->ToUtcMicros(local, &local)) return INT64_MAX;
    return local + count * micros;
  }
};

Status TimestampSequence(const KernelContext& context, size_t row, std::span<const InputVector> in, OutputVector& out) {
  const int64_t start = in[0].WholeAt(row), stop = in[1].WholeAt(row);
  Step step;
  if (in[0].type.Is(TypeId::kTimestamp)) {
    FS_TRY(step.zone, FindTimeZone(context.time_zone));
  }
  int64_t estimate = 0;  // at least so long a step, in microseconds
  if (in.size() < 3) {
    step.days = start <= stop ? 1 : -1;
    estimate = step.days * kMicrosPerDay;
  } else if (in[2].type.Is(TypeId::kYearMonthInterval)) {
    step.months = in[2].WholeAt(row);
    estimate = step.months * 28 * kMicrosPerDay;
  } else {
    estimate = in[2].WholeAt(row);
    step.days = estimate / kMicrosPerDay;
    step.micros = estimate % kMicrosPerDay;
  }
  if (estimate == 0 ? start != stop : estimate > 0 ? start > stop : start < stop)
    return IllegalBoundaries(start, stop, step.months != 0 ? step.months : estimate);
  const int128_t count = estimate == 0 ? 1 : (static_cast<int128_t>(stop) - start) / estimate + 1;
  if (count > kLengthMax) return TooLong(count);
  int64_t size = 0;  // months may be longer than estimated
  const auto within = [&](int64_t value) { return estimate > 0 ? value <= stop : value >= stop; };
  while (size < static_cast<int64_t>(count) && within(step.After(start, size))) ++size;
  const uint64_t first = out.AppendList(row, static_cast<uint64_t>(size));
  int64_t* const values = out.child(0).Data<int64_t>() + first;
  for (int64_t i = 0; i < size; ++i) values[i] = step.After(start, i);
  return {};
}

Status WholeSequence(size_t row, std::span<const InputVector> in, OutputVector& out) {
  const bool months = in.size() > 2 && in[2].type.Is(TypeId::kYearMonthInterval);
  const int64_t start = in[0].WholeAt(row), stop = in[1].WholeAt(row);
  int64_t step = in.size() > 2 ? in[2].WholeAt(row) : start <= stop ? 1 : -1;
  if (in.size() > 2 && in[2].type.Is(TypeId::kDayTimeInterval)) {
    if (step % kMicrosPerDay != 0) {
      return Error::Condition("_LEGACY_ERROR_TEMP_3242", {{"intervalType", "interval day to second"}})
          .As(ErrorClass::kIllegalArgument);
    }
    step /= kMicrosPerDay;
  }
  if (step == 0 ? start != stop : step > 0 ? start > stop : start < stop) return IllegalBoundaries(start, stop, step);
  const int128_t count = step == 0 ? 1 : months ? 0 : (static_cast<int128_t>(stop) - start) / step + 1;
  if (count > kLengthMax) return TooLong(count);
  std::vector<int64_t> dates;
  for (int64_t i = 0; months; ++i) {
    const int64_t day = AddMonths(start, i * step);
    if (step > 0 ? day > stop : step < 0 ? day < stop : i > 0) break;
    dates.push_back(day);
  }
  const uint64_t size = months ? dates.size() : static_cast<uint64_t>(count);
  const uint64_t first = out.AppendList(row, size);
  OutputVector& child = out.child(0);
  for (uint64_t i = 0; i < size; ++i) {
    const int64_t value = months ? dates[i] : static_cast<int64_t>(start + static_cast<int128_t>(step) * i);
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

Status SequenceKernel(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const bool timestamps = in[0].type.Is(TypeId::kTimestamp) || in[0].type.Is(TypeId::kTimestampNtz);
  for (size_t row = 0; row < rows; ++row) {
    if (std::any_of(in.begin(), in.end(), [&](const InputVector& v) { return v.IsNull(row); })) {
      out.SetNull(row);
    } else if (timestamps) {
      FS_CHECK(TimestampSequence(context, row, in, out));
    } else {
      FS_CHECK(WholeSequence(row, in, out));
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
