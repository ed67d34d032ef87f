// Every kernel against a reference, at every alignment and tail length, in memory that ends at guard pages. Built with
// the address and undefined-behaviour sanitizers, and run, by kernels.test.ts. Prints what failed; exits 1 if anything.
#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "../../native/strings.h"
#include "kernels_test.h"

namespace {

using namespace memscan;

int failures = 0;

struct Found {
  uint64_t address;
  uint32_t length;
  uint32_t characters;
  bool operator==(const Found&) const = default;
};

struct Result {
  std::vector<Found> strings;
  uint64_t counted = 0;
  std::optional<Found> head, tail;
  bool whole = false;
  bool operator==(const Result&) const = default;
};

std::optional<Found> asFound(const std::optional<String>& string) {
  if (!string) return std::nullopt;
  return Found{string->address, string->length, string->characters};
}

/// The definition, byte by byte: which bytes are text, then what lies between those that are not.
Result reference(const Segment& segment, const Wanted& wanted, const std::optional<Asked>& asked) {
  const uint8_t* const data = segment.data;
  std::vector<bool> text(segment.length), first(segment.length);
  for (int64_t at = -3; at < segment.length; at++) {
    const uint32_t length = characterAt(data + at, wanted.encoding).length;
    for (int64_t i = at; i < at + length; i++) {
      if (i < 0 || i >= segment.length) continue;
      text[i] = true;
      first[i] = i == at;
    }
  }
  Result result;
  for (uint32_t begin = 0; begin < segment.length;) {
    uint32_t end = begin;
    Found found = {segment.address + begin, 0, 0};
    for (; end < segment.length && text[end]; end++) found.characters += first[end];
    found.length = end - begin;
    const bool head = segment.openBefore && begin == 0;
    const bool tail = segment.openAfter && end == segment.length;
    if (found.length && head) result.head = found;
    if (found.length && tail) result.tail = found;
    if (found.length && (head || tail)) result.whole = head && tail;
    if (!head && !tail && found.characters >= wanted.minLength) result.strings.push_back(found);
    begin = end + 1;
  }
  if (asked) {
    std::erase_if(result.strings, [&](const Found& found) {
      const uint8_t* const begin = data + (found.address - segment.address);
      const uint8_t* const end = begin + found.length;
      return (asked->firstIn(begin, end).begin == end) != wanted.unmet;
    });
  }
  return result;
}

struct Collector {
  static constexpr bool kCountOnly = false;
  bool add(const String& string) {
    strings.push_back({string.address, string.length, string.characters});
    return true;
  }
  std::vector<Found> strings;
};

struct Counter {
  static constexpr bool kCountOnly = true;
  bool add(const String&) {
    counted++;
    return true;
  }
  void addCounted(uint64_t number) { counted += number; }
  uint64_t counted = 0;
};

template <class Sink>
Partials run(const Kernel& kernel, const Segment& segment, const Wanted& wanted, Sink& sink) {
  static EdgeBuffer edges;
  Partials partials;
  if (wanted.unmet) {
    UnmetSink unmet(kernel, segment, wanted.conditions, sink);
    StringFinder(segment, wanted, unmet, partials).find(kernel, edges);
  } else {
    StringFinder(segment, wanted, sink, partials).find(kernel, edges);
  }
  return partials;
}

void compare(const Kernel& kernel, const Segment& segment, Wanted wanted, const std::optional<Asked>& asked,
             const std::string& what) {
  if (asked) wanted.conditions.push_back(asked->condition());
  wanted.unmet = asked && segment.length % 3 == 0;
  const Result expected = reference(segment, wanted, asked);
  Collector collector;
  const Partials partials = run(kernel, segment, wanted, collector);
  Counter counter;
  run(kernel, segment, wanted, counter);
  const Result got = {collector.strings, 0, asFound(partials.head), asFound(partials.tail), partials.whole};
  if (got == expected && counter.counted == expected.strings.size()) return;
  const auto size = [](const std::optional<Found>& part) { return part ? static_cast<int>(part->length) : -1; };
  char text[500];
  std::snprintf(text, sizeof text,
                "%s: %s: length %u, min %u, encoding %d, open %d %d, needles %zu, run %u\n"
                "  %zu strings, counted %zu, head %d, tail %d; expected %zu, head %d, tail %d",
                kernel.name, what.c_str(), segment.length, wanted.minLength, static_cast<int>(wanted.encoding),
                segment.openBefore, segment.openAfter, asked ? asked->needles.size() : 0, asked ? asked->runLength : 0,
                got.strings.size(), static_cast<size_t>(counter.counted), size(got.head), size(got.tail),
                expected.strings.size(), size(expected.head), size(expected.tail));
  fail(text);
}

using Fill = void (*)(uint8_t*, size_t, std::mt19937&);

void fillRandom(uint8_t* p, size_t size, std::mt19937& random) {
  for (size_t i = 0; i < size; i++) p[i] = static_cast<uint8_t>(random());
}

void fillText(uint8_t* p, size_t size, std::mt19937& random) {
  for (size_t i = 0; i < size; i++) p[i] = random() % 12 ? 0x20 + random() % 0x5f : random();
}

void fillCharacters(uint8_t* p, size_t size, std::mt19937& random) {
  static constexpr const char* kPieces[] = {"\u4f60",       "\U0001f600",       "\u00e9", "a",
                                            "\xed\xa0\x80", "\xf4\x90\x80\x80", "\0"};
  for (size_t i = 0; i < size;) {
    const char* const piece = kPieces[random() % 7];
    const size_t length = std::min(std::max<size_t>(strlen(piece), 1), size - i);
    std::memcpy(p + i, piece, length);
    i += length;
  }
}

void fillSparse(uint8_t* p, size_t size, std::mt19937& random) {
  std::memset(p, 0, size);
  for (size_t i = 0; i < size / 300; i++) fillText(p + random() % (size - 40), 40, random);
}

Wanted wantedBy(uint32_t variant, std::mt19937& random) {
  static constexpr uint32_t kMinima[] = {1, 2, 3, 4, 7, 10, 31, 33, 63, 64, 65, 100};
  return {variant & 1 ? Encoding::utf8 : Encoding::ascii, kMinima[random() % 12], {}, false};
}

/// Needles that begin and end within characters, too, or hold bytes that are no text.
std::optional<Asked> askedBy(uint32_t variant, std::mt19937& random) {
  static const Asked kAsked[] = {
      {{{"a", false}}, "", 0},
      {{{"aa", false}}, "", 0},
      {{{"Q", true}}, "", 0},
      {{{"\xbd\xa0", false}}, "", 0},
      {{{"\xa0", false}, {"\xf0\x9f", false}, {"\xa9", false}, {"zz", true}}, "", 0},
      {{{std::string("a\0", 2), false}, {"a", false}, {"\xe4\xbd\xa0\xf0\x9f\x98", false}}, "", 0},
      {{{std::string("\xa9\x61\0", 3), false}, {"a", false}}, "", 0},
      {{{"ab", true}, {"B ", true}, {"\x98\x80\x61", true}, {"~\x7f", false}}, "", 0},
      {{}, "0123456789", 2},
      {{}, "abcdefghijklmnopqrstuvwxyz", 4},
  };
  if (!(variant & 2)) return std::nullopt;
  return kAsked[random() % std::size(kAsked)];
}

void testLength(GuardedMemory& memory, uint32_t length, const Kernel& kernel, Fill fill, const std::string& what,
                std::mt19937& random) {
  for (uint32_t variant = 0; variant < 16; variant++) {
    uint8_t* const data = memory.place(length, random);
    const bool before = variant & 4, after = variant & 8;
    fill(data - kReadBefore, kReadBefore + length + kReadAfter, random);
    // At a closed edge stand bytes that belong to no character; what lies beyond them must not matter.
    if (!before) std::memset(data - 3, 0, 3);
    if (!after) std::memset(data + length, 0, 3);
    compare(kernel, {0x1000, data, length, before, after}, wantedBy(variant, random), askedBy(variant, random), what);
  }
}

void testLengths(const Kernel& kernel, Fill fill, const std::string& what, std::mt19937& random) {
  GuardedMemory memory(4 * 4096);
  for (uint32_t length = 0; length <= 330; length++) testLength(memory, length, kernel, fill, what, random);
  // Around the block of words that a kernel takes at a time.
  for (uint32_t length = 4096 - 200; length <= 4096 + 200; length++) {
    testLength(memory, length, kernel, fill, what, random);
  }
  for (uint32_t length = 8192 - 70; length <= 8192 + 70; length += 5) {
    testLength(memory, length, kernel, fill, what, random);
  }
}

void testLong(const Kernel& kernel, Fill fill, const std::string& what, std::mt19937& random) {
  GuardedMemory memory(300'000);
  for (int round = 0; round < 12; round++) {
    const uint32_t length = 200'000 + random() % 60'000;
    uint8_t* const data = memory.end() - kReadAfter - length;
    std::memset(memory.begin(), 0, memory.end() - memory.begin());
    fill(data, length + kReadAfter, random);
    std::memset(data + length, 0, 3);
    compare(kernel, {0x1000, data, length, false, false}, wantedBy(round, random), askedBy(round, random),
            what + " (long)");
  }
}

}  // namespace

GuardedMemory::GuardedMemory(size_t size) : size_((size + kPage - 1) / kPage * kPage) {
  whole_ = static_cast<uint8_t*>(
      mmap(nullptr, size_ + 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  mprotect(whole_, kPage, PROT_NONE);
  mprotect(whole_ + kPage + size_, kPage, PROT_NONE);
}

uint8_t* GuardedMemory::place(size_t length, std::mt19937& random) {
  const bool atEnd = random() & 1;
  const uint32_t slack = random() % 64;  // every alignment
  return atEnd ? end() - kReadAfter - length - slack : begin() + kReadBefore + slack;
}

void fail(const std::string& what) {
  if (++failures <= 10) std::printf("%s\n", what.c_str());
}

int main(int, char** arguments) {
  const uint32_t seed = static_cast<uint32_t>(std::strtoul(arguments[1], nullptr, 10));
  std::printf("seed %u\n", seed);
  const std::pair<Fill, const char*> fills[] = {
      {fillRandom, "random"}, {fillText, "text"}, {fillCharacters, "characters"}, {fillSparse, "sparse"}};
  for (const Kernel* const kernel : supportedKernels()) {
    std::mt19937 random(seed);
    for (const auto& [fill, what] : fills) {
      if (fill != fillSparse) testLengths(*kernel, fill, what, random);
      testLong(*kernel, fill, what, random);
    }
    testConditions(*kernel, random);
    std::printf("%s done\n", kernel->name);
  }
  std::printf("%d failures\n", failures);
  return failures ? 1 : 0;
}
