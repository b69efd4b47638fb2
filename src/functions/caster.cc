// One caster for each pair of types: flat ones are a function of a cell, nested ones cast their elements.
#include <bit>
#include <cmath>
#include <limits>

#include "base/cat.h"
#include "functions/arithmetic.h"
#include "functions/cast.h"
#include "functions/cast_errors.h"
#include "functions/interval_cast.h"
#include "functions/variant_cast.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/number_text.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;

/// What every cast of one call shares.
struct Setting {
  DataType from, to;
  EvalMode mode = EvalMode::kAnsi;
  std::string zone_id;
  const TimeZone* zone = nullptr;
  Origin origin;
  std::shared_ptr<const CellText> text;  // to STRING

  bool Ansi() const { return mode == EvalMode::kAnsi; }
};

using FlatCast = Status (*)(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row);

class FlatCaster final : public Caster {
 public:
  FlatCaster(Setting setting, FlatCast cast) : setting_(std::move(setting)), cast_(cast) {}
  Status Cast(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const override {
    if (in.IsNull(row)) {
      out.SetNull(out_row);
      return {};
    }
    return cast_(setting_, in, row, out, out_row);
  }

 private:
  Setting setting_;
  FlatCast cast_;
};

// ---------------------------------------------------------------- answers

Status Null(OutputVector& out, size_t row) {
  out.SetNull(row);
  return {};
}

/// A value that does not fit: ANSI raises, TRY gives NULL; legacy is the caller's.
Status Overflow(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  if (!s.Ansi()) return Null(out, out_row);
  return CastOverflow(ErrorValue(in.ValueAt(row), s.from, s.zone_id), s.from, s.to);
}

Status InvalidInput(const Setting& s, std::string_view text, OutputVector& out, size_t out_row) {
  if (!s.Ansi()) return Null(out, out_row);
  return CastInvalidInput(text, s.from, s.to, s.origin);
}

Status PutInteger(const DataType& to, int64_t value, OutputVector& out, size_t row) {
  switch (to.id()) {
    case TypeId::kByte:
      out.Data<int8_t>()[row] = static_cast<int8_t>(value);
      break;
    case TypeId::kShort:
      out.Data<int16_t>()[row] = static_cast<int16_t>(value);
      break;
    case TypeId::kInteger:
      out.Data<int32_t>()[row] = static_cast<int32_t>(value);
      break;
    default:
      out.Data<int64_t>()[row] = value;
      break;
  }
  return {};
}

struct Bounds {
  int64_t min, max;
};
Bounds BoundsOf(const DataType& t) {
  switch (t.id()) {
    case TypeId::kByte:
      return {INT8_MIN, INT8_MAX};
    case TypeId::kShort:
      return {INT16_MIN, INT16_MAX};
    case TypeId::kInteger:
      return {INT32_MIN, INT32_MAX};
    default:
      return {INT64_MIN, INT64_MAX};
  }
}

double ReadDouble(const InputVector& in, size_t row) {
  return in.type.Is(TypeId::kFloat) ? static_cast<double>(in.At<float>(row)) : in.At<double>(row);
}

/// Java's (long) d.
int64_t SaturatedLong(double d) {
  if (std::isnan(d)) return 0;
  if (d >= 9223372036854775808.0) return INT64_MAX;
  if (d < -9223372036854775808.0) return INT64_MIN;
  return static_cast<int64_t>(d);
}
int32_t SaturatedInt(double d) {
  if (std::isnan(d)) return 0;
  if (d >= 2147483647.0) return INT32_MAX;
  if (d <= -2147483648.0) return INT32_MIN;
  return static_cast<int32_t>(d);
}

/// A decimal to the target's precision and scale; `value` is how an error shows it.
Status PutDecimal(const Setting& s, int128_t unscaled, int scale, OutputVector& out, size_t out_row) {
  if (const auto fitted = RescaleDecimal(unscaled, scale, s.to.precision(), s.to.scale())) {
    out.SetDecimal(out_row, *fitted);
    return {};
  }
  if (!s.Ansi()) return Null(out, out_row);
  return DecimalOutOfRange(DecimalPlainText(unscaled, scale), s.to, s.origin);
}

// ---------------------------------------------------------------- to numbers

Status IntegerToInteger(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const int64_t value = in.WholeAt(row);
  const Bounds bounds = BoundsOf(s.to);
  if (s.mode != EvalMode::kLegacy && (value < bounds.min || value > bounds.max))
    return Overflow(s, in, row, out, out_row);
  return PutInteger(s.to, value, out, out_row);
}

Status FloatingToInteger(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const double d = ReadDouble(in, row);
  if (s.mode == EvalMode::kLegacy) {
    return PutInteger(s.to, s.to.Is(TypeId::kLong) ? SaturatedLong(d) : SaturatedInt(d), out, out_row);
  }
  const Bounds bounds = BoundsOf(s.to);
  // 2^63 is a double, 2^63 - 1 is not: Java compares with the nearest double, so 2^63 passes and saturates.
  if (!(std::floor(d) <= static_cast<double>(bounds.max) && std::ceil(d) >= static_cast<double>(bounds.min))) {
    return Overflow(s, in, row, out, out_row);
  }
  return PutInteger(s.to, SaturatedLong(d), out, out_row);
}

Status DecimalToIntegral(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const int128_t value = DecimalToInteger(in.DecimalAt(row), s.from.scale());
  const Bounds bounds = BoundsOf(s.to);
  if (s.mode != EvalMode::kLegacy && (value < bounds.min || value > bounds.max))
    return Overflow(s, in, row, out, out_row);
  return PutInteger(s.to, static_cast<int64_t>(value), out, out_row);
}

Status StringToInteger(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const std::string_view text = in.StringAt(row);
  const Bounds bounds = BoundsOf(s.to);
  const auto value =
      ParseInteger(text, bounds.min, bounds.max, s.mode == EvalMode::kLegacy ? Fraction::kCutOff : Fraction::kRefused);
  if (!value) return InvalidInput(s, text, out, out_row);
  return PutInteger(s.to, *value, out, out_row);
}

Status TimestampToInteger(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const int64_t seconds = FloorDivide(in.At<int64_t>(row), kMicrosPerSecond);
  const Bounds bounds = BoundsOf(s.to);
  if (seconds < bounds.min || seconds > bounds.max) return Overflow(s, in, row, out, out_row);
  return PutInteger(s.to, seconds, out, out_row);
}

Status TimeToInteger(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const int64_t seconds = in.At<int64_t>(row) / 1'000'000'000;
  const Bounds bounds = BoundsOf(s.to);
  if (seconds > bounds.max) return Overflow(s, in, row, out, out_row);
  return PutInteger(s.to, seconds, out, out_row);
}

Status AlwaysNull(const Setting&, const InputVector&, size_t, OutputVector& out, size_t out_row) {
  return Null(out, out_row);
}

template <typename T>
Status PutFloating(T value, OutputVector& out, size_t row) {
  out.Data<T>()[row] = value;
  return {};
}
template <typename T>
Status NumberToFloating(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  if (s.from.IsFractional()) return PutFloating<T>(static_cast<T>(ReadDouble(in, row)), out, out_row);
  return PutFloating<T>(static_cast<T>(in.WholeAt(row)), out, out_row);
}
template <typename T>
Status DecimalToFloating(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  if constexpr (std::is_same_v<T, float>) {
    return PutFloating<T>(DecimalToFloat(in.DecimalAt(row), s.from.scale()), out, out_row);
  } else {
    return PutFloating<T>(DecimalToDouble(in.DecimalAt(row), s.from.scale()), out, out_row);
  }
}
template <typename T>
Status StringToFloating(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const std::string_view text = in.StringAt(row);
  std::optional<T> value;
  if constexpr (std::is_same_v<T, float>) {
    value = ParseFloat(text);
  } else {
    value = ParseDouble(text);
  }
  if (!value) return InvalidInput(s, text, out, out_row);
  return PutFloating<T>(*value, out, out_row);
}
template <typename T>
Status TimestampToFloating(const Setting&, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  return PutFloating<T>(static_cast<T>(static_cast<double>(in.At<int64_t>(row)) / 1e6), out, out_row);
}

Status IntegerToDecimal(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  return PutDecimal(s, in.WholeAt(row), 0, out, out_row);
}
Status DecimalToDecimal(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  return PutDecimal(s, in.DecimalAt(row), s.from.scale(), out, out_row);
}
Status FloatingToDecimal(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const double d = ReadDouble(in, row);
  if (!std::isfinite(d)) return Null(out, out_row);
  if (const auto value = DecimalFromDouble(d, s.to.precision(), s.to.scale())) {
    out.SetDecimal(out_row, *value);
    return {};
  }
  if (!s.Ansi()) return Null(out, out_row);
  return DecimalOutOfRange(PlainDecimalText(DoubleText(d)), s.to, s.origin);
}
Status StringToDecimal(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const std::string_view text = in.StringAt(row);
  int128_t value = 0;
  switch (ParseDecimal(text, s.to.precision(), s.to.scale(), &value)) {
    case DecimalParse::kOk:
      out.SetDecimal(out_row, value);
      return {};
    case DecimalParse::kMalformed:
      return InvalidInput(s, text, out, out_row);
    case DecimalParse::kTooLarge:
      if (!s.Ansi()) return Null(out, out_row);
      return Error::Condition("NUMERIC_OUT_OF_SUPPORTED_RANGE", {{"value", std::string(text)}})
          .As(ErrorClass::kArithmetic);
    case DecimalParse::kOutOfRange: {
      if (!s.Ansi()) return Null(out, out_row);
      return DecimalOutOfRange(PlainDecimalText(TrimAll(text)), s.to, s.origin);
    }
  }
  return {};
}
Status TimestampToDecimal(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  return PutDecimal(s, in.At<int64_t>(row), 6, out, out_row);
}
Status TimeToDecimal(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  return PutDecimal(s, in.At<int64_t>(row), 9, out, out_row);
}

// ---------------------------------------------------------------- to BOOLEAN, BINARY, STRING

Status ToBoolean(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  bool value = false;
  if (s.from.IsFractional()) {
    value = ReadDouble(in, row) != 0;
  } else if (s.from.Is(TypeId::kDecimal)) {
    value = in.DecimalAt(row) != 0;
  } else {
    value = in.WholeAt(row) != 0;
  }
  out.Data<uint8_t>()[out_row] = value;
  return {};
}
Status StringToBoolean(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const std::string_view text = in.StringAt(row);
  const auto value = ParseBoolean(text);
  if (!value) return InvalidInput(s, text, out, out_row);
  out.Data<uint8_t>()[out_row] = *value;
  return {};
}
Status IntegerToBinary(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const int bytes = s.from.Is(TypeId::kByte) ? 1 : s.from.Is(TypeId::kShort) ? 2 : s.from.Is(TypeId::kInteger) ? 4 : 8;
  const auto value = static_cast<uint64_t>(in.WholeAt(row));
  std::string big_endian;
  for (int i = bytes - 1; i >= 0; --i) big_endian += static_cast<char>(value >> (8 * i));
  out.SetString(out_row, big_endian);
  return {};
}
Status CopyBytes(const Setting&, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  out.SetString(out_row, in.StringAt(row));
  return {};
}
Status ToText(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  thread_local std::string text;
  text.clear();
  s.text->Append({&in, row}, text);
  out.SetString(out_row, text);
  return {};
}

// ---------------------------------------------------------------- to dates and times

Status PutLong(int64_t value, OutputVector& out, size_t row) {
  out.Data<int64_t>()[row] = value;
  return {};
}
Status StringToDate(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const std::string_view text = in.StringAt(row);
  const auto value = ParseDate(text);
  if (!value) return InvalidInput(s, text, out, out_row);
  out.Data<int32_t>()[out_row] = *value;
  return {};
}
Status StringToTimestamp(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const std::string_view text = in.StringAt(row);
  const auto value = s.to.Is(TypeId::kTimestamp) ? ParseTimestamp(text, *s.zone) : ParseTimestampNtz(text, true);
  return value ? PutLong(*value, out, out_row) : InvalidInput(s, text, out, out_row);
}
Status StringToTime(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const std::string_view text = in.StringAt(row);
  const auto value = ParseTime(text);
  if (!value) return InvalidInput(s, text, out, out_row);
  int64_t unit = 1;
  for (int digit = s.to.precision(); digit < 9; ++digit) unit *= 10;
  return PutLong(*value / unit * unit, out, out_row);
}
Status TimeToTime(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  int64_t unit = 1;
  for (int digit = s.to.precision(); digit < 9; ++digit) unit *= 10;
  return PutLong(in.At<int64_t>(row) / unit * unit, out, out_row);
}
Status TimestampToDate(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  int64_t micros = in.At<int64_t>(row);
  if (s.from.Is(TypeId::kTimestamp)) micros = s.zone->ToLocalMicros(micros);
  out.Data<int32_t>()[out_row] = static_cast<int32_t>(FloorDivide(micros, kMicrosPerDay));
  return {};
}
Status DateToTimestamp(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  int64_t micros = 0;
  const int64_t day = in.At<int32_t>(row);
  const bool fits = s.to.Is(TypeId::kTimestampNtz) ? !__builtin_mul_overflow(day, kMicrosPerDay, &micros)
                                                   : s.zone->StartOfDay(day, &micros);
  if (fits) return PutLong(micros, out, out_row);
  if (s.mode == EvalMode::kTry) return Null(out, out_row);
  return ArithmeticOverflow("long overflow", "", Origin());
}
Status TimestampToTimestamp(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const int64_t micros = in.At<int64_t>(row);
  if (s.to.Is(TypeId::kTimestampNtz)) return PutLong(s.zone->ToLocalMicros(micros), out, out_row);
  int64_t utc = 0;
  if (s.zone->ToUtcMicros(micros, &utc)) return PutLong(utc, out, out_row);
  if (s.mode == EvalMode::kTry) return Null(out, out_row);
  return ArithmeticOverflow("long overflow", "", Origin());
}
Status IntegerToTimestamp(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const int64_t value = in.WholeAt(row);
  if (s.from.Is(TypeId::kBoolean)) return PutLong(value, out, out_row);
  int64_t micros = 0;
  if (__builtin_mul_overflow(value, kMicrosPerSecond, &micros))
    micros = value < 0 ? INT64_MIN : INT64_MAX;  // TimeUnit.toMicros
  return PutLong(micros, out, out_row);
}
Status FloatingToTimestamp(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  const double seconds = ReadDouble(in, row);
  const double micros = seconds * static_cast<double>(kMicrosPerSecond);
  if (s.Ansi()) {
    if (!std::isfinite(seconds)) {
      return Error::Condition("CAST_INVALID_INPUT",
                              {{"expression", DoubleText(seconds)},
                               {"sourceType", "\"DOUBLE\""},  // also of a FLOAT
                               {"targetType", "\"TIMESTAMP\""},
                               {"ansiConfig", "\"spark.sql.ansi.enabled\""}},
                              s.origin)
          .As(ErrorClass::kDateTime);
    }
    if (!(std::floor(micros) <= 9223372036854775807.0 && std::ceil(micros) >= -9223372036854775808.0)) {
      return CastOverflow(ErrorValue(Value(micros), TypeId::kDouble, s.zone_id), TypeId::kDouble, TypeId::kLong);
    }
  } else if (!std::isfinite(seconds)) {
    return Null(out, out_row);
  }
  return PutLong(SaturatedLong(micros), out, out_row);
}
Status DecimalToTimestamp(const Setting& s, const InputVector& in, size_t row, OutputVector& out, size_t out_row) {
  // (decimal * 1000000).longValue: the low 64 bits; in unsigned arithmetic the product wraps rightly while the scale is at most 6.
  const int scale = s.from.scale();
  int128_t value = in.DecimalAt(row);
  // Scala's BigDecimal keeps 34 digits of the product, six of which are the factor's zeros.
  constexpr int kDigitsMax = 28;
  if (const int surplus = DecimalDigits(value) - kDigitsMax; surplus > 0) {
    const int128_t unit = PowerOfTen(surplus);
    int128_t kept = value / unit;
    const int128_t twice = (value < 0 ? -(value % unit) : value % unit) * 2;
    if (twice > unit || (twice == unit && kept % 2 != 0)) kept += value < 0 ? -1 : 1;
    value = kept * unit;
  }
  int128_t micros = 0;
  if (scale <= 6) {
    micros = static_cast<int128_t>(static_cast<unsigned __int128>(value) *
                                   static_cast<unsigned __int128>(PowerOfTen(6 - scale)));
  } else {
    micros = value / PowerOfTen(scale - 6);
  }
  return PutLong(static_cast<int64_t>(micros), out, out_row);
}

// ---------------------------------------------------------------- nested

class ArrayCaster final : public Caster {
 public:
  explicit ArrayCaster(std::shared_ptr<const Caster> element) : element_(std::move(element)) {}
  Status Cast(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const override {
    if (in.IsNull(row)) return Null(out, out_row);
    const ListCell list = in.At<ListCell>(row);
    const uint64_t first = out.AppendList(out_row, list.length);
    for (uint64_t i = 0; i < list.length; ++i)
      FS_CHECK(element_->Cast(in.children[0], list.offset + i, out.child(0), first + i));
    return {};
  }

 private:
  std::shared_ptr<const Caster> element_;
};

class StructCaster final : public Caster {
 public:
  explicit StructCaster(std::vector<std::shared_ptr<const Caster>> fields) : fields_(std::move(fields)) {}
  Status Cast(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const override {
    if (in.IsNull(row)) return Null(out, out_row);
    for (size_t i = 0; i < fields_.size(); ++i) FS_CHECK(fields_[i]->Cast(in.children[i], row, out.child(i), out_row));
    return {};
  }

 private:
  std::vector<std::shared_ptr<const Caster>> fields_;
};

class CopyCaster final : public Caster {
 public:
  Status Cast(const InputVector& in, size_t row, OutputVector& out, size_t out_row) const override {
    out.Copy(out_row, in, row);
    return {};
  }
};

FlatCast ToIntegerCast(const DataType& from) {
  if (from.IsIntegral() || from.Is(TypeId::kBoolean)) return &IntegerToInteger;
  if (from.IsFractional()) return &FloatingToInteger;
  switch (from.id()) {
    case TypeId::kDecimal:
      return &DecimalToIntegral;
    case TypeId::kString:
      return &StringToInteger;
    case TypeId::kTimestamp:
      return &TimestampToInteger;
    case TypeId::kTime:
      return &TimeToInteger;
    case TypeId::kDate:
      return &AlwaysNull;
    default:
      return nullptr;
  }
}
template <typename T>
FlatCast ToFloatingCast(const DataType& from) {
  if (from.IsIntegral() || from.Is(TypeId::kBoolean) || from.IsFractional()) return &NumberToFloating<T>;
  switch (from.id()) {
    case TypeId::kDecimal:
      return &DecimalToFloating<T>;
    case TypeId::kString:
      return &StringToFloating<T>;
    case TypeId::kTimestamp:
      return &TimestampToFloating<T>;
    case TypeId::kDate:
      return &AlwaysNull;
    default:
      return nullptr;
  }
}
FlatCast ToDecimalCast(const DataType& from) {
  if (from.IsIntegral() || from.Is(TypeId::kBoolean)) return &IntegerToDecimal;
  if (from.IsFractional()) return &FloatingToDecimal;
  switch (from.id()) {
    case TypeId::kDecimal:
      return &DecimalToDecimal;
    case TypeId::kString:
      return &StringToDecimal;
    case TypeId::kTimestamp:
      return &TimestampToDecimal;
    case TypeId::kTime:
      return &TimeToDecimal;
    case TypeId::kDate:
      return &AlwaysNull;
    default:
      return nullptr;
  }
}
FlatCast ToTimestampCast(const DataType& from) {
  if (from.IsIntegral() || from.Is(TypeId::kBoolean)) return &IntegerToTimestamp;
  if (from.IsFractional()) return &FloatingToTimestamp;
  switch (from.id()) {
    case TypeId::kDecimal:
      return &DecimalToTimestamp;
    case TypeId::kString:
      return &StringToTimestamp;
    case TypeId::kDate:
      return &DateToTimestamp;
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      return &TimestampToTimestamp;
    default:
      return nullptr;
  }
}

FlatCast FindCast(const DataType& from, const DataType& to) {
  switch (to.id()) {
    case TypeId::kBoolean:
      if (from.Is(TypeId::kString)) return &StringToBoolean;
      if (from.Is(TypeId::kDate)) return &AlwaysNull;
      return from.IsNumeric() || from.Is(TypeId::kTimestamp) ? &ToBoolean : nullptr;
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
      return ToIntegerCast(from);
    case TypeId::kFloat:
      return ToFloatingCast<float>(from);
    case TypeId::kDouble:
      return ToFloatingCast<double>(from);
    case TypeId::kDecimal:
      return ToDecimalCast(from);
    case TypeId::kString:
      return &ToText;
    case TypeId::kBinary:
      if (from.Is(TypeId::kString)) return &CopyBytes;
      return from.IsIntegral() ? &IntegerToBinary : nullptr;
    case TypeId::kDate:
      if (from.Is(TypeId::kString)) return &StringToDate;
      return from.Is(TypeId::kTimestamp) || from.Is(TypeId::kTimestampNtz) ? &TimestampToDate : nullptr;
    case TypeId::kTimestamp:
      return ToTimestampCast(from);
    case TypeId::kTimestampNtz:
      return from.Is(TypeId::kString) || from.IsDateOrTimestamp() ? ToTimestampCast(from) : nullptr;
    case TypeId::kTime:
      if (from.Is(TypeId::kString)) return &StringToTime;
      return from.Is(TypeId::kTime) ? &TimeToTime : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

Result<std::shared_ptr<const Caster>> Caster::Make(const DataType& from, const DataType& to, EvalMode mode,
                                                   const std::string& time_zone, const Origin& origin) {
  using Made = std::shared_ptr<const Caster>;
  if (from.Is(TypeId::kUdt)) return Make(from.element(), to, mode, time_zone, origin);
  if (to.Is(TypeId::kUdt)) return Make(from, to.element(), mode, time_zone, origin);
  Setting setting{
      .from = from, .to = to, .mode = mode, .zone_id = time_zone, .zone = nullptr, .origin = origin, .text = nullptr};
  FS_TRY(setting.zone, FindTimeZone(time_zone));
  if (from.Is(TypeId::kNull)) return Made(std::make_shared<FlatCaster>(std::move(setting), &AlwaysNull));
  if (from.SameType(to) || (from.Is(TypeId::kString) && to.Is(TypeId::kString))) {
    if (!from.IsNested() && !from.Is(TypeId::kTime)) return Made(std::make_shared<CopyCaster>());
  }
  if (from.Is(TypeId::kVariant) || to.Is(TypeId::kVariant)) return MakeVariantCaster(from, to, mode, time_zone);
  if (to.Is(TypeId::kString)) {
    FS_TRY(setting.text, CellText::Make(from, time_zone, mode != EvalMode::kLegacy));
    return Made(std::make_shared<FlatCaster>(std::move(setting), &ToText));
  }
  if (from.id() == to.id() && from.Is(TypeId::kArray)) {
    FS_TRY(Made element, Make(from.element(), to.element(), mode, time_zone, origin));
    return Made(std::make_shared<ArrayCaster>(std::move(element)));
  }
  if (from.id() == to.id() && from.Is(TypeId::kMap)) {
    FS_TRY(Made key, Make(from.key(), to.key(), mode, time_zone, origin));
    FS_TRY(Made value, Make(from.value(), to.value(), mode, time_zone, origin));
    return Made(std::make_shared<ArrayCaster>(std::make_shared<StructCaster>(std::vector<Made>{key, value})));
  }
  if (from.id() == to.id() && from.Is(TypeId::kStruct)) {
    std::vector<Made> fields;
    for (size_t i = 0; i < from.fields().size() && i < to.fields().size(); ++i) {
      FS_TRY(Made field, Make(from.fields()[i].type, to.fields()[i].type, mode, time_zone, origin));
      fields.push_back(std::move(field));
    }
    return Made(std::make_shared<StructCaster>(std::move(fields)));
  }
  if (IsIntervalCast(from, to)) return MakeIntervalCaster(from, to, mode, time_zone, origin);
  const FlatCast cast = FindCast(from, to);
  if (cast == nullptr) return Error::Unsupported(Cat("a cast from ", TypeSql(from), " to ", TypeSql(to)), origin);
  return Made(std::make_shared<FlatCaster>(std::move(setting), cast));
}

}  // namespace firesteel::functions
