// Features of the running kernel.
#pragma once

namespace memscan {

struct KernelFeatures {
  bool pagemapScan;  // the ioctl PAGEMAP_SCAN, Linux 6.7
  bool pidfd;        // pidfd_open(), Linux 5.3
};

/// Tries each feature on this process.
KernelFeatures kernelFeatures();

}  // namespace memscan
