// Which bytes are rare in memory, and therefore worth searching for first.
#pragma once

#include <cstdint>

namespace memscan {

/// How common a byte is in process memory, 0 to 1000: zeros most of all, then the bytes of text, small numbers and
/// padding.
int commonness(uint8_t byte);

}  // namespace memscan
