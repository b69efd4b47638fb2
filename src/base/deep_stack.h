// Deep recursion without deep trouble: trees as nested as clients like to send them are walked on threads
// with large stacks.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace firesteel {

/// Address space of a deep stack; memory is committed only as far as it is used, and given back after each
/// task.
constexpr size_t kDeepStackBytes = size_t{512} << 20;
/// CheckStack fails when less than this is left.
constexpr size_t kStackReserveBytes = size_t{64} << 10;

/// Runs `task` on a thread with a deep stack and waits for it; inline when called on such a thread already.
/// Exceptions of the task come back to the caller. If no thread can be had, the task runs inline: CheckStack
/// still guards it.
void RunOnDeepStack(const std::function<void()>& task);

/// Runs `task` on a thread with a deep stack and does not wait: a server's work starts here. `task` must not throw.
/// Inline if no thread can be had.
void PostToDeepStack(std::function<void()> task);

/// What is left of the calling thread's stack.
size_t StackBytesFree();

/// FAILED_TO_PARSE_TOO_COMPLEX when the calling thread's stack is nearly used up: for recursive functions.
Status CheckStack();

}  // namespace firesteel
