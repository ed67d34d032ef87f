// Moving bits by their rank among other bits, with BMI2 instructions. Include it inside a target region.
#pragma once

#include <cstdint>

#include "shape_placeholders.h"

namespace memscan {
namespace {

/// Implements `paired` of PlaceholderFinder's interface.
struct PairedBits {
  static uint64_t paired(uint64_t chosen, uint64_t from, uint64_t to) { return _pdep_u64(_pext_u64(chosen, from), to); }

  /// No word of `from` or `to` has all bits set: no two quotes that open or end a text are adjacent.
  static Bits128 paired(Bits128 chosen, Bits128 from, Bits128 to) {
    const auto high = [](Bits128 bits) { return static_cast<uint64_t>(bits >> 64); };
    const auto low = [](Bits128 bits) { return static_cast<uint64_t>(bits); };
    const uint64_t ranks = _pext_u64(low(chosen), low(from)) | _pext_u64(high(chosen), high(from))
                                                                   << std::popcount(low(from));
    return Bits128{_pdep_u64(ranks >> std::popcount(low(to)), high(to))} << 64 | _pdep_u64(ranks, low(to));
  }
};

}  // namespace
}  // namespace memscan
