// Aggregates that describe a group's values in little memory: histogram_numeric (Hive's streaming histogram) and count_min_sketch (the
// serialized form of Spark's CountMinSketch).
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/murmur3.h"
#include "functions/query_site.h"
#include "functions/row.h"
#include "functions/value_topics.h"
#include "plan/rewrite.h"
#include "types/decimal.h"
#include "types/type_text.h"

namespace firesteel::functions {
namespace {

using Class = TypePattern::Class;
using logical::ExprPtr;

/// java.util.Random.
class JavaRandom {
 public:
  explicit JavaRandom(int64_t seed) : state_((static_cast<uint64_t>(seed) ^ kFactor) & kMask) {}
  int32_t Next(int bits) {
    state_ = (state_ * kFactor + 0xB) & kMask;
    return static_cast<int32_t>(static_cast<uint32_t>(state_ >> (48 - bits)));
  }
  double NextDouble() {
    const int64_t high = int64_t{Next(26)} & ((1 << 26) - 1);
    return static_cast<double>((high << 27) + (int64_t{Next(27)} & ((1 << 27) - 1))) * 0x1.0p-53;
  }
  /// nextInt(Integer.MAX_VALUE)
  int32_t NextInt() {
    for (;;) {
      const int32_t bits = Next(31), value = bits % INT32_MAX;
      if (static_cast<int32_t>(static_cast<uint32_t>(bits) - static_cast<uint32_t>(value) + (INT32_MAX - 1)) >= 0)
        return value;
    }
  }

 private:
  static constexpr uint64_t kFactor = 0x5DEECE66D, kMask = (uint64_t{1} << 48) - 1;
  uint64_t state_;
};

// ---------------------------------------------------------------- histogram_numeric

double NumberAt(const InputVector& column, size_t row) {
  switch (column.type.id()) {
    case TypeId::kFloat:
      return static_cast<double>(column.At<float>(row));
    case TypeId::kDouble:
      return column.At<double>(row);
    case TypeId::kDecimal:
      return DecimalToDouble(column.DecimalAt(row), column.type.scale());
    default:
      return static_cast<double>(column.WholeAt(row));
  }
}

template <typename T>
T Saturated(double x) {  // Java's cast
  if (std::isnan(x)) return 0;
  if (x >= static_cast<double>(std::numeric_limits<T>::max())) return std::numeric_limits<T>::max();
  if (x <= static_cast<double>(std::numeric_limits<T>::min())) return std::numeric_limits<T>::min();
  return static_cast<T>(x);
}

void PutNumber(double x, OutputVector& out, size_t row) {
  switch (out.type().id()) {
    case TypeId::kByte:
      out.Data<int8_t>()[row] = static_cast<int8_t>(Saturated<int32_t>(x));
      return;
    case TypeId::kShort:
      out.Data<int16_t>()[row] = static_cast<int16_t>(Saturated<int32_t>(x));
      return;
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kYearMonthInterval:
      out.Data<int32_t>()[row] = Saturated<int32_t>(x);
      return;
    case TypeId::kFloat:
      out.Data<float>()[row] = static_cast<float>(x);
      return;
    case TypeId::kDouble:
      out.Data<double>()[row] = x;
      return;
    case TypeId::kDecimal:
      if (const auto decimal = DecimalFromDouble(x, out.type().precision(), out.type().scale()))
        out.SetDecimal(row, *decimal);
      else
        out.SetNull(row);
      return;
    default:
      out.Data<int64_t>()[row] = Saturated<int64_t>(x);
      return;
  }
}

struct Histogram {
  struct Bin {
    double x, y;
  };
  std::vector<Bin> bins;
  JavaRandom random{31183};

  static size_t BinsMax(const KernelContext& context) {
    return static_cast<size_t>(context.constants[1]->As<int64_t>());
  }

  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    const double x = NumberAt(in[0], row);
    const auto at = std::lower_bound(bins.begin(), bins.end(), x, [](const Bin& bin, double v) { return bin.x < v; });
    if (at != bins.end() && at->x == x) {
      at->y += 1;
      return {};
    }
    bins.insert(at, {x, 1});
    Trim(BinsMax(context));
    return {};
  }
  Status Merge(const KernelContext& context, const Histogram& other) {
    bins.insert(bins.end(), other.bins.begin(), other.bins.end());
    std::stable_sort(bins.begin(), bins.end(), [](const Bin& a, const Bin& b) { return a.x < b.x; });
    Trim(BinsMax(context));
    return {};
  }
  /// The two bins that are nearest to each other become one, of equally near ones some.
  void Trim(size_t most) {
    while (bins.size() > most) {
      double least = bins[1].x - bins[0].x;
      size_t at = 0;
      int ties = 1;
      for (size_t i = 1; i + 1 < bins.size(); ++i) {
        const double distance = bins[i + 1].x - bins[i].x;
        if (distance < least) {
          least = distance;
          at = i;
          ties = 1;
        } else if (distance == least && random.NextDouble() <= 1.0 / ++ties) {
          at = i;
        }
      }
      Bin& left = bins[at];
      const Bin& right = bins[at + 1];
      const double height = left.y + right.y;
      left.x *= left.y / height;
      left.x += right.x / height * right.y;
      left.y = height;
      bins.erase(bins.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
  }
  Status Finish(const KernelContext&, ResultCell result) const {
    if (bins.empty()) {
      result.vector->SetNull(result.row);
      return {};
    }
    const uint64_t first = result.vector->AppendList(result.row, bins.size());
    OutputVector& out = result.vector->child(0);
    for (size_t i = 0; i < bins.size(); ++i) {
      PutNumber(bins[i].x, out.child(0), first + i);
      out.child(1).Data<double>()[first + i] = bins[i].y;
    }
    return {};
  }
};

Result<DataType> BindHistogram(CallSite& site) {
  const DataType& given = site.arguments[0]->type;
  const bool taken = given.IsNumeric() || given.IsDateOrTimestamp() || given.IsAnsiInterval();
  if (!taken) FS_CHECK(CoerceArgument(site, 0, TypeId::kDouble));
  FS_CHECK(CoerceArgument(site, 1, TypeId::kInteger));
  const ExprPtr& bins = site.arguments[1];
  if (!logical::IsFoldable(bins)) {
    return TypeMismatch(
        site, "NON_FOLDABLE_INPUT",
        {{"inputName", "`nb`"}, {"inputType", "\"INT\""}, {"inputExpr", ToSqlExpr(logical::PrettyName(*bins))}});
  }
  FS_TRY(const Value value, Constant(site, 1));
  if (value.IsNull()) return TypeMismatch(site, "UNEXPECTED_NULL", {{"exprName", "nb"}});
  if (value.As<int64_t>() < 2) {
    return TypeMismatch(
        site, "VALUE_OUT_OF_RANGE",
        {{"exprName", "nb"}, {"valueRange", Cat("[2, ", INT32_MAX, "]")}, {"currentValue", Cat(value.As<int64_t>())}});
  }
  return DataType::Array(DataType::Struct({{"x", site.arguments[0]->type}, {"y", TypeId::kDouble}}));
}

// ---------------------------------------------------------------- count_min_sketch

constexpr size_t kCellsMax = size_t{1} << 24;

struct Shape {
  size_t depth, width;
};
Shape ShapeOf(double error, double confidence) {
  return {static_cast<size_t>(std::ceil(-std::log1p(-confidence) / std::log(2.0))),
          static_cast<size_t>(std::ceil(2 / error))};
}

struct CountMin {
  Shape shape{0, 0};
  std::vector<int64_t> factors, cells;
  int64_t total = 0;

  void Prepare(const KernelContext& context) {
    if (shape.depth > 0) return;
    shape = ShapeOf(context.constants[1]->As<double>(), context.constants[2]->As<double>());
    JavaRandom random(static_cast<int32_t>(context.constants[3]->As<int64_t>()));
    for (size_t i = 0; i < shape.depth; ++i) factors.push_back(random.NextInt());
    cells.resize(shape.depth * shape.width);
  }
  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    Prepare(context);
    if (in[0].IsNull(row)) return {};
    ++total;
    const InputVector& column = in[0];
    const auto width = static_cast<int32_t>(shape.width);
    if (column.type.Is(TypeId::kString) || column.type.Is(TypeId::kBinary)) {
      const std::string_view bytes = column.StringAt(row);
      const int32_t first = Murmur3::OfBytes(bytes, 0), second = Murmur3::OfBytes(bytes, first);
      for (size_t i = 0; i < shape.depth; ++i) {
        const auto mixed = static_cast<int32_t>(static_cast<uint32_t>(first) +
                                                static_cast<uint32_t>(i) * static_cast<uint32_t>(second));
        ++cells[i * shape.width + static_cast<size_t>(std::abs(mixed % width))];
      }
      return {};
    }
    const auto item = static_cast<uint64_t>(column.WholeAt(row));
    for (size_t i = 0; i < shape.depth; ++i) {
      auto hash = static_cast<int64_t>(static_cast<uint64_t>(factors[i]) * item);
      hash = static_cast<int64_t>(static_cast<uint64_t>(hash) + static_cast<uint64_t>(hash >> 32));
      ++cells[i * shape.width + static_cast<size_t>(static_cast<int32_t>(hash & INT32_MAX) % width)];
    }
    return {};
  }
  Status Merge(const KernelContext& context, const CountMin& other) {
    Prepare(context);
    total += other.total;
    for (size_t i = 0; i < other.cells.size(); ++i) cells[i] += other.cells[i];
    return {};
  }
  /// Version 1, big-endian: total, depth, width, the factors, the table.
  Status Finish(const KernelContext& context, ResultCell result) const {
    CountMin own;
    if (shape.depth == 0) own.Prepare(context);
    const CountMin& sketch = shape.depth == 0 ? own : *this;
    std::string bytes;
    const auto put = [&](int64_t number, int size) {
      for (int i = size - 1; i >= 0; --i) bytes += static_cast<char>(static_cast<uint64_t>(number) >> (8 * i));
    };
    put(1, 4);
    put(sketch.total, 8);
    put(static_cast<int64_t>(sketch.shape.depth), 4);
    put(static_cast<int64_t>(sketch.shape.width), 4);
    for (const int64_t factor : sketch.factors) put(factor, 8);
    for (const int64_t cell : sketch.cells) put(cell, 8);
    result.vector->SetString(result.row, bytes);
    return {};
  }
};

Result<DataType> BindCountMin(CallSite& site) {
  static constexpr std::string_view kNames[] = {"", "eps", "confidence", "seed"};
  const DataType& type = site.arguments[0]->type;
  if (!type.IsIntegral() && !type.Is(TypeId::kString) && !type.Is(TypeId::kBinary))
    return UnexpectedInputType(site, 0, "(\"INTEGRAL\" or \"STRING\" or \"BINARY\")");
  double numbers[3] = {};
  for (size_t i = 1; i < 4; ++i) {
    if (i < 3) {
      FS_CHECK(CoerceArgument(site, i, TypePattern(TypeId::kDouble).Exactly()));
    } else if (!site.arguments[i]->type.Is(TypeId::kLong)) {  // whose low half is taken
      FS_CHECK(CoerceArgument(site, i, TypePattern(TypeId::kInteger).Exactly()));
    }
    const ExprPtr& argument = site.arguments[i];
    if (!logical::IsFoldable(argument)) {
      return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                          {{"inputName", Cat("`", kNames[i], "`")},
                           {"inputType", i == 3 ? "\"INT\"" : "\"DOUBLE\""},
                           {"inputExpr", ToSqlExpr(logical::PrettyName(*argument))}});
    }
    FS_TRY(const Value value, Constant(site, i));
    if (value.IsNull()) return TypeMismatch(site, "UNEXPECTED_NULL", {{"exprName", std::string(kNames[i])}});
    if (i < 3) numbers[i] = value.As<double>();
  }
  const auto out_of_range = [&](size_t index, std::string_view range) {
    return TypeMismatch(
        site, "VALUE_OUT_OF_RANGE",
        {{"exprName", std::string(kNames[index])},
         {"valueRange", std::string(range)},
         {"currentValue", LiteralSql(Value(numbers[index]), TypeId::kDouble, site.settings.time_zone)}});
  };
  if (!(numbers[1] > 0)) return out_of_range(1, "(0.0, 1.7976931348623157E308]");
  if (!(numbers[2] > 0 && numbers[2] < 1)) return out_of_range(2, "(0.0, 1.0]");
  if (2 / numbers[1] > static_cast<double>(kCellsMax) ||
      ShapeOf(numbers[1], numbers[2]).depth * ShapeOf(numbers[1], numbers[2]).width > kCellsMax)
    return Error::Unsupported("count_min_sketch() of more than 16777216 cells", site.origin);
  return DataType(TypeId::kBinary);
}

std::vector<Function> Rows() {
  const Function shared{.kind = Kind::kAggregate, .group = "agg_funcs"};
  const Argument any{Class::kAny};
  const auto named = [](std::string_view name) { return Argument{.type = Class::kAny, .name = name}; };
  return {
      WithNulls(
          Bound(RowOf(shared, "histogram_numeric", {any, any}, {}, StateKernel<Histogram>(), "3.3.0",
                      "A histogram of a group's values with bins of different widths.", "histogram_numeric(col, 5)"),
                &BindHistogram),
          Nulls::kMaybe),
      WithNulls(Bound(RowOf(shared, "count_min_sketch",
                            {named("column"), named("epsilon"), named("confidence"), named("seed")}, {},
                            StateKernel<CountMin>(), "2.2.0",
                            "A count-min sketch of a group's values: about how often each comes.",
                            "count_min_sketch(col, 0.5d, 0.5d, 1)"),
                      &BindCountMin),
                Nulls::kNever),
  };
}

}  // namespace

std::span<const Function> SketchFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
