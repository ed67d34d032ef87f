// Finding text in an encoding: chains of consecutive characters with more evidence for text than against it.
//
// A chain may begin at any byte, so bytes before a text never hide it: chains of UTF-16 at even and at odd addresses
// exist side by side, and so do those of encodings whose characters are one or two bytes. If two chains come to the
// same position, one continues.
//
// Scores are summed as they come (a CUSUM test):
//   - A chain begins with a character that is evidence for text; if nothing like text precedes it, also with one that
//     is weak evidence against it.
//   - It ends where no character follows, or where its sum has fallen to nothing or far below its maximum.
//   - Its text extends to its maximal sum; if it ends where no character follows and its sum is little lower, to its
//     end.
#pragma once

#include <cstdint>

#include "codec.h"
#include "model.h"

namespace memscan {

/// The bytes to find chains in: [begin, end). The bytes before `begin`, and those up to `limit`, are readable.
struct Stretch {
  const uint8_t* begin;
  const uint8_t* end;
  const uint8_t* limit;  // characters end here at the latest
  bool open;             // chains may continue from before, with unknown sums
};

struct Chain {
  bool live = false;
  bool open = false;  // it came from before: its beginning and its scores' level are unknown
  Score score = 0;
  Score highest = 0;
  Score least = 0;  // it ends with this sum or less
  const uint8_t* begin = nullptr;
  const uint8_t* highestAt = nullptr;  // the end of the character that reached it
};

/// A character whose evidence against text is weaker than this may begin or end a string.
inline constexpr Score kTolerance = 5 * kBit;

/// A chain ends this far below its maximal sum.
inline constexpr Score kFall = 16 * kBit;

/// Whether the character at `p` begins a chain. If it does, `chain` becomes that chain.
inline bool begins(const uint8_t* p, Score score, bool isTextBefore, Chain& chain) {
  if (score <= 0 && (score <= -kTolerance || isTextBefore)) return false;
  chain = {true, false, 0, 0, isTextBefore ? 0 : -kTolerance, p, p};
  return true;
}

/// Returns the end of a chain's text. The chain ends at `at`, because no character follows if `atNoCharacter`.
inline const uint8_t* textEndOf(const Chain& chain, const uint8_t* at, bool atNoCharacter) {
  const bool whole = atNoCharacter && chain.score >= chain.highest - kTolerance;
  return whole ? at : chain.highestAt;
}

}  // namespace memscan
