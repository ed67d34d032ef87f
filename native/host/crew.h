// The threads that read and scan.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace memscan {

/// A pool of as many threads as this process may use CPUs, with a queue of tasks that they run in order. libuv's pool
/// is separate: it has four threads however many CPUs there are, and they are needed to write what was found.
class Crew {
 public:
  /// The only instance in the process. It is never destroyed, and its threads end with the process.
  static Crew& instance();

  /// Runs the task, which must not throw, on one of the threads. Throws std::system_error without taking the task if
  /// there is no thread and none can be created.
  void add(std::function<void()> task);

  /// Gives the threads created from now on a lower priority than other programs have.
  void standBack() { standsBack_ = true; }

 private:
  Crew();
  void startThread();
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  const size_t most_;
  std::atomic<bool> standsBack_ = false;
  size_t threads_ = 0;
  size_t idle_ = 0;
};

}  // namespace memscan
