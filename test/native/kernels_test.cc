// Every kernel against the definition, at every alignment and tail length, in memory that ends at guard pages.
#include <algorithm>
#include <cstring>

#include "each_kernel.h"
#include "guarded_memory.h"
#include "oracle.h"

using namespace memscan;

namespace {

void compare(const Kernel& kernel, const Segment& segment, Wanted wanted, const std::optional<Asked>& asked) {
  wanted.unmet = asked && segment.length % 3 == 0;
  if (testing::Test::HasFailure()) return;  // one is enough: there would be thousands
  const Strings expected = stringsOf(segment, wanted, asked);
  const auto [found, counted] = findStrings(kernel, segment, wanted, asked);
  if (found == expected && counted == expected.strings.size()) return;
  const auto length = [](const std::optional<Found>& part) { return part ? static_cast<int>(part->length) : -1; };
  ADD_FAILURE() << "length " << segment.length << ", min " << wanted.minLength << ", encoding "
                << static_cast<int>(wanted.encoding) << ", open " << segment.openBefore << segment.openAfter
                << ", needles " << (asked ? asked->needles.size() : 0) << ", run " << (asked ? asked->runLength : 0)
                << ": " << found.strings.size() << " strings, counted " << counted << ", head " << length(found.head)
                << ", tail " << length(found.tail) << "; expected " << expected.strings.size() << ", head "
                << length(expected.head) << ", tail " << length(expected.tail);
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

size_t putCharacter(uint8_t* out, uint32_t codePoint) {
  const auto put = [out](auto... bytes) {
    size_t length = 0;
    ((out[length++] = static_cast<uint8_t>(bytes)), ...);
    return length;
  };
  const auto follow = [codePoint](int shift) { return 0x80 | (codePoint >> shift & 0x3f); };
  if (codePoint < 0x80) return put(codePoint);
  if (codePoint < 0x800) return put(0xc0 | codePoint >> 6, follow(0));
  if (codePoint < 0x10000) return put(0xe0 | codePoint >> 12, follow(6), follow(0));
  return put(0xf0 | codePoint >> 18, follow(12), follow(6), follow(0));
}

// Characters of all planes; one in forty is truncated.
void fillScripts(uint8_t* p, size_t size, std::mt19937& random) {
  uint8_t character[4];
  for (size_t i = 0; i < size;) {
    const uint32_t codePoint = random() % (1u << (4 + random() % 17));
    const size_t length = putCharacter(character, codePoint) - (random() % 40 == 0);
    for (size_t k = 0; k < length && i < size; k++) p[i++] = character[k];
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

/// Conditions with needles that begin or end inside characters, or contain bytes that are not text.
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

void testLength(GuardedMemory& memory, uint32_t length, const Kernel& kernel, Fill fill, std::mt19937& random) {
  for (uint32_t variant = 0; variant < 16; variant++) {
    uint8_t* const data = memory.roomFor(length, random);
    const bool before = variant & 4, after = variant & 8;
    fill(data - kReadBefore, kReadBefore + length + kReadAfter, random);
    // At a closed edge the nearest bytes belong to no character. The bytes beyond them must not matter.
    if (!before) std::memset(data - 3, 0, 3);
    if (!after) std::memset(data + length, 0, 3);
    compare(kernel, {0x1000, data, length, before, after}, wantedBy(variant, random), askedBy(variant, random));
  }
}

void testLengths(const Kernel& kernel, Fill fill, std::mt19937& random) {
  GuardedMemory memory(4 * 4096);
  for (uint32_t length = 0; length <= 330; length++) testLength(memory, length, kernel, fill, random);
  // Around the size of a kernel's batch of words.
  for (uint32_t length = 4096 - 200; length <= 4096 + 200; length++) {
    testLength(memory, length, kernel, fill, random);
  }
  for (uint32_t length = 8192 - 70; length <= 8192 + 70; length += 5) {
    testLength(memory, length, kernel, fill, random);
  }
}

void testLong(const Kernel& kernel, Fill fill, std::mt19937& random) {
  GuardedMemory memory(300'000);
  for (int round = 0; round < 12; round++) {
    const uint32_t length = 200'000 + random() % 60'000;
    uint8_t* const data = memory.end() - kReadAfter - length;
    std::memset(memory.begin(), 0, memory.end() - memory.begin());
    fill(data, length + kReadAfter, random);
    std::memset(data + length, 0, 3);
    compare(kernel, {0x1000, data, length, false, false}, wantedBy(round, random), askedBy(round, random));
  }
}

class Kernels : public EachKernel {
 protected:
  void testAll(Fill fill) {
    testLengths(kernel, fill, random);
    testLong(kernel, fill, random);
  }
};

TEST_P(Kernels, FindStringsInRandomBytes) { testAll(fillRandom); }
TEST_P(Kernels, FindStringsInText) { testAll(fillText); }
TEST_P(Kernels, FindStringsOfLongCharacters) { testAll(fillCharacters); }
TEST_P(Kernels, FindStringsOfManyScripts) { testAll(fillScripts); }

TEST_P(Kernels, KnowEveryCharacter) {
  GuardedMemory memory(4096);
  for (uint32_t first = 0; first < 0x110000; first += 64) {
    std::memset(memory.begin(), 0, 4096);
    uint8_t* const data = memory.begin() + kReadBefore + random() % 64;
    uint32_t length = 0;
    for (uint32_t codePoint = first; codePoint < first + 64; codePoint++) {
      length += putCharacter(data + length, codePoint);
    }
    compare(kernel, {0x1000, data, length, false, false}, {Encoding::utf8, 1, {}, false}, std::nullopt);
  }
}

TEST_P(Kernels, FindStringsFarApart) { testLong(kernel, fillSparse, random); }

INSTANTIATE_TEST_SUITE_P(, Kernels, supported(), kernelName);

}  // namespace
