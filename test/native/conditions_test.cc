// Conditions: that every kernel finds the first place where one is met, as the definition has it.
#include <algorithm>
#include <cstring>

#include "kernels_test.h"

using namespace memscan;

namespace {

uint8_t lower(uint8_t byte) { return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte; }

bool stands(const Asked::AskedNeedle& needle, const uint8_t* place, const uint8_t* end) {
  if (static_cast<size_t>(end - place) < needle.bytes.size()) return false;
  return std::equal(needle.bytes.begin(), needle.bytes.end(), place, [&](uint8_t wanted, uint8_t byte) {
    return wanted == byte || (needle.ignoreCase && lower(wanted) == lower(byte));
  });
}

// What memory and needles are made of.
using Alphabet = uint8_t (*)(std::mt19937&);

uint8_t twoLetters(std::mt19937& random) { return 'a' + random() % 2; }
uint8_t twoLettersInBothCases(std::mt19937& random) { return "aAbB"[random() % 4]; }
// Bytes that differ in the bit that tells cases apart, or in their highest bits only.
uint8_t nearLetters(std::mt19937& random) { return "@`[{aA\x01!\xc1\xe1z:"[random() % 12]; }
uint8_t printable(std::mt19937& random) { return 0x20 + random() % 0x5f; }
uint8_t anyByte(std::mt19937& random) { return random(); }

struct Kind {
  const char* name;
  Alphabet alphabet;
  uint32_t shortest, longest;
};

constexpr Kind kKinds[] = {
    {"two letters", twoLetters, 1, 20},
    {"two letters, longer", twoLetters, 8, 100},
    {"both cases", twoLettersInBothCases, 2, 9},
    {"near letters", nearLetters, 1, 6},
    {"near letters, longer", nearLetters, 4, 12},
    {"printable", printable, 3, 30},
    {"printable, longer", printable, 5, 100},
    {"printable, long", printable, 7, 100},
    {"any byte", anyByte, 2, 40},
};

Asked askedNeedles(size_t count, const Kind& kind, std::mt19937& random) {
  Asked asked;
  const bool folding = random() % 2;
  for (size_t i = 0; i < count; i++) {
    std::string bytes(kind.shortest + random() % (kind.longest - kind.shortest + 1), 0);
    for (char& byte : bytes) byte = static_cast<char>(kind.alphabet(random));
    const bool related = i > 0 && random() % 4 == 0;
    if (related) {  // the same, or one is the other's beginning
      const std::string& other = asked.needles[random() % i].bytes;
      const size_t common = std::min(bytes.size(), other.size());
      bytes.replace(0, common, other, 0, common);
    }
    asked.needles.push_back({bytes, folding && random() % 2});
  }
  return asked;
}

std::string shown(const char* kernel, const Asked& asked, const std::string& what, size_t length) {
  return std::string(kernel) + ": " + std::to_string(asked.needles.size()) + " needles, class of " +
         std::to_string(asked.classBytes.size()) + " x " + std::to_string(asked.runLength) + ", " + what + ", length " +
         std::to_string(length);
}

// Goes from place to place, as a scan does that finds no text there.
void compare(const Kernel& kernel, const Asked& asked, const Condition& condition, const uint8_t* data, size_t length,
             const std::string& what) {
  const uint8_t* const end = data + length;
  const uint8_t* from = data;
  for (int most = 4; most > 0; most--) {
    const Place expected = asked.firstIn(from, end);
    const Place found = kernel.find(from, end, condition);
    if (found.begin != expected.begin || (expected.begin != end && found.length != expected.length)) {
      return fail(shown(kernel.name, asked, what, length) + ": found at " + std::to_string(found.begin - data) + " x " +
                  std::to_string(found.length) + ", expected at " + std::to_string(expected.begin - data) + " x " +
                  std::to_string(expected.length));
    }
    if (found.begin == end) return;
    from = found.begin + 1;
  }
}

// Writes one of the needles: anywhere, at the first or last place where it fits, or over the data's end.
void plant(const Asked& asked, uint8_t* data, size_t length, std::mt19937& random) {
  const std::string& bytes = asked.needles[random() % asked.needles.size()].bytes;
  if (bytes.size() > length || length == 0) return;
  const size_t last = length - bytes.size();
  const size_t places[] = {0, last, last + 1, random() % (last + 1)};
  const size_t at = places[random() % 4];
  for (size_t i = 0; i < bytes.size(); i++) {
    const uint8_t byte = bytes[i];
    const bool letter = lower(byte) >= 'a' && lower(byte) <= 'z';
    data[at + i] = letter && random() % 4 == 0 ? byte ^ 0x20 : byte;
  }
}

std::vector<size_t> lengthsFor(size_t needles, std::mt19937& random) {
  std::vector<size_t> lengths;
  // The definition takes its time with many.
  const size_t step = needles < 10 ? 1 : needles < 100 ? 7 : 80;
  for (size_t length = random() % step; length <= 330; length += step) lengths.push_back(length);
  for (const size_t block : {512, 4096, 8192}) {
    for (int i = 0; i < (needles < 100 ? 6 : 1); i++) lengths.push_back(block - 70 + random() % 140);
  }
  return lengths;
}

void testNeedles(const Kernel& kernel, size_t count, std::mt19937& random) {
  GuardedMemory memory(4 * 4096);
  for (const Kind& kind : kKinds) {
    const Asked asked = askedNeedles(count, kind, random);
    const Condition condition = asked.condition();
    for (const size_t length : lengthsFor(count, random)) {
      uint8_t* const data = memory.place(length, random);
      const uint8_t common = kind.alphabet(random);
      for (uint8_t* p = data; p < data + length + kReadAfter; p++) {
        *p = random() % 2 ? common : kind.alphabet(random);
      }
      if (random() % 4) plant(asked, data, length, random);
      compare(kernel, asked, condition, data, length, kind.name);
    }
  }
}

/// Runs of the class, many about as long as the one asked for, among bytes like those of the class but for one bit.
void fillRuns(uint8_t* p, const uint8_t* end, const Asked& asked, std::mt19937& random) {
  while (p < end) {
    const uint32_t near = asked.runLength + random() % 3 - 1;
    const uint32_t length = random() % 4 ? random() % (asked.runLength + 1) : near;
    for (uint32_t i = 0; i < length && p < end; i++) *p++ = asked.classBytes[random() % asked.classBytes.size()];
    for (uint32_t i = random() % 3; i-- && p < end;) {
      *p++ = asked.classBytes[random() % asked.classBytes.size()] ^ (1 << random() % 8);
    }
    if (p < end) *p++ = random() % 2 ? 0 : random();
  }
}

void testClassRuns(const Kernel& kernel, std::mt19937& random) {
  static const char* const kClasses[] = {
      "0123456789", "0123456789abcdef",
      "x",          "\t",
      " ~",         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="};
  GuardedMemory memory(4 * 4096);
  for (uint32_t length = 0; length <= 330; length++) {
    for (int i = 0; i < 6; i++) {
      Asked asked;
      asked.classBytes = kClasses[random() % 6];
      asked.runLength = 1 + random() % (random() % 2 ? 20 : 200);
      const size_t blocks[] = {0, 0, 4096, 8192};
      const size_t size = blocks[random() % 4] + length;
      uint8_t* const data = memory.place(size, random);
      fillRuns(data, data + size + kReadAfter, asked, random);
      compare(kernel, asked, asked.condition(), data, size, "runs");
    }
  }
}

void testClassesRefused(const Kernel& kernel) {
  const uint8_t bytes[] = {'a', '\n', 0x7f, 0x80, 0xff};
  for (size_t i = 1; i < sizeof bytes; i++) {
    const uint8_t both[] = {'a', bytes[i]};
    if (ClassRun::of(both, 3)) fail(std::string(kernel.name) + ": a class with bytes that are no text");
  }
  if (ClassRun::of({bytes, 1}, 0)) fail(std::string(kernel.name) + ": a run of no bytes");
}

}  // namespace

Condition Asked::condition() const {
  if (needles.empty())
    return *ClassRun::of({reinterpret_cast<const uint8_t*>(classBytes.data()), classBytes.size()}, runLength);
  std::vector<Needle> list;
  for (const AskedNeedle& needle : needles) {
    list.emplace_back(std::vector<uint8_t>(needle.bytes.begin(), needle.bytes.end()), needle.ignoreCase);
  }
  return anyOf(std::move(list));
}

size_t Asked::metAt(const uint8_t* place, const uint8_t* end) const {
  if (needles.empty()) {
    const uint8_t* p = place;
    while (p < end && static_cast<size_t>(p - place) < runLength && *p && classBytes.find(*p) != std::string::npos) p++;
    return static_cast<size_t>(p - place) == runLength ? runLength : 0;
  }
  size_t fewest = 0;
  for (const AskedNeedle& needle : needles) {
    if ((fewest == 0 || needle.bytes.size() < fewest) && stands(needle, place, end)) fewest = needle.bytes.size();
  }
  return fewest;
}

Place Asked::firstIn(const uint8_t* from, const uint8_t* end) const {
  for (const uint8_t* p = from; p < end; p++) {
    if (const size_t length = metAt(p, end)) return {p, length};
  }
  return {end, 0};
}

void testConditions(const Kernel& kernel, std::mt19937& random) {
  for (const size_t count : {1, 1, 1, 2, 2, 5, 16, 17, 32, 64, 65, 599, 600, 1000, 3000})
    testNeedles(kernel, count, random);
  testClassRuns(kernel, random);
  testClassesRefused(kernel);
}
