// Aggregate kernels over lists: how they run in window frames, where DuckDB does not take aggregate functions of its C interface.
#include "functions/fold.h"

#include <memory>
#include <new>

#include "base/cat.h"
#include "functions/lower.h"

namespace firesteel::functions {
namespace {

struct Folded {
  AggregateKernel kernel;
  KernelContext context;
};

/// One state of the kernel, ended with its owner.
class State {
 public:
  explicit State(const AggregateKernel& kernel)
      : kernel_(kernel), memory_(::operator new(kernel.state_bytes, kAlignment)) {
    kernel.init(memory_);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (kernel_.destroy != nullptr) kernel_.destroy(memory_);
    ::operator delete(memory_, kAlignment);
  }
  void* get() const { return memory_; }

 private:
  static constexpr std::align_val_t kAlignment{16};
  const AggregateKernel& kernel_;
  void* memory_;
};

/// The argument is a list of structs of the kernel's arguments; a list's rows are aggregated to one value.
Status FoldRows(const KernelContext& context, size_t rows, std::span<const InputVector> in, OutputVector& out) {
  const auto& folded = context.Prepared<Folded>();
  const InputVector& elements = in[0].children[0];
  for (size_t row = 0; row < rows;) {
    // As many rows as have lists that lie one behind the other, or are the same one, go together.
    std::vector<std::unique_ptr<State>> states;
    std::vector<size_t> state_of;
    std::vector<void*> targets;
    State rest(folded.kernel);  // rows of no list
    ListCell before{0, 0};
    for (size_t next = row; next < rows; ++next) {
      const ListCell list = in[0].IsNull(next) ? ListCell{targets.size(), 0} : in[0].At<ListCell>(next);
      const bool same = !states.empty() && list.offset == before.offset && list.length == before.length;
      if (!same) {
        if (list.offset < targets.size()) break;
        states.push_back(std::make_unique<State>(folded.kernel));
        targets.resize(list.offset, rest.get());
        targets.resize(list.offset + list.length, states.back()->get());
        before = list;
      }
      state_of.push_back(states.size() - 1);
    }
    FS_CHECK(folded.kernel.update(folded.context, targets.size(), elements.children, targets.data()));
    for (size_t i = 0; i < state_of.size(); ++i) {
      void* const state = states[state_of[i]]->get();
      FS_CHECK(folded.kernel.finish(folded.context, 1, &state, out, row + i));
    }
    row += state_of.size();
  }
  return {};
}

}  // namespace

Result<std::string> LowerFold(const AggregateKernel& kernel, const logical::Expr& call,
                              const std::vector<std::string>& arguments, Lowering& lowering) {
  auto folded = std::make_shared<Folded>(Folded{kernel, ContextOf(call, lowering)});
  std::vector<StructField> fields;
  std::string row;
  for (size_t i = 0; i < arguments.size(); ++i) {
    fields.push_back({Cat("a", i), folded->context.argument_types[i]});
    Append(row, row.empty() ? "" : ", ", arguments[i]);
  }
  const DataType element = DataType::Struct(std::move(fields));
  const Value name(std::string(std::get<logical::AggregateCall>(call.node).function->name));
  KernelContext context = folded->context;
  context.argument_types = {DataType::Array(element), TypeId::kString};
  context.constants = {std::nullopt, name};  // tells apart functions of equal types
  context.prepared = std::move(folded);
  const std::string list = Cat("list(", kDistinctMark, "CAST(row(", row, ") AS ", DuckType(element), "))", kOverMark);
  return lowering.CallKernel(ScalarKernel{&FoldRows}, {list, lowering.LiteralSql(name, TypeId::kString)},
                             std::move(context));
}

}  // namespace firesteel::functions
