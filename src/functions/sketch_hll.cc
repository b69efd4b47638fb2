// hll_sketch_agg and its kin: HyperLogLog sketches as values (hll.h).
#include "base/cat.h"
#include "base/text.h"
#include "functions/hll.h"
#include "functions/sketch_topics.h"
#include "plan/rewrite.h"

namespace firesteel::functions {
namespace {

using sketches::Hll;
using sketches::Name;

template <Name kFunction>
Result<Hll> Parse(std::string_view image) {
  std::optional<Hll> hll = Hll::FromImage(image);
  if (hll) return *std::move(hll);
  return Error::Condition("HLL_INVALID_INPUT_SKETCH_BUFFER", {{"function", kFunction.Quoted()}})
      .As(ErrorClass::kRuntime);
}

template <Name kFunction>
Status CheckSizes(const Hll& left, const Hll& right, bool may_differ) {
  if (may_differ || left.lg_k() == right.lg_k()) return {};
  return Error::Condition("HLL_UNION_DIFFERENT_LG_K",
                          {{"left", Cat(left.lg_k())}, {"right", Cat(right.lg_k())}, {"function", kFunction.Quoted()}})
      .As(ErrorClass::kRuntime);
}

struct SketchState {
  std::optional<Hll> hll;

  static int LgK(const KernelContext& context) { return static_cast<int>(context.constants[1]->As<int64_t>()); }
  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (!hll) hll.emplace(LgK(context));
    if (in[0].IsNull(row)) return {};
    if (const auto hash = sketches::HashOfItem(in[0], row)) hll->Add(*hash);
    return {};
  }
  Status Merge(const KernelContext&, const SketchState& other) {
    if (!other.hll) return {};
    if (!hll) hll.emplace(other.hll->lg_k());
    hll->Merge(*other.hll);
    hll->Settle();
    return {};
  }
  Status Finish(const KernelContext& context, ResultCell result) const {
    result.vector->SetString(result.row, hll ? hll->Image() : Hll(LgK(context)).Image());
    return {};
  }
};

struct UnionState {
  std::optional<Hll> hll;

  static bool MayDiffer(const KernelContext& context) {
    return context.constants[1].has_value() && !context.constants[1]->IsNull() && context.constants[1]->As<bool>();
  }
  Status Join(const Hll& other, bool may_differ) {
    if (!hll) hll.emplace(other.lg_k());
    FS_CHECK(CheckSizes<"hll_union_agg">(*hll, other, may_differ));
    hll->Merge(other);
    hll->Settle();
    return {};
  }
  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    FS_TRY(const Hll other, Parse<"hll_union_agg">(in[0].StringAt(row)));
    return Join(other, MayDiffer(context));
  }
  Status Merge(const KernelContext& context, const UnionState& other) {
    return other.hll ? Join(*other.hll, MayDiffer(context)) : Status();
  }
  Status Finish(const KernelContext&, ResultCell result) const {
    constexpr int kLgKDefault = 12;
    result.vector->SetString(result.row, hll ? hll->Image() : Hll(kLgKDefault).Image());
    return {};
  }
};

Result<int64_t> Estimate(std::string_view image) {
  FS_TRY(const Hll hll, Parse<"hll_sketch_estimate">(image));
  return sketches::RoundToLong(hll.Estimate());
}

Result<std::string> Union(std::string_view left_image, std::string_view right_image, bool may_differ) {
  FS_TRY(const Hll left, Parse<"hll_union">(left_image));
  FS_TRY(const Hll right, Parse<"hll_union">(right_image));
  FS_CHECK(CheckSizes<"hll_union">(left, right, may_differ));
  Hll all(std::min(left.lg_k(), right.lg_k()));
  all.Merge(left);
  all.Merge(right);
  all.Settle();
  return all.Image();
}

Result<DataType> BindSketch(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  if (!type.Is(TypeId::kInteger) && !type.Is(TypeId::kLong) && !type.Is(TypeId::kString) && !type.Is(TypeId::kBinary) &&
      !type.Is(TypeId::kNull))
    return UnexpectedInputType(site, 0, R"(("INT" or "BIGINT" or "STRING" or "BINARY"))");
  FS_CHECK(CoerceArgument(site, 1, TypePattern(TypeId::kInteger).Exactly()));
  const std::string function = ToSqlId(site.name);
  if (!logical::IsFoldable(site.arguments[1]))
    return Error::Condition("HLL_K_MUST_BE_CONSTANT", {{"function", function}}).As(ErrorClass::kRuntime);
  FS_TRY(const Value value, Constant(site, 1));
  const int64_t lg_k = value.IsNull() ? 0 : value.As<int64_t>();
  if (lg_k < Hll::kLgKMin || lg_k > Hll::kLgKMax) {
    return Error::Condition(
               "HLL_INVALID_LG_K",
               {{"function", function}, {"min", Cat(Hll::kLgKMin)}, {"max", Cat(Hll::kLgKMax)}, {"value", Cat(lg_k)}})
        .As(ErrorClass::kRuntime);
  }
  if (type.Is(TypeId::kNull)) site.arguments[0] = CastTo(site.arguments[0], TypeId::kInteger, site);
  return DataType(TypeId::kBinary);
}

std::vector<Function> Rows() {
  const Function aggregate{.kind = Kind::kAggregate, .nulls = Nulls::kNever, .group = "agg_funcs", .since = "3.5.0"};
  const Function scalar{.group = "sketch_funcs", .since = "3.5.0"};
  const Argument sketch{TypePattern(TypeId::kBinary).Exactly()};
  const Argument may_differ{.type = TypePattern(TypeId::kBoolean).Exactly(), .optional = true, .default_sql = "false"};
  const Argument any{TypePattern::Class::kAny};
  const DataType binary = TypeId::kBinary;
  return {
      Bound(RowOf(aggregate, "hll_sketch_agg", {any, {.type = any.type, .optional = true, .default_sql = "12"}}, binary,
                  StateKernel<SketchState>(), "A HyperLogLog sketch of a group's values.", "hll_sketch_agg(col)"),
            &BindSketch),
      RowOf(aggregate, "hll_union_agg", {sketch, may_differ}, binary, StateKernel<UnionState>(),
            "The union of a group's HyperLogLog sketches.", "hll_union_agg(sketch)"),
      RowOf(scalar, "hll_sketch_estimate", {sketch}, TypeId::kLong, RowKernel<&Estimate>(),
            "About how many different values a HyperLogLog sketch has seen.",
            "hll_sketch_estimate(X'0201070C030400080000000000000000000000000000000000000000000000000000000000000000')"),
      RowOf(scalar, "hll_union", {sketch, sketch, may_differ}, binary, RowKernel<&Union>(),
            "The union of two HyperLogLog sketches.",
            "hll_union(X'0201070C030400080000000000000000000000000000000000000000000000000000000000000000', "
            "X'0201070C030400080000000000000000000000000000000000000000000000000000000000000000')"),
  };
}

}  // namespace

std::span<const Function> HllFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
