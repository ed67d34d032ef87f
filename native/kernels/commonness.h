// Which bytes are the ones to look for.
#pragma once

#include <cstdint>

namespace memscan {

/// How common a byte is in process memory, 0 to 1000: zeros above all, then what text, small numbers and padding are
/// made of.
int commonness(uint8_t byte);

}  // namespace memscan
