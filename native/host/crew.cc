#include "crew.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

namespace memscan {

namespace {

size_t usableCpus() {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof cpus, &cpus) == 0) return CPU_COUNT(&cpus);
  return std::max(1u, std::thread::hardware_concurrency());  // more CPUs than the set holds
}

/// More of it does harm: a thread that is much nicer than the target's (19, or SCHED_IDLE) may lose its CPU for a
/// second while it holds the target's mmap_lock, for which the target then waits (measured).
constexpr int kNiceness = 5;

// On Linux niceness is a thread's own (sched(7)): 0 is the thread that calls.
void lowerPriority() {
  if (getpriority(PRIO_PROCESS, 0) < kNiceness) setpriority(PRIO_PROCESS, 0, kNiceness);
}

}  // namespace

Crew& Crew::instance() {
  static Crew& crew = *new Crew;
  return crew;
}

Crew::Crew() : most_(usableCpus()) {}

void Crew::add(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (idle_ <= tasks_.size() && threads_ < most_) startThread();
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

// Signals are the main thread's.
void Crew::startThread() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([this] { work(); }).detach();
    threads_++;
  } catch (const std::system_error&) {
    // A limit of processes, most likely: those there are do it all.
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (threads_ == 0) throw;
    return;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Crew::work() {
  pthread_setname_np(pthread_self(), "memscan-read");
  if (standsBack_) lowerPriority();
  std::unique_lock lock(mutex_);
  for (;;) {
    idle_++;
    wake_.wait(lock, [this] { return !tasks_.empty(); });
    idle_--;
    {
      const auto task = std::exchange(tasks_.front(), {});
      tasks_.pop_front();
      lock.unlock();
      task();
    }
    lock.lock();
  }
}

}  // namespace memscan
