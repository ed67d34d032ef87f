// Tests that run with every kernel that this CPU supports.
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "../../native/kernels/kernel.h"

/// MEMSCAN_SEED, else a different number in each run. Printed at the start.
uint32_t seed();

class EachKernel : public testing::TestWithParam<const memscan::Kernel*> {
 protected:
  const memscan::Kernel& kernel = *GetParam();
  std::mt19937 random{seed()};
};

inline auto supported() {
  const auto kernels = memscan::supportedKernels();
  return testing::ValuesIn(kernels.begin(), kernels.end());
}

inline std::string kernelName(const testing::TestParamInfo<const memscan::Kernel*>& info) { return info.param->name; }
