// Casts between intervals, numbers and texts. A number counts in the unit of the interval's last field.
#include "functions/interval_cast.h"

#include "base/cat.h"
#include "functions/arithmetic.h"
#include "functions/cast_errors.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/interval_text.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;

/// What one unit of the last field is worth: microseconds, or months.
int64_t UnitOf(const DataType& interval) {
  const uint8_t end = interval.interval().end;
  if (interval.Is(TypeId::kYearMonthInterval)) return end == 0 ? 12 : 1;
  switch (end) {
    case 0:
      return kMicrosPerDay;
    case 1:
      return kMicrosPerHour;
    case 2:
      return kMicrosPerMinute;
    default:
      return kMicrosPerSecond;
  }
}
bool HasMicros(const DataType& interval) {
  return interval.Is(TypeId::kDayTimeInterval) && interval.interval().end == 3;
}

struct Fit {
  int64_t min, max;
};
Fit FitOf(const DataType& t) {
  switch (t.id()) {
    case TypeId::kByte:
      return {INT8_MIN, INT8_MAX};
    case TypeId::kShort:
      return {INT16_MIN, INT16_MAX};
    case TypeId::kInteger:
    case TypeId::kYearMonthInterval:
      return {INT32_MIN, INT32_MAX};
    default:
      return {INT64_MIN, INT64_MAX};
  }
}

void Write(const DataType& type, int64_t value, OutputVector& out, size_t row) {
  switch (type.id()) {
    case TypeId::kByte:
      out.Data<int8_t>()[row] = static_cast<int8_t>(value);
      break;
    case TypeId::kShort:
      out.Data<int16_t>()[row] = static_cast<int16_t>(value);
      break;
    case TypeId::kInteger:
    case TypeId::kYearMonthInterval:
      out.Data<int32_t>()[row] = static_cast<int32_t>(value);
      break;
    default:
      out.Data<int64_t>()[row] = value;
      break;
  }
}

class NumberIntervalCaster final : public Caster {
 public:
  NumberIntervalCaster(DataType from, DataType to, EvalMode mode, std::string zone, Origin origin)
      : from_(std::move(from)), to_(std::move(to)), mode_(mode), zone_(std::move(zone)), origin_(std::move(origin)) {}

  Status Cast(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const override {
    if (in.IsNull(row)) {
      out.SetNull(out_row);
      return {};
    }
    int128_t value = 0;
    if (from_.IsAnsiInterval()) {
      value = in.WholeAt(row);
      if (to_.Is(TypeId::kDecimal)) return ToDecimal(value, out, out_row);
      // To another interval the fields below the last are cut off; to a number the last field's units are counted.
      const int64_t unit = UnitOf(to_.IsAnsiInterval() ? to_ : from_);
      if (to_.IsAnsiInterval()) {
        value = HasMicros(to_) ? value : value - value % unit;
      } else {
        value /= unit;
      }
    } else if (from_.Is(TypeId::kDecimal)) {
      const auto whole =
          MultiplyDecimals({in.DecimalAt(row), from_.scale()}, {UnitOf(to_), 0}, kDecimalPrecisionMax, 0);
      if (!whole) return Overflow(in, row, out, out_row);
      value = *whole;
    } else {
      value = static_cast<int128_t>(in.WholeAt(row)) * UnitOf(to_);
    }
    const Fit fit = FitOf(to_);
    if (value < fit.min || value > fit.max) return Overflow(in, row, out, out_row);
    Write(to_, static_cast<int64_t>(value), out, out_row);
    return {};
  }

 private:
  Status ToDecimal(int128_t value, OutputVector& out, size_t out_row) const {
    const int scale = HasMicros(from_) ? 6 : 0;
    if (!HasMicros(from_)) value /= UnitOf(from_);
    if (const auto fitted = RescaleDecimal(value, scale, to_.precision(), to_.scale())) {
      out.SetDecimal(out_row, *fitted);
      return {};
    }
    if (mode_ != EvalMode::kAnsi) {
      out.SetNull(out_row);
      return {};
    }
    return DecimalOutOfRange(WholeText(value, scale), to_, origin_);
  }
  static std::string WholeText(int128_t value, int scale);

  Status Overflow(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const {
    if (mode_ == EvalMode::kTry) {
      out.SetNull(out_row);
      return {};
    }
    return CastOverflow(ErrorValue(in.ValueAt(row), from_, zone_), from_, to_);
  }

  DataType from_, to_;
  EvalMode mode_;
  std::string zone_;
  Origin origin_;
};

std::string NumberIntervalCaster::WholeText(int128_t value, int scale) {
  std::string text = Cat(static_cast<int64_t>(value));
  if (scale == 0) return text;
  return PlainDecimalText(Cat(text, "E-", scale));
}

bool IsInterval(const DataType& t) { return t.IsAnsiInterval() || t.Is(TypeId::kCalendarInterval); }

class TextToInterval final : public Caster {
 public:
  TextToInterval(DataType to, EvalMode mode) : to_(std::move(to)), mode_(mode) {}

  Status Cast(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const override {
    if (in.IsNull(row)) {
      out.SetNull(out_row);
      return {};
    }
    const std::string_view text = in.StringAt(row);
    if (to_.Is(TypeId::kYearMonthInterval))
      return Put(ParseYearMonthInterval(text, to_.interval()), out.Data<int32_t>(), out, out_row);
    if (to_.Is(TypeId::kDayTimeInterval))
      return Put(ParseDayTimeInterval(text, to_.interval()), out.Data<int64_t>(), out, out_row);
    return Put(ParseCalendarInterval(text), out.Data<CalendarInterval>(), out, out_row);
  }

 private:
  template <typename T>
  Status Put(const Result<T>& parsed, T* cells, OutputVector& out, size_t row) const {
    if (parsed.ok()) {
      cells[row] = parsed.value();
      return {};
    }
    // A text that is no calendar interval is NULL in every mode; the others raise, also without ANSI.
    if (mode_ != EvalMode::kTry && to_.IsAnsiInterval()) return parsed.error();
    out.SetNull(row);
    return {};
  }

  DataType to_;
  EvalMode mode_;
};

class IntervalText final : public CellText {
 public:
  explicit IntervalText(DataType type) : type_(std::move(type)) {}
  void Append(const Cell& cell, std::string& text) const override {
    const InputVector& v = *cell.vector;
    if (cell.IsNull()) {
      text += "null";
    } else if (type_.Is(TypeId::kYearMonthInterval)) {
      text += YearMonthIntervalText(v.At<int32_t>(cell.row), type_.interval());
    } else if (type_.Is(TypeId::kDayTimeInterval)) {
      text += DayTimeIntervalText(v.At<int64_t>(cell.row), type_.interval());
    } else {
      text += CalendarIntervalText(v.At<CalendarInterval>(cell.row));
    }
  }

 private:
  DataType type_;
};

}  // namespace

bool IsIntervalCast(const DataType& from, const DataType& to) { return IsInterval(from) || IsInterval(to); }

Result<std::shared_ptr<const Caster>> MakeIntervalCaster(const DataType& from, const DataType& to, EvalMode mode,
                                                         const std::string& time_zone, const Origin& origin) {
  if (from.Is(TypeId::kString)) return std::shared_ptr<const Caster>(std::make_shared<TextToInterval>(to, mode));
  if (from.Is(TypeId::kCalendarInterval) || to.Is(TypeId::kCalendarInterval)) {
    return Error::Unsupported(Cat("a cast from ", TypeSql(from), " to ", TypeSql(to)), origin);
  }
  return std::shared_ptr<const Caster>(std::make_shared<NumberIntervalCaster>(from, to, mode, time_zone, origin));
}

Result<std::shared_ptr<const CellText>> MakeIntervalText(const DataType& type) {
  return std::shared_ptr<const CellText>(std::make_shared<IntervalText>(type));
}

}  // namespace firesteel::functions
