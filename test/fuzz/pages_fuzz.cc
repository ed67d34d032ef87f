// For any pagemap and any spans: the pages listed and counted are those of its entries, and the listing ends.
#include <algorithm>
#include <vector>

#include "../../native/host/page_size.h"
#include "../../native/memory/pages.h"
#include "../native/memory_file.h"
#include "input.h"

using namespace memscan;

namespace {

std::vector<PageSpan> spansBy(Input& input) {
  std::vector<PageSpan> spans;
  uint64_t at = 0;
  for (uint32_t count = input.from(1, 6); count > 0; count--) {
    const uint64_t start = at + input.from(0, 40) * pageSize();
    at = start + input.from(1, 60) * pageSize();
    spans.push_back({{start, at}, input.flag()});
  }
  return spans;
}

/// The definition: Documentation/admin-guide/mm/pagemap.rst.
uint64_t stateOf(uint64_t entry) {
  const auto bit = [&](int number) { return entry >> number & 1; };
  return bit(58) ? 0 : bit(63) * kPresent | bit(62) * kSwapped | bit(61) * kFile;
}

bool isListed(uint64_t state) { return state & (kPresent | kSwapped); }

/// Returns the state of each page by number; 0 if it was not listed.
std::vector<uint64_t> listAll(int fd, const std::vector<PageSpan>& spans, size_t pages, uint64_t maxPages) {
  std::vector<uint64_t> states(pages, 0);
  const uint64_t end = spans.back().range.end;
  uint64_t at = 0, last = 0;
  while (at < end) {
    const PageList list = listPages(fd, spans, at, maxPages, true);
    if (list.error) break;
    require(list.next > at, "a listing goes on");
    at = list.next;
    for (const auto& [range, state] : list.ranges) {
      require(range.start >= last && range.start < range.end && range.end <= end, "ranges are in order");
      last = range.end;
      for (uint64_t page = range.start; page < range.end; page += pageSize()) states[page / pageSize()] = state;
    }
  }
  return states;
}

void checkCounts(int fd, const std::vector<PageSpan>& spans, const std::vector<uint64_t>& states) {
  const PageCounts counted = countPages(fd, spans, true);
  if (counted.error) return;
  for (size_t i = 0; i < spans.size(); i++) {
    PageCount expected;
    for (uint64_t at = spans[i].range.start; at < spans[i].range.end; at += pageSize()) {
      const uint64_t state = states[at / pageSize()];
      if (state & kSwapped && !(state & kPresent)) expected.swapped++;
      if (state & kPresent) (state & kFile ? expected.file : expected.anonymous)++;
    }
    const PageCount& count = counted.counts[i];
    require(count.anonymous == expected.anonymous && count.file == expected.file && count.swapped == expected.swapped,
            "pages are counted as they are listed");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const std::vector<PageSpan> spans = spansBy(input);
  const uint64_t maxPages = input.from(1, 64);
  std::vector<uint64_t> entries(spans.back().range.end / pageSize());
  for (uint64_t& entry : entries) entry = static_cast<uint64_t>(input.number<uint8_t>()) << 56;
  const size_t known = input.flag() ? entries.size() : input.from(0, 255) % (entries.size() + 1);
  const MemoryFile file({reinterpret_cast<const uint8_t*>(entries.data()), known * sizeof(uint64_t)});
  const std::vector<uint64_t> states = listAll(file.fd, spans, entries.size(), maxPages);
  if (known < entries.size()) return 0;
  for (const auto& [range, asksFile] : spans) {
    for (uint64_t at = range.start; at < range.end; at += pageSize()) {
      const uint64_t expected = stateOf(entries[at / pageSize()]);
      const uint64_t reported = asksFile ? ~uint64_t{0} : ~kFile;
      const uint64_t state = states[at / pageSize()];
      require((state & reported) == (isListed(expected) ? expected & reported : 0), "a page is what its entry says");
    }
  }
  checkCounts(file.fd, spans, states);
  return 0;
}
