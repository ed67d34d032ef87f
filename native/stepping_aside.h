// Leaving the CPUs to others when there are too few for all.
#pragma once

#include <chrono>

namespace memscan {

/// Looks after one thread, which must be the one that calls: it has a lower priority from its first task on, and sleeps
/// where that does not do. Niceness tells apart only threads of one control group or, with sched_autogroup_enabled, of
/// one session (sched(7)). And a thread that is much nicer than the target's (19, or SCHED_IDLE) may lose its CPU for a
/// second while it holds the target's mmap_lock, for which the target then waits (measured). A thread that sleeps
/// between two reads holds nothing.
class SteppingAside {
 public:
  SteppingAside();
  ~SteppingAside();
  SteppingAside(const SteppingAside&) = delete;
  SteppingAside& operator=(const SteppingAside&) = delete;

  /// Before a task.
  void begin();

  /// Sleeps as long as the task took, where it had to wait for a CPU.
  void afterTask() const;

 private:
  std::chrono::nanoseconds waited() const;

  const int schedstat_;
  bool lowered_ = false;
  std::chrono::nanoseconds waitedBefore_ = {};
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace memscan
