#pragma once
// Temporary views: names for analyzed plans. One table of them for each session, one for the server (global_temp).
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/logical.h"

namespace firesteel::catalog {

struct TempView {
  std::string name;       ///< as written at creation
  logical::PlanPtr plan;  ///< analyzed when the view was made; whoever uses it gives its columns fresh ids
  std::string text;       ///< the body's SQL, or empty for a DataFrame
  std::vector<std::pair<std::string, std::string>> comments;  ///< column, comment
};

/// Thread safe. Names compare without case unless `case_sensitive`.
class TempViews {
 public:
  std::optional<TempView> Find(std::string_view name, bool case_sensitive) const;
  /// False if the name is taken and `replace` is false.
  bool Put(TempView view, bool replace, bool case_sensitive);
  bool Drop(std::string_view name, bool case_sensitive);
  std::vector<TempView> List() const;  ///< by name
  /// Takes over all of another's views (CloneSession).
  void CopyFrom(const TempViews& other);

 private:
  std::map<std::string, TempView>::const_iterator Locate(std::string_view name, bool case_sensitive) const;
  mutable std::mutex mutex_;
  std::map<std::string, TempView> views_;
};

constexpr std::string_view kGlobalTempDatabase = "global_temp";

}  // namespace firesteel::catalog
