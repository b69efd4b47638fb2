#pragma once
// What DataFrames that read files were resolved to first: their files and schemas stay those while the client uses the frame, as Spark
// Connect's plan cache has it, and are not looked up again for every call.
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "plan/logical.h"
#include "plan/unresolved.h"
#include "types/coercion.h"

namespace firesteel::session {

/// Thread safe. The least recently used are forgotten.
class KnownScans {
 public:
  using Scan = std::shared_ptr<const logical::Scan>;

  /// Null for a read that is not known, or was resolved under other settings.
  Scan Find(int64_t plan_id, const unresolved::ReadSource& source, const std::shared_ptr<const Settings>& settings);
  void Add(int64_t plan_id, const unresolved::ReadSource& source, std::shared_ptr<const Settings> settings, Scan scan,
           size_t count_max);
  void ForgetIf(const std::function<bool(const logical::Scan&)>& test);

 private:
  struct Known {
    int64_t plan_id;
    unresolved::ReadSource source;
    std::shared_ptr<const Settings> settings;
    Scan scan;
  };
  std::mutex mutex_;
  std::deque<Known> known_;  // the last one was used last
};

}  // namespace firesteel::session
