#include "page_class.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "kernel.h"

namespace memscan {

namespace {

constexpr size_t kWord = 8;

/// The most words to look up in the ranges.
constexpr size_t kLookups = 16;

uint64_t wordAt(const uint8_t* p) {
  uint64_t word;
  std::memcpy(&word, p, kWord);
  return word;
}

bool isZero(const uint8_t* page, size_t length) {
  if (page[0] || page[length - 1]) return false;
  return std::memcmp(page, page + 1, length - 1) == 0;
}

bool isRepeated(const uint8_t* page, size_t length) {
  if (length < 256) return false;
  const uint64_t first = wordAt(page);
  for (const size_t period : {1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64}) {
    if (wordAt(page + period) == first && std::memcmp(page, page + period, length - period) == 0) return true;
  }
  return false;
}

/// The sampled words, padded with zeros.
struct Sampled {
  std::array<uint64_t, kSampledWords> words = {};
  size_t count = 0;
};

// Samples one of eight words, at a varying index among them, so that records whose size is a power of two do not show
// the same field each time.
Sampled sampleOf(const uint8_t* page, size_t length) {
  Sampled sample;
  for (size_t i = 0; i < kSampledWords; i++) {
    const size_t at = kWord * (8 * i + (5 * i & 7));
    if (at + kWord > length) break;
    sample.words[sample.count++] = wordAt(page + at);
  }
  return sample;
}

// Estimates how many of the words that may be pointers are.
size_t countPointers(const Sampled& sample, uint64_t mayPoint, const PointerRanges& pointers) {
  const auto candidates = static_cast<size_t>(std::popcount(mayPoint));
  size_t tested = 0;
  size_t held = 0;
  for (; mayPoint && tested < kLookups; tested++, mayPoint &= mayPoint - 1) {
    held += pointers.hold(sample.words[static_cast<size_t>(std::countr_zero(mayPoint))]);
  }
  return tested ? candidates * held / tested : 0;
}

// Of random words one in 128 may be a pointer, and none is zero or small; a few others may be among them, like malloc's
// headers.
bool mayBeRandom(const Sampled& sample, const WordCounts& counts) {
  const size_t zeros = counts.zero - (kSampledWords - sample.count);
  return zeros + counts.small + static_cast<size_t>(std::popcount(counts.mayPoint)) <= 8;
}

// Sums the squares of the frequencies of 256 bytes: random bytes give 511 with a standard deviation of 23.
bool looksRandom(const Sampled& sample) {
  constexpr size_t bytes = 256;
  if (kWord * sample.count < bytes) return false;
  std::array<uint16_t, 256> times = {};
  const auto* const p = reinterpret_cast<const uint8_t*>(sample.words.data());
  for (size_t i = 0; i < bytes; i++) times[p[i]]++;
  size_t squares = 0;
  for (const uint16_t number : times) squares += size_t{number} * number;
  return squares < 640;
}

}  // namespace

bool PointerRanges::hold(uint64_t value) const {
  const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), value,
                                      [](uint64_t address, const Range& range) { return address < range.start; });
  return after != ranges_.begin() && value < after[-1].end;
}

PageClass classOf(const uint8_t* page, size_t length, const PointerRanges& pointers) {
  if (isZero(page, length)) return PageClass::zero;
  if (isRepeated(page, length)) return PageClass::repeated;
  const Sampled sample = sampleOf(page, length);
  const WordCounts counts = contentKernel().countWords(sample.words.data());
  const size_t filled = kSampledWords - counts.zero;
  if (16 * filled <= sample.count) return PageClass::sparse;
  const auto most = [filled](size_t part) { return 2 * part >= filled; };
  if (most(counts.text)) return PageClass::text;
  const size_t point = countPointers(sample, counts.mayPoint, pointers);
  if (most(point)) return PageClass::pointers;
  if (most(counts.small)) return PageClass::sparse;
  if (most(counts.doubles) || most(counts.floats)) return PageClass::floats;
  if (mayBeRandom(sample, counts) && looksRandom(sample)) return PageClass::random;
  // Records of mixed content: takes the most frequent kind.
  const size_t known = std::max({counts.text, point, counts.small});
  if (3 * known < filled) return PageClass::other;
  return known == counts.text ? PageClass::text : known == point ? PageClass::pointers : PageClass::sparse;
}

}  // namespace memscan
