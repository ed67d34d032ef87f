// A 64-bit hash of bytes, whose every part can serve as a random number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace memscan {

inline uint64_t mixed(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

/// Hashes `length` bytes, after wyhash (https://github.com/wangyi-fudan/wyhash): 16 bytes a step, by 64-bit
/// multiplications. It is not secret: an attacker who chooses the bytes can make two texts with equal hashes, and gains
/// only that they count as one. `bits`, if given, receives the bitwise or of all bytes, as words.
inline uint64_t hashBytes(const uint8_t* p, size_t length, uint64_t seed = 0, uint64_t* bits = nullptr) {
  constexpr uint64_t kFirst = 0xa0761d6478bd642f;
  constexpr uint64_t kSecond = 0xe7037ed1a0b428db;
  const auto read = [](const uint8_t* from, size_t count) {
    uint64_t word = 0;
    std::memcpy(&word, from, count);
    return word;
  };
  uint64_t hash = seed ^ kFirst;
  uint64_t seen = 0;
  const auto mix = [&](uint64_t low, uint64_t high) {
    seen |= low | high;
    hash = mixed(low ^ kSecond, high ^ hash);
  };
  const uint8_t* const end = p + length;
  if (length >= 16) {
    for (; end - p > 16; p += 16) mix(read(p, 8), read(p + 8, 8));
    mix(read(end - 16, 8), read(end - 8, 8));  // overlaps bytes before if these are not a whole step
  } else if (length >= 8) {
    mix(read(p, 8), read(end - 8, 8));
  } else {
    mix(read(p, length), 0);
  }
  if (bits) *bits = seen;
  return mixed(kSecond ^ length, hash ^ kFirst);
}

}  // namespace memscan
