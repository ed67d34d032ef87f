// Hits of a search for bytes or pointers as lines for people or for machines.
#pragma once

#include <cstdint>
#include <span>

#include "../search/hits.h"
#include "line_buffer.h"
#include "region_label.h"

namespace memscan {

struct HitStyle {
  bool json;
  bool color;
  uint8_t addressDigits;  // at least so many
};

/// Writes a line for a hit of bytes: in text some bytes before it, itself and some behind it, in hexadecimal and as
/// ASCII. `labels` are in order; without any, nothing is said of regions.
void writeBytes(const Hit& hit, const HitStyle& style, std::span<const RegionLabel> labels, LineBuffer& out);

/// Likewise for a pointer: its value, in text with the offset in the range that begins at `start`.
void writePointer(const Hit& hit, uint64_t start, const HitStyle& style, std::span<const RegionLabel> labels,
                  LineBuffer& out);

/// The little-endian word that stands at a hit.
uint64_t wordOf(const Hit& hit);

}  // namespace memscan
