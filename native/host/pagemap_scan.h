// The ioctl PAGEMAP_SCAN (since Linux 6.7) as include/uapi/linux/fs.h of Linux declares it: older headers lack it.
// Documented in Documentation/admin-guide/mm/pagemap.rst.
#pragma once

#include <sys/ioctl.h>

#include <cstdint>

namespace memscan {

/// A range of pages with equal categories.
struct ScanRegion {
  uint64_t start;
  uint64_t end;
  uint64_t categories;
};

struct ScanArgument {
  uint64_t size;
  uint64_t flags;
  uint64_t start;
  uint64_t end;
  uint64_t walkEnd;
  uint64_t vec;
  uint64_t vecLength;
  uint64_t maxPages;
  uint64_t categoryInverted;
  uint64_t categoryMask;
  uint64_t categoryAnyofMask;
  uint64_t returnMask;
};

inline constexpr unsigned long kPagemapScan = _IOWR('f', 16, ScanArgument);

// Categories of pages, as bits.
inline constexpr uint64_t kScanFile = 1 << 2;
inline constexpr uint64_t kScanPresent = 1 << 3;
inline constexpr uint64_t kScanSwapped = 1 << 4;
inline constexpr uint64_t kScanZero = 1 << 5;
inline constexpr uint64_t kScanGuard = 1 << 8;  // of MADV_GUARD_INSTALL; newer than the ioctl itself

}  // namespace memscan
