// A job: read chunk by chunk, run the kernel while the bytes are in cache, keep what was found.
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

/// Strings side by side: the i-th has the i-th address, and its bytes follow those of the one before it in `text`.
struct Records {
  std::vector<uint64_t> addresses;
  std::vector<uint32_t> lengths;    // bytes in memory
  std::vector<uint32_t> codeUnits;  // of UTF-16: the length of the string in JavaScript
  std::string text;                 // ASCII or UTF-8

  // Only where several encodings are looked for; else those of all are the same, and the lengths.
  std::vector<uint32_t> textLengths;  // bytes of the text
  std::vector<uint8_t> encodings;
};

/// What a scan is to find, the same for all of its jobs.
struct Scan {
  enum class Output { count, records, lines, content };

  const Kernel* kernel;
  Wanted wanted;
  Output output;
  std::shared_ptr<const LineWriter> lines;        // for Output::lines
  std::shared_ptr<const PointerRanges> pointers;  // for Output::content
  std::optional<Mix> mix;                         // in place of the encoding that is wanted
  std::vector<Condition> inMemory;  // of a mix: where a wanted string is, one of these stands; none = not known
  std::atomic<bool> cancelled = false;
};

/// Bytes before a stretch of memory that tell whether text stands there.
inline constexpr size_t kTailContext = 4;

/// Of one encoding a string's part. Of several, bytes up to the first place where a string is known to be cut (a head),
/// or from the last one on (a tail): `text` then begins, in a tail, with the kTailContext bytes before them.
struct PartialText {
  uint64_t address;
  uint32_t length;
  uint32_t characters;
  std::string text;  // empty where only counts are wanted
};

/// What one chunk held.
struct ChunkResult {
  ReadStatus status = ReadStatus::ok;
  int error = 0;
  uint64_t bytesRead = 0;
  uint64_t bytesUnreadable = 0;
  uint64_t strings = 0;  // whole ones
  Records records;
  LineBuffer lines;
  ChunkContent content;
  std::optional<PartialText> head;
  std::optional<PartialText> tail;
  bool whole = false;
};

/// Runs a job on the calling thread: chunk after chunk, until one cannot be read or kMuchFound bytes have been found.
/// Takes at most `limit` whole strings of each (a count takes them all). Once the scan is cancelled, no further chunk
/// is begun.
std::vector<ChunkResult> runJob(const Scan& scan, const Source& source, const std::vector<Chunk>& chunks,
                                std::span<const RegionLabel> labels, uint64_t limit);

/// Bytes that are put together at most, where no string ends in all of them.
inline constexpr size_t kLongestJoined = size_t{32} << 20;

/// The strings of memory that several chunks hold, put together from a tail, whole chunks and a head: `bytes` begin
/// with the context of the tail. `address` is that of the first byte behind the context. With `goesOn`, what comes
/// behind is not known: the memory is cut at its last cut, or if there is none, behind kLongestJoined bytes, and the
/// rest is the result's tail.
ChunkResult scanJoined(const Scan& scan, std::span<const uint8_t> bytes, uint64_t address, bool goesOn,
                       std::span<const RegionLabel> labels, uint64_t limit);

}  // namespace memscan
