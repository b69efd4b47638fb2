#include "session/stage_trace.h"

#include <string_view>

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

// "firesteel::Result<int> firesteel::session::{anonymous}::Stream::Next(int)" -> "firesteel.session.Stream", "Next".
void SplitName(std::string_view pretty, StageFrame& frame) {
  size_t end = 0, start = 0;
  int depth = 0;
  for (; end < pretty.size() && !(pretty[end] == '(' && depth == 0); ++end) {
    if (pretty[end] == '<') ++depth;
    if (pretty[end] == '>') --depth;
    if (pretty[end] == ' ' && depth == 0) start = end + 1;
  }
  std::string name;
  for (std::string_view rest = pretty.substr(start, end - start); !rest.empty();) {
    const size_t colons = rest.find("::");
    const std::string_view part = rest.substr(0, colons);
    if (!part.starts_with('{') && !part.starts_with('(')) name += (name.empty() ? "" : ".") + std::string(part);
    rest = colons == std::string_view::npos ? std::string_view() : rest.substr(colons + 2);
  }
  const size_t dot = name.rfind('.');
  frame.function_class = dot == std::string::npos ? "" : name.substr(0, dot);
  frame.function = dot == std::string::npos ? name : name.substr(dot + 1);
}

}  // namespace

void NotePassing(const Error& error, const std::source_location& where) {
  Remembered& remembered = OfThisThread();
  if (remembered.error != IdentityOf(error)) {
    remembered.error = IdentityOf(error);
    remembered.frames.clear();
  }
  if (remembered.frames.size() >= kFramesMax) return;
  StageFrame frame;
  SplitName(where.function_name(), frame);
  const std::string_view file = where.file_name();
  frame.file = std::string(file.substr(file.rfind('/') + 1));
  frame.line = static_cast<int32_t>(where.line());
  remembered.frames.push_back(std::move(frame));
}

StageTrace TakeTrace(const Error& error) {
  Remembered& remembered = OfThisThread();
  StageTrace frames;
  if (remembered.error == IdentityOf(error)) frames = std::move(remembered.frames);
  remembered = {};
  return frames;
}

}  // namespace firesteel::session
