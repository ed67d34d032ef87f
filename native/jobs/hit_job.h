// The job of a search for bytes or pointers: reads chunk by chunk, searches while the bytes are in cache, and collects
// the hits.
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

/// What a search is for. All of its jobs share it.
struct HitScan {
  enum class Output { count, records, lines };

  const Kernel* kernel;
  std::variant<std::vector<Needle>, AddressRange> wanted;
  Output output;
  HitStyle style;  // for Output::lines
  std::atomic<bool> cancelled = false;
};

/// Hits as columns. Hit i has addresses[i]. For bytes, the three numbers lengths[3 * i] and following are the lengths
/// of its context before it, of itself and of its context after it, which follow in `bytes` those of hit i - 1. For
/// pointers, hit i has values[i].
struct HitRecords {
  std::vector<uint64_t> addresses;
  std::vector<uint64_t> values;
  std::vector<uint32_t> lengths;
  std::string bytes;
};

/// What a job found in one chunk.
struct HitResult {
  ReadStatus status = ReadStatus::ok;
  int error = 0;
  uint64_t bytesRead = 0;
  uint64_t bytesUnreadable = 0;
  uint64_t hits = 0;
  HitRecords records;
  LineBuffer lines;
  /// The address where the job stopped in the chunk, because it had found as much as one job may return. What was read
  /// is counted up to it.
  std::optional<uint64_t> next;
};

/// Runs a job on the calling thread, chunk after chunk, until a chunk cannot be read or kMuchFound bytes have been
/// found, which it exceeds by little. Takes at most `limit` hits of each chunk (a count takes all). Starts no further
/// chunk once the search is cancelled. Returns a result for each chunk that was read, in order.
std::vector<HitResult> runHitJob(const HitScan& scan, const Source& source, const std::vector<Chunk>& chunks,
                                 std::span<const RegionLabel> labels, uint64_t limit);

}  // namespace memscan
