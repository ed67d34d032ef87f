// Which pages of a process are resident or swapped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "source.h"

namespace memscan {

/// States of a page, as bits. Pages that are neither present nor swapped are not listed.
inline constexpr uint64_t kPresent = 1;
inline constexpr uint64_t kSwapped = 2;
inline constexpr uint64_t kFile = 4;  // file-backed or shared, else anonymous; reliable only if asked for
inline constexpr uint64_t kZero = 8;  // the shared page of zeros, not counted as resident; only PAGEMAP_SCAN reports it

/// A page-aligned range to list.
struct PageSpan {
  Range range;
  bool asksFile;  // report kFile: PAGEMAP_SCAN then checks each page's own record, which takes four times as long
};

struct PageRange {
  Range range;
  uint64_t state;
};

struct PageList {
  int error = 0;      // 0 or an errno; ESRCH: the address space is gone
  uint64_t next = 0;  // where the next call starts; the end of the last span once all is listed
  std::vector<PageRange> ranges;
};

/// Lists page ranges of the spans (in order) from address `start` on, in bounded portions: about `maxPages` pages a
/// call, possibly none. A range may extend over adjacent spans. `pagemapFd` is an open /proc/PID/pagemap. `byEntry`
/// reads the file's entries one by one, as this function does anyway on kernels without PAGEMAP_SCAN (before 6.7).
PageList listPages(int pagemapFd, const std::vector<PageSpan>& spans, uint64_t start, uint64_t maxPages, bool byEntry);

/// Numbers of a span's pages by state. The shared page of zeros is not counted.
struct PageCount {
  uint64_t anonymous = 0;  // present
  uint64_t file = 0;       // present; reliable only if the span asks for it
  uint64_t swapped = 0;
};

struct PageCounts {
  int error = 0;
  std::vector<PageCount> counts;  // one for each span
};

/// Counts the pages of spans, which are in order and do not overlap. See listPages().
PageCounts countPages(int pagemapFd, const std::vector<PageSpan>& spans, bool byEntry);

}  // namespace memscan
