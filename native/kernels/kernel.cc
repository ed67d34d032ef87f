#include "kernel.h"

#include <algorithm>

namespace memscan {

extern const Kernel kScalar;
#if defined(__x86_64__)
extern const Kernel kAvx2;
extern const Kernel kAvx512;
extern const Kernel kAvx512Vbmi;
#elif defined(__aarch64__)
extern const Kernel kNeon;
#endif

namespace {

std::vector<const Kernel*> supported() {
  std::vector<const Kernel*> kernels = {
#if defined(__x86_64__)
    &kAvx512Vbmi,
    &kAvx512,
    &kAvx2,
#elif defined(__aarch64__)
    &kNeon,
#endif
    &kScalar,
  };
  std::erase_if(kernels, [](const Kernel* kernel) { return !kernel->supported(); });
  return kernels;
}

}  // namespace

Occurrence Kernel::find(const uint8_t* from, const uint8_t* end, const Condition& condition) const {
  if (const auto* const needle = std::get_if<Needle>(&condition)) return findNeedle(from, end, *needle);
  if (const auto* const set = std::get_if<NeedleSet>(&condition)) return findNeedles(from, end, *set);
  return findClassRun(from, end, std::get<ClassRun>(condition));
}

std::span<const Kernel* const> supportedKernels() {
  static const std::vector<const Kernel*> kernels = supported();
  return kernels;
}

}  // namespace memscan
