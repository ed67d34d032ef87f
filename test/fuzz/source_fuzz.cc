// The bytes read are those that the file has where the core says; all others are counted as unreadable; nothing is
// written outside the buffer.
#include <cstring>
#include <optional>
#include <vector>

#include "../../native/kernels/kernel.h"
#include "../../native/memory/small_reads.h"
#include "../native/memory_file.h"
#include "input.h"

using namespace memscan;

namespace {

/// In order, not overlapping. Their offsets in the file are arbitrary.
std::vector<StoredRange> storedBy(Input& input) {
  std::vector<StoredRange> stored;
  uint64_t at = 0;
  for (uint32_t count = input.from(0, 8); count > 0; count--) {
    const uint64_t start = at + input.number<uint16_t>();
    const uint64_t end = start + 1 + input.number<uint16_t>();
    stored.push_back({{start, end}, input.flag() ? input.number<uint64_t>() : input.number<uint8_t>()});
    at = end;
  }
  return stored;
}

std::vector<Range> rangesBy(Input& input) {
  std::vector<Range> ranges;
  uint64_t at = 0;
  for (uint32_t count = input.from(1, 8); count > 0; count--) {
    const uint64_t start = at + 1 + input.number<uint16_t>();
    at = start + 1 + input.number<uint16_t>();
    ranges.push_back({start, at});
  }
  return ranges;
}

std::optional<uint8_t> byteAt(uint64_t address, const std::vector<StoredRange>& stored, std::span<const uint8_t> file) {
  for (const auto& [range, offset] : stored) {
    if (address < range.start || address >= range.end) continue;
    const uint64_t at = offset + (address - range.start);
    return at < file.size() ? std::optional(file[at]) : std::nullopt;
  }
  return std::nullopt;
}

void checkSegments(const ReadResult& read, const std::vector<Range>& ranges, const std::vector<StoredRange>& stored,
                   std::span<const uint8_t> file) {
  uint64_t asked = 0, found = 0;
  for (const Range& range : ranges) asked += range.end - range.start;
  uint64_t at = 0;
  for (const Segment& segment : read.segments) {
    require(segment.address >= at && segment.length > 0, "segments are in order");
    at = segment.address + segment.length;
    found += segment.length;
    for (uint32_t i = 0; i < segment.length; i++) {
      require(byteAt(segment.address + i, stored, file) == segment.data[i], "a byte read is the file's");
    }
  }
  require(found == read.bytesRead && asked == read.bytesRead + read.bytesUnreadable, "every byte is counted");
}

void checkEach(const Source& source, const std::vector<Range>& ranges, const std::vector<StoredRange>& stored,
               std::span<const uint8_t> file) {
  constexpr uint64_t kLength = 16;
  std::vector<uint64_t> addresses;
  for (const Range& range : ranges) {
    if (addresses.empty() || range.start / 4096 > addresses.back() / 4096) addresses.push_back(range.start);
  }
  std::vector<uint8_t> bytes(addresses.size() * kLength);
  const auto isRead = readEach(source, -1, addresses, kLength, false, bytes.data());
  for (size_t i = 0; i < bytes.size(); i++) {
    if (!isRead[i / kLength]) continue;
    require(byteAt(addresses[i / kLength] + i % kLength, stored, file) == bytes[i],
            "a byte of a small read is the file's");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const std::vector<StoredRange> stored = storedBy(input);
  const std::vector<Range> ranges = rangesBy(input);
  const auto bytes = input.rest();
  const MemoryFile file(bytes);
  const CoreSource source(file.fd, stored);
  Buffer buffer;
  const ReadResult read = source.read({ranges, input.from(0, 1), 0}, buffer);
  if (read.status == ReadStatus::ok) checkSegments(read, ranges, stored, bytes);
  checkEach(source, ranges, stored, bytes);
  return 0;
}
