// Session variables by name.
#include "catalog/variables.h"

#include "base/text.h"

namespace firesteel::catalog {

std::optional<std::string> VariableNameOf(const std::vector<std::string>& name, bool case_sensitive) {
  const size_t parts = name.size();
  if (parts == 0 || parts > 3) return std::nullopt;
  if (parts >= 2 && !EqualsIgnoreCase(name[parts - 2], "session")) return std::nullopt;
  if (parts == 3 && !EqualsIgnoreCase(name[0], "system")) return std::nullopt;
  return case_sensitive ? name.back() : Lower(name.back());
}

std::optional<Variable> Variables::Find(std::string_view name) const {
  std::lock_guard lock(mutex_);
  auto found = variables_.find(name);
  return found == variables_.end() ? std::nullopt : std::optional(found->second);
}

bool Variables::Put(Variable variable, bool replace) {
  std::lock_guard lock(mutex_);
  std::string name = variable.name;
  if (replace) {
    variables_.insert_or_assign(std::move(name), std::move(variable));
    return true;
  }
  return variables_.try_emplace(std::move(name), std::move(variable)).second;
}

bool Variables::Assign(std::string_view name, Value value) {
  std::lock_guard lock(mutex_);
  auto found = variables_.find(name);
  if (found == variables_.end()) return false;
  found->second.value = std::move(value);
  return true;
}

bool Variables::Drop(std::string_view name) {
  std::lock_guard lock(mutex_);
  auto found = variables_.find(name);
  if (found == variables_.end()) return false;
  variables_.erase(found);
  return true;
}

void Variables::CopyFrom(const Variables& other) {
  std::scoped_lock lock(mutex_, other.mutex_);
  variables_ = other.variables_;
}

}  // namespace firesteel::catalog
