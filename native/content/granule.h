// The families of a stretch of addresses.
#pragma once

#include <cstdint>
#include <vector>

#include "family.h"

namespace memscan {

/// Memory is summed up by granules, stretches of so many bytes of addresses: whatever it is cut into for reading, what
/// a granule comes to is the same, and so is what comes of the granules in their order. A string belongs to the granule
/// that holds it, its edges apart; one that touches or crosses them is a granule of its own.
inline constexpr unsigned kGranuleBits = 22;

inline uint64_t granuleOf(uint64_t address) { return address >> kGranuleBits; }

inline bool isInsideGranule(uint64_t address, uint64_t length) {
  return address != granuleOf(address) << kGranuleBits && granuleOf(address) == granuleOf(address + length);
}

/// Of a granule, families are kept that are wider than the widest but so many: these at most. Of any other, so many
/// bytes are lost at most as that one had, which is less than the granule's bytes of text over kGranuleFamilies.
inline constexpr size_t kGranuleFamilies = 512;

struct Granule {
  uint64_t number;
  std::vector<Family> families;
  bool reduced = false;
  uint64_t lost = 0;  // of a family that is not among them: bytes, at most
};

/// Bytes of the widest but kGranuleFamilies of these; none where there are no more. Leaves them in another order.
uint64_t leastKept(std::vector<uint64_t>& widths);

/// Leaves those that are kept. For a granule of which all is known.
void reduce(Granule& granule);

}  // namespace memscan
