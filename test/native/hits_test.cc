// Every kernel finds bytes with wildcards and pointers where the definition has them, whatever is readable around the
// segment.
#include <algorithm>
#include <cstring>

#include "../../native/search/hits.h"
#include "each_kernel.h"
#include "guarded_memory.h"

using namespace memscan;

namespace {

struct Pattern {
  std::vector<uint8_t> bytes, loose;

  bool isAt(const uint8_t* begin) const {
    for (size_t i = 0; i < bytes.size(); i++) {
      for (int bit = 0; bit < 8; bit++) {
        if (!(loose[i] >> bit & 1) && (bytes[i] >> bit & 1) != (begin[i] >> bit & 1)) return false;
      }
    }
    return true;
  }
};

struct Expected {
  uint64_t address;
  uint32_t length, before, after;
  auto operator<=>(const Expected&) const = default;
};

Expected expectedAt(uint32_t at, size_t length, const Segment& segment) {
  const size_t left = segment.before + at, right = segment.length + segment.after - at - length;
  return {segment.address + at, static_cast<uint32_t>(length), static_cast<uint32_t>(std::min<size_t>(left, kContext)),
          static_cast<uint32_t>(std::min<size_t>(right, kContext))};
}

std::vector<Expected> reference(const std::vector<Pattern>& patterns, const Segment& segment) {
  std::vector<Expected> all;
  for (uint32_t at = 0; at < segment.length; at++) {
    for (const Pattern& pattern : patterns) {
      const bool fits = at + pattern.bytes.size() <= segment.length + segment.after;
      if (fits && pattern.isAt(segment.data + at)) all.push_back(expectedAt(at, pattern.bytes.size(), segment));
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<Expected> reference(const AddressRange& range, const Segment& segment) {
  std::vector<Expected> all;
  for (uint32_t at = 0; at < segment.length && at + 8 <= segment.length + segment.after; at++) {
    if ((segment.address + at) % 8) continue;
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--) value = value << 8 | segment.data[at + i];
    if (value >= range.start && value <= range.start + (range.size - 1)) all.push_back(expectedAt(at, 8, segment));
  }
  return all;
}

template <class Hits>
void compare(Hits hits, const std::vector<Expected>& expected, const Segment& segment, const std::string& what) {
  if (testing::Test::HasFailure()) return;  // one is enough: there would be thousands
  std::vector<Expected> found;
  while (const auto hit = hits.next()) {
    EXPECT_EQ(hit->bytes, segment.data + (hit->address - segment.address)) << what;
    found.push_back({hit->address, hit->length, hit->before, hit->after});
  }
  if (found == expected) return;
  const auto differing = std::mismatch(found.begin(), found.end(), expected.begin(), expected.end()).second;
  ADD_FAILURE() << what << ": length " << segment.length << ", margins " << segment.before << " " << segment.after
                << ": " << found.size() << " hits, expected " << expected.size() << ", the first that differs at "
                << (differing == expected.end() ? -1 : static_cast<int64_t>(differing->address - segment.address));
}

// Wildcards for whole bytes, for hexadecimal digits, or for any bits.
uint8_t looseBits(std::mt19937& random) {
  static constexpr uint8_t kDigits[] = {0, 0, 0, 0xff, 0xff, 0x0f, 0xf0};
  return random() % 16 ? kDigits[random() % 7] : static_cast<uint8_t>(random());
}

uint8_t byteOf(std::mt19937& random) {
  static constexpr uint8_t kFew[] = {0x00, 0x01, 0x10, 0x11, 0x1f, 0xff, 0xf1, 'a'};
  return random() % 8 ? kFew[random() % 8] : static_cast<uint8_t>(random());
}

std::vector<Pattern> patternsBy(std::mt19937& random) {
  std::vector<Pattern> patterns(1 + (random() % 3 == 0) * (random() % 4));
  for (Pattern& pattern : patterns) {
    const size_t length = random() % 5 ? 1 + random() % 6 : 1 + random() % 256;
    for (size_t i = 0; i < length; i++) {
      pattern.bytes.push_back(byteOf(random));
      pattern.loose.push_back(looseBits(random));
    }
  }
  return patterns;
}

void testBytes(const Kernel& kernel, const Segment& segment, uint8_t* data, std::mt19937& random) {
  const std::vector<Pattern> patterns = patternsBy(random);
  const size_t size = patterns.front().bytes.size();
  if (random() % 2 && size <= segment.length + segment.after) {  // often across the segment's end
    const size_t last = segment.length + segment.after - size;
    std::copy_n(patterns.front().bytes.data(), size, data + (random() % 2 ? last : random() % (last + 1)));
  }
  std::vector<Needle> needles;
  for (const Pattern& pattern : patterns) needles.emplace_back(pattern.bytes, pattern.loose);
  compare(NeedleHits(kernel, needles, segment), reference(patterns, segment), segment,
          std::to_string(patterns.size()) + " patterns, the first of " + std::to_string(size) + " bytes");
}

AddressRange rangeBy(std::mt19937& random) {
  const uint64_t starts[] = {0, 1, uint64_t{1} << 63, 0x7f0000001000, ~uint64_t{0} - 4096, random()};
  const uint64_t start = starts[random() % 6];
  const uint64_t most = ~uint64_t{0} - start;
  const uint64_t sizes[] = {1, 8, 4096, most, most / 2 + 1};
  return {start, std::max<uint64_t>(std::min(sizes[random() % 5], most), 1)};
}

void testPointers(const Kernel& kernel, const Segment& segment, uint8_t* data, std::mt19937& random) {
  const AddressRange range = rangeBy(random);
  const uint64_t near[] = {range.start, range.start - 1, range.start + range.size - 1, range.start + range.size};
  for (uint32_t at = 0; at + 8 <= segment.length + segment.after; at++) {
    if (random() % 16 == 0) std::memcpy(data + at, &near[random() % 4], 8);
  }
  compare(PointerHits(kernel, range, segment), reference(range, segment), segment,
          "pointers to " + std::to_string(range.start) + " + " + std::to_string(range.size));
}

class Hits : public EachKernel {};

TEST_P(Hits, AreFoundByBytesAndByPointers) {
  GuardedMemory memory(4 * 4096);
  for (int round = 0; round < 4; round++) {
    for (uint32_t length = 1; length <= 700; length += length < 150 ? 1 : 7) {
      const uint32_t before = random() % 2 ? 0 : random() % 300;
      const uint32_t after = random() % 2 ? 0 : random() % 300;
      uint8_t* const data = memory.roomFor(before + length + after, random) + before;
      for (uint8_t* p = data - before; p < data + length + after; p++) *p = byteOf(random);
      const Segment segment = {0x1000 + random() % 8, data, length, before > 0, after > 0, before, after};
      testBytes(kernel, segment, data, random);
      testPointers(kernel, segment, data, random);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, Hits, supported(), kernelName);

}  // namespace
