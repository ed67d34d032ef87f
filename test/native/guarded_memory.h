// Memory that crashes the test when it is read beyond its ends.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <random>

#include "../../native/kernels/kernel.h"

/// Memory between two guard pages.
class GuardedMemory {
 public:
  explicit GuardedMemory(size_t size) : size_((size + kPage - 1) / kPage * kPage) {
    whole_ = static_cast<uint8_t*>(
        mmap(nullptr, size_ + 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(whole_, kPage, PROT_NONE);
    mprotect(whole_ + kPage + size_, kPage, PROT_NONE);
  }
  GuardedMemory(const GuardedMemory&) = delete;
  ~GuardedMemory() { munmap(whole_, size_ + 2 * kPage); }

  uint8_t* begin() { return whole_ + kPage; }
  uint8_t* end() { return whole_ + kPage + size_; }

  /// Returns where to put `length` bytes so that a kernel's allowed reads beyond one of their ends stop at a guard page
  /// or up to 63 bytes before it.
  uint8_t* roomFor(size_t length, std::mt19937& random) {
    const bool atEnd = random() & 1;
    const uint32_t slack = random() % 64;  // every alignment
    return atEnd ? end() - memscan::kReadAfter - length - slack : begin() + memscan::kReadBefore + slack;
  }

 private:
  static constexpr size_t kPage = 4096;
  const size_t size_;
  uint8_t* whole_;
};
