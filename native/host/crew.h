// The threads that read and scan.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace memscan {

/// As many threads as CPUs this process may use, and a queue of tasks they take in order: apart from libuv's, which are
/// four however many CPUs there are, and are needed to write what was found.
class Crew {
 public:
  /// The process's one. It is never destroyed, and its threads end with the process.
  static Crew& instance();

  /// Runs the task on one of the threads. It must not throw. Throws std::system_error, and does not take the task,
  /// where there is no thread and none can be made.
  void add(std::function<void()> task);

  /// Threads that are made from now on have a lower priority: others go first.
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
