// The live target: memory with known content. It prints "ready", its pid, the block's address in hexadecimal, its bytes
// and the strings of at least 10 characters in its text, then waits until it is killed or its parent ends.
//   target SIZE_MIB 4k|huge    pages of text, zeros, pointers and random bytes in turn
//   target SIZE_MIB utf8|utf16    websocket pushes side by side, a third of their bytes Chinese in UTF-8
//   target sparse              1 TiB reserved, 40 MiB of it resident
//   target regions COUNT       COUNT regions, every other one with a page in memory
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { kPage = 4096, kHugePage = 2 << 20, kRareHits = 7, kRareTexts = 4 };

static const char kCommon[] = "in-every-text-page";

// The contents of rare text pages: one line in the middle of each.
static const char* const kRare[] = {"rare-needle-zq7", "user_id: 471147", " 0f1e2d3c4b5a69788796a5b4c3d2e1f0 ",
                                    " 4711471147114711 "};

// The contents of a rare page of random bytes, and of a rare page of pointers.
static const uint8_t kRareBytes[] = {0xca, 0xfe, 0x42, 0x77, 0xba, 0xbe};
static const uint64_t kRarePointer = 0x550000001230;

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint64_t nextRandom(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static void fillLine(char* line, size_t length) {
  uint64_t bits = 0;
  for (size_t i = 0; i < length; i++) {
    if (i % 8 == 0) bits = nextRandom();
    line[i] = (char)(0x20 + ((bits >> i % 8 * 8 & 0xff) * 95 >> 8));
  }
}

// The page ends with a line feed, so that no line continues in the next page. Returns the number of strings.
static uint64_t fillText(char* page, int rare) {
  size_t needlesAt = nextRandom() % 3600;
  size_t planted = rare ? 0 : kRareTexts;
  uint64_t strings = 0;
  for (size_t at = 0; at < kPage; at++) {
    const size_t left = kPage - 1 - at;
    const size_t wanted = 60 + nextRandom() % 21;
    const size_t length = wanted < left ? wanted : left;
    fillLine(page + at, length);
    if (at >= needlesAt) {
      memcpy(page + at + 5, kCommon, sizeof kCommon - 1);
      needlesAt = kPage;
    }
    if (needlesAt == kPage && planted < kRareTexts) {
      memcpy(page + at + 26, kRare[planted], strlen(kRare[planted]));
      planted++;
    }
    strings += length >= 10;
    at += length;
    page[at] = nextRandom() & 1 ? '\n' : '\0';
  }
  return strings;
}

static void fillWords(char* page, uint64_t mask, uint64_t always) {
  uint64_t* const words = (uint64_t*)page;
  for (size_t i = 0; i < kPage / 8; i++) words[i] = (nextRandom() & mask) | always;
}

static uint64_t fillMixed(char* block, size_t bytes) {
  const size_t rareEvery = bytes / kPage / 4 / kRareHits;
  uint64_t strings = 0;
  for (size_t i = 0; i < bytes / kPage; i++) {
    char* const page = block + i * kPage;
    const size_t text = i / 4;
    const int rare = text % rareEvery == 0 && text / rareEvery < kRareHits;
    if (i % 4 == 0) strings += fillText(page, rare);
    if (i % 4 == 1) memset(page, 0, kPage);
    if (i % 4 == 2) fillWords(page, 0xfffffffff8, 0x7f0000000000);
    if (i % 4 == 3) fillWords(page, UINT64_MAX, 0);
    if (i % 4 == 2 && rare) memcpy(page + kPage / 2, &kRarePointer, sizeof kRarePointer);
    if (i % 4 == 3 && rare) memcpy(page + kPage / 3, kRareBytes, sizeof kRareBytes);
  }
  return strings;
}

// Converts the output of sprintf() to UTF-16LE; returns its length in bytes. No character has more than three bytes in UTF-8.
static size_t toUtf16(const char* text, char* out) {
  char* to = out;
  for (const uint8_t* p = (const uint8_t*)text; *p;) {
    const unsigned length = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : 3;
    const unsigned unit = length == 1   ? p[0]
                          : length == 2 ? (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu)
                                        : (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
    *to++ = (char)unit;
    *to++ = (char)(unit >> 8);
    p += length;
  }
  return (size_t)(to - out);
}

// Each string begins where malloc would put it, after bytes that are not text.
static uint64_t fillPushes(char* block, size_t bytes, int utf16) {
  char text[256];
  uint64_t strings = 0;
  memset(block, 0, bytes);
  for (size_t at = 16; at + 2 * sizeof text < bytes; strings++) {
    const unsigned user = nextRandom() % 10000000;
    const int length = snprintf(
        text, sizeof text,
        "42[\"push\",{\"channel\":\"websocket\",\"userId\":%u,\"unread\":%u,\"text\":\"您有%u条未读消息，请及时查看\"}]", user,
        user % 100, user % 50);
    if (!utf16) memcpy(block + at, text, (size_t)length);
    at += utf16 ? toUtf16(text, block + at) : (size_t)length;
    at = (at + 2 + 8 + 15) / 16 * 16;
  }
  return strings;
}

static char* reserve(size_t bytes, int advice) {
  char* const area =
      mmap(NULL, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (area == MAP_FAILED) {
    perror("mmap");
    exit(1);
  }
  char* const block = (char*)(((uintptr_t)area + kHugePage - 1) / kHugePage * kHugePage);
  madvise(block, bytes, advice);
  return block;
}

static uint64_t fillSparse(char* block, size_t bytes) {
  const size_t pages = ((size_t)40 << 20) / kPage;
  const size_t stride = bytes / pages / kPage * kPage;
  uint64_t strings = 0;
  for (size_t i = 0; i < pages; i++) strings += fillText(block + i * stride, 0);
  return strings;
}

// Neighbours differ in their permissions; otherwise the kernel would merge them into one region.
static int keepRegions(size_t count) {
  for (size_t i = 0; i < count; i++) {
    const int writable = i % 2;
    char* const region =
        mmap(NULL, 3 * kPage, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (region == MAP_FAILED) return 1;
    if (writable) region[kPage] = 1;
  }
  printf("ready %d 0 0 0\n", getpid());
  fflush(stdout);
  for (;;) pause();
}

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  if (argc == 3 && strcmp(argv[1], "regions") == 0) return keepRegions((size_t)atol(argv[2]));
  const int sparse = argc == 2 && strcmp(argv[1], "sparse") == 0;
  if (!sparse && argc != 3) return 2;
  const size_t bytes = sparse ? (size_t)1 << 40 : (size_t)atol(argv[1]) << 20;
  const int huge = !sparse && strcmp(argv[2], "huge") == 0;
  char* const block = reserve(bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  const int utf16 = !sparse && strcmp(argv[2], "utf16") == 0;
  const int pushes = utf16 || (!sparse && strcmp(argv[2], "utf8") == 0);
  const uint64_t strings = sparse   ? fillSparse(block, bytes)
                           : pushes ? fillPushes(block, bytes, utf16)
                                    : fillMixed(block, bytes);
  printf("ready %d %lx %zu %lu\n", getpid(), (unsigned long)block, bytes, (unsigned long)strings);
  fflush(stdout);
  for (;;) pause();
}
