// Temporary views by name.
#include "catalog/temp_views.h"

#include <algorithm>

#include "base/text.h"

namespace firesteel::catalog {

std::map<std::string, TempView>::const_iterator TempViews::Locate(std::string_view name, bool case_sensitive) const {
  if (auto exact = views_.find(std::string(name)); exact != views_.end() || case_sensitive) return exact;
  return std::find_if(views_.begin(), views_.end(),
                      [&](const auto& entry) { return EqualsIgnoreCase(entry.first, name); });
}

std::optional<TempView> TempViews::Find(std::string_view name, bool case_sensitive) const {
  std::lock_guard lock(mutex_);
  auto found = Locate(name, case_sensitive);
  if (found == views_.end()) return std::nullopt;
  return found->second;
}

bool TempViews::Put(TempView view, bool replace, bool case_sensitive) {
  std::lock_guard lock(mutex_);
  if (auto found = Locate(view.name, case_sensitive); found != views_.end()) {
    if (!replace) return false;
    views_.erase(found);
  }
  std::string name = view.name;
  views_.emplace(std::move(name), std::move(view));
  return true;
}

bool TempViews::Drop(std::string_view name, bool case_sensitive) {
  std::lock_guard lock(mutex_);
  auto found = Locate(name, case_sensitive);
  if (found == views_.end()) return false;
  views_.erase(found);
  return true;
}

std::vector<TempView> TempViews::List() const {
  std::lock_guard lock(mutex_);
  std::vector<TempView> all;
  for (const auto& [name, view] : views_) all.push_back(view);
  return all;
}

void TempViews::CopyFrom(const TempViews& other) {
  auto all = other.List();
  std::lock_guard lock(mutex_);
  for (auto& view : all) views_.insert_or_assign(view.name, view);
}

}  // namespace firesteel::catalog
