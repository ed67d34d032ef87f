#include "pages.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <iterator>
#include <utility>

#include "../host/page_size.h"
#include "../host/pagemap_scan.h"

namespace memscan {

namespace {

// The kernel reports a guard page as swapped, too, but it has no content.
uint64_t stateOfCategories(uint64_t categories) {
  if (categories & kScanGuard) return 0;
  uint64_t state = 0;
  if (categories & kScanPresent) state |= kPresent;
  if (categories & kScanSwapped) state |= kSwapped;
  if (categories & kScanFile) state |= kFile;
  if (categories & kScanZero) state |= kZero;
  return state;
}

constexpr size_t kMostRanges = 2048;

class PagemapScanner {
 public:
  PagemapScanner(int fd, uint64_t maxPages) : fd_(fd), maxPages_(maxPages) {}

  PageList scan(const std::vector<PageSpan>& spans, uint64_t start) {
    for (size_t first = 0, end; first < spans.size(); first = end) {
      // One call covers consecutive spans that ask for equal bits, and the memory between them.
      for (end = first + 1; end < spans.size() && spans[end].asksFile == spans[first].asksFile;) end++;
      const uint64_t stop = spans[end - 1].range.end;
      if (stop <= start) continue;
      if (!scanSome(std::max(start, spans[first].range.start), stop, spans[first].asksFile)) break;
      if (list_.next < stop || list_.ranges.size() == kMostRanges || pages_ >= maxPages_) break;
    }
    return std::move(list_);
  }

 private:
  bool scanSome(uint64_t start, uint64_t stop, bool asksFile) {
    ScanRegion found[kMostRanges];
    ScanArgument argument = {};
    argument.size = sizeof argument;
    argument.start = start;
    argument.end = stop;
    argument.vec = reinterpret_cast<uintptr_t>(found);
    argument.vecLength = kMostRanges - list_.ranges.size();
    argument.maxPages = maxPages_ - pages_;
    argument.categoryAnyofMask = kScanPresent | kScanSwapped;
    const int count = call(argument, kScanPresent | kScanSwapped | kScanZero | (asksFile ? kScanFile : 0));
    if (count < 0) {
      list_.error = errno;
      return false;
    }
    // If the call did not stop early, walkEnd may be where it last checked for room: it flushes 512 ranges at a time
    // (do_pagemap_scan() in Linux's fs/proc/task_mmu.c, as of 6.18).
    list_.next = std::max<uint64_t>(argument.walkEnd, count > 0 ? found[count - 1].end : 0);
    for (int i = 0; i < count; i++) {
      const uint64_t state = stateOfCategories(found[i].categories);
      if (state) list_.ranges.push_back({{found[i].start, found[i].end}, state});
      pages_ += (found[i].end - found[i].start) / pageSize();
    }
    return true;
  }

  int call(ScanArgument& argument, uint64_t returned) const {
    static std::atomic<bool> knowsGuards = true;
    if (knowsGuards) {
      argument.returnMask = returned | kScanGuard;
      const int count = ioctl(fd_, kPagemapScan, &argument);
      if (count >= 0 || errno != EINVAL) return count;
      knowsGuards = false;
    }
    argument.returnMask = returned;
    return ioctl(fd_, kPagemapScan, &argument);
  }

  const int fd_;
  const uint64_t maxPages_;
  uint64_t pages_ = 0;
  PageList list_;
};

// Documentation/admin-guide/mm/pagemap.rst: bit 63 present, 62 swapped, 61 file-mapped or shared, 58 guard.
uint64_t stateOfEntry(uint64_t entry) {
  if (entry >> 58 & 1) return 0;
  uint64_t state = 0;
  if (entry >> 63 & 1) state |= kPresent;
  if (entry >> 62 & 1) state |= kSwapped;
  if (entry >> 61 & 1) state |= kFile;
  return state;
}

class EntryReader {
 public:
  EntryReader(int fd, uint64_t maxPages) : fd_(fd), maxPages_(maxPages) {}

  PageList read(const std::vector<PageSpan>& spans, uint64_t start) {
    for (const auto& [span, asksFile] : spans) {
      if (span.end <= start) continue;
      list_.next = std::max(span.start, start);
      while (list_.next < span.end) {
        if (pages_ >= maxPages_ || entriesRead_ >= kMostEntries || !readSome(span.end)) return list_;
      }
    }
    return list_;
  }

 private:
  static constexpr uint64_t kMostEntries = 1 << 21;  // about 10 ms

  bool readSome(uint64_t end) {
    uint64_t entries[8192];
    const size_t wanted = std::min<uint64_t>(std::size(entries), (end - list_.next) / pageSize());
    const auto at = static_cast<off_t>(list_.next / pageSize() * sizeof *entries);
    const ssize_t got = pread(fd_, entries, wanted * sizeof *entries, at);
    if (got <= 0) {
      list_.error = got < 0 ? errno : ESRCH;
      return false;
    }
    const size_t count = got / sizeof *entries;
    entriesRead_ += count;
    for (size_t i = 0; i < count; i++) add(stateOfEntry(entries[i]));
    return true;
  }

  void add(uint64_t state) {
    const Range page = {list_.next, list_.next + pageSize()};
    list_.next = page.end;
    if (!(state & (kPresent | kSwapped))) return;
    pages_++;
    if (!list_.ranges.empty()) {
      PageRange& last = list_.ranges.back();
      if (last.range.end == page.start && last.state == state) {
        last.range.end = page.end;
        return;
      }
    }
    list_.ranges.push_back({page, state});
  }

  const int fd_;
  const uint64_t maxPages_;
  uint64_t pages_ = 0;
  uint64_t entriesRead_ = 0;
  PageList list_;
};

}  // namespace

PageList listPages(int pagemapFd, const std::vector<PageSpan>& spans, uint64_t start, uint64_t maxPages, bool byEntry) {
  if (!byEntry) {
    PageList list = PagemapScanner(pagemapFd, maxPages).scan(spans, start);
    // ENOTTY: the kernel lacks PAGEMAP_SCAN. EINVAL: a sandbox implements ioctls itself.
    if (list.error != ENOTTY && list.error != EINVAL) return list;
  }
  return EntryReader(pagemapFd, maxPages).read(spans, start);
}

namespace {

void countPage(PageCount& count, uint64_t state, uint64_t pages) {
  if (!(state & kPresent)) {
    count.swapped += pages;
  } else if (state & kFile) {
    count.file += pages;
  } else if (!(state & kZero)) {
    count.anonymous += pages;
  }
}

}  // namespace

PageCounts countPages(int pagemapFd, const std::vector<PageSpan>& spans, bool byEntry) {
  PageCounts result;
  result.counts.resize(spans.size());
  size_t index = 0;
  for (uint64_t start = spans.empty() ? 0 : spans.front().range.start;
       !spans.empty() && start < spans.back().range.end;) {
    const PageList list = listPages(pagemapFd, spans, start, UINT32_MAX, byEntry);
    if (list.error) {
      result.error = list.error;
      return result;
    }
    for (const auto& [range, state] : list.ranges) {
      while (index < spans.size() && spans[index].range.end <= range.start) index++;
      for (size_t i = index; i < spans.size() && spans[i].range.start < range.end; i++) {
        const uint64_t begin = std::max(range.start, spans[i].range.start);
        const uint64_t end = std::min(range.end, spans[i].range.end);
        if (begin < end) countPage(result.counts[i], state, (end - begin) / pageSize());
      }
    }
    start = list.next;
  }
  return result;
}

}  // namespace memscan
