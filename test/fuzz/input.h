// Decoding a fuzzer's input, and reporting a broken invariant.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

/// Takes values from the front of an input; zeros once it is used up.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : rest_(data, size) {}

  bool flag() { return number<uint8_t>() & 1; }

  template <class Number>
  Number number() {
    uint64_t value = 0;
    for (const uint8_t byte : bytes(sizeof(Number))) value = value << 8 | byte;
    return static_cast<Number>(value);
  }

  /// Takes a byte and maps it to `least` to `most`.
  uint32_t from(uint32_t least, uint32_t most) { return least + number<uint8_t>() % (most - least + 1); }

  /// Takes `count` bytes, or the rest if there are fewer.
  std::span<const uint8_t> bytes(size_t count) {
    const auto taken = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

  std::span<const uint8_t> rest() { return bytes(rest_.size()); }
  bool isEmpty() const { return rest_.empty(); }

 private:
  std::span<const uint8_t> rest_;
};

/// Aborts the process if an invariant does not hold, so that the fuzzer keeps the input.
inline void require(bool holds, const char* invariant) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", invariant);
  std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
