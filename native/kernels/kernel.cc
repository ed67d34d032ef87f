#include "kernel.h"

#include <algorithm>
#include <cstring>

namespace memscan {

extern const Kernel kScalar;
#if defined(__x86_64__)
extern const Kernel kAvx2;
extern const Kernel kAvx512;
#elif defined(__aarch64__)
extern const Kernel kNeon;
#endif

namespace {

// How common a byte is in process memory: zeros above all, then what text, small numbers and padding are made of.
int commonness(uint8_t byte) {
  static constexpr char kByFrequency[] = " etaoinsrhldcumfpgwybvkxjqz0123456789.-_/:,\"'=()ETAOINSRHLDCUMFPGWYBVKXJQZ";
  if (byte == 0x00) return 1000;
  if (byte == 0xff) return 900;
  const void* const found = byte ? std::memchr(kByFrequency, byte, sizeof kByFrequency - 1) : nullptr;
  if (found) return 800 - static_cast<int>(static_cast<const char*>(found) - kByFrequency);
  return byte < 0x20 ? 500 : 0;
}

size_t rarest(const std::vector<uint8_t>& bytes, size_t except) {
  size_t best = except == 0 && bytes.size() > 1 ? 1 : 0;
  for (size_t i = 0; i < bytes.size(); i++) {
    if (i != except && commonness(bytes[i]) < commonness(bytes[best])) best = i;
  }
  return best;
}

std::vector<const Kernel*> supported() {
  std::vector<const Kernel*> kernels = {
#if defined(__x86_64__)
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

Needle::Needle(std::vector<uint8_t> needleBytes)
    : bytes(std::move(needleBytes)), first(rarest(bytes, bytes.size())), second(rarest(bytes, first)) {}

std::span<const Kernel* const> supportedKernels() {
  static const std::vector<const Kernel*> kernels = supported();
  return kernels;
}

}  // namespace memscan
