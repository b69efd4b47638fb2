#pragma once
// Where an error passed on its way to the client: the stages' functions with file and line, innermost first. This is what
// clients show as the server's stack trace.
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace firesteel::session {

/// A place in the sources, as the compiler names it. (std::source_location asks for a newer clang than Debian's.)
struct Place {
  const char* file;
  const char* function;
  int line;
  static constexpr Place Here(const char* file = __builtin_FILE(), const char* function = __builtin_FUNCTION(),
                              int line = __builtin_LINE()) {
    return {file, function, line};
  }
};

struct StageFrame {
  std::string function_class;  ///< "firesteel.session": the file's folder
  std::string function;
  std::string file;  ///< "pipeline.cc"
  int32_t line = 0;
};
using StageTrace = std::vector<StageFrame>;

/// Remembers, for the calling thread, that `error` passed here. Copies of an error are the same error; another one begins anew.
void NotePassing(const Error& error, const Place& where);
/// What the calling thread remembers of `error`; forgets it.
StageTrace TakeTrace(const Error& error);

inline const Error* ErrorOf(const Status& status) { return status.ok() ? nullptr : &status.error(); }
template <typename T>
const Error* ErrorOf(const Result<T>& result) {
  return result.ok() ? nullptr : &result.error();
}

/// Gives `outcome` back; a failure is noted.
template <typename Outcome>
Outcome Stage(Outcome outcome, const Place where = Place::Here()) {
  if (const Error* error = ErrorOf(outcome); error != nullptr) [[unlikely]]
    NotePassing(*error, where);
  return outcome;
}

}  // namespace firesteel::session
