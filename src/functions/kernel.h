#pragma once
// Kernels: Firesteel's own vectorised code for functions whose meaning differs from DuckDB's. A kernel is a plain C++
// function of one row (ROW_KERNEL) or of whole columns; the engine registers it, with its constants, under a name of its own for
// each query that calls it. See function.h for the rows that point here.
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "plan/logical.h"
#include "types/vector.h"

namespace firesteel::functions {

/// What is constant while a query runs.
struct KernelContext {
  std::vector<DataType> argument_types;
  DataType result_type;
  std::vector<std::optional<Value>> constants;  ///< per argument: its value if it is a literal
  logical::EvalMode mode = logical::EvalMode::kAnsi;
  std::string time_zone = "UTC";         ///< spark.sql.session.timeZone
  Origin origin;                         ///< of the call: for errors
  std::shared_ptr<const void> prepared;  ///< what Kernel::prepare made (a compiled pattern …)
  bool deterministic = true;             ///< false: called for every row, even if all arguments are constants
  bool map_keys_last_win = false;        ///< spark.sql.mapKeyDedupPolicy = LAST_WIN
  bool Ansi() const { return mode == logical::EvalMode::kAnsi; }
  template <typename T>
  const T& Prepared() const {
    return *static_cast<const T*>(prepared.get());
  }
};

/// Computes `rows` results. An error ends the query. Must be thread safe: the context is shared.
using ScalarFn = Status (*)(const KernelContext& context, size_t rows, std::span<const InputVector> arguments,
                            OutputVector& result);

/// A vectorised scalar function. `prepare`, if set, runs once a query, when its constants are known.
struct ScalarKernel {
  ScalarFn run = nullptr;
  Result<std::shared_ptr<const void>> (*prepare)(const KernelContext& context) = nullptr;
};

/// Answers its one argument without copying it, and fails if the query has been interrupted: for DuckDB's own loops that take long
/// between two batches of rows.
inline constexpr ScalarKernel kInterruptionPoint{};

/// A vectorised aggregate: states of `state_bytes` bytes each, aligned to 16.
struct AggregateKernel {
  size_t state_bytes = 0;
  void (*init)(void* state) = nullptr;
  /// Row i of the arguments goes to states[i].
  Status (*update)(const KernelContext& context, size_t rows, std::span<const InputVector> arguments,
                   void* const* states) = nullptr;
  Status (*combine)(const KernelContext& context, size_t count, void* const* sources, void* const* targets) = nullptr;
  Status (*finish)(const KernelContext& context, size_t count, void* const* states, OutputVector& result,
                   size_t first_row) = nullptr;
  void (*destroy)(void* state) = nullptr;
};

// ---------------------------------------------------------------- one-row functions
// RowKernel<&F>() wraps R F([const KernelContext&,] Args...):
//   Args: bool, int8_t, int16_t, int32_t, int64_t, float, double, std::string_view, CalendarInterval, DecimalCell, Cell (any type);
//         std::optional of those to see NULLs (otherwise a NULL argument makes the result NULL without a call);
//   R:    those types (std::string for text), std::optional<R> to answer NULL, Result<R> or Result<std::optional<R>> to fail,
//         Value for any type; or Status with a last parameter `ResultCell` that it writes itself (nested types).
struct DecimalCell {
  int128_t unscaled;  ///< scale as in context.argument_types / context.result_type
};
/// One cell of any type.
struct Cell {
  const InputVector* vector;
  size_t row;
  bool IsNull() const { return vector->IsNull(row); }
  const DataType& type() const { return vector->type; }
  Value Get() const { return vector->ValueAt(row); }
  uint64_t ListSize() const { return vector->At<ListCell>(row).length; }
  Cell Element(uint64_t index) const { return {&vector->children[0], vector->At<ListCell>(row).offset + index}; }
  Cell Field(size_t index) const { return {&vector->children[index], row}; }  ///< struct
};
struct ResultCell {
  OutputVector* vector;
  size_t row;
};

namespace detail {

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <typename T>
struct IsResult : std::false_type {};
template <typename T>
struct IsResult<Result<T>> : std::true_type {};

template <typename T>
T Read(const InputVector& v, size_t row) {
  if constexpr (IsOptional<T>::value) {
    using U = typename T::value_type;
    if (v.IsNull(row)) return std::nullopt;
    return Read<U>(v, row);
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return v.StringAt(row);
  } else if constexpr (std::is_same_v<T, DecimalCell>) {
    return DecimalCell{v.DecimalAt(row)};
  } else if constexpr (std::is_same_v<T, Cell>) {
    return Cell{&v, row};
  } else if constexpr (std::is_same_v<T, bool>) {
    return v.At<uint8_t>(row) != 0;
  } else {
    return v.At<T>(row);
  }
}

template <typename R>
Status Write(OutputVector& out, size_t row, R&& value) {
  using T = std::decay_t<R>;
  if constexpr (IsResult<T>::value) {
    if (!value.ok()) return value.error();
    return Write(out, row, std::move(value).value());
  } else if constexpr (IsOptional<T>::value) {
    if (!value) {
      out.SetNull(row);
      return {};
    }
    return Write(out, row, *std::forward<R>(value));
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    out.SetString(row, value);
  } else if constexpr (std::is_same_v<T, DecimalCell>) {
    out.SetDecimal(row, value.unscaled);
  } else if constexpr (std::is_same_v<T, Value>) {
    out.SetValue(row, value);
  } else if constexpr (std::is_same_v<T, bool>) {
    out.Data<uint8_t>()[row] = value;
  } else {
    out.Data<T>()[row] = value;
  }
  return {};
}

template <auto F, bool kContext, bool kWrites, typename R, typename... Args>
struct RowLoop {
  static Status Run(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
    return Loop(context, rows, in, out, std::index_sequence_for<Args...>());
  }

  template <size_t... I>
  static Status Loop(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out,
                     std::index_sequence<I...>) {
    for (size_t row = 0; row < rows; ++row) {
      if (((!IsOptional<Args>::value && in[I].IsNull(row)) || ...)) {
        out.SetNull(row);
        continue;
      }
      if constexpr (kWrites && kContext) {
        FS_CHECK(F(context, Read<Args>(in[I], row)..., ResultCell{&out, row}));
      } else if constexpr (kWrites) {
        FS_CHECK(F(Read<Args>(in[I], row)..., ResultCell{&out, row}));
      } else if constexpr (kContext) {
        FS_CHECK(Write(out, row, F(context, Read<Args>(in[I], row)...)));
      } else {
        FS_CHECK(Write(out, row, F(Read<Args>(in[I], row)...)));
      }
    }
    return {};
  }
};

template <typename...>
struct List {};
template <typename T, typename... Seen>
struct SplitLast;  // takes ResultCell off the end
template <typename... Seen>
struct SplitLast<List<>, Seen...> {
  using Head = List<Seen...>;
  static constexpr bool kFound = false;
};
template <typename... Seen>
struct SplitLast<List<ResultCell>, Seen...> {
  using Head = List<Seen...>;
  static constexpr bool kFound = true;
};
template <typename A, typename... Rest, typename... Seen>
struct SplitLast<List<A, Rest...>, Seen...> : SplitLast<List<Rest...>, Seen..., A> {};

template <auto F, bool kContext, bool kWrites, typename R, typename Head>
struct MakeLoop;
template <auto F, bool kContext, bool kWrites, typename R, typename... Args>
struct MakeLoop<F, kContext, kWrites, R, List<Args...>> : RowLoop<F, kContext, kWrites, R, std::decay_t<Args>...> {};

template <auto F, typename Signature>
struct Wrap;
template <auto F, typename R, typename... Args>
struct Wrap<F, R (*)(Args...)> : MakeLoop<F, false, SplitLast<List<std::decay_t<Args>...>>::kFound, R,
                                          typename SplitLast<List<std::decay_t<Args>...>>::Head> {};
template <auto F, typename R, typename... Args>
struct Wrap<F, R (*)(const KernelContext&, Args...)>
    : MakeLoop<F, true, SplitLast<List<std::decay_t<Args>...>>::kFound, R,
               typename SplitLast<List<std::decay_t<Args>...>>::Head> {};

}  // namespace detail

template <auto F>
constexpr ScalarKernel RowKernel(decltype(ScalarKernel::prepare) prepare = nullptr) {
  return {&detail::Wrap<F, decltype(F)>::Run, prepare};
}

// StateKernel<S>() wraps a state type with `Status Add(const KernelContext&, std::span<const InputVector>, size_t row)`,
// `Status Merge(const KernelContext&, const S&)` and `Status Finish(const KernelContext&, ResultCell) const`.
template <typename S>
constexpr AggregateKernel StateKernel() {
  return {
      .state_bytes = sizeof(S),
      .init = [](void* state) { new (state) S(); },
      .update = [](const KernelContext& context, size_t rows, std::span<const InputVector> arguments,
                   void* const* states) -> Status {
        for (size_t row = 0; row < rows; ++row) FS_CHECK(static_cast<S*>(states[row])->Add(context, arguments, row));
        return {};
      },
      .combine = [](const KernelContext& context, size_t count, void* const* sources, void* const* targets) -> Status {
        for (size_t i = 0; i < count; ++i)
          FS_CHECK(static_cast<S*>(targets[i])->Merge(context, *static_cast<const S*>(sources[i])));
        return {};
      },
      .finish = [](const KernelContext& context, size_t count, void* const* states, OutputVector& result,
                   size_t first_row) -> Status {
        for (size_t i = 0; i < count; ++i)
          FS_CHECK(static_cast<const S*>(states[i])->Finish(context, ResultCell{&result, first_row + i}));
        return {};
      },
      .destroy = [](void* state) { static_cast<S*>(state)->~S(); }};
}

}  // namespace firesteel::functions
