// Hits of a search for bytes or pointers, as lines for people or for machines.
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
  uint8_t addressDigits;  // hexadecimal digits of an address, at least
};

/// Appends a line for a hit of bytes. In text it shows some bytes before the hit, the hit and some bytes after it, in
/// hexadecimal and as ASCII. `labels` are in order; if empty, the line has no label.
void writeBytes(const Hit& hit, const HitStyle& style, std::span<const RegionLabel> labels, LineBuffer& out);

/// Appends a line for a pointer: its value, and in text its offset in the range that begins at `start`. `labels` are in
/// order; if empty, the line has no label.
void writePointer(const Hit& hit, uint64_t start, const HitStyle& style, std::span<const RegionLabel> labels,
                  LineBuffer& out);

/// Returns the little-endian word at a hit of 8 bytes.
uint64_t wordOf(const Hit& hit);

}  // namespace memscan
