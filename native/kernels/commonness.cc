#include "commonness.h"

#include <cstring>

namespace memscan {

int commonness(uint8_t byte) {
  static constexpr char kByFrequency[] = " etaoinsrhldcumfpgwybvkxjqz0123456789.-_/:,\"'=()ETAOINSRHLDCUMFPGWYBVKXJQZ";
  if (byte == 0x00) return 1000;
  if (byte == 0xff) return 900;
  const void* const found = byte ? std::memchr(kByFrequency, byte, sizeof kByFrequency - 1) : nullptr;
  if (found) return 800 - static_cast<int>(static_cast<const char*>(found) - kByFrequency);
  return byte < 0x20 ? 500 : 0;
}

}  // namespace memscan
