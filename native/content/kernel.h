// The operations done for every string or page, implemented for each kind of CPU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace memscan {

/// Words of a page that are sampled.
inline constexpr size_t kSampledWords = 64;

/// Numbers of sampled words of each kind. A word may be of several kinds.
struct WordCounts {
  size_t zero, text, small, doubles, floats;
  uint64_t mayPoint;  // a bit for each word that may be a pointer, the first word in the lowest
};

/// Content begins at multiples of this many bytes, as malloc places it.
inline constexpr size_t kBeginningStep = 16;

/// Steps that findBeginnings() tests at once.
inline constexpr size_t kBeginnings = 32;

struct ContentKernel {
  bool (*supported)();

  /// Returns a hash of the first kKeyBytes of a text's shape, or of the whole shape if it is shorter. Reads
  /// kShapeWindow bytes.
  uint64_t (*familyKey)(const uint8_t* text, size_t length);

  /// Counts kSampledWords words.
  WordCounts (*countWords)(const uint64_t* words);

  /// Returns a bit for each of kBeginnings steps of kBeginningStep bytes, cleared if no well-known content begins
  /// there. Reads the bytes of all steps.
  uint32_t (*findBeginnings)(const uint8_t* bytes);
};

/// The implementations that this CPU can run, the best first. Their results are equal, except that findBeginnings() may
/// set more bits.
std::span<const ContentKernel* const> contentKernels();

/// The best implementation for this CPU.
const ContentKernel& contentKernel();

}  // namespace memscan
