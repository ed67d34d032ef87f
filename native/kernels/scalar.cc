// The kernel that every machine can run. Tests compare the others with it.
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
  using Vector = std::array<uint8_t, 64>;

  typedef uint64_t Lanes __attribute__((vector_size(16)));

  static Vector load(const uint8_t* p) {
    Vector vector;
    std::copy_n(p, 64, vector.begin());
    return vector;
  }
  static Vector none() { return {}; }
  static Vector greater(const Vector& a, const Vector& b) {
    Vector greatest;
    for (int i = 0; i < 64; i++) greatest[i] = std::max(a[i], b[i]);
    return greatest;
  }
  static uint64_t asciiText(const Vector& vector) { return mask(vector, isAsciiText); }
  static uint64_t within(const Vector& vector, uint8_t first, uint8_t last) {
    return mask(vector, [first, last](uint8_t byte) { return byte >= first && byte <= last; });
  }
  static uint64_t equals(const Vector& vector, uint8_t value) {
    return mask(vector, [value](uint8_t byte) { return byte == value; });
  }
  static Vector with(const Vector& vector, uint8_t bits) {
    return each(vector, [bits](uint8_t byte) { return byte | bits; });
  }

  using Table = std::array<uint8_t, 16>;

  static Table table(const uint8_t* p) {
    Table table;
    std::copy_n(p, 16, table.begin());
    return table;
  }
  static Vector lookup(const Table& table, const Vector& vector) {
    Vector found;
    // Unrolling makes 80 KB of code, and it is no faster.
#pragma GCC unroll 1
    for (int i = 0; i < 64; i++) found[i] = table[vector[i]];
    return found;
  }
  static Vector low(const Vector& vector) {
    return each(vector, [](uint8_t byte) { return byte & 0x0f; });
  }
  static Vector high(const Vector& vector) {
    return each(vector, [](uint8_t byte) { return byte >> 4; });
  }
  static Vector both(const Vector& a, const Vector& b) {
    Vector both;
    for (int i = 0; i < 64; i++) both[i] = a[i] & b[i];
    return both;
  }
  static uint64_t anyBoth(const Vector& a, const Vector& b) {
    return mask(both(a, b), [](uint8_t byte) { return byte != 0; });
  }

  static uint64_t wordsIn(const Vector& vector, uint64_t start, uint64_t size) {
    uint64_t words[8];
    std::memcpy(words, vector.data(), sizeof words);
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) bits |= uint64_t{words[i] - start < size} << i;
    return bits;
  }

 private:
  template <class Change>
  static Vector each(const Vector& vector, Change change) {
    Vector changed;
    for (int i = 0; i < 64; i++) changed[i] = change(vector[i]);
    return changed;
  }

  template <class Test>
  static uint64_t mask(const Vector& vector, Test test) {
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++) bits |= uint64_t{test(vector[i])} << i;
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
