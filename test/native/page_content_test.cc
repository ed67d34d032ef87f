// The content of pages with every implementation: how many words of each kind they have, and where something may begin.
#include <bit>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "../../native/content/beginnings.h"
#include "../../native/content/kernel.h"
#include "../../native/content/signatures.h"
#include "each_kernel.h"

namespace {

using memscan::WordCounts;

// Returns a word of any kind, or between two kinds.
uint64_t wordOf(std::mt19937& random) {
  const uint64_t bits = uint64_t{random()} << 32 | random();
  switch (random() % 10) {
    case 0:
      return 0;
    case 1:
      return bits & 0xffff;
    case 2:
      return (bits & 0xffff) - 0x10000;
    case 3:
      return (bits & 0x0000ffff0000ffff) + 0x00010000 * (random() % 2);
    case 4:
      return bits >> (7 + random() % 50);
    case 5:
      return std::bit_cast<uint64_t>(static_cast<double>(random()) / 1000);
    case 6:
      return uint64_t{std::bit_cast<uint32_t>(static_cast<float>(random() % 1000))} * 0x100000001;
    case 7:
      return 0x2020202020202020 + (bits & 0x5f5f5f5f5f5f5f5f);
    case 8:
      return (0x0020002000200020 + (bits & 0x005f005f005f005f) + (random() % 8 ? 0 : bits & 0x0040000000008000))
             << 8 * (random() % 2);
    default:
      return bits;
  }
}

bool isText(uint64_t word) {
  uint8_t bytes[8];
  std::memcpy(bytes, &word, 8);
  for (int i = 0; i < 8; i++) {
    const bool follows = i > 0 && bytes[i - 1] >= 0xc0;
    const bool mayFollow = i == 0 || bytes[i - 1] >= 0x80;
    const bool continues = bytes[i] >= 0x80 && bytes[i] < 0xc0;
    if (bytes[i] < 0x20 || (follows && !continues) || (continues && !mayFollow)) return false;
  }
  return true;
}

// Whether the bytes are UTF-16 units, LE or BE, of ASCII without controls.
bool isWide(uint64_t word) {
  uint8_t bytes[8];
  std::memcpy(bytes, &word, 8);
  const auto isUnits = [&](int first) {
    for (int i = 0; i < 8; i += 2) {
      if (bytes[i + first] < 0x20 || bytes[i + first] >= 0x80 || bytes[i + 1 - first]) return false;
    }
    return true;
  };
  return isUnits(0) || isUnits(1);
}

bool isSmall(uint32_t half) { return half < 0x10000 || half >= 0xffff0000; }

bool between(uint64_t value, uint64_t least, uint64_t most) { return least <= value && value <= most; }

WordCounts countOneByOne(const std::vector<uint64_t>& words) {
  WordCounts counts = {};
  for (size_t i = 0; i < words.size(); i++) {
    const uint64_t word = words[i];
    const bool text = isText(word) || isWide(word);
    const bool small = word && isSmall(static_cast<uint32_t>(word)) && isSmall(static_cast<uint32_t>(word >> 32));
    const bool points = !text && !small && between(word, 4096, (uint64_t{1} << 57) - 1);
    counts.zero += word == 0;
    counts.text += text;
    counts.small += small;
    counts.doubles += !text && !points && between(word >> 52 & 0x7ff, 1023 - 40, 1023 + 40);
    counts.floats += between(word >> 23 & 0xff, 127 - 20, 127 + 20) && between(word >> 55 & 0xff, 127 - 20, 127 + 20);
    counts.mayPoint |= uint64_t{points} << i;
  }
  return counts;
}

TEST(PageContent, CountsWordsAsOneByOne) {
  std::mt19937 random(seed());
  std::vector<uint64_t> words(memscan::kSampledWords);
  for (int i = 0; i < 20'000; i++) {
    for (uint64_t& word : words) word = wordOf(random);
    const WordCounts expected = countOneByOne(words);
    for (const memscan::ContentKernel* const kernel : memscan::contentKernels()) {
      const WordCounts counts = kernel->countWords(words.data());
      ASSERT_EQ(counts.zero, expected.zero);
      ASSERT_EQ(counts.text, expected.text);
      ASSERT_EQ(counts.small, expected.small);
      ASSERT_EQ(counts.doubles, expected.doubles);
      ASSERT_EQ(counts.floats, expected.floats);
      ASSERT_EQ(counts.mayPoint, expected.mayPoint);
    }
  }
}

TEST(PageContent, PassesOverNothingThatBegins) {
  constexpr size_t kBytes = memscan::kBeginnings * memscan::kBeginningStep;
  const std::vector<uint8_t> firsts = {0x1f, 0x78, 0x89, 0xff, 0xca, 0x7f, 0x14, 0x16,
                                       0x08, 0x0a, '{',  '[',  'G',  'P',  'H'};
  const std::vector<uint8_t> seconds = {0x8b, 0x01, 0x9c, 'P', 0xd8, 0xfe, 0x45, 0x03,
                                        0x80, 0x7f, '"',  '{', 'E',  'T',  0};
  std::mt19937 random(seed());
  std::vector<uint8_t> bytes(kBytes);  // of exact size, so that the sanitizer detects reads beyond it
  for (int i = 0; i < 50'000; i++) {
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    for (size_t at = 0; at < kBytes; at += memscan::kBeginningStep) {
      if (random() % 4) continue;
      bytes[at] = firsts[random() % firsts.size()];
      bytes[at + 1] = seconds[random() % seconds.size()];
    }
    uint32_t expected = 0;
    for (size_t step = 0; step < memscan::kBeginnings; step++) {
      expected |= uint32_t{memscan::kBeginningPairs.hold(&bytes[step * memscan::kBeginningStep])} << step;
    }
    for (const memscan::ContentKernel* const kernel : memscan::contentKernels()) {
      ASSERT_EQ(kernel->findBeginnings(bytes.data()) & expected, expected);
    }
  }
}

TEST(PageContent, CountsSignaturesWhereverTheyBegin) {
  const std::string png = "\x89PNG\r\n\x1a\n";
  for (size_t length = 16; length <= 4096; length += 16) {
    std::vector<uint8_t> page(length);
    std::copy(png.begin(), png.end(), page.end() - 16);
    memscan::SignatureCounts counts = {};
    memscan::countSignatures(page.data(), length, counts);
    ASSERT_EQ(counts[static_cast<size_t>(memscan::Signature::png)], 1u) << length;
  }
}

}  // namespace
