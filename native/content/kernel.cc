#include "kernel.h"

#include <vector>

namespace memscan {

extern const ContentKernel kScalarContent;
#if defined(__x86_64__)
extern const ContentKernel kAvx2Content;
extern const ContentKernel kAvx512Content;
#endif

std::span<const ContentKernel* const> contentKernels() {
  static const std::vector<const ContentKernel*> kernels = [] {
    std::vector<const ContentKernel*> all = {
#if defined(__x86_64__)
      &kAvx512Content,
      &kAvx2Content,
#endif
      &kScalarContent,
    };
    std::erase_if(all, [](const ContentKernel* kernel) { return !kernel->supported(); });
    return all;
  }();
  return kernels;
}

const ContentKernel& contentKernel() {
  static const ContentKernel& best = *contentKernels().front();
  return best;
}

}  // namespace memscan
