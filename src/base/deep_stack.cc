// A pool of threads with large stacks, of which a few stay for the next task; how much of a stack is left is asked of its own bounds.
#include "base/deep_stack.h"

#include <pthread.h>
#include <sys/mman.h>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <vector>

#include "base/sanitized.h"

namespace firesteel {
namespace {

constexpr size_t kIdleWorkersMax = 8;

struct StackBounds {
  uintptr_t low = 0;  // the lowest usable address; the stack grows down to it
};

StackBounds FindStackBounds() {
  StackBounds bounds;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return bounds;
  void* low = nullptr;
  size_t size = 0;
  size_t guard = 0;
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_getguardsize(&attributes, &guard);
  pthread_attr_destroy(&attributes);
  bounds.low = reinterpret_cast<uintptr_t>(low) + guard;
  return bounds;
}

const StackBounds& ThisStack() {
  static thread_local const StackBounds bounds = FindStackBounds();
  return bounds;
}

/// Not inlined, so that the frame is at the end of the stack in use.
__attribute__((noinline)) uintptr_t StackPointer() { return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)); }

thread_local bool on_deep_stack = false;

/// One thread, handed from caller to caller; lives as long as the process once it is idle in the pool.
class Worker {
 public:
  static Worker* Start() {
    auto* worker = new Worker;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kDeepStackBytes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    int failed = pthread_create(&thread, &attributes, &Worker::Main, worker);
    pthread_attr_destroy(&attributes);
    if (failed != 0) {
      delete worker;
      return nullptr;
    }
    return worker;
  }

  void Run(const std::function<void()>& task) {
    std::exception_ptr thrown;
    std::unique_lock lock(mutex_);
    task_ = &task;
    thrown_ = &thrown;
    changed_.notify_all();
    changed_.wait(lock, [this] { return task_ == nullptr; });
    lock.unlock();
    if (thrown) std::rethrow_exception(thrown);
  }

  /// Starts `task` and returns. The worker goes back to the pool by itself.
  void Post(std::function<void()> task) {
    std::lock_guard lock(mutex_);
    posted_ = std::move(task);
    task_ = &posted_;
    thrown_ = nullptr;
    changed_.notify_all();
  }

  static void GiveToPool(Worker* worker);

  /// Ends the thread, which deletes this.
  void Stop() {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }

 private:
  static void* Main(void* argument) {
    auto* worker = static_cast<Worker*>(argument);
    on_deep_stack = true;
    worker->Loop();
    delete worker;
    return nullptr;
  }

  void Loop() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return task_ != nullptr || stopping_; });
      if (task_ == nullptr) return;
      const std::function<void()>* task = task_;
      lock.unlock();
      std::exception_ptr thrown;
      try {
        (*task)();
      } catch (...) {
        thrown = std::current_exception();
      }
      const bool posted = task == &posted_;
      if (posted) posted_ = nullptr;
      GiveBackStack();
      lock.lock();
      if (posted) {
        task_ = nullptr;
        lock.unlock();
        GiveToPool(this);
        lock.lock();
        continue;
      }
      *thrown_ = std::move(thrown);
      task_ = nullptr;
      changed_.notify_all();
    }
  }

  static void GiveBackStack() {
#ifndef FS_SANITIZED
    constexpr uintptr_t kPage = 4096;
    uintptr_t low = (ThisStack().low + kPage - 1) / kPage * kPage;
    uintptr_t end = (StackPointer() - kStackReserveBytes) / kPage * kPage;
    if (low != 0 && end > low) madvise(reinterpret_cast<void*>(low), end - low, MADV_DONTNEED);
#endif
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* task_ = nullptr;
  std::function<void()> posted_;
  std::exception_ptr* thrown_ = nullptr;
  bool stopping_ = false;
};

struct Pool {
  std::mutex mutex;
  std::vector<Worker*> idle;
};

Pool& ThePool() {
  static Pool* pool = new Pool;  // never destroyed: its threads may outlive static destruction
  return *pool;
}

void Worker::GiveToPool(Worker* worker) {
  Pool& pool = ThePool();
  std::lock_guard lock(pool.mutex);
  if (pool.idle.size() < kIdleWorkersMax) {
    pool.idle.push_back(worker);
  } else {
    worker->Stop();
  }
}

Worker* TakeWorker() {
  Pool& pool = ThePool();
  {
    std::lock_guard lock(pool.mutex);
    if (!pool.idle.empty()) {
      Worker* worker = pool.idle.back();
      pool.idle.pop_back();
      return worker;
    }
  }
  return Worker::Start();
}

}  // namespace

void PostToDeepStack(std::function<void()> task) {
  Worker* worker = TakeWorker();
  if (worker == nullptr) return task();
  worker->Post(std::move(task));
}

void RunOnDeepStack(const std::function<void()>& task) {
  if (on_deep_stack) return task();
  Worker* worker = TakeWorker();
  if (worker == nullptr) return task();

  struct GiveBack {
    Worker* worker;
    ~GiveBack() { Worker::GiveToPool(worker); }
  } give_back{worker};
  worker->Run(task);
}

size_t StackBytesFree() {
  uintptr_t low = ThisStack().low;
  uintptr_t now = StackPointer();
  return now > low ? now - low : 0;
}

Status CheckStack() {
  if (StackBytesFree() >= kStackReserveBytes) [[likely]]
    return {};
  return Error::Condition("FAILED_TO_PARSE_TOO_COMPLEX").As(ErrorClass::kParse);
}

}  // namespace firesteel
