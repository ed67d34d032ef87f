// The job of a scan for strings: reads chunk by chunk, runs the kernel while the bytes are in cache, and collects what
// it found.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../content/chunk_content.h"
#include "../encodings/mix.h"
#include "../memory/source.h"
#include "../output/lines.h"
#include "../search/strings.h"

namespace memscan {

/// Strings as columns: string i has addresses[i], and its bytes in `text` follow those of string i - 1.
struct Records {
  std::vector<uint64_t> addresses;
  std::vector<uint32_t> lengths;    // bytes in memory
  std::vector<uint32_t> codeUnits;  // UTF-16 units: the string's length in JavaScript
  std::string text;                 // ASCII or UTF-8

  // Only in scans for several encodings. In others the encoding is always the same, and `textLengths` would equal
  // `lengths`.
  std::vector<uint32_t> textLengths;  // bytes in `text`
  std::vector<uint8_t> encodings;
};

/// What a scan searches for. All of its jobs share it.
struct Scan {
  enum class Output { count, records, lines, content };

  const Kernel* kernel;
  Wanted wanted;
  Output output;
  std::shared_ptr<const LineWriter> lines;        // for Output::lines
  std::shared_ptr<const PointerRanges> pointers;  // for Output::content
  std::optional<Mix> mix;                         // several encodings, instead of wanted.encoding
  std::vector<Condition>
      inMemory;  // with a mix: memory meets one of these wherever a wanted string is; empty = unknown
  std::atomic<bool> cancelled = false;
};

/// The bytes before a position that show whether text precedes it.
inline constexpr size_t kTailContext = 4;

/// A part of a string at a chunk's edge. In scans for several encodings: the bytes up to the chunk's first cut (a
/// head), or from its last cut on (a tail); a tail's `text` begins with the kTailContext bytes before it.
struct PartialText {
  uint64_t address;
  uint32_t length;
  uint32_t characters;
  std::string text;  // empty if the scan only counts
};

/// What a job found in one chunk.
struct ChunkResult {
  ReadStatus status = ReadStatus::ok;
  int error = 0;
  uint64_t bytesRead = 0;
  uint64_t bytesUnreadable = 0;
  uint64_t strings = 0;  // strings that lie entirely in the chunk
  Records records;
  LineBuffer lines;
  ChunkContent content;
  std::optional<PartialText> head;
  std::optional<PartialText> tail;
  bool whole = false;
};

/// Runs a job on the calling thread, chunk after chunk, until a chunk cannot be read or kMuchFound bytes have been
/// found. Takes at most `limit` strings that lie entirely in each chunk (a count takes all). Starts no further chunk
/// once the scan is cancelled. Returns a result for each chunk that was read, in order.
std::vector<ChunkResult> runJob(const Scan& scan, const Source& source, const std::vector<Chunk>& chunks,
                                std::span<const RegionLabel> labels, uint64_t limit);

/// The most bytes that are joined without finding the end of a string.
inline constexpr size_t kLongestJoined = size_t{32} << 20;

/// Finds the strings of memory joined from a tail, whole chunks and a head. `bytes` begin with the tail's context;
/// `address` is the address of the first byte after the context. If `goesOn`, more memory follows that is not in
/// `bytes`: they are cut at their last cut or, without one, after kLongestJoined bytes, and the rest becomes the
/// result's tail.
ChunkResult scanJoined(const Scan& scan, std::span<const uint8_t> bytes, uint64_t address, bool goesOn,
                       std::span<const RegionLabel> labels, uint64_t limit);

}  // namespace memscan
