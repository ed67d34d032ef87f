// Runs a command and writes its wall seconds, peak memory in KiB and exit status to a file. Node does not report the
// peak of a child, and a child forked from Node would begin with Node's peak.
//   rusage FILE COMMAND [ARGUMENT...]
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void become(char** command) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  execvp(command[0], command);
  perror(command[0]);
  _exit(127);
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const double begun = now();
  const pid_t child = fork();
  if (child == 0) become(argv + 2);
  int status;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 1;
  const double seconds = now() - begun;
  FILE* const file = fopen(argv[1], "w");
  if (!file) return 1;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  fprintf(file, "%.6f %ld %d\n", seconds, usage.ru_maxrss, code);
  return fclose(file) ? 1 : 0;
}
