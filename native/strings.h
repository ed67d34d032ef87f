// From runs of bytes to strings: exact characters, lengths in characters, and what lies at a chunk's edges.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "kernels/kernel.h"
#include "source.h"
#include "text.h"

namespace memscan {

/// Which strings are wanted.
struct Wanted {
  Encoding encoding;
  uint32_t minLength;            // characters, at least 1
  std::optional<Needle> needle;  // only strings that hold it
};

/// A stretch of text inside a chunk. `bytes` points into the thread's buffer.
struct String {
  uint64_t address;
  const uint8_t* bytes;
  uint32_t length;      // bytes, at least 1
  uint32_t characters;  // that begin in these bytes
};

/// Takes strings as they are found, in the order of their addresses.
class StringSink {
 public:
  virtual ~StringSink() = default;
  /// Returns false when it wants no more.
  virtual bool add(const String& string) = 0;
};

/// What a chunk holds of strings that other chunks hold the rest of: shorter than wanted, perhaps, and in search of a
/// needle not tested for it, since it may lie across the edge.
struct Partials {
  std::optional<String> head;  // touches the chunk's start
  std::optional<String> tail;  // touches the chunk's end
  bool whole = false;          // head and tail are one: all of the chunk is text
};

/// A thread's scratch memory for edges.
class EdgeBuffer {
 public:
  Edge* reserve(size_t count);

 private:
  std::unique_ptr<Edge[]> edges_;
  size_t count_ = 0;
};

/// Gives the wanted strings of a segment to `sink` and fills in the partials at its open edges. Returns false when the
/// sink wanted no more.
bool findStrings(const Kernel& kernel, const Segment& segment, const Wanted& wanted, EdgeBuffer& edges,
                 StringSink& sink, Partials& partials);

}  // namespace memscan
