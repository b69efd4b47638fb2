// tuple_sketch_agg and its kin: theta sketches (theta_sketch.h) whose items carry a number.
#include <bit>
#include <limits>

#include "base/cat.h"
#include "base/text.h"
#include "functions/sketch_topics.h"
#include "functions/theta_sketch.h"
#include "plan/rewrite.h"

namespace firesteel::functions {
namespace {

using sketches::Name;
using sketches::NoSummary;
using sketches::Put;
using sketches::ThetaSketch;

/// How an item's numbers become one.
enum class Mode : uint8_t { kSum, kMin, kMax, kAlwaysOne };
constexpr std::string_view kModes[] = {"sum", "min", "max", "alwaysone"};

std::optional<Mode> ModeOf(std::string_view text) {
  for (size_t i = 0; i < std::size(kModes); ++i) {
    if (EqualsIgnoreCase(text, kModes[i])) return static_cast<Mode>(i);
  }
  return std::nullopt;
}

Error WrongMode(std::string function, std::string_view mode) {
  return Error::Condition(
      "TUPLE_INVALID_SKETCH_MODE",
      {{"function", std::move(function)}, {"mode", std::string(mode)}, {"validModes", "sum, min, max, alwaysone"}});
}

template <typename T>
struct Summary {
  T value = 0;
  Mode mode = Mode::kSum;
};
template <typename T>
using TupleSketch = sketches::Sample<Summary<T>>;

template <typename T>
T Plus(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    using Bits = std::make_unsigned_t<T>;
    return static_cast<T>(static_cast<Bits>(a) + static_cast<Bits>(b));  // as Java's
  } else {
    return a + b;
  }
}

/// What an item without numbers has.
template <typename T>
Summary<T> Fresh(Mode mode) {
  using Limits = std::numeric_limits<T>;
  switch (mode) {
    case Mode::kSum:
      return {0, mode};
    case Mode::kMin:
      return {Limits::has_infinity ? Limits::infinity() : Limits::max(), mode};
    case Mode::kMax:
      return {Limits::has_infinity ? -Limits::infinity() : Limits::min(), mode};
    case Mode::kAlwaysOne:
      return {1, mode};
  }
  return {};
}

template <typename T>
struct Joining {
  Mode mode;
  Summary<T> operator()(const Summary<T>& a, const Summary<T>& b) const {
    switch (mode) {
      case Mode::kSum:
        return {Plus(a.value, b.value), mode};
      case Mode::kMin:
        return {std::min(a.value, b.value), mode};
      case Mode::kMax:
        return {std::max(a.value, b.value), mode};
      case Mode::kAlwaysOne:
        break;
    }
    return {1, mode};
  }
  Summary<T> operator()(const Summary<T>& a, NoSummary) const { return (*this)(a, Fresh<T>(mode)); }
};
/// One sketch's summary in a union.
template <typename T>
struct Making {
  Mode mode;
  Summary<T> operator()(const Summary<T>& a) const { return a; }
  Summary<T> operator()(NoSummary) const { return Fresh<T>(mode); }
};

constexpr uint8_t kFamily = 9, kVersion = 3, kCompactType = 1;
constexpr uint8_t kReadOnlyFlag = 2, kEmptyFlag = 4, kCompactFlag = 8;

/// The size of DataSketches' hash table that would hold the entries: they are listed in its order.
uint64_t TableSize(size_t count, size_t nominal) {
  const int lg_target = std::countr_zero(nominal) + 1;
  int lg = lg_target <= 5 ? 5 : (lg_target - 5) % 3 + 5;
  while (lg < lg_target && count * 2 > size_t{1} << lg) lg = std::min(lg + 3, lg_target);
  return uint64_t{1} << lg;
}

template <typename T>
std::string Image(const TupleSketch<T>& sketch, size_t nominal = size_t{1} << 12) {
  const bool exact = sketch.theta == sketches::kThetaMax;
  std::vector<typename TupleSketch<T>::Entry> entries(sketch.entries.begin(), sketch.entries.end());
  const uint64_t mask = TableSize(entries.size(), nominal) - 1;
  std::sort(entries.begin(), entries.end(), [&](const auto& a, const auto& b) {
    return std::pair(a.first & mask, a.first) < std::pair(b.first & mask, b.first);
  });
  const uint8_t longs = !exact ? 3 : entries.size() > 1 ? 2 : 1;
  std::string image;
  Put(image, sketch.empty ? uint8_t{1} : longs);
  Put(image, kVersion);
  Put(image, kFamily);
  Put(image, kCompactType);
  Put<uint8_t>(image, 0);
  Put(image, static_cast<uint8_t>(kReadOnlyFlag | kCompactFlag | (sketch.empty ? kEmptyFlag : 0)));
  Put(image, sketches::kSeedHash);
  if (sketch.empty) return image;
  if (longs > 1) {
    Put(image, static_cast<uint32_t>(entries.size()));
    Put<uint32_t>(image, 0);
  }
  if (longs > 2) Put(image, sketch.theta);
  for (const auto& [hash, summary] : entries) {
    Put(image, hash);
    Put(image, summary.value);
    Put(image, static_cast<uint8_t>(summary.mode));
  }
  return image;
}

template <typename T>
std::optional<TupleSketch<T>> FromImage(std::string_view image) {
  sketches::ImageReader in(image);
  const auto longs = in.Get<uint8_t>(), version = in.Get<uint8_t>(), family = in.Get<uint8_t>();
  in.Get<uint8_t>();
  in.Get<uint8_t>();
  const auto flags = in.Get<uint8_t>();
  const auto seed_hash = in.Get<uint16_t>();
  if (in.failed() || longs < 1 || longs > 3 || version != kVersion || family != kFamily ||
      (flags & kCompactFlag) == 0 || seed_hash != sketches::kSeedHash)
    return std::nullopt;
  TupleSketch<T> sketch;
  if ((flags & kEmptyFlag) != 0) return sketch;
  sketch.empty = false;
  uint32_t count = 1;
  if (longs > 1) {
    count = in.Get<uint32_t>();
    in.Get<uint32_t>();
  }
  if (longs > 2) sketch.theta = in.Get<uint64_t>();
  constexpr size_t kEntryBytes = 8 + sizeof(T) + 1;
  if (in.failed() || in.left() != count * kEntryBytes || sketch.theta > sketches::kThetaMax) return std::nullopt;
  for (uint32_t i = 0; i < count; ++i) {
    const auto hash = in.Get<uint64_t>();
    const auto value = in.Get<T>();
    const auto mode = in.Get<uint8_t>();
    if (hash == 0 || hash >= sketch.theta || mode >= std::size(kModes)) return std::nullopt;
    sketch.entries.try_emplace(hash, Summary<T>{value, static_cast<Mode>(mode)});
  }
  return sketch;
}

template <Name kFunction, typename T>
Result<TupleSketch<T>> Parse(std::string_view image) {
  std::optional<TupleSketch<T>> sketch = FromImage<T>(image);
  if (sketch) return *std::move(sketch);
  return Error::Condition("TUPLE_INVALID_INPUT_SKETCH_BUFFER", {{"function", kFunction.Quoted()}})
      .As(ErrorClass::kRuntime);
}
template <Name kFunction>
Result<ThetaSketch> ParseTheta(std::string_view image) {
  std::optional<ThetaSketch> sketch = sketches::ThetaFromImage(image);
  if (sketch) return *std::move(sketch);
  return Error::Condition("THETA_INVALID_INPUT_SKETCH_BUFFER", {{"function", kFunction.Quoted()}})
      .As(ErrorClass::kRuntime);
}
template <Name kFunction>
Result<Mode> ParseMode(std::string_view text) {
  if (const auto mode = ModeOf(text)) return *mode;
  return WrongMode(kFunction.Quoted(), text).As(ErrorClass::kRuntime);
}

Mode ConstantMode(const KernelContext& context, size_t index) {
  return *ModeOf(context.constants[index]->As<std::string>());
}

// ---------------------------------------------------------------- aggregates
template <typename T>
struct SketchState {
  TupleSketch<T> sketch;

  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) return {};
    const auto hash = sketches::HashOfItem(in[0], row);
    if (!hash) return {};
    bool first = false;
    Summary<T>* summary = sketch.Take(hash->first >> 1, first);
    if (summary == nullptr) return {};
    const Mode mode = ConstantMode(context, 3);
    if (first) *summary = Fresh<T>(mode);
    *summary = Joining<T>{mode}(*summary, Summary<T>{in[1].At<T>(row), mode});
    sketch.TrimSometimes(NominalOf(context, 2));
    return {};
  }
  Status Merge(const KernelContext& context, const SketchState& other) {
    const Mode mode = ConstantMode(context, 3);
    sketch.Unite(other.sketch, NominalOf(context, 2), Making<T>{mode}, Joining<T>{mode});
    return {};
  }
  Status Finish(const KernelContext& context, ResultCell result) const {
    TupleSketch<T> trimmed = sketch;
    trimmed.Trim(NominalOf(context, 2));
    result.vector->SetString(result.row, Image(trimmed, NominalOf(context, 2)));
    return {};
  }
};

template <Name kFunction, typename T>
struct UnionState {
  TupleSketch<T> sketch;

  void Join(const KernelContext& context, const TupleSketch<T>& other) {
    const Mode mode = ConstantMode(context, 2);
    sketch.Unite(other, NominalOf(context, 1), Making<T>{mode}, Joining<T>{mode});
  }
  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    FS_TRY(const TupleSketch<T> other, (Parse<kFunction, T>(in[0].StringAt(row))));
    Join(context, other);
    return {};
  }
  Status Merge(const KernelContext& context, const UnionState& other) {
    Join(context, other.sketch);
    return {};
  }
  Status Finish(const KernelContext& context, ResultCell result) const {
    result.vector->SetString(result.row, Image(sketch, NominalOf(context, 1)));
    return {};
  }
};

template <Name kFunction, typename T>
struct IntersectionState {
  std::optional<TupleSketch<T>> sketch;

  void Join(const KernelContext& context, const TupleSketch<T>& other) {
    if (sketch) {
      sketch->Intersect(other, Joining<T>{ConstantMode(context, 1)});
    } else {
      sketch = other;
    }
  }
  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    FS_TRY(const TupleSketch<T> other, (Parse<kFunction, T>(in[0].StringAt(row))));
    Join(context, other);
    return {};
  }
  Status Merge(const KernelContext& context, const IntersectionState& other) {
    if (other.sketch) Join(context, *other.sketch);
    return {};
  }
  Status Finish(const KernelContext&, ResultCell result) const {
    if (!sketch) return NoIntersection();
    result.vector->SetString(result.row, Image(*sketch));
    return {};
  }
};

// ---------------------------------------------------------------- scalars
template <Name kFunction, typename T>
Result<double> Estimate(std::string_view image) {
  FS_TRY(const TupleSketch<T> sketch, (Parse<kFunction, T>(image)));
  return sketch.Estimate();
}
template <Name kFunction, typename T>
Result<double> Theta(std::string_view image) {
  FS_TRY(const TupleSketch<T> sketch, (Parse<kFunction, T>(image)));
  return sketch.Fraction();
}

template <typename T>
using Total = std::conditional_t<std::is_integral_v<T>, int64_t, T>;

template <Name kFunction, typename T>
Result<Total<T>> Summarize(std::string_view image, std::string_view mode_text) {
  using Sum = Total<T>;
  FS_TRY(const Mode mode, ParseMode<kFunction>(mode_text));
  FS_TRY(const TupleSketch<T> sketch, (Parse<kFunction, T>(image)));
  if (sketch.entries.empty()) return Sum{0};
  auto total = static_cast<Sum>(mode == Mode::kMin || mode == Mode::kMax ? Fresh<T>(mode).value : 0);
  for (const auto& entry : sketch.entries) {
    const auto value = static_cast<Sum>(entry.second.value);
    switch (mode) {
      case Mode::kSum:
        total = Plus(total, value);
        break;
      case Mode::kMin:
        total = std::min(total, value);
        break;
      case Mode::kMax:
        total = std::max(total, value);
        break;
      case Mode::kAlwaysOne:
        total += 1;
        break;
    }
  }
  return total;
}

template <Name kFunction, typename T, bool kTheta>
auto ParseOther(std::string_view image) {
  if constexpr (kTheta) {
    return ParseTheta<kFunction>(image);
  } else {
    return Parse<kFunction, T>(image);
  }
}

template <Name kFunction, typename T, bool kTheta>
Result<std::string> Union(std::string_view left_image, std::string_view right_image, int32_t lg_nominal,
                          std::string_view mode_text) {
  FS_TRY(const size_t nominal, Nominal<kFunction>(lg_nominal));
  FS_TRY(const Mode mode, ParseMode<kFunction>(mode_text));
  FS_TRY(const TupleSketch<T> left, (Parse<kFunction, T>(left_image)));
  FS_TRY(const auto right, (ParseOther<kFunction, T, kTheta>(right_image)));
  TupleSketch<T> all;
  all.Unite(left, nominal, Making<T>{mode}, Joining<T>{mode});
  all.Unite(right, nominal, Making<T>{mode}, Joining<T>{mode});
  return Image(all, nominal);
}
template <Name kFunction, typename T, bool kTheta>
Result<std::string> Intersection(std::string_view left_image, std::string_view right_image,
                                 std::string_view mode_text) {
  FS_TRY(const Mode mode, ParseMode<kFunction>(mode_text));
  FS_TRY(TupleSketch<T> left, (Parse<kFunction, T>(left_image)));
  FS_TRY(const auto right, (ParseOther<kFunction, T, kTheta>(right_image)));
  left.Intersect(right, Joining<T>{mode});
  return Image(left);
}
template <Name kFunction, typename T, bool kTheta>
Result<std::string> Difference(std::string_view left_image, std::string_view right_image) {
  FS_TRY(TupleSketch<T> left, (Parse<kFunction, T>(left_image)));
  FS_TRY(const auto right, (ParseOther<kFunction, T, kTheta>(right_image)));
  left.Subtract(right);
  return Image(left);
}

// ---------------------------------------------------------------- rows
Status CheckMode(CallSite& site, size_t index) {
  FS_CHECK(CoerceArgument(site, index, TypeId::kString));
  if (!logical::IsFoldable(site.arguments[index])) {
    return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                        {{"inputName", "`mode`"},
                         {"inputType", "\"STRING\""},
                         {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[index]))}});
  }
  FS_TRY(const Value value, Constant(site, index));
  const std::string mode = value.IsNull() ? "" : value.As<std::string>();
  if (ModeOf(mode)) return {};
  return TypeMismatch(site, "TYPE_CHECK_FAILURE_WITH_HINT",
                      {{"msg", WrongMode(ToSqlId(site.name), mode).Message()}, {"hint", ""}});
}

template <TypeId kNumber>
Result<DataType> BindSketch(CallSite& site) {
  FS_CHECK(CheckSketchedType(site));
  FS_CHECK(CoerceArgument(site, 1, kNumber));
  FS_CHECK(CheckNominal(site, 2));
  FS_CHECK(CheckMode(site, 3));
  return DataType(TypeId::kBinary);
}
Result<DataType> BindUnion(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kBinary).Exactly()));
  FS_CHECK(CheckNominal(site, 1));
  FS_CHECK(CheckMode(site, 2));
  return DataType(TypeId::kBinary);
}
Result<DataType> BindIntersection(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kBinary).Exactly()));
  FS_CHECK(CheckMode(site, 1));
  return DataType(TypeId::kBinary);
}

struct Shared {
  Function aggregate{.kind = Kind::kAggregate, .nulls = Nulls::kNever, .group = "agg_funcs", .since = "4.2.0"};
  Function scalar{.group = "sketch_funcs", .since = "4.2.0"};
  Argument any{TypePattern::Class::kAny};
  Argument sketch{TypePattern(TypeId::kBinary).Exactly()};
  Argument size{.type = TypePattern(TypeId::kInteger), .optional = true, .default_sql = "12"};
  Argument mode{.type = TypePattern(TypeId::kString), .optional = true, .default_sql = "'sum'"};
  DataType binary = TypeId::kBinary;
};

#define FS_EMPTY "X'01030901000ECC93'"
#define FS_EMPTY_THETA "X'01030300001E0000'"

// Names differ by the summaries' type alone, but string literals can't be put together but by the preprocessor.
#define FS_TUPLE_ROWS(T, kNumber, kTotal, SUFFIX)                                                                    \
  Bound(RowOf(s.aggregate, "tuple_sketch_agg_" SUFFIX, {s.any, s.any, s.size, s.mode}, s.binary,                     \
              StateKernel<SketchState<T>>(), "A tuple sketch of a group's keys and their numbers.",                  \
              "tuple_sketch_agg_" SUFFIX "(key, value)"),                                                            \
        &BindSketch<kNumber>),                                                                                       \
      Bound(RowOf(s.aggregate, "tuple_union_agg_" SUFFIX, {s.any, s.size, s.mode}, s.binary,                         \
                  StateKernel<UnionState<"tuple_union_agg_" SUFFIX, T>>(), "The union of a group's tuple sketches.", \
                  "tuple_union_agg_" SUFFIX "(sketch)"),                                                             \
            &BindUnion),                                                                                             \
      Bound(RowOf(s.aggregate, "tuple_intersection_agg_" SUFFIX, {s.any, s.mode}, s.binary,                          \
                  StateKernel<IntersectionState<"tuple_intersection_agg_" SUFFIX, T>>(),                             \
                  "The intersection of a group's tuple sketches.", "tuple_intersection_agg_" SUFFIX "(sketch)"),     \
            &BindIntersection),                                                                                      \
      RowOf(s.scalar, "tuple_sketch_estimate_" SUFFIX, {s.sketch}, TypeId::kDouble,                                  \
            RowKernel<&Estimate<"tuple_sketch_estimate_" SUFFIX, T>>(),                                              \
            "About how many keys a tuple sketch has seen.", "tuple_sketch_estimate_" SUFFIX "(" FS_EMPTY ")"),       \
      RowOf(s.scalar, "tuple_sketch_theta_" SUFFIX, {s.sketch}, TypeId::kDouble,                                     \
            RowKernel<&Theta<"tuple_sketch_theta_" SUFFIX, T>>(), "The share of keys that a tuple sketch keeps.",    \
            "tuple_sketch_theta_" SUFFIX "(" FS_EMPTY ")"),                                                          \
      RowOf(s.scalar, "tuple_sketch_summary_" SUFFIX, {s.sketch, s.mode}, kTotal,                                    \
            RowKernel<&Summarize<"tuple_sketch_summary_" SUFFIX, T>>(), "All numbers of a tuple sketch as one.",     \
            "tuple_sketch_summary_" SUFFIX "(" FS_EMPTY ")"),                                                        \
      RowOf(s.scalar, "tuple_union_" SUFFIX, {s.sketch, s.sketch, s.size, s.mode}, s.binary,                         \
            RowKernel<&Union<"tuple_union_" SUFFIX, T, false>>(), "The union of two tuple sketches.",                \
            "tuple_union_" SUFFIX "(" FS_EMPTY ", " FS_EMPTY ")"),                                                   \
      RowOf(s.scalar, "tuple_union_theta_" SUFFIX, {s.sketch, s.sketch, s.size, s.mode}, s.binary,                   \
            RowKernel<&Union<"tuple_union_theta_" SUFFIX, T, true>>(), "The union of a tuple and a theta sketch.",   \
            "tuple_union_theta_" SUFFIX "(" FS_EMPTY ", " FS_EMPTY_THETA ")"),                                       \
      RowOf(s.scalar, "tuple_intersection_" SUFFIX, {s.sketch, s.sketch, s.mode}, s.binary,                          \
            RowKernel<&Intersection<"tuple_intersection_" SUFFIX, T, false>>(),                                      \
            "The intersection of two tuple sketches.", "tuple_intersection_" SUFFIX "(" FS_EMPTY ", " FS_EMPTY ")"), \
      RowOf(s.scalar, "tuple_intersection_theta_" SUFFIX, {s.sketch, s.sketch, s.mode}, s.binary,                    \
            RowKernel<&Intersection<"tuple_intersection_theta_" SUFFIX, T, true>>(),                                 \
            "The intersection of a tuple and a theta sketch.",                                                       \
            "tuple_intersection_theta_" SUFFIX "(" FS_EMPTY ", " FS_EMPTY_THETA ")"),                                \
      RowOf(s.scalar, "tuple_difference_" SUFFIX, {s.sketch, s.sketch}, s.binary,                                    \
            RowKernel<&Difference<"tuple_difference_" SUFFIX, T, false>>(),                                          \
            "What the first of two tuple sketches has and the second has not.",                                      \
            "tuple_difference_" SUFFIX "(" FS_EMPTY ", " FS_EMPTY ")"),                                              \
      RowOf(s.scalar, "tuple_difference_theta_" SUFFIX, {s.sketch, s.sketch}, s.binary,                              \
            RowKernel<&Difference<"tuple_difference_theta_" SUFFIX, T, true>>(),                                     \
            "What a tuple sketch has and a theta sketch has not.",                                                   \
            "tuple_difference_theta_" SUFFIX "(" FS_EMPTY ", " FS_EMPTY_THETA ")")

std::vector<Function> Rows() {
  const Shared s;
  return {FS_TUPLE_ROWS(double, TypeId::kDouble, TypeId::kDouble, "double"),
          FS_TUPLE_ROWS(int32_t, TypeId::kInteger, TypeId::kLong, "integer")};
}

#undef FS_TUPLE_ROWS
#undef FS_EMPTY
#undef FS_EMPTY_THETA

}  // namespace

std::span<const Function> TupleFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
