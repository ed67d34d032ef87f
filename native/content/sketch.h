// Estimating the number of distinct values in little memory.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace memscan {

/// The registers of a HyperLogLog: for each value of a hash's first 10 bits, 1 + the most zero bits that followed. The
/// reader computes the estimate from them (standard error: 1.04 / sqrt(kRegisters), 3.3 %).
class Sketch {
 public:
  static constexpr size_t kRegisters = 1024;

  void add(uint64_t hash) {
    uint8_t& most = registers_[hash >> 54];
    const auto rank = static_cast<uint8_t>(std::countl_zero(hash << 10 | uint64_t{1} << 9) + 1);
    most = std::max(most, rank);
  }

  void merge(const Sketch& other) {
    for (size_t i = 0; i < kRegisters; i++) registers_[i] = std::max(registers_[i], other.registers_[i]);
  }

  const std::array<uint8_t, kRegisters>& registers() const { return registers_; }

 private:
  std::array<uint8_t, kRegisters> registers_ = {};
};

}  // namespace memscan
