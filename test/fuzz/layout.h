// Dividing memory into chunks as an input says.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../../native/memory/source.h"
#include "input.h"

/// Memory in parts. The memory between parts is not read.
struct Layout {
  std::vector<memscan::Range> whole;   // not touching
  std::vector<memscan::Chunk> chunks;  // the same memory, cut into chunks
};

inline Layout layOut(Input& input, uint64_t size) {
  Layout layout;
  uint64_t at = 0;
  for (uint32_t parts = input.from(1, 40); at < size && parts > 0; parts--) {
    const uint64_t end = parts == 1 ? size : std::min<uint64_t>(size, at + input.from(1, 200));
    const uint32_t gap = input.flag() ? input.from(0, 3) : 0;
    const bool touches = !layout.whole.empty() && layout.whole.back().end == at;
    if (touches) {
      layout.whole.back().end = end;
    } else {
      layout.whole.push_back({at, end});
    }
    if (touches || layout.chunks.empty() || input.flag()) layout.chunks.push_back({{}, 0, 0});
    layout.chunks.back().ranges.push_back({at, end});
    at = end + gap;
  }
  return layout;
}

/// Gives each chunk margins in its neighbours: `margin` bytes, or as many as there are.
inline void joinUp(Layout& layout, uint64_t margin) {
  for (memscan::Chunk& chunk : layout.chunks) {
    const memscan::Range first = chunk.ranges.front(), last = chunk.ranges.back();
    for (const memscan::Range& range : layout.whole) {
      if (range.start <= first.start && first.start < range.end)
        chunk.before = std::min<uint64_t>(margin, first.start - range.start);
      if (range.start < last.end && last.end <= range.end)
        chunk.after = std::min<uint64_t>(margin, range.end - last.end);
    }
  }
}

/// Returns each part as one chunk.
inline std::vector<memscan::Chunk> uncut(const Layout& layout) {
  std::vector<memscan::Chunk> chunks;
  for (const memscan::Range& range : layout.whole) chunks.push_back({{range}, 0, 0});
  return chunks;
}
