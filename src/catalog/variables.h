#pragma once
// Session variables: DECLARE VARIABLE x …. One table of them for each session.
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/unresolved.h"
#include "types/data_type.h"
#include "types/value.h"

namespace firesteel::catalog {

struct Variable {
  std::string name;  ///< as it is shown: in lower case unless names are case-sensitive
  DataType type;
  Value value;
  unresolved::ExprPtr default_value = {};  ///< or null: NULL
};

/// The variable's own name of `x`, `session.x` or `system.session.x`, or none if the name can't be one.
std::optional<std::string> VariableNameOf(const std::vector<std::string>& name, bool case_sensitive);

/// Thread safe. Names are compared as they are shown.
class Variables {
 public:
  std::optional<Variable> Find(std::string_view name) const;
  /// False if the name is taken and `replace` is false.
  bool Put(Variable variable, bool replace);
  /// False if there is none.
  bool Assign(std::string_view name, Value value);
  bool Drop(std::string_view name);
  /// Takes over all of another's variables (CloneSession).
  void CopyFrom(const Variables& other);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Variable, std::less<>> variables_;
};

}  // namespace firesteel::catalog
