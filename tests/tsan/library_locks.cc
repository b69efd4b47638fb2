// Tells ThreadSanitizer what it cannot see: Debian's absl and gRPC are not instrumented, so their locks and their hand-overs between
// threads leave no trace, and everything handed over looks like a race. Linked into the programs of the tsan preset only, where these
// definitions stand before the libraries' own (which they call). Nothing is hidden: a lock of absl orders what it orders.
//
// - absl::Mutex and absl::CondVar, as far as gRPC uses them (our own code locks with std::mutex).
// - gRPC's batches: what was done before a batch is started is done before its tag comes back.
// - gRPC's count of a call's callbacks, whose last one calls OnDone: grpc_handler.cc.
#include <absl/synchronization/mutex.h>
#include <dlfcn.h>
#include <grpc/grpc.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>

namespace {

/// The library's definition of the function that `name` mangles.
template <typename Function>
Function* Library(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    std::fprintf(stderr, "tests/tsan/library_locks.cc: no library has %s\n", name);
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static auto* const library = Library<void(Mutex*)>("_ZN4absl7debian35Mutex4LockEv");
  library(this);
  __tsan_acquire(this);
}
void Mutex::Unlock() {
  __tsan_release(this);
  static auto* const library = Library<void(Mutex*)>("_ZN4absl7debian35Mutex6UnlockEv");
  library(this);
}
bool Mutex::TryLock() {
  static auto* const library = Library<bool(Mutex*)>("_ZN4absl7debian35Mutex7TryLockEv");
  const bool locked = library(this);
  if (locked) __tsan_acquire(this);
  return locked;
}
void CondVar::Wait(Mutex* mutex) {
  __tsan_release(mutex);
  static auto* const library = Library<void(CondVar*, Mutex*)>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  library(this, mutex);
  __tsan_acquire(mutex);
}
bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  __tsan_release(mutex);
  static auto* const library =
      Library<bool(CondVar*, Mutex*, Time)>("_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  const bool late = library(this, mutex, deadline);
  __tsan_acquire(mutex);
  return late;
}
bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  __tsan_release(mutex);
  static auto* const library =
      Library<bool(CondVar*, Mutex*, Duration)>("_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  const bool late = library(this, mutex, timeout);
  __tsan_acquire(mutex);
  return late;
}

ABSL_NAMESPACE_END
}  // namespace absl

extern "C" {

grpc_call_error grpc_call_start_batch(grpc_call* call, const grpc_op* ops, size_t count, void* tag, void* reserved) {
  __tsan_release(tag);
  static auto* const library = Library<decltype(grpc_call_start_batch)>("grpc_call_start_batch");
  return library(call, ops, count, tag, reserved);
}

#define FS_SUCCESS_TAG_RUN "_ZN4grpc8internal22CallbackWithSuccessTag9StaticRunEP29grpc_completion_queue_functori"
void FiresteelSuccessTagRun(grpc_completion_queue_functor* tag, int ok) __asm__(FS_SUCCESS_TAG_RUN);
void FiresteelSuccessTagRun(grpc_completion_queue_functor* tag, int ok) {
  __tsan_acquire(tag);
  static auto* const library = Library<decltype(FiresteelSuccessTagRun)>(FS_SUCCESS_TAG_RUN);
  library(tag, ok);
}

}  // extern "C"
