// See known_scans.h.
#include "session/known_scans.h"

#include <algorithm>

namespace firesteel::session {
namespace {

bool SameRead(const unresolved::ReadSource& a, const unresolved::ReadSource& b) {
  return a.format == b.format && a.schema == b.schema && a.options == b.options && a.paths == b.paths;
}

}  // namespace

KnownScans::Scan KnownScans::Find(int64_t plan_id, const unresolved::ReadSource& source,
                                  const std::shared_ptr<const Settings>& settings) {
  std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(known_, [&](const Known& known) {
    return known.plan_id == plan_id && known.settings == settings && SameRead(known.source, source);
  });
  if (found == known_.end()) return nullptr;
  std::rotate(found, found + 1, known_.end());
  return known_.back().scan;
}

void KnownScans::Add(int64_t plan_id, const unresolved::ReadSource& source, std::shared_ptr<const Settings> settings,
                     Scan scan, size_t count_max) {
  std::lock_guard lock(mutex_);
  std::erase_if(known_, [&](const Known& known) { return known.plan_id == plan_id; });
  known_.push_back({plan_id, source, std::move(settings), std::move(scan)});
  while (known_.size() > count_max) known_.pop_front();
}

void KnownScans::ForgetIf(const std::function<bool(const logical::Scan&)>& test) {
  std::lock_guard lock(mutex_);
  std::erase_if(known_, [&](const Known& known) { return test(*known.scan); });
}

}  // namespace firesteel::session
