// A busy target that measures itself: a heartbeat of 1 kHz, and a thread that allocates and frees, by malloc, mmap and
// munmap, as fast as it can for a fifth of the time. It prints "ready", its pid, the address of a block of memory in
// hexadecimal and its bytes. It answers each line on stdin with one line for the time since the previous one: p50, p99,
// p99.9 and maximum, in microseconds, of the heartbeat's delay, then of the time for one round of allocation.
//   heartbeat SIZE_MIB HOGS    with HOGS threads that only compute
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { kPage = 4096, kMost = 1 << 20, kPeriod = 1000000, kRound = 256 << 10 };

// Microseconds.
struct Latencies {
  pthread_mutex_t mutex;
  size_t count;
  float values[kMost];
};

static struct Latencies beats = {PTHREAD_MUTEX_INITIALIZER, 0, {0}};
static struct Latencies rounds = {PTHREAD_MUTEX_INITIALIZER, 0, {0}};

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void sleepUntil(uint64_t nanoseconds) {
  const struct timespec time = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static void add(struct Latencies* latencies, uint64_t nanoseconds) {
  pthread_mutex_lock(&latencies->mutex);
  if (latencies->count < kMost) latencies->values[latencies->count++] = (float)nanoseconds / 1000;
  pthread_mutex_unlock(&latencies->mutex);
}

// After a beat that is later than the next one was due, the next follows at once: no delay is left out.
static void* beat(void* unused) {
  for (uint64_t due = now() + kPeriod;; due += kPeriod) {
    sleepUntil(due);
    add(&beats, now() - due);
  }
  return unused;
}

static void allocate(void) {
  char* const mapped = mmap(NULL, kRound, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) abort();
  for (size_t at = 0; at < kRound; at += kPage) mapped[at] = 1;
  char* const allocated = malloc(kRound);
  for (size_t at = 0; at < kRound; at += kPage) ((volatile char*)allocated)[at] = 1;
  free(allocated);
  munmap(mapped, kRound);
}

static void* churn(void* unused) {
  for (;;) {
    const uint64_t start = now();
    allocate();
    const uint64_t took = now() - start;
    add(&rounds, took);
    sleepUntil(start + 5 * took);
  }
  return unused;
}

static void* compute(void* number) {
  volatile uint64_t* const sum = number;
  for (uint64_t i = 0;; i++) *sum += i;
  return number;
}

static void start(void* (*body)(void*), void* argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, body, argument) != 0) abort();
}

static int order(const void* a, const void* b) {
  const float x = *(const float*)a, y = *(const float*)b;
  return (x > y) - (x < y);
}

static void report(struct Latencies* latencies) {
  static float sorted[kMost];
  pthread_mutex_lock(&latencies->mutex);
  const size_t count = latencies->count;
  memcpy(sorted, latencies->values, count * sizeof *sorted);
  latencies->count = 0;
  pthread_mutex_unlock(&latencies->mutex);
  qsort(sorted, count, sizeof *sorted, order);
  const size_t last = count == 0 ? 0 : count - 1;
  printf(" %.0f %.0f %.0f %.0f", sorted[count / 2], sorted[count * 99 / 100], sorted[count * 999 / 1000], sorted[last]);
}

static char* fill(size_t bytes) {
  char* const block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) abort();
  madvise(block, bytes, MADV_NOHUGEPAGE);
  static const char kText[] = "a line of text, as long as most are\0\x01\x02\x03\x04\x05\x06\x07";
  for (size_t at = 0; at + sizeof kText <= bytes; at += sizeof kText) memcpy(block + at, kText, sizeof kText);
  return block;
}

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  if (argc != 3) return 2;
  const size_t bytes = (size_t)atol(argv[1]) << 20;
  char* const block = fill(bytes);
  static uint64_t sums[64];
  for (int i = 0; i < atoi(argv[2]) && i < 64; i++) start(compute, &sums[i]);
  start(beat, NULL);
  start(churn, NULL);
  printf("ready %d %lx %zu\n", getpid(), (unsigned long)block, bytes);
  fflush(stdout);
  for (char line[64]; fgets(line, sizeof line, stdin);) {
    printf("latencies");
    report(&beats);
    report(&rounds);
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
