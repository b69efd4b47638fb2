// When two expressions are the same to Spark: see FingerprintOf in rewrite.h.
#include <algorithm>
#include <functional>
#include <string_view>

#include "functions/function.h"
#include "plan/canonical.h"
#include "plan/rewrite.h"

namespace firesteel::logical {
namespace {

uint64_t Mix(uint64_t x) {  // splitmix64's finaliser
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

class Hasher {
 public:
  void Add(uint64_t x) {
    f_.low = Mix(f_.low ^ x);
    f_.high = Mix(f_.high + 0x632be59bd9b4e019ULL * (x + 1));
  }
  void Add(std::string_view text) {
    Add(std::hash<std::string_view>()(text));
    Add(text.size());
  }
  void Add(const Fingerprint& f) {
    Add(f.low);
    Add(f.high);
  }
  void Add(const ExprPtr& expr) {
    if (expr) {
      Add(FingerprintOf(expr));
    } else {
      Add(uint64_t{0});
    }
  }
  void Add(const std::vector<ExprPtr>& exprs) {
    Add(exprs.size());
    for (const ExprPtr& expr : exprs) Add(expr);
  }
  void Add(const std::vector<SortKey>& keys) {
    Add(keys.size());
    for (const SortKey& key : keys) {
      Add(key.child);
      Add(static_cast<uint64_t>(key.direction) * 4 + static_cast<uint64_t>(key.nulls));
    }
  }
  void Add(const DataType& type) {
    Add(static_cast<uint64_t>(type.id()));
    if (type.Is(TypeId::kDecimal)) Add(static_cast<uint64_t>(type.precision() * 64 + type.scale()));
    if (type.Is(TypeId::kArray)) Add(type.element());
    if (type.Is(TypeId::kMap)) {
      Add(type.key());
      Add(type.value());
    }
    if (type.Is(TypeId::kStruct)) {
      for (const StructField& field : type.fields()) {
        Add(field.name);
        Add(field.type);
      }
    }
    if (type.IsAnsiInterval()) Add(static_cast<uint64_t>(type.interval().start * 8 + type.interval().end));
  }
  void Add(const Value& value) {
    Add(value.data.index());
    std::visit([&](const auto& v) { AddOne(v); }, value.data);
  }
  const Fingerprint& fingerprint() const { return f_; }

 private:
  void AddOne(std::monostate) {}
  void AddOne(bool v) { Add(uint64_t{v}); }
  void AddOne(int64_t v) { Add(static_cast<uint64_t>(v)); }
  void AddOne(float v) { Add(std::hash<float>()(v)); }
  void AddOne(double v) { Add(std::hash<double>()(v)); }
  void AddOne(int128_t v) {
    Add(static_cast<uint64_t>(v));
    Add(static_cast<uint64_t>(v >> 64));
  }
  void AddOne(const std::string& v) { Add(std::string_view(v)); }
  void AddOne(const CalendarInterval& v) {
    Add(static_cast<uint64_t>(v.months));
    Add(static_cast<uint64_t>(v.days));
    Add(static_cast<uint64_t>(v.micros));
  }
  void AddOne(const Value::List& list) {
    Add(list.size());
    for (const Value& value : list) Add(value);
  }
  Fingerprint f_;
};

bool IsCommutative(std::string_view name) {
  for (std::string_view c : {"+", "*", "&", "|", "^", "and", "or", "=", "==", "<=>"}) {
    if (c == name) return true;
  }
  return false;
}

/// The operands of a chain of one commutative, associative operator, so that (a + b) + c equals c + (b + a).
void Flatten(const ExprPtr& expr, const Call& top, std::vector<Fingerprint>& out) {
  const auto* call = std::get_if<Call>(&expr->node);
  if (call != nullptr && call->function == top.function && call->mode == top.mode && call->arguments.size() == 2 &&
      top.function->name != "=" && top.function->name != "==" && top.function->name != "<=>") {
    for (const ExprPtr& argument : call->arguments) Flatten(argument, top, out);
  } else {
    out.push_back(FingerprintOf(expr));
  }
}

}  // namespace

Fingerprint FingerprintOf(const ExprPtr& expr) {
  Hasher h;
  h.Add(expr->node.index() + 1);
  if (const auto* literal = std::get_if<Literal>(&expr->node)) {
    h.Add(expr->type);
    h.Add(literal->value);
  } else if (const auto* column = std::get_if<Column>(&expr->node)) {
    h.Add(static_cast<uint64_t>(column->id));
  } else if (const auto* variable = std::get_if<LambdaVariable>(&expr->node)) {
    h.Add(static_cast<uint64_t>(variable->id));
  } else if (const auto* call = std::get_if<Call>(&expr->node)) {
    h.Add(call->function->name);
    h.Add(static_cast<uint64_t>(call->mode));
    if (!call->function->deterministic) h.Add(reinterpret_cast<uintptr_t>(expr.get()));
    if (call->arguments.size() == 2 && IsCommutative(call->function->name)) {
      std::vector<Fingerprint> operands;
      for (const ExprPtr& argument : call->arguments) Flatten(argument, *call, operands);
      std::sort(operands.begin(), operands.end(), [](const Fingerprint& a, const Fingerprint& b) {
        return a.low != b.low ? a.low < b.low : a.high < b.high;
      });
      for (const Fingerprint& operand : operands) h.Add(operand);
    } else {
      h.Add(call->arguments);
    }
  } else if (const auto* cast = std::get_if<Cast>(&expr->node)) {
    h.Add(expr->type);
    h.Add(static_cast<uint64_t>(cast->mode));
    h.Add(cast->child);
  } else if (const auto* call = std::get_if<AggregateCall>(&expr->node)) {
    h.Add(call->function->name);
    h.Add(static_cast<uint64_t>(call->mode) * 4 + call->distinct * 2 + call->ignore_nulls);
    h.Add(call->arguments);
    h.Add(call->filter);
    h.Add(call->order);
  } else if (const auto* window = std::get_if<WindowCall>(&expr->node)) {
    h.Add(window->function);
    h.Add(window->partition);
    h.Add(window->order);
    h.Add(static_cast<uint64_t>(window->unit));
    for (const FrameBound* bound : {&window->lower, &window->upper}) {
      h.Add(static_cast<uint64_t>(bound->kind));
      h.Add(bound->offset);
    }
  } else if (const auto* lambda = std::get_if<Lambda>(&expr->node)) {
    h.Add(lambda->parameters);
    h.Add(lambda->body);
  } else if (const auto* subquery = std::get_if<Subquery>(&expr->node)) {
    h.Add(static_cast<uint64_t>(subquery->kind));
    h.Add(PlanIdentity(subquery->plan));
    for (const ExprPtr& outer : OuterColumns(subquery->plan))
      h.Add(static_cast<uint64_t>(std::get<Column>(outer->node).id));
    h.Add(subquery->in_values);
  } else if (const auto* alias = std::get_if<Alias>(&expr->node)) {
    return FingerprintOf(alias->child);
  }
  return h.fingerprint();
}

}  // namespace firesteel::logical
