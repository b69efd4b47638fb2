// Kernels as functions of DuckDB. Its executor hands over flat vectors; NULLs are the kernels' own business.
#include "engine/kernel_registration.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <new>
#include <vector>

#include "engine/duckdb_vectors.h"
#include "engine/errors.h"

namespace firesteel::engine {
namespace {

using functions::AggregateKernel;
using functions::KernelContext;
using functions::ScalarKernel;

template <typename Kernel>
struct Registered {
  Kernel kernel;
  std::shared_ptr<const KernelContext> context;
  std::shared_ptr<InterruptFlags> flags;
};
using RegisteredScalar = Registered<ScalarKernel>;
using RegisteredAggregate = Registered<AggregateKernel>;

template <typename T>
void Delete(void* object) {
  delete static_cast<T*>(object);
}

// What one thread needs to call a kernel, kept between chunks.
struct CallState {
  explicit CallState(const KernelContext& context) {
    for (const DataType& type : context.argument_types) arguments.push_back(MakeView(type));
  }
  void Read(duckdb_data_chunk chunk) {
    for (size_t i = 0; i < arguments.size(); ++i) PointAt(duckdb_data_chunk_get_vector(chunk, i), arguments[i]);
  }
  std::vector<InputVector> arguments;
  InterruptFlag interrupted;  // null: nobody can
  bool slow = true;           // the last chunk took long: the next one is computed slice by slice
};

constexpr std::chrono::milliseconds kSliceTime{10};
constexpr size_t kWordRows = 64;  // rows of one word of validity bits: a slice begins at a word or stays within one

/// How many rows the next slice has, after one that took `taken` for `count` rows.
size_t NextSlice(size_t first, size_t count, std::chrono::steady_clock::duration taken) {
  const double wish =
      std::chrono::duration<double>(kSliceTime).count() / std::max(1e-9, std::chrono::duration<double>(taken).count());
  const size_t rows = static_cast<size_t>(static_cast<double>(count) * std::clamp(wish, 0.1, 16.0));
  const size_t in_word = first % kWordRows;
  if (in_word != 0 || rows < kWordRows) return std::clamp<size_t>(rows, 1, kWordRows - in_word);
  return rows / kWordRows * kWordRows;
}

// Exceptions of a kernel (std::bad_alloc at worst) must not reach the C frames of the API.
template <typename Run>
std::string ErrorOf(const Run& run) {
  try {
    Status status = run();
    return status.ok() ? std::string() : status.error().Encode();
  } catch (const std::bad_alloc&) {
    return FromDuckDb("Out of Memory Error: a kernel's allocation failed", nullptr).Encode();
  } catch (const std::exception& error) {
    return FromDuckDb(error.what(), nullptr).Encode();  // whose memory may be at its limit
  }
}

void InitScalar(duckdb_init_info info) {
  const auto& registered = *static_cast<const RegisteredScalar*>(duckdb_scalar_function_init_get_extra_info(info));
  auto state = std::make_unique<CallState>(*registered.context);
  ClientContext context;
  duckdb_scalar_function_init_get_client_context(info, context.Out());
  if (context) state->interrupted = registered.flags->Find(InterruptFlags::IdOf(context));
  duckdb_scalar_function_init_set_state(info, state.release(), Delete<CallState>);
}

/// All rows at once if the ones before were quick; else slice by slice, so that an interrupt does not wait for them all.
Status RunInSlices(const RegisteredScalar& registered, CallState& state, duckdb_data_chunk input, DuckOutput& result) {
  using Clock = std::chrono::steady_clock;
  const size_t rows = duckdb_data_chunk_get_size(input);
  const auto start = Clock::now();
  state.Read(input);
  // What every row gets anew may depend on the rows before it.
  if (!state.slow || !registered.context->deterministic) {
    FS_CHECK(registered.kernel.run(*registered.context, rows, state.arguments, result));
  } else {
    auto before = start;
    for (size_t first = 0, count = 1; first < rows;) {
      if (state.interrupted != nullptr && *state.interrupted) return Canceled();
      count = std::min(count, rows - first);
      std::deque<uint64_t> words;
      if (first > 0) {
        state.Read(input);
        for (InputVector& argument : state.arguments) Shift(argument, first, words);
        result.StartAt(first);
      }
      FS_CHECK(registered.kernel.run(*registered.context, count, state.arguments, result));
      first += count;
      const auto now = Clock::now();
      count = NextSlice(first, count, now - before);
      before = now;
    }
  }
  state.slow = Clock::now() - start > kSliceTime;
  return {};
}

Status PassOn(const CallState& state, duckdb_data_chunk input, duckdb_vector output) {
  if (state.interrupted != nullptr && *state.interrupted) return Canceled();
  duckdb_vector_reference_vector(output, duckdb_data_chunk_get_vector(input, 0));
  return {};
}

void RunScalar(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto& registered = *static_cast<const RegisteredScalar*>(duckdb_scalar_function_get_extra_info(info));
  std::string error = ErrorOf([&]() -> Status {
    auto& state = *static_cast<CallState*>(duckdb_scalar_function_get_state(info));
    if (registered.kernel.run == nullptr) return PassOn(state, input, output);
    DuckOutput result(registered.context->result_type, output);
    return RunInSlices(registered, state, input, result);
  });
  if (!error.empty()) duckdb_scalar_function_set_error(info, error.c_str());
}

// DuckDB moves states in memory, aligns them to 8 bytes only, and does not say of which function they are when it ends them:
// what it holds is a pointer to a block of our own, the kernel's state behind a header.
struct alignas(16) StateHeader {
  void (*destroy)(void* state);
};
constexpr std::align_val_t kStateAlignment{alignof(StateHeader)};

void*& BlockOf(duckdb_aggregate_state state) { return *reinterpret_cast<void**>(state); }
void* StateOf(duckdb_aggregate_state state) { return static_cast<StateHeader*>(BlockOf(state)) + 1; }

const RegisteredAggregate& AggregateOf(duckdb_function_info info) {
  return *static_cast<const RegisteredAggregate*>(duckdb_aggregate_function_get_extra_info(info));
}

idx_t StateSize(duckdb_function_info) { return sizeof(void*); }

void InitState(duckdb_function_info info, duckdb_aggregate_state state) {
  const AggregateKernel& kernel = AggregateOf(info).kernel;
  void*& block = BlockOf(state);
  block = ::operator new(sizeof(StateHeader) + kernel.state_bytes, kStateAlignment, std::nothrow);
  if (block == nullptr) {
    duckdb_aggregate_function_set_error(info, "Out of Memory Error: no memory for an aggregate's state");
    return;
  }
  new (block) StateHeader{kernel.destroy};
  kernel.init(StateOf(state));
}

void DestroyStates(duckdb_aggregate_state* states, idx_t count) {
  for (idx_t i = 0; i < count; ++i) {
    void*& block = BlockOf(states[i]);
    if (block == nullptr) continue;
    if (auto destroy = static_cast<StateHeader*>(block)->destroy; destroy != nullptr) destroy(StateOf(states[i]));
    ::operator delete(block, kStateAlignment);
    block = nullptr;
  }
}

void Report(duckdb_function_info info, const std::string& error) {
  if (!error.empty()) duckdb_aggregate_function_set_error(info, error.c_str());
}

void UpdateStates(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state* states) {
  const RegisteredAggregate& registered = AggregateOf(info);
  Report(info, ErrorOf([&]() -> Status {
           CallState state(*registered.context);
           state.Read(input);
           const size_t rows = duckdb_data_chunk_get_size(input);
           std::vector<void*> own(rows);
           for (size_t i = 0; i < rows; ++i) own[i] = StateOf(states[i]);
           return registered.kernel.update(*registered.context, rows, state.arguments, own.data());
         }));
}

void CombineStates(duckdb_function_info info, duckdb_aggregate_state* sources, duckdb_aggregate_state* targets,
                   idx_t count) {
  const RegisteredAggregate& registered = AggregateOf(info);
  Report(info, ErrorOf([&]() -> Status {
           std::vector<void*> from(count), to(count);
           for (idx_t i = 0; i < count; ++i) {
             from[i] = StateOf(sources[i]);
             to[i] = StateOf(targets[i]);
           }
           return registered.kernel.combine(*registered.context, count, from.data(), to.data());
         }));
}

void FinishStates(duckdb_function_info info, duckdb_aggregate_state* states, duckdb_vector result, idx_t count,
                  idx_t offset) {
  const RegisteredAggregate& registered = AggregateOf(info);
  Report(info, ErrorOf([&]() -> Status {
           std::vector<void*> own(count);
           for (idx_t i = 0; i < count; ++i) own[i] = StateOf(states[i]);
           DuckOutput output(registered.context->result_type, result);
           return registered.kernel.finish(*registered.context, count, own.data(), output, offset);
         }));
}

Status RegisterScalar(duckdb_connection connection, const physical::KernelUse& use, const ScalarKernel& kernel,
                      const std::shared_ptr<InterruptFlags>& flags) {
  ScalarFunction function(duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(function.get(), use.name.c_str());
  for (const DataType& type : use.context->argument_types) {
    duckdb_scalar_function_add_parameter(function.get(), ToLogicalType(type).get());
  }
  duckdb_scalar_function_set_return_type(function.get(), ToLogicalType(use.context->result_type).get());
  duckdb_scalar_function_set_special_handling(function.get());
  if (!use.deterministic) duckdb_scalar_function_set_volatile(function.get());
  duckdb_scalar_function_set_extra_info(function.get(), new RegisteredScalar{kernel, use.context, flags},
                                        Delete<RegisteredScalar>);
  duckdb_scalar_function_set_init(function.get(), InitScalar);
  duckdb_scalar_function_set_function(function.get(), RunScalar);
  if (duckdb_register_scalar_function(connection, function.get()) != DuckDBSuccess) {
    return Error::Internal("kernel " + use.name + " could not be registered");
  }
  return {};
}

Status RegisterAggregate(duckdb_connection connection, const physical::KernelUse& use, const AggregateKernel& kernel) {
  AggregateFunction function(duckdb_create_aggregate_function());
  duckdb_aggregate_function_set_name(function.get(), use.name.c_str());
  for (const DataType& type : use.context->argument_types) {
    duckdb_aggregate_function_add_parameter(function.get(), ToLogicalType(type).get());
  }
  duckdb_aggregate_function_set_return_type(function.get(), ToLogicalType(use.context->result_type).get());
  duckdb_aggregate_function_set_special_handling(function.get());
  duckdb_aggregate_function_set_extra_info(function.get(), new RegisteredAggregate{kernel, use.context, nullptr},
                                           Delete<RegisteredAggregate>);
  duckdb_aggregate_function_set_functions(function.get(), StateSize, InitState, UpdateStates, CombineStates,
                                          FinishStates);
  duckdb_aggregate_function_set_destructor(function.get(), DestroyStates);
  if (duckdb_register_aggregate_function(connection, function.get()) != DuckDBSuccess) {
    return Error::Internal("kernel " + use.name + " could not be registered");
  }
  return {};
}

}  // namespace

Status RegisterKernel(duckdb_connection connection, const physical::KernelUse& use,
                      const std::shared_ptr<InterruptFlags>& flags) {
  if (const auto* scalar = std::get_if<ScalarKernel>(&use.kernel)) {
    return RegisterScalar(connection, use, *scalar, flags);
  }
  return RegisterAggregate(connection, use, std::get<AggregateKernel>(use.kernel));
}

}  // namespace firesteel::engine
