// What the running kernel can do.
#pragma once

namespace memscan {

struct KernelFeatures {
  bool pagemapScan;  // the ioctl PAGEMAP_SCAN, Linux 6.7
  bool pidfd;        // pidfd_open(), Linux 5.3
};

/// Tries them on this process.
KernelFeatures kernelFeatures();

}  // namespace memscan
