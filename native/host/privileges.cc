#include "privileges.h"

#include <dirent.h>
#include <linux/capability.h>
#include <semaphore.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <set>
#include <vector>

namespace memscan {

namespace {

// Each thread has its own capabilities (capabilities(7), "Thread capability sets"), and Node has already started
// threads when it loads an addon: a signal asks each of them to drop its own. No thread blocks this signal, not even
// Node's thread for SIGUSR1, which blocks every signal it can: libcs reserve it for themselves and remove it from every
// mask (glibc: SIGSETXID, musl: SIGCANCEL). Go's runtime uses it for the same purpose: sigPerThreadSyscall in
// https://go.dev/src/runtime/os_linux.go
constexpr int kSignal = 33;

uint64_t wanted;
std::atomic<int> failure;
sem_t obeyed;

int dropOwn(uint64_t kept) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, sets) != 0) return errno;
  for (auto& set : sets) {
    set.effective &= static_cast<uint32_t>(kept);
    set.permitted &= static_cast<uint32_t>(kept);
    set.inheritable = 0;
    kept >>= 32;
  }
  return syscall(SYS_capset, &header, sets) == 0 ? 0 : errno;
}

// Runs on each thread that was asked. Calls only what signal-safety(7) allows, and raw system calls.
void onSignal(int) {
  const int before = errno;
  if (const int error = dropOwn(wanted)) failure = error;
  sem_post(&obeyed);
  errno = before;
}

// The kernel's struct sigaction on x86-64 and arm64.
struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  uint64_t mask;
};

long kernelAction(int signal, const KernelAction* action, KernelAction* before) {
  return syscall(SYS_rt_sigaction, signal, action, before, sizeof action->mask);
}

// Libcs refuse to install a handler for their own signal. The kernel's action that a libc sets for another signal has
// the right flags and restorer for this one, too.
int handleSignal(KernelAction& before) {
  struct sigaction ours = {}, others;
  ours.sa_handler = onSignal;
  ours.sa_flags = SA_RESTART;
  sigfillset(&ours.sa_mask);
  KernelAction action;
  if (sigaction(SIGRTMAX, &ours, &others) != 0) return errno;
  const bool known = kernelAction(SIGRTMAX, nullptr, &action) == 0;
  sigaction(SIGRTMAX, &others, nullptr);
  return known && kernelAction(kSignal, &action, &before) == 0 ? 0 : errno;
}

std::vector<pid_t> threads() {
  std::vector<pid_t> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/task"), closedir);
  while (const dirent* const entry = folder ? readdir(folder.get()) : nullptr) {
    if (const pid_t thread = std::atoi(entry->d_name)) found.push_back(thread);
  }
  return found;
}

int awaitObeyed(size_t count, const timespec& deadline) {
  for (; count > 0; count--) {
    while (sem_timedwait(&obeyed, &deadline) != 0) {
      if (errno != EINTR) return errno;
    }
  }
  return failure;
}

// A thread that has not responded yet may start another: repeats until every thread was asked.
int askOthers() {
  timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_sec++;
  std::set<pid_t> asked = {static_cast<pid_t>(syscall(SYS_gettid))};
  for (;;) {
    size_t awaited = 0;
    const size_t before = asked.size();
    for (const pid_t thread : threads()) {
      if (!asked.insert(thread).second) continue;
      if (syscall(SYS_tgkill, getpid(), thread, kSignal) == 0) awaited++;
    }
    if (asked.size() == before) return 0;
    if (const int error = awaitObeyed(awaited, deadline)) return error;
  }
}

}  // namespace

int dropPrivileges(uint64_t kept) {
  if (const int error = dropOwn(kept)) return error;
  wanted = kept;
  failure = 0;
  sem_init(&obeyed, 0, 0);
  KernelAction before;
  if (const int error = handleSignal(before)) return error;
  const int error = askOthers();
  // A signal that arrives late must still find the handler.
  if (error != ETIMEDOUT) kernelAction(kSignal, &before, nullptr);
  return error;
}

}  // namespace memscan
