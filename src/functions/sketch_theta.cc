// theta_sketch_agg and its kin: theta sketches as values (theta_sketch.h).
#include "functions/sketch_topics.h"
#include "functions/theta_sketch.h"

namespace firesteel::functions {
namespace {

using sketches::Name;
using sketches::NoSummary;
using sketches::ThetaSketch;

constexpr auto kNothing = [](NoSummary, NoSummary = {}) { return NoSummary(); };

template <Name kFunction>
Result<ThetaSketch> Parse(std::string_view image) {
  std::optional<ThetaSketch> sketch = sketches::ThetaFromImage(image);
  if (sketch) return *std::move(sketch);
  return Error::Condition("THETA_INVALID_INPUT_SKETCH_BUFFER", {{"function", kFunction.Quoted()}})
      .As(ErrorClass::kRuntime);
}

struct SketchState {
  ThetaSketch sketch;

  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    const auto hash = sketches::HashOfItem(in[0], row);
    bool first = false;
    if (hash && sketch.Take(hash->first >> 1, first) != nullptr) sketch.TrimSometimes(NominalOf(context, 1));
    return {};
  }
  Status Merge(const KernelContext& context, const SketchState& other) {
    sketch.Unite(other.sketch, NominalOf(context, 1), kNothing, kNothing);
    return {};
  }
  Status Finish(const KernelContext& context, ResultCell result) const {
    ThetaSketch trimmed = sketch;
    trimmed.Trim(NominalOf(context, 1));
    result.vector->SetString(result.row, sketches::ThetaImage(trimmed));
    return {};
  }
};

struct UnionState {
  ThetaSketch sketch;

  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    FS_TRY(const ThetaSketch other, Parse<"theta_union_agg">(in[0].StringAt(row)));
    sketch.Unite(other, NominalOf(context, 1), kNothing, kNothing);
    return {};
  }
  Status Merge(const KernelContext& context, const UnionState& other) {
    sketch.Unite(other.sketch, NominalOf(context, 1), kNothing, kNothing);
    return {};
  }
  Status Finish(const KernelContext&, ResultCell result) const {
    result.vector->SetString(result.row, sketches::ThetaImage(sketch));
    return {};
  }
};

struct IntersectionState {
  std::optional<ThetaSketch> sketch;

  void Join(const ThetaSketch& other) {
    if (sketch) {
      sketch->Intersect(other, kNothing);
    } else {
      sketch = other;
    }
  }
  Status Add(const KernelContext&, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    FS_TRY(const ThetaSketch other, Parse<"theta_intersection_agg">(in[0].StringAt(row)));
    Join(other);
    return {};
  }
  Status Merge(const KernelContext&, const IntersectionState& other) {
    if (other.sketch) Join(*other.sketch);
    return {};
  }
  Status Finish(const KernelContext&, ResultCell result) const {
    if (!sketch) return NoIntersection();
    result.vector->SetString(result.row, sketches::ThetaImage(*sketch));
    return {};
  }
};

Result<int64_t> Estimate(std::string_view image) {
  FS_TRY(const ThetaSketch sketch, Parse<"theta_sketch_estimate">(image));
  return sketches::RoundToLong(sketch.Estimate());
}

Result<std::string> Union(std::string_view left_image, std::string_view right_image, int32_t lg_nominal) {
  FS_TRY(const size_t nominal, Nominal<"theta_union">(lg_nominal));
  FS_TRY(const ThetaSketch left, Parse<"theta_union">(left_image));
  FS_TRY(const ThetaSketch right, Parse<"theta_union">(right_image));
  ThetaSketch all;
  all.Unite(left, nominal, kNothing, kNothing);
  all.Unite(right, nominal, kNothing, kNothing);
  return sketches::ThetaImage(all);
}

Result<std::string> Intersection(std::string_view left_image, std::string_view right_image) {
  FS_TRY(ThetaSketch left, Parse<"theta_intersection">(left_image));
  FS_TRY(const ThetaSketch right, Parse<"theta_intersection">(right_image));
  left.Intersect(right, kNothing);
  return sketches::ThetaImage(left);
}

Result<std::string> Difference(std::string_view left_image, std::string_view right_image) {
  FS_TRY(ThetaSketch left, Parse<"theta_difference">(left_image));
  FS_TRY(const ThetaSketch right, Parse<"theta_difference">(right_image));
  left.Subtract(right);
  return sketches::ThetaImage(left);
}

const TypePattern kSize = TypePattern(TypeId::kInteger).Exactly();

Result<DataType> BindSketch(CallSite& site) {
  FS_CHECK(CheckSketchedType(site));
  FS_CHECK(CoerceArgument(site, 1, kSize));
  FS_CHECK(CheckNominal(site, 1));
  return DataType(TypeId::kBinary);
}

Result<DataType> BindUnion(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kBinary).Exactly()));
  FS_CHECK(CoerceArgument(site, 1, kSize));
  FS_CHECK(CheckNominal(site, 1));
  return DataType(TypeId::kBinary);
}

std::vector<Function> Rows() {
  const Function aggregate{.kind = Kind::kAggregate, .nulls = Nulls::kNever, .group = "agg_funcs", .since = "4.1.0"};
  const Function scalar{.group = "sketch_funcs", .since = "4.1.0"};
  const Argument sketch{TypePattern(TypeId::kBinary).Exactly()};
  const Argument any{TypePattern::Class::kAny};
  const Argument size{.type = TypePattern::Class::kAny, .optional = true, .default_sql = "12"};
  const Argument scalar_size{.type = kSize, .optional = true, .default_sql = "12"};
  const DataType binary = TypeId::kBinary;
  return {
      Bound(RowOf(aggregate, "theta_sketch_agg", {any, size}, binary, StateKernel<SketchState>(),
                  "A theta sketch of a group's values.", "theta_sketch_agg(col)"),
            &BindSketch),
      Bound(RowOf(aggregate, "theta_union_agg", {any, size}, binary, StateKernel<UnionState>(),
                  "The union of a group's theta sketches.", "theta_union_agg(sketch)"),
            &BindUnion),
      RowOf(aggregate, "theta_intersection_agg", {sketch}, binary, StateKernel<IntersectionState>(),
            "The intersection of a group's theta sketches.", "theta_intersection_agg(sketch)"),
      RowOf(scalar, "theta_sketch_estimate", {sketch}, TypeId::kLong, RowKernel<&Estimate>(),
            "About how many different values a theta sketch has seen.", "theta_sketch_estimate(X'01030300001E0000')"),
      RowOf(scalar, "theta_union", {sketch, sketch, scalar_size}, binary, RowKernel<&Union>(),
            "The union of two theta sketches.", "theta_union(X'01030300001E0000', X'01030300001E0000')"),
      RowOf(scalar, "theta_intersection", {sketch, sketch}, binary, RowKernel<&Intersection>(),
            "The intersection of two theta sketches.", "theta_intersection(X'01030300001E0000', X'01030300001E0000')"),
      RowOf(scalar, "theta_difference", {sketch, sketch}, binary, RowKernel<&Difference>(),
            "What the first of two theta sketches has and the second has not.",
            "theta_difference(X'01030300001E0000', X'01030300001E0000')"),
  };
}

}  // namespace

std::span<const Function> ThetaFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
