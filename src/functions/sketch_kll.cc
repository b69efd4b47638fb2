// kll_sketch_agg_bigint and its kin: KLL quantile sketches as values (kll.h).
#include "base/text.h"
#include "functions/kll.h"
#include "functions/sketch_topics.h"
#include "plan/rewrite.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

using sketches::Kll;
using sketches::Name;

template <Name kFunction, typename T>
Result<Kll<T>> Parse(std::string_view image) {
  std::optional<Kll<T>> kll = Kll<T>::FromImage(image);
  if (kll) return *std::move(kll);
  return Error::Condition("KLL_INVALID_INPUT_SKETCH_BUFFER", {{"function", kFunction.Quoted()}})
      .As(ErrorClass::kRuntime);
}

int KOf(const KernelContext& context, int otherwise) {
  const bool given = context.constants.size() > 1 && context.constants[1] && !context.constants[1]->IsNull();
  return given ? static_cast<int>(context.constants[1]->As<int64_t>()) : otherwise;
}

template <typename T>
struct SketchState {
  std::optional<Kll<T>> kll;

  Kll<T>& Own(const KernelContext& context) {
    if (!kll) kll.emplace(KOf(context, Kll<T>::kDefault));
    return *kll;
  }
  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (!in[0].IsNull(row)) Own(context).Add(in[0].At<T>(row));
    return {};
  }
  Status Merge(const KernelContext&, const SketchState& other) {
    if (!other.kll) return {};
    if (kll) {
      kll->Merge(*other.kll);
    } else {
      kll = other.kll;
    }
    return {};
  }
  Status Finish(const KernelContext& context, ResultCell result) const {
    Kll<T> all(KOf(context, Kll<T>::kDefault));
    if (kll) all.Merge(*kll);  // as Spark, which merges what its tasks have made
    result.vector->SetString(result.row, all.Image());
    return {};
  }
};

template <Name kFunction, typename T>
struct MergeState {
  std::optional<Kll<T>> kll;

  void Join(const KernelContext& context, const Kll<T>& other) {
    if (!kll) kll.emplace(KOf(context, other.k()));
    kll->Merge(other);
  }
  Status Add(const KernelContext& context, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    FS_TRY(const Kll<T> other, (Parse<kFunction, T>(in[0].StringAt(row))));
    Join(context, other);
    return {};
  }
  Status Merge(const KernelContext& context, const MergeState& other) {
    if (!other.kll) return {};
    if (kll) {
      Join(context, *other.kll);
    } else {
      kll = other.kll;
    }
    return {};
  }
  Status Finish(const KernelContext& context, ResultCell result) const {
    result.vector->SetString(result.row, kll ? kll->Image() : Kll<T>(KOf(context, Kll<T>::kDefault)).Image());
    return {};
  }
};

template <Name kFunction, typename T>
Result<int64_t> Count(std::string_view image) {
  FS_TRY(const Kll<T> kll, (Parse<kFunction, T>(image)));
  return static_cast<int64_t>(kll.count());
}

template <Name kFunction, typename T>
Result<std::string> Merged(std::string_view left_image, std::string_view right_image) {
  FS_TRY(Kll<T> left, (Parse<kFunction, T>(left_image)));
  FS_TRY(const Kll<T> right, (Parse<kFunction, T>(right_image)));
  left.Merge(right);
  return left.Image();
}

std::string NumberText(int64_t number) { return Cat(number); }
std::string NumberText(double number) { return DoubleText(number); }
std::string NumberText(float number) { return FloatText(number); }

template <typename T>
constexpr std::string_view kSketchName = "KllLongs";
template <>
constexpr std::string_view kSketchName<double> = "KllDoubles";
template <>
constexpr std::string_view kSketchName<float> = "KllFloats";

template <Name kFunction, typename T>
Result<std::string> Text(std::string_view image) {
  FS_TRY(const Kll<T> kll, (Parse<kFunction, T>(image)));
  return kll.Text(kSketchName<T>, [](T number) { return NumberText(number); });
}

/// An answer for each asked: a number, or a list of them.
template <Name kFunction, typename T, typename Asked, typename Answer>
Status ForEach(const KernelContext&, size_t rows, std::span<const InputVector> in, OutputVector& out,
               Result<Answer> (*answer)(const Kll<T>& kll, Asked asked)) {
  const bool list = in[1].type.Is(TypeId::kArray);
  for (size_t row = 0; row < rows; ++row) {
    if (in[0].IsNull(row) || in[1].IsNull(row)) {
      out.SetNull(row);
      continue;
    }
    FS_TRY(const Kll<T> kll, (Parse<kFunction, T>(in[0].StringAt(row))));
    if (kll.count() == 0) {
      return Error::Condition("KLL_INVALID_INPUT_SKETCH_BUFFER", {{"function", kFunction.Quoted()}})
          .As(ErrorClass::kRuntime);
    }
    if (!list) {
      FS_TRY(out.Data<Answer>()[row], answer(kll, in[1].At<Asked>(row)));
      continue;
    }
    const ListCell asked = in[1].At<ListCell>(row);
    const uint64_t first = out.AppendList(row, asked.length);
    for (uint64_t i = 0; i < asked.length; ++i) {
      if (in[1].children[0].IsNull(asked.offset + i)) {
        out.child(0).SetNull(first + i);
      } else {
        FS_TRY(out.child(0).Data<Answer>()[first + i], answer(kll, in[1].children[0].At<Asked>(asked.offset + i)));
      }
    }
  }
  return {};
}

template <Name kFunction, typename T>
Status Quantiles(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  return ForEach<kFunction, T, double, T>(context, rows, in, out, [](const Kll<T>& kll, double rank) -> Result<T> {
    if (rank >= 0 && rank <= 1) return kll.Quantile(rank);
    return Error::Condition("KLL_SKETCH_INVALID_QUANTILE_RANGE", {{"functionName", kFunction.Quoted()}})
        .As(ErrorClass::kRuntime);
  });
}
template <Name kFunction, typename T>
Status Ranks(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  return ForEach<kFunction, T, T, double>(context, rows, in, out,
                                          [](const Kll<T>& kll, T item) -> Result<double> { return kll.Rank(item); });
}

// ---------------------------------------------------------------- rows
Status CheckK(CallSite& site) {
  if (site.arguments.size() < 2) return {};
  FS_CHECK(CoerceArgument(site, 1, TypePattern(TypeId::kInteger).Exactly()));
  const std::string function = ToSqlId(site.name);
  if (!logical::IsFoldable(site.arguments[1]))
    return Error::Condition("KLL_SKETCH_K_MUST_BE_CONSTANT", {{"functionName", function}});
  FS_TRY(const Value value, Constant(site, 1));
  if (value.IsNull()) return {};
  const int64_t k = value.As<int64_t>();
  if (k >= Kll<double>::kMin && k <= Kll<double>::kMax) return {};
  const Error wrong = Error::Condition("KLL_SKETCH_K_OUT_OF_RANGE", {{"functionName", function}, {"k", Cat(k)}});
  return TypeMismatch(site, "TYPE_CHECK_FAILURE_WITH_HINT", {{"msg", wrong.Message()}, {"hint", ""}});
}

template <TypeId kItem>
Result<DataType> BindSketch(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  const bool fits = kItem == TypeId::kLong     ? type.IsIntegral()
                    : kItem == TypeId::kDouble ? type.Is(TypeId::kDouble) || type.Is(TypeId::kFloat)
                                               : type.Is(TypeId::kFloat);
  if (!fits && !type.Is(TypeId::kNull)) {
    return UnexpectedInputType(site, 0,
                               kItem == TypeId::kLong     ? R"(("TINYINT" or "INT" or "BIGINT" or "SMALLINT"))"
                               : kItem == TypeId::kDouble ? R"(("FLOAT" or "DOUBLE"))"
                                                          : R"("FLOAT")");
  }
  FS_CHECK(CheckK(site));
  site.arguments[0] = CastTo(site.arguments[0], kItem, site);
  return DataType(TypeId::kBinary);
}

Result<DataType> BindMerge(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kBinary).Exactly()));
  FS_CHECK(CheckK(site));
  return DataType(TypeId::kBinary);
}

/// What is asked about is one number or a list of them; so is the answer.
template <TypeId kAsked, TypeId kAnswer>
Result<DataType> BindAsking(CallSite& site) {
  FS_CHECK(CoerceArgument(site, 0, TypePattern(TypeId::kBinary).Exactly()));
  if (!site.arguments[1]->type.Is(TypeId::kArray)) {
    FS_CHECK(CoerceArgument(site, 1, kAsked));
    return DataType(kAnswer);
  }
  FS_CHECK(CoerceArgument(site, 1, DataType::Array(kAsked, site.arguments[1]->type.contains_null())));
  return DataType::Array(kAnswer, site.arguments[1]->type.contains_null());
}

#define FS_EMPTY "X'02010F01C8000800'"

// Names differ by the items' type alone, but string literals can't be put together but by the preprocessor.
#define FS_KLL_ROWS(T, kItem, SUFFIX)                                                                                \
  Bound(RowOf(aggregate, "kll_sketch_agg_" SUFFIX, {any, k}, binary, StateKernel<SketchState<T>>(),                  \
              "A KLL quantile sketch of a group's values.", "kll_sketch_agg_" SUFFIX "(col)"),                       \
        &BindSketch<kItem>),                                                                                         \
      Bound(RowOf(aggregate, "kll_merge_agg_" SUFFIX, {any, k}, binary,                                              \
                  StateKernel<MergeState<"kll_merge_agg_" SUFFIX, T>>(), "A group's KLL sketches as one.",           \
                  "kll_merge_agg_" SUFFIX "(sketch)"),                                                               \
            &BindMerge),                                                                                             \
      RowOf(scalar, "kll_sketch_get_n_" SUFFIX, {sketch}, TypeId::kLong,                                             \
            RowKernel<&Count<"kll_sketch_get_n_" SUFFIX, T>>(), "How many values a KLL sketch has seen.",            \
            "kll_sketch_get_n_" SUFFIX "(" FS_EMPTY ")"),                                                            \
      RowOf(scalar, "kll_sketch_merge_" SUFFIX, {sketch, sketch}, binary,                                            \
            RowKernel<&Merged<"kll_sketch_merge_" SUFFIX, T>>(), "Two KLL sketches as one.",                         \
            "kll_sketch_merge_" SUFFIX "(" FS_EMPTY ", " FS_EMPTY ")"),                                              \
      RowOf(scalar, "kll_sketch_to_string_" SUFFIX, {sketch}, TypeId::kString,                                       \
            RowKernel<&Text<"kll_sketch_to_string_" SUFFIX, T>>(), "A summary of a KLL sketch.",                     \
            "kll_sketch_to_string_" SUFFIX "(" FS_EMPTY ")"),                                                        \
      Bound(RowOf(scalar, "kll_sketch_get_quantile_" SUFFIX, {any, any}, {},                                         \
                  ScalarKernel{&Quantiles<"kll_sketch_get_quantile_" SUFFIX, T>},                                    \
                  "About the value at a share of all values.", "kll_sketch_get_quantile_" SUFFIX "(sketch, 0.5)"),   \
            &BindAsking<TypeId::kDouble, kItem>),                                                                    \
      Bound(RowOf(scalar, "kll_sketch_get_rank_" SUFFIX, {any, any}, {},                                             \
                  ScalarKernel{&Ranks<"kll_sketch_get_rank_" SUFFIX, T>},                                            \
                  "About the share of values that are not above one.", "kll_sketch_get_rank_" SUFFIX "(sketch, 3)"), \
            &BindAsking<kItem, TypeId::kDouble>)

std::vector<Function> Rows() {
  const Function aggregate{.kind = Kind::kAggregate, .nulls = Nulls::kNever, .group = "agg_funcs", .since = "4.1.0"};
  const Function scalar{.group = "sketch_funcs", .since = "4.1.0"};
  const Argument any{TypePattern::Class::kAny};
  const Argument sketch{TypePattern(TypeId::kBinary).Exactly()};
  const Argument k{.type = TypePattern::Class::kAny, .optional = true};
  const DataType binary = TypeId::kBinary;
  return {FS_KLL_ROWS(int64_t, TypeId::kLong, "bigint"), FS_KLL_ROWS(double, TypeId::kDouble, "double"),
          FS_KLL_ROWS(float, TypeId::kFloat, "float")};
}

#undef FS_KLL_ROWS
#undef FS_EMPTY

}  // namespace

std::span<const Function> KllFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
