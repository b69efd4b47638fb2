#pragma once
// Where an error passed on its way to the client: the stages' functions with file and line, innermost first. This is what
// clients show as the server's stack trace.
#include <cstdint>
#include <source_location>
#include <string>
#include <vector>

#include "base/result.h"

namespace firesteel::session {

struct StageFrame {
  std::string function_class;  ///< "firesteel.session": the function's namespace and class
  std::string function;
  std::string file;  ///< "pipeline.cc"
  int32_t line = 0;
};
using StageTrace = std::vector<StageFrame>;

/// Remembers, for the calling thread, that `error` passed here. Copies of an error are the same error; another one begins anew.
void NotePassing(const Error& error, const std::source_location& where);
/// What the calling thread remembers of `error`; forgets it.
StageTrace TakeTrace(const Error& error);

inline const Error* ErrorOf(const Status& status) { return status.ok() ? nullptr : &status.error(); }
template <typename T>
const Error* ErrorOf(const Result<T>& result) {
  return result.ok() ? nullptr : &result.error();
}

/// Gives `outcome` back; a failure is noted.
template <typename Outcome>
Outcome Stage(Outcome outcome, const std::source_location where = std::source_location::current()) {
  if (const Error* error = ErrorOf(outcome); error != nullptr) [[unlikely]]
    NotePassing(*error, where);
  return outcome;
}

}  // namespace firesteel::session
