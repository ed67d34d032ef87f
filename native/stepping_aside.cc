#include "stepping_aside.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

namespace memscan {

namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

/// What kernel threads and interrupts take, now and then, on a machine that is idle.
constexpr nanoseconds kUsual = 200us;

constexpr nanoseconds kMost = 20ms;

constexpr int kNiceness = 5;

// On Linux niceness is a thread's own (sched(7)): 0 is the thread that calls.
void lowerPriority() {
  if (getpriority(PRIO_PROCESS, 0) < kNiceness) setpriority(PRIO_PROCESS, 0, kNiceness);
}

}  // namespace

// Kernels without it (CONFIG_SCHED_INFO) tell of no waiting.
SteppingAside::SteppingAside() : schedstat_(open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

SteppingAside::~SteppingAside() {
  if (schedstat_ >= 0) close(schedstat_);
}

void SteppingAside::begin() {
  if (!lowered_) lowerPriority();
  lowered_ = true;
  waitedBefore_ = waited();
  begun_ = std::chrono::steady_clock::now();
}

void SteppingAside::afterTask() const {
  if (waited() - waitedBefore_ < kUsual) return;
  const nanoseconds took = std::chrono::steady_clock::now() - begun_;
  std::this_thread::sleep_for(std::min(took, kMost));
}

// Nanoseconds on a CPU, nanoseconds of waiting for one, and how often:
// https://docs.kernel.org/scheduler/sched-stats.html
nanoseconds SteppingAside::waited() const {
  char text[80] = {};
  unsigned long long ran, waited;
  if (pread(schedstat_, text, sizeof text - 1, 0) <= 0) return {};
  return nanoseconds(std::sscanf(text, "%llu %llu", &ran, &waited) == 2 ? waited : 0);
}

}  // namespace memscan
