#include "small_reads.h"

#include <cstddef>
#include <cstring>

#include "../host/page_size.h"
#include "pages.h"

namespace memscan {

namespace {

Range pagesOf(uint64_t address, uint64_t length) {
  const uint64_t page = pageSize();
  return {address / page * page, (address + length + page - 1) / page * page};
}

std::vector<bool> areResident(int pagemapFd, const std::vector<uint64_t>& addresses, uint64_t length, bool byEntry) {
  std::vector<PageSpan> spans;
  for (const uint64_t address : addresses) spans.push_back({pagesOf(address, length), false});
  const PageCounts pages = countPages(pagemapFd, spans, byEntry);
  std::vector<bool> resident(addresses.size());
  for (size_t i = 0; i < spans.size() && !pages.error; i++) {
    const auto& [range, asksFile] = spans[i];
    resident[i] = pages.counts[i].anonymous == (range.end - range.start) / pageSize();
  }
  return resident;
}

}  // namespace

std::vector<bool> readEach(const Source& source, int pagemapFd, const std::vector<uint64_t>& addresses, uint64_t length,
                           bool byEntry, uint8_t* to) {
  std::vector<bool> there(addresses.size(), true);
  if (pagemapFd >= 0) there = areResident(pagemapFd, addresses, length, byEntry);
  std::vector<Range> ranges;
  for (size_t i = 0; i < addresses.size(); i++) {
    if (there[i]) ranges.push_back({addresses[i], addresses[i] + length});
  }
  std::vector<uint8_t> bytes(ranges.size() * length);
  const ReadResult read = source.copy(ranges, bytes.data());
  auto segment = read.segments.begin();
  for (size_t i = 0; i < addresses.size(); i++) {
    const bool isNext =
        read.status == ReadStatus::ok && segment != read.segments.end() && segment->address == addresses[i];
    there[i] = isNext && segment->length == length;
    if (there[i]) std::memcpy(to + i * length, segment->data, length);
    while (segment != read.segments.end() && segment->address < addresses[i] + length) segment++;
  }
  return there;
}

}  // namespace memscan
