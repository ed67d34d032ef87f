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
  return std::max(1u, std::thread::hardware_concurrency());  // the machine has more CPUs than the set holds
}

/// A higher value does harm: a thread much nicer than the target's threads (19, or SCHED_IDLE) may lose its CPU for a
/// second while it holds the target's mmap_lock, and the target waits for that lock (measured).
constexpr int kNiceness = 5;

// On Linux each thread has a niceness of its own (sched(7)); the id 0 means the calling thread.
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

// Blocks all signals in the new thread: the main thread handles them.
void Crew::startThread() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([this] { work(); }).detach();
    threads_++;
  } catch (const std::system_error&) {
    // Most likely a limit on processes: the existing threads do all the work.
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
