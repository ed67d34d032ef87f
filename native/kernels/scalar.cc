// The kernel every machine can run, and the one the others are compared with.
#include <algorithm>
#include <array>
#include <cstring>

#include "class_run.h"
#include "needle.h"
#include "needle_set.h"
#include "pointer.h"
#include "runs.h"

namespace memscan {
namespace {

struct Scalar {
  using Block = std::array<uint8_t, 64>;

  typedef uint64_t Lanes __attribute__((vector_size(16)));

  static Block load(const uint8_t* p) {
    Block block;
    std::copy_n(p, 64, block.begin());
    return block;
  }
  static Block none() { return {}; }
  static Block greater(const Block& a, const Block& b) {
    Block greatest;
    for (int i = 0; i < 64; i++) greatest[i] = std::max(a[i], b[i]);
    return greatest;
  }
  static uint64_t asciiText(const Block& block) { return mask(block, isAsciiText); }
  static uint64_t within(const Block& block, uint8_t first, uint8_t last) {
    return mask(block, [first, last](uint8_t byte) { return byte >= first && byte <= last; });
  }
  static uint64_t equals(const Block& block, uint8_t value) {
    return mask(block, [value](uint8_t byte) { return byte == value; });
  }
  static Block with(const Block& block, uint8_t bits) {
    return each(block, [bits](uint8_t byte) { return byte | bits; });
  }

  using Table = std::array<uint8_t, 16>;

  static Table table(const uint8_t* p) {
    Table table;
    std::copy_n(p, 16, table.begin());
    return table;
  }
  static Block lookup(const Table& table, const Block& block) {
    Block found;
    // Unrolled, it is 80 KB of code, and no faster.
#pragma GCC unroll 1
    for (int i = 0; i < 64; i++) found[i] = table[block[i]];
    return found;
  }
  static Block low(const Block& block) {
    return each(block, [](uint8_t byte) { return byte & 0x0f; });
  }
  static Block high(const Block& block) {
    return each(block, [](uint8_t byte) { return byte >> 4; });
  }
  static Block both(const Block& a, const Block& b) {
    Block both;
    for (int i = 0; i < 64; i++) both[i] = a[i] & b[i];
    return both;
  }
  static uint64_t anyBoth(const Block& a, const Block& b) {
    return mask(both(a, b), [](uint8_t byte) { return byte != 0; });
  }

  static uint64_t wordsIn(const Block& block, uint64_t start, uint64_t size) {
    uint64_t words[8];
    std::memcpy(words, block.data(), sizeof words);
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) bits |= uint64_t{words[i] - start < size} << i;
    return bits;
  }

 private:
  template <class Change>
  static Block each(const Block& block, Change change) {
    Block changed;
    for (int i = 0; i < 64; i++) changed[i] = change(block[i]);
    return changed;
  }

  template <class Test>
  static uint64_t mask(const Block& block, Test test) {
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++) bits |= uint64_t{test(block[i])} << i;
    return bits;
  }
};

RunCount findRuns(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out) {
  return RunFinder<Scalar>(data, length, spec, out).find();
}

TextReach textAfter(const uint8_t* p, const uint8_t* end, Encoding encoding) {
  uint32_t characters = 0;
  while (p < end) {
    const uint32_t length = characterAt(p, encoding).length;
    if (!length) break;
    p += length;
    characters++;
  }
  return {std::min(p, end), characters};
}

TextReach textBefore(const uint8_t* p, const uint8_t* begin, Encoding encoding) {
  uint32_t characters = 0;
  while (p > begin) {
    const uint32_t length = characterLengthBefore(p, encoding);
    if (!length) break;
    p -= length;
    characters += p >= begin;
  }
  return {std::max(p, begin), characters};
}

}  // namespace

extern const Kernel kScalar;
const Kernel kScalar = {"scalar",
                        [] { return true; },
                        findRuns,
                        textAfter,
                        textBefore,
                        findNeedleWith<Scalar>,
                        findNeedlesWith<Scalar>,
                        findClassRunWith<Scalar>,
                        findPointerWith<Scalar>};

}  // namespace memscan
