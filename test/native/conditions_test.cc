// Every kernel finds the first occurrence of a condition, by definition.
#include <algorithm>

#include "each_kernel.h"
#include "guarded_memory.h"
#include "oracle.h"

using namespace memscan;

namespace {

// The bytes of memory and needles.
using Alphabet = uint8_t (*)(std::mt19937&);

uint8_t twoLetters(std::mt19937& random) { return 'a' + random() % 2; }
uint8_t twoLettersInBothCases(std::mt19937& random) { return "aAbB"[random() % 4]; }
// Bytes that differ only in the bit that separates cases, or in their highest bits.
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
    if (related) {  // equal, or one begins with the other
      const std::string& other = asked.needles[random() % i].bytes;
      const size_t common = std::min(bytes.size(), other.size());
      bytes.replace(0, common, other, 0, common);
    }
    asked.needles.push_back({bytes, folding && random() % 2});
  }
  return asked;
}

// Compares the first occurrences, continuing after each like a scan that finds no text there.
void compare(const Kernel& kernel, const Asked& asked, const Condition& condition, const uint8_t* data, size_t length,
             const std::string& what) {
  if (testing::Test::HasFailure()) return;
  const uint8_t* const end = data + length;
  const uint8_t* from = data;
  for (int most = 4; most > 0; most--) {
    const Occurrence expected = asked.firstIn(from, end);
    const Occurrence found = kernel.find(from, end, condition);
    if (found.begin != expected.begin || (expected.begin != end && found.length != expected.length)) {
      ADD_FAILURE() << asked.needles.size() << " needles, class of " << asked.classBytes.size() << " x "
                    << asked.runLength << ", " << what << ", length " << length << ": found at " << found.begin - data
                    << " x " << found.length << ", expected at " << expected.begin - data << " x " << expected.length;
      return;
    }
    if (found.begin == end) return;
    from = found.begin + 1;
  }
}

// Writes one of the needles: anywhere, at the first or last offset where it fits, or across the data's end.
void plant(const Asked& asked, uint8_t* data, size_t length, std::mt19937& random) {
  const std::string& bytes = asked.needles[random() % asked.needles.size()].bytes;
  if (bytes.size() > length || length == 0) return;
  const size_t last = length - bytes.size();
  const size_t offsets[] = {0, last, last + 1, random() % (last + 1)};
  const size_t at = offsets[random() % 4];
  for (size_t i = 0; i < bytes.size(); i++) {
    const uint8_t byte = bytes[i];
    const bool letter = lowerCase(byte) >= 'a' && lowerCase(byte) <= 'z';
    data[at + i] = letter && random() % 4 == 0 ? byte ^ 0x20 : byte;
  }
}

std::vector<size_t> lengthsFor(size_t needles, std::mt19937& random) {
  std::vector<size_t> lengths;
  // The definition is slow with many needles.
  const size_t step = needles < 10 ? 1 : needles < 100 ? 7 : 80;
  for (size_t length = random() % step; length <= 330; length += step) lengths.push_back(length);
  for (const size_t size : {512, 4096, 8192}) {
    for (int i = 0; i < (needles < 100 ? 6 : 1); i++) lengths.push_back(size - 70 + random() % 140);
  }
  return lengths;
}

void testNeedles(const Kernel& kernel, size_t count, std::mt19937& random) {
  GuardedMemory memory(4 * 4096);
  for (const Kind& kind : kKinds) {
    const Asked asked = askedNeedles(count, kind, random);
    const Condition condition = asked.condition();
    for (const size_t length : lengthsFor(count, random)) {
      uint8_t* const data = memory.roomFor(length, random);
      const uint8_t common = kind.alphabet(random);
      for (uint8_t* p = data; p < data + length + kReadAfter; p++) {
        *p = random() % 2 ? common : kind.alphabet(random);
      }
      if (random() % 4) plant(asked, data, length, random);
      compare(kernel, asked, condition, data, length, kind.name);
    }
  }
}

/// Writes runs of the class, many about as long as the wanted one, among bytes that differ from the class in one bit.
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
      const size_t sizes[] = {0, 0, 4096, 8192};
      const size_t size = sizes[random() % 4] + length;
      uint8_t* const data = memory.roomFor(size, random);
      fillRuns(data, data + size + kReadAfter, asked, random);
      compare(kernel, asked, asked.condition(), data, size, "runs");
    }
  }
}

class Conditions : public EachKernel {};

TEST_P(Conditions, FindNeedles) {
  for (const size_t count : {1, 1, 1, 2, 2, 5, 16, 17, 32, 64, 65, 599, 600, 1000, 3000}) {
    testNeedles(kernel, count, random);
  }
}

TEST_P(Conditions, FindRunsOfAClass) { testClassRuns(kernel, random); }

INSTANTIATE_TEST_SUITE_P(, Conditions, supported(), kernelName);

TEST(Classes, OfBytesThatAreNoTextAreRefused) {
  for (const uint8_t byte : {'\n', '\x7f', '\x80', '\xff'}) {
    const uint8_t both[] = {'a', byte};
    EXPECT_FALSE(ClassRun::of(both, 3)) << int{byte};
  }
}

TEST(Classes, InRunsOfNoBytesAreRefused) {
  const uint8_t letter[] = {'a'};
  EXPECT_FALSE(ClassRun::of(letter, 0));
}

}  // namespace
