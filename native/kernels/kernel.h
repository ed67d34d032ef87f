// The interface of kernels (a kernel is one instruction set's implementation), and which ones this machine can run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../text/text.h"
#include "condition.h"

namespace memscan {

/// Bytes that a kernel may read before and after its data. The three nearest matter on each side: a character may cross
/// the edge.
inline constexpr size_t kReadBefore = 64;
inline constexpr size_t kReadAfter = 128;

/// The largest RunSpec::minLength. Callers that want longer strings check the length themselves.
inline constexpr uint32_t kLongestMinimum = 64;

struct RunSpec {
  Encoding encoding;
  uint32_t minLength;  // in bytes, 1 to kLongestMinimum
  bool openBefore;     // the data continues that of another call: find its first run whatever its length
  bool openAfter;      // another call continues the data: find its last run whatever its length
  bool countOnly;      // count runs inside pure ASCII without writing their edges
};

/// Where a run begins or ends. Kernels write edges in pairs, in order; runAt() decodes a pair.
struct Edge {
  uint32_t at;
  uint32_t multibyteEnd;  // no byte from here to `at` belongs to a multi-byte character
};

/// The number of edges that a kernel may write for `length` bytes, including those it writes beyond its count.
inline constexpr size_t edgeCapacity(size_t length) { return length + 8; }

/// A maximal sequence of bytes that may be text. Only at an open edge it may be empty.
struct Run {
  uint32_t begin;  // offsets from the start of the data
  uint32_t end;
  bool multibyte;  // may contain multi-byte characters, which must be decoded to know whether it is text
};

inline Run runAt(const Edge* pair, const RunSpec& spec, uint32_t length) {
  const uint32_t reach = spec.minLength - 1;
  const uint32_t begin = pair[0].at < reach ? 0 : pair[0].at - reach;
  return {begin, pair[1].at < length ? pair[1].at : length, pair[1].multibyteEnd > begin};
}

struct RunCount {
  size_t edges;
  uint64_t counted;  // runs that were counted without writing edges
};

/// The addresses from `start` on, `size` of them (at least one).
struct AddressRange {
  uint64_t start;
  uint64_t size;
};

/// The text on one side of a position: where it ends, and the number of characters that begin in it.
struct TextReach {
  const uint8_t* edge;
  uint32_t characters;
};

struct Kernel {
  const char* name;
  bool (*supported)();

  /// Finds the runs of bytes that may be text: ASCII text, or a lead byte followed by up to three continuation bytes.
  /// In UTF-8 this includes sequences that are not text (overlong forms, unassigned characters), and misses none that
  /// are. `out` has room for edgeCapacity(length) edges.
  RunCount (*findRuns)(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out);

  /// Measures the text from `p` on, where a character begins: up to the first byte where no character of text begins,
  /// or to `end`. The last character may reach beyond `end`.
  TextReach (*textAfter)(const uint8_t* p, const uint8_t* end, Encoding encoding);

  /// Measures the text that ends just before `p`, back to `begin` at most. Its first character may begin before
  /// `begin`.
  TextReach (*textBefore)(const uint8_t* p, const uint8_t* begin, Encoding encoding);

  /// Finds the first occurrence of the condition that lies entirely in [from, end). Of needles of a set that begin at
  /// the same byte it returns the shortest.
  Occurrence find(const uint8_t* from, const uint8_t* end, const Condition& condition) const;

  Occurrence (*findNeedle)(const uint8_t* from, const uint8_t* end, const Needle& needle);
  Occurrence (*findNeedles)(const uint8_t* from, const uint8_t* end, const NeedleSet& set);
  Occurrence (*findClassRun)(const uint8_t* from, const uint8_t* end, const ClassRun& run);

  /// Returns the first of the consecutive 8-byte words from `from` on whose value is an address in the range, or `end`
  /// if there is none.
  const uint8_t* (*findPointer)(const uint8_t* from, const uint8_t* end, const AddressRange& range);
};

/// The kernels of this build that this CPU can run, the best first. The last one is `scalar`.
std::span<const Kernel* const> supportedKernels();

}  // namespace memscan
