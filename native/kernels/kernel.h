// What every kernel (one instruction set's implementation) does, and which of them this machine can run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../text/text.h"
#include "condition.h"

namespace memscan {

/// Bytes a kernel may read before and after the data it is given. Of those, the three nearest matter: a character may
/// lie across the edge.
inline constexpr size_t kReadBefore = 64;
inline constexpr size_t kReadAfter = 128;

/// The longest minimum the kernels' masks hold; a longer one is the caller's to check.
inline constexpr uint32_t kLongestMinimum = 64;

struct RunSpec {
  Encoding encoding;
  uint32_t minLength;  // bytes of the shortest run wanted, 1 to kLongestMinimum
  bool openBefore;     // the data continues what another call is given: its first run is found whatever its length
  bool openAfter;      // ... is continued in another call: likewise its last run
  bool countOnly;      // runs amid ASCII are counted, and their edges left out
};

/// Where a run begins or ends, as the kernels write it: edges come in pairs, in order. See runAt().
struct Edge {
  uint32_t at;
  uint32_t multibyteEnd;  // no byte from here to `at` belongs to a multi-byte character
};

/// The most edges a kernel writes for `length` bytes, with those it writes beyond its count.
inline constexpr size_t edgeCapacity(size_t length) { return length + 8; }

/// A maximal sequence of bytes that may be text. It may be empty, at an open edge only.
struct Run {
  uint32_t begin;  // offsets from the start of the data
  uint32_t end;
  bool multibyte;  // may hold multi-byte characters: decode before believing it
};

inline Run runAt(const Edge* pair, const RunSpec& spec, uint32_t length) {
  const uint32_t reach = spec.minLength - 1;
  const uint32_t begin = pair[0].at < reach ? 0 : pair[0].at - reach;
  return {begin, pair[1].at < length ? pair[1].at : length, pair[1].multibyteEnd > begin};
}

struct RunCount {
  size_t edges;
  uint64_t counted;  // runs without edges
};

/// Addresses, from `start` on so many: at least one.
struct AddressRange {
  uint64_t start;
  uint64_t size;
};

/// Text on one side of a place: where it ends there, and the characters that begin in it.
struct TextReach {
  const uint8_t* edge;
  uint32_t characters;
};

struct Kernel {
  const char* name;
  bool (*supported)();

  /// Finds the runs of bytes that may be text: ASCII text, or a lead byte with up to three continuation bytes behind
  /// it. In UTF-8 that is more than text (overlong forms, unassigned characters), never less.
  RunCount (*findRuns)(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out);

  /// The text from `p` on, where a character begins: to the first byte that begins none of text, or to `end`. The last
  /// character may reach beyond that.
  TextReach (*textAfter)(const uint8_t* p, const uint8_t* end, Encoding encoding);

  /// The text that ends just before `p`, likewise back to `begin`.
  TextReach (*textBefore)(const uint8_t* p, const uint8_t* begin, Encoding encoding);

  /// Where the condition is first met in [from, end), whole; of the needles of a set that stand there by the shortest.
  Occurrence find(const uint8_t* from, const uint8_t* end, const Condition& condition) const;

  Occurrence (*findNeedle)(const uint8_t* from, const uint8_t* end, const Needle& needle);
  Occurrence (*findNeedles)(const uint8_t* from, const uint8_t* end, const NeedleSet& set);
  Occurrence (*findClassRun)(const uint8_t* from, const uint8_t* end, const ClassRun& run);

  /// The first of the words of 8 bytes that stand in [from, end) side by side which is an address in the range; `end`
  /// where there is none.
  const uint8_t* (*findPointer)(const uint8_t* from, const uint8_t* end, const AddressRange& range);
};

/// The kernels of this build that this CPU can run, the best first. The last is `scalar`.
std::span<const Kernel* const> supportedKernels();

}  // namespace memscan
