#include "page_class.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace memscan {

namespace {

constexpr size_t kWord = 8;

/// Words looked at of a page: one of eight, each time at another place among them, so that records of a power of two
/// do not show the same field each time.
constexpr size_t kSampled = 64;

/// Words that are looked up among the ranges.
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

// Whether eight bytes may be amid text in UTF-8: no controls, and lead and continuation bytes as they follow on each
// other. Of random ones, one in a hundred is.
bool isTextWord(uint64_t word) {
  constexpr uint64_t kHigh = 0x8080808080808080;
  const uint64_t high = word & kHigh;
  const uint64_t noControls = (((word & ~kHigh) + 0x6060606060606060) | high) & kHigh;  // bytes from 0x20 or 0x80 on
  const uint64_t leads = high & word << 1;
  const uint64_t follows = high & ~(word << 1);
  const uint64_t unled = (follows & ~((leads | follows) << 8)) >> 8;  // the first byte may follow on others
  return noControls == kHigh && !unled && !(leads << 8 & ~follows);
}

bool mayPoint(uint64_t word) { return word >= kClassPage && word < uint64_t{1} << 57; }

bool isSmall(uint32_t half) { return half < 0x10000 || half >= 0xffff0000; }
bool isSmall(uint64_t word) {
  return isSmall(static_cast<uint32_t>(word)) && isSmall(static_cast<uint32_t>(word >> 32));
}

// Magnitudes from 2^-40 to 2^40; of random bytes, one in 25 is.
bool isDouble(uint64_t word) {
  const uint64_t exponent = word >> 52 & 0x7ff;
  return exponent >= 1023 - 40 && exponent <= 1023 + 40;
}

// From 2^-20 to 2^20, both of them; of random bytes, one in 40 is.
bool isFloatPair(uint64_t word) {
  const auto fits = [](uint64_t half) {
    const uint64_t exponent = half >> 23 & 0xff;
    return exponent >= 127 - 20 && exponent <= 127 + 20;
  };
  return fits(word & 0xffffffff) && fits(word >> 32);
}

struct Counts {
  size_t words = 0;
  size_t zero = 0;
  size_t text = 0;
  size_t small = 0;
  size_t floats = 0;
  size_t doubles = 0;
  size_t mayPoint = 0;
  size_t point = 0;
  size_t lookups = 0;
};

struct Sampled {
  std::array<uint64_t, kSampled> words;
  size_t count = 0;
};

Sampled sampleOf(const uint8_t* page, size_t length) {
  Sampled sample;
  for (size_t i = 0; i < kSampled; i++) {
    const size_t at = kWord * (8 * i + (5 * i & 7));
    if (at + kWord > length) break;
    sample.words[sample.count++] = wordAt(page + at);
  }
  return sample;
}

Counts count(const Sampled& sample, const PointerRanges& pointers) {
  Counts counts;
  counts.words = sample.count;
  std::array<uint64_t, kSampled> candidates;
  for (size_t i = 0; i < sample.count; i++) {
    const uint64_t word = sample.words[i];
    const bool zero = word == 0;
    const bool text = isTextWord(word);
    const bool small = !zero && isSmall(word);
    const bool pointer = !text && !zero && !small && mayPoint(word);
    counts.zero += zero;
    counts.text += text;
    counts.small += small;
    counts.doubles += !text && !pointer && isDouble(word);
    counts.floats += !zero && isFloatPair(word);
    candidates[counts.mayPoint] = word;
    counts.mayPoint += pointer;
  }
  counts.lookups = std::min(counts.mayPoint, kLookups);
  for (size_t i = 0; i < counts.lookups; i++) counts.point += pointers.hold(candidates[i]);
  return counts;
}

// The sum of the squares of how often each of 256 bytes is there: by chance 511 with a standard deviation of 23.
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
  const Counts counts = count(sample, pointers);
  const size_t filled = counts.words - counts.zero;
  if (16 * filled <= counts.words) return PageClass::sparse;
  const auto most = [filled](size_t part) { return 2 * part >= filled; };
  if (most(counts.text)) return PageClass::text;
  const size_t point = counts.lookups ? counts.mayPoint * counts.point / counts.lookups : 0;
  if (most(point)) return PageClass::pointers;
  if (most(counts.small)) return PageClass::sparse;
  if (most(counts.doubles) || most(counts.floats)) return PageClass::floats;
  if (looksRandom(sample)) return PageClass::random;
  // Records: what there is most of.
  const size_t known = std::max({counts.text, point, counts.small});
  if (3 * known < filled) return PageClass::other;
  return known == counts.text ? PageClass::text : known == point ? PageClass::pointers : PageClass::sparse;
}

}  // namespace memscan
