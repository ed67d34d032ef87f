// Which pages of a process are in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "source.h"

namespace memscan {

/// What the kernel says of pages, as bits. Pages with neither of the first two are not listed.
inline constexpr uint64_t kPresent = 1;
inline constexpr uint64_t kSwapped = 2;
inline constexpr uint64_t kFile = 4;  // of a file or of shared memory; else anonymous. Only told where it is asked
inline constexpr uint64_t kZero = 8;  // the shared page of zeros, not counted as resident; only PAGEMAP_SCAN tells

/// Page-aligned.
struct PageSpan {
  Range range;
  bool asksFile;  // to tell kFile, PAGEMAP_SCAN looks at every page's own record, which takes it four times as long
};

struct PageRange {
  Range range;
  uint64_t state;
};

struct PageList {
  int error = 0;      // errno; ESRCH: the address space is gone
  uint64_t next = 0;  // where to go on; the end of the last span when all is listed
  std::vector<PageRange> ranges;
};

/// Lists page ranges of the spans (in order) from address `start` on, in bounded portions: about
/// `maxPages` pages a call, perhaps none. Ranges may reach over spans that touch. `pagemapFd` is an open
/// /proc/PID/pagemap; `byEntry` reads its entries one by one, as is done anyway where the kernel has no PAGEMAP_SCAN
/// (before 6.7).
PageList listPages(int pagemapFd, const std::vector<PageSpan>& spans, uint64_t start, uint64_t maxPages, bool byEntry);

/// Pages of a span, by what the kernel says of them. The shared page of zeros is none.
struct PageCount {
  uint64_t anonymous = 0;  // present
  uint64_t file = 0;       // present, where it was asked
  uint64_t swapped = 0;
};

struct PageCounts {
  int error = 0;
  std::vector<PageCount> counts;  // a span each
};

/// Counts the pages of spans that do not overlap. See listPages().
PageCounts countPages(int pagemapFd, const std::vector<PageSpan>& spans, bool byEntry);

}  // namespace memscan
