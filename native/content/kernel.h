// What is done for every string or page, for each CPU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace memscan {

/// Words that are looked at of a page.
inline constexpr size_t kSampledWords = 64;

/// How many of the sampled words are what. A word may be several.
struct WordCounts {
  size_t zero, text, small, doubles, floats;
  uint64_t mayPoint;  // a bit for each word, the first in the lowest
};

/// Things begin at multiples of so many bytes, where malloc begins them.
inline constexpr size_t kBeginningStep = 16;

/// Steps that are looked at together.
inline constexpr size_t kBeginnings = 32;

struct ContentKernel {
  bool (*supported)();

  /// A number for the first kKeyBytes of a text's shape, or all of it where that is shorter. Reads kShapeWindow bytes.
  uint64_t (*familyKey)(const uint8_t* text, size_t length);

  /// Of kSampledWords words.
  WordCounts (*countWords)(const uint64_t* words);

  /// A bit for each of kBeginnings steps: not set where nothing well known begins. Reads all of the steps' bytes.
  uint32_t (*findBeginnings)(const uint8_t* bytes);
};

/// All that this CPU can run, the best first. They give the same, but for findBeginnings(), which may be mistaken in
/// saying that something begins.
std::span<const ContentKernel* const> contentKernels();

/// The best.
const ContentKernel& contentKernel();

}  // namespace memscan
