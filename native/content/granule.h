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
inline constexpr uint64_t kGranuleBytes = uint64_t{1} << kGranuleBits;

/// Of several encodings a granule's edges are so wide: memory is cut for reading at the first place behind an edge, or
/// the last before it, over which no string goes (see Mix), and that is seldom further away.
inline constexpr uint64_t kMixedEdge = 4096;

inline uint64_t granuleOf(uint64_t address) { return address >> kGranuleBits; }

/// `edge`: bytes of an edge on either side of where granules meet.
inline bool isInsideGranule(uint64_t address, uint64_t length, uint64_t edge = 0) {
  const uint64_t start = granuleOf(address) << kGranuleBits;
  return address > start + edge && address + length + edge < start + kGranuleBytes;
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

/// A string's own.
Granule granuleOfOne(const Member& member);

/// Bytes of the widest but kGranuleFamilies of these; none where there are no more. Leaves them in another order.
uint64_t leastKept(std::vector<uint64_t>& sizes);

/// Leaves those that are kept. For a granule of which all is known.
void reduce(Granule& granule);

}  // namespace memscan
