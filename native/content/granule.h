// The families of a granule, a fixed range of addresses.
#pragma once

#include <cstdint>
#include <vector>

#include "family.h"

namespace memscan {

/// Families are summed up by granules, ranges of kGranuleBytes addresses at multiples of that. However memory is cut
/// into chunks, a granule's sum is the same, and so is the sum of granules in order. A string belongs to the granule
/// that contains it without touching the granule's edges; a string that touches or crosses an edge is a granule of its
/// own.
inline constexpr unsigned kGranuleBits = 22;
inline constexpr uint64_t kGranuleBytes = uint64_t{1} << kGranuleBits;

/// The width of a granule's edges in a scan of several encodings: memory is cut at the first position after an edge, or
/// the last one before it, that no string crosses (see Mix), and that is seldom further away.
inline constexpr uint64_t kMixedEdge = 4096;

inline uint64_t granuleOf(uint64_t address) { return address >> kGranuleBits; }

/// Whether a string lies inside a granule. `edge`: width in bytes of the edges on either side of where granules meet.
inline bool isInsideGranule(uint64_t address, uint64_t length, uint64_t edge = 0) {
  const uint64_t start = granuleOf(address) << kGranuleBits;
  return address > start + edge && address + length + edge < start + kGranuleBytes;
}

/// A granule keeps only families larger than its (kGranuleFamilies + 1)-th largest, so this many at most. Every other
/// family loses at most that one's bytes, which are fewer than the granule's bytes of text / kGranuleFamilies.
inline constexpr size_t kGranuleFamilies = 512;

struct Granule {
  uint64_t number;
  std::vector<Family> families;
  bool reduced = false;
  uint64_t lost = 0;  // bytes of a family that is not among them, at most
};

/// Returns a granule that contains only this string.
Granule granuleOfOne(const Member& member);

/// Returns the (kGranuleFamilies + 1)-th largest of the sizes, or 0 if there are no more than kGranuleFamilies.
/// Reorders `sizes`.
uint64_t leastKept(std::vector<uint64_t>& sizes);

/// Drops the families that are not kept. The granule must be complete.
void reduce(Granule& granule);

}  // namespace memscan
