// The trace of the last error of each thread.
#include "session/stage_trace.h"

#include <filesystem>

namespace firesteel::session {
namespace {

constexpr size_t kFramesMax = 64;

struct Remembered {
  const void* error = nullptr;  // what all copies of the error share; compared only
  StageTrace frames;
};

Remembered& OfThisThread() {
  static thread_local Remembered remembered;
  return remembered;
}

const void* IdentityOf(const Error& error) { return &error.condition(); }

}  // namespace

void NotePassing(const Error& error, const Place& where) {
  Remembered& remembered = OfThisThread();
  if (remembered.error != IdentityOf(error)) {
    remembered.error = IdentityOf(error);
    remembered.frames.clear();
  }
  if (remembered.frames.size() >= kFramesMax) return;
  const std::filesystem::path path = where.file;
  remembered.frames.push_back({.function_class = "firesteel." + path.parent_path().filename().string(),
                               .function = where.function,
                               .file = path.filename().string(),
                               .line = where.line});
}

StageTrace TakeTrace(const Error& error) {
  Remembered& remembered = OfThisThread();
  StageTrace frames;
  if (remembered.error == IdentityOf(error)) frames = std::move(remembered.frames);
  remembered = {};
  return frames;
}

}  // namespace firesteel::session
