#include <cstdio>
#include <cstdlib>

#include "each_kernel.h"

uint32_t seed() {
  static const char* const wanted = std::getenv("MEMSCAN_SEED");
  static const uint32_t seed =
      wanted ? static_cast<uint32_t>(std::strtoul(wanted, nullptr, 10)) : std::random_device()();
  return seed;
}

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  std::printf("MEMSCAN_SEED=%u\n", seed());
  return RUN_ALL_TESTS();
}
