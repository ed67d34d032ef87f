#include "hit_job.h"

#include <algorithm>

#include "limits.h"

namespace memscan {

namespace {

void recordBytes(const Hit& hit, HitRecords& records) {
  records.addresses.push_back(hit.address);
  records.lengths.insert(records.lengths.end(), {hit.before, hit.length, hit.after});
  records.bytes.append(reinterpret_cast<const char*>(hit.bytes) - hit.before, hit.before + hit.length + hit.after);
}

void recordPointer(const Hit& hit, HitRecords& records) {
  records.addresses.push_back(hit.address);
  records.values.push_back(wordOf(hit));
}

/// Searches one chunk and adds what it finds to a result.
class ChunkSearch {
 public:
  ChunkSearch(const HitScan& scan, std::span<const RegionLabel> labels, uint64_t limit, HitResult& result)
      : scan_(scan), labels_(labels), limit_(limit), result_(result) {}

  void search(const std::vector<Segment>& segments) {
    if (const auto* const needles = std::get_if<std::vector<Needle>>(&scan_.wanted)) {
      takeAll<NeedleHits>(*needles, segments, [this](const Hit& hit) { keepBytes(hit); });
    } else {
      const auto& range = std::get<AddressRange>(scan_.wanted);
      takeAll<PointerHits>(range, segments, [&](const Hit& hit) { keepPointer(hit, range.start); });
    }
  }

  size_t found() const {
    const HitRecords& records = result_.records;
    return result_.lines.size() + records.bytes.size() + 24 * records.addresses.size();
  }

 private:
  template <class Hits>
  void takeAll(const auto& wanted, const std::vector<Segment>& segments, auto keep) {
    for (const Segment& segment : segments) {
      Hits hits(*scan_.kernel, wanted, segment);
      while (const auto hit = hits.next()) {
        if (isFull(*hit)) return;
        result_.hits++;
        last_ = hit->address;
        if (scan_.output != HitScan::Output::count) keep(*hit);
      }
    }
  }

  // Hits with equal addresses stay together: the rest begins at another address.
  bool isFull(const Hit& hit) {
    if (scan_.output == HitScan::Output::count) return false;
    if (result_.hits == limit_) return true;
    if (found() < kMuchFound || hit.address == last_) return false;
    result_.next = hit.address;
    return true;
  }

  void keepBytes(const Hit& hit) {
    if (scan_.output == HitScan::Output::lines) return writeBytes(hit, scan_.style, labels_, result_.lines);
    recordBytes(hit, result_.records);
  }

  void keepPointer(const Hit& hit, uint64_t start) {
    if (scan_.output == HitScan::Output::lines) return writePointer(hit, start, scan_.style, labels_, result_.lines);
    recordPointer(hit, result_.records);
  }

  const HitScan& scan_;
  const std::span<const RegionLabel> labels_;
  const uint64_t limit_;
  HitResult& result_;
  uint64_t last_ = 0;
};

uint64_t lengthUpTo(uint64_t address, uint64_t start, uint64_t end) { return std::clamp(address, start, end) - start; }

// Counts what was read of a chunk up to `address`.
void countUpTo(uint64_t address, const Chunk& chunk, const std::vector<Segment>& segments, HitResult& result) {
  result.bytesRead = result.bytesUnreadable = 0;
  for (const Segment& segment : segments) {
    result.bytesRead += lengthUpTo(address, segment.address, segment.address + segment.length);
  }
  for (const Range& range : chunk.ranges) result.bytesUnreadable += lengthUpTo(address, range.start, range.end);
  result.bytesUnreadable -= result.bytesRead;
}

}  // namespace

std::vector<HitResult> runHitJob(const HitScan& scan, const Source& source, const std::vector<Chunk>& chunks,
                                 std::span<const RegionLabel> labels, uint64_t limit) {
  thread_local Buffer buffer;
  std::vector<HitResult> results;
  size_t found = 0;
  for (const Chunk& chunk : chunks) {
    if (scan.cancelled || found >= kMuchFound) break;
    const ReadResult read = source.read(chunk, buffer);
    HitResult& result = results.emplace_back();
    result.status = read.status;
    result.error = read.error;
    if (read.status != ReadStatus::ok) break;
    result.bytesRead = read.bytesRead;
    result.bytesUnreadable = read.bytesUnreadable;
    ChunkSearch search(scan, labels, limit, result);
    search.search(read.segments);
    if (result.next) {
      countUpTo(*result.next, chunk, read.segments, result);
      break;
    }
    found += search.found();
  }
  return results;
}

}  // namespace memscan
