#include "interrupt.h"

#include <semaphore.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <thread>

namespace memscan {

namespace {

sem_t interrupted;
struct sigaction present;

// Calls only what signal-safety(7) allows: sem_post() is on its list, and the present handler is libuv's.
void onInterrupt(int signal) {
  sem_post(&interrupted);
  if (present.sa_handler != SIG_DFL && present.sa_handler != SIG_IGN) present.sa_handler(signal);
}

}  // namespace

void exitAfterInterrupt(int code, unsigned milliseconds) {
  sem_init(&interrupted, 0, 0);
  std::thread([code, milliseconds] {
    while (sem_wait(&interrupted) != 0 && errno == EINTR) {
    }
    usleep(milliseconds * 1000);
    _exit(code);
  }).detach();
  sigaction(SIGINT, nullptr, &present);
  struct sigaction action = present;
  action.sa_handler = onInterrupt;
  sigaction(SIGINT, &action, nullptr);
}

}  // namespace memscan
