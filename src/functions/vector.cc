// Functions of vectors, arrays of FLOAT. Sums run in floats, eight terms at a time, as Spark's do: the last digits depend on it.
#include <cmath>
#include <limits>

#include "base/cat.h"
#include "functions/bind.h"
#include "functions/row.h"
#include "functions/value_topics.h"
#include "types/number_text.h"

namespace firesteel::functions {
namespace {

using Class = TypePattern::Class;

Error DimensionMismatch(std::string_view function, size_t left, size_t right) {
  return Error::Condition("VECTOR_DIMENSION_MISMATCH",
                          {{"functionName", Cat("`", function, "`")}, {"leftDim", Cat(left)}, {"rightDim", Cat(right)}})
      .As(ErrorClass::kRuntime);
}

/// The elements; null if one of them is NULL.
const float* Elements(const Cell& vector) {
  const InputVector& elements = vector.vector->children[0];
  const ListCell list = vector.vector->At<ListCell>(vector.row);
  for (uint64_t i = 0; elements.validity != nullptr && i < list.length; ++i) {
    if (elements.IsNull(list.offset + i)) return nullptr;
  }
  static constexpr float kNone = 0;
  return list.length == 0 ? &kNone : &elements.At<float>(list.offset);
}

/// The sum of term(i) for all i.
template <typename Term>
float Sum(size_t size, Term term) {
  float sum = 0;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    float part = term(i);
    for (size_t k = 1; k < 8; ++k) part += term(i + k);
    sum += part;
  }
  for (; i < size; ++i) sum += term(i);
  return sum;
}

float Root(float x) { return static_cast<float>(std::sqrt(static_cast<double>(x))); }

struct Pair {
  const float* a;
  const float* b;
  size_t size;
};

/// Both vectors; null elements make none of them.
Result<std::optional<Pair>> PairOf(std::string_view function, const Cell& a, const Cell& b) {
  if (a.ListSize() != b.ListSize()) return DimensionMismatch(function, a.ListSize(), b.ListSize());
  const Pair pair{Elements(a), Elements(b), a.ListSize()};
  return pair.a != nullptr && pair.b != nullptr ? std::optional(pair) : std::nullopt;
}

float Inner(const float* a, const float* b, size_t size) {
  return Sum(size, [=](size_t i) { return a[i] * b[i]; });
}

Result<std::optional<float>> InnerProduct(Cell a, Cell b) {
  FS_TRY(const std::optional<Pair> v, PairOf("vector_inner_product", a, b));
  return v ? std::optional(Inner(v->a, v->b, v->size)) : std::nullopt;
}

Result<std::optional<float>> Distance(Cell a, Cell b) {
  FS_TRY(const std::optional<Pair> v, PairOf("vector_l2_distance", a, b));
  if (!v) return std::optional<float>();
  return std::optional(Root(Sum(v->size, [&](size_t i) { return (v->a[i] - v->b[i]) * (v->a[i] - v->b[i]); })));
}

Result<std::optional<float>> CosineSimilarity(Cell a, Cell b) {
  FS_TRY(const std::optional<Pair> v, PairOf("vector_cosine_similarity", a, b));
  if (!v) return std::optional<float>();
  const float norms = Root(Inner(v->a, v->a, v->size) * Inner(v->b, v->b, v->size));
  if (norms == 0) return std::optional<float>();
  return std::optional(Inner(v->a, v->b, v->size) / norms);
}

Result<float> NormOf(std::string_view function, const float* v, size_t size, float degree) {
  if (degree == 1) return Sum(size, [=](size_t i) { return std::abs(v[i]); });
  if (degree == 2) return Root(Inner(v, v, size));
  if (degree == std::numeric_limits<float>::infinity()) {
    float most = 0;
    for (size_t i = 0; i < size; ++i) most = std::abs(v[i]) > most ? std::abs(v[i]) : most;
    return most;
  }
  NumberBuffer buffer;
  return Error::Condition("INVALID_VECTOR_NORM_DEGREE", {{"functionName", Cat("`", function, "`")},
                                                         {"degree", std::string(FloatText(degree, buffer))}})
      .As(ErrorClass::kRuntime);
}

Result<std::optional<float>> Norm(Cell vector, float degree) {
  const float* v = Elements(vector);
  if (v == nullptr) return std::optional<float>();
  FS_TRY(const float norm, NormOf("vector_norm", v, vector.ListSize(), degree));
  return std::optional(norm);
}

Status Normalize(Cell vector, float degree, ResultCell result) {
  const float* v = Elements(vector);
  const size_t size = vector.ListSize();
  float norm = 0;
  if (v != nullptr) {
    FS_TRY(norm, NormOf("vector_normalize", v, size, degree));
  }
  if (v == nullptr || (norm == 0 && size > 0)) {
    result.vector->SetNull(result.row);
    return {};
  }
  const uint64_t first = result.vector->AppendList(result.row, size);
  for (size_t i = 0; i < size; ++i) result.vector->child(0).Data<float>()[first + i] = v[i] / norm;
  return {};
}

// ---------------------------------------------------------------- aggregates

/// The sums of all vectors' elements, or their averages, place by place.
template <bool kAverage>
struct Together {
  int64_t count = 0;
  std::vector<float> values;

  static std::string_view Name() { return kAverage ? "vector_avg" : "vector_sum"; }

  Status Add(const KernelContext&, std::span<const InputVector> in, size_t row) {
    if (in[0].IsNull(row)) return {};
    const Cell vector{&in[0], row};
    const float* v = Elements(vector);
    if (v == nullptr) return {};
    const size_t size = vector.ListSize();
    if (count++ == 0) {
      values.assign(v, v + size);
      return {};
    }
    if (size != values.size()) return DimensionMismatch(Name(), values.size(), size);
    const float share = 1.0F / static_cast<float>(count);
    for (size_t i = 0; i < size; ++i) values[i] += kAverage ? (v[i] - values[i]) * share : v[i];
    return {};
  }
  Status Merge(const KernelContext&, const Together& other) {
    if (other.count == 0) return {};
    if (count == 0) {
      *this = other;
      return {};
    }
    if (other.values.size() != values.size()) return DimensionMismatch(Name(), values.size(), other.values.size());
    const auto total = static_cast<float>(count + other.count);
    const float own = static_cast<float>(count) / total, others = static_cast<float>(other.count) / total;
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = kAverage ? values[i] * own + other.values[i] * others : values[i] + other.values[i];
    count += other.count;
    return {};
  }
  Status Finish(const KernelContext&, ResultCell result) const {
    if (count == 0) {
      result.vector->SetNull(result.row);
      return {};
    }
    const uint64_t first = result.vector->AppendList(result.row, values.size());
    for (size_t i = 0; i < values.size(); ++i) result.vector->child(0).Data<float>()[first + i] = values[i];
    return {};
  }
};

bool IsVector(const DataType& type) { return type.Is(TypeId::kArray) && type.element().Is(TypeId::kFloat); }

/// Spark casts nothing here.
Status CheckVectors(CallSite& site, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!IsVector(site.arguments[i]->type)) return UnexpectedInputType(site, i, "\"ARRAY<FLOAT>\"");
  }
  return {};
}

Result<DataType> BindPair(CallSite& site) {
  FS_CHECK(CheckVectors(site, 2));
  return DataType(TypeId::kFloat);
}
Result<DataType> BindWithDegree(CallSite& site) {
  FS_CHECK(CheckVectors(site, 1));
  if (!site.arguments[1]->type.Is(TypeId::kFloat)) return UnexpectedInputType(site, 1, "\"FLOAT\"");
  if (site.name == "vector_norm") return DataType(TypeId::kFloat);
  return DataType::Array(TypeId::kFloat);
}
Result<DataType> BindTogether(CallSite& site) {
  FS_CHECK(CheckVectors(site, 1));
  return DataType::Array(TypeId::kFloat, false);
}

std::vector<Function> Rows() {
  const Function shared{.nulls = Nulls::kMaybe, .group = "vector_funcs", .since = "4.2.0"};
  const Argument any{Class::kAny}, degree{.type = Class::kAny, .optional = true, .default_sql = "2F"};
  const auto together = [&](std::string_view name, const AggregateKernel& kernel, std::string_view doc,
                            std::string_view example) {
    Function row = Bound(RowOf(shared, name, {any}, {}, kernel, doc, example), &BindTogether);
    row.kind = Kind::kAggregate;
    return row;
  };
  return {
      Bound(RowOf(shared, "vector_inner_product", {any, any}, {}, RowKernel<&InnerProduct>(),
                  "The sum of the products of two vectors' elements.",
                  "vector_inner_product(array(1F, 2F), array(3F, 4F))"),
            &BindPair),
      Bound(RowOf(shared, "vector_l2_distance", {any, any}, {}, RowKernel<&Distance>(),
                  "The Euclidean distance of two vectors.", "vector_l2_distance(array(1F, 2F), array(3F, 4F))"),
            &BindPair),
      Bound(RowOf(shared, "vector_cosine_similarity", {any, any}, {}, RowKernel<&CosineSimilarity>(),
                  "The cosine of the angle between two vectors.",
                  "vector_cosine_similarity(array(1F, 2F), array(3F, 4F))"),
            &BindPair),
      Bound(RowOf(shared, "vector_norm", {any, degree}, {}, RowKernel<&Norm>(),
                  "A vector's norm, of degree 1, 2 or infinity.", "vector_norm(array(3F, 4F))"),
            &BindWithDegree),
      Bound(RowOf(shared, "vector_normalize", {any, degree}, {}, RowKernel<&Normalize>(),
                  "A vector divided by its norm.", "vector_normalize(array(3F, 4F))"),
            &BindWithDegree),
      together("vector_avg", StateKernel<Together<true>>(), "The average of vectors, element by element.",
               "vector_avg(col)"),
      together("vector_sum", StateKernel<Together<false>>(), "The sum of vectors, element by element.",
               "vector_sum(col)"),
  };
}

}  // namespace

std::span<const Function> VectorFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
