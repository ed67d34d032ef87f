// A job of a search for bytes or pointers: read chunk by chunk, look while the bytes are in cache, keep what was found.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "../memory/source.h"
#include "../output/hit_lines.h"
#include "../search/hits.h"

namespace memscan {

/// What a search is to find, the same for all of its jobs.
struct HitScan {
  enum class Output { count, records, lines };

  const Kernel* kernel;
  std::variant<std::vector<Needle>, AddressRange> wanted;
  Output output;
  HitStyle style;  // for Output::lines
  std::atomic<bool> cancelled = false;
};

/// Hits side by side. Of bytes: the i-th has the i-th address, and in `bytes`, behind those of the hit before it, its
/// context before it, itself and its context behind it, as many as three numbers of `lengths` say. Of pointers: the
/// i-th value.
struct HitRecords {
  std::vector<uint64_t> addresses;
  std::vector<uint64_t> values;
  std::vector<uint32_t> lengths;
  std::string bytes;
};

/// What one chunk held.
struct HitResult {
  ReadStatus status = ReadStatus::ok;
  int error = 0;
  uint64_t bytesRead = 0;
  uint64_t bytesUnreadable = 0;
  uint64_t hits = 0;
  HitRecords records;
  LineBuffer lines;
  /// From there on, the chunk was left: it holds more than one job may bring. What was read is counted up to there.
  std::optional<uint64_t> next;
};

/// Runs a job on the calling thread: chunk after chunk, until one cannot be read or kMuchFound bytes have been found,
/// of which no chunk brings many more. Takes at most `limit` hits of each (a count takes them all). Once the search is
/// cancelled, no further chunk is begun.
std::vector<HitResult> runHitJob(const HitScan& scan, const Source& source, const std::vector<Chunk>& chunks,
                                 std::span<const RegionLabel> labels, uint64_t limit);

}  // namespace memscan
