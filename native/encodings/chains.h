// Where text may stand in an encoding: chains of characters, one behind the other, that more speaks for than against.
//
// A chain may begin at any byte, so that bytes before a text never hide it: those of UTF-16 at even and at odd
// addresses go side by side, and so do those of encodings whose characters are one byte or two. Where two come to the
// same place, one goes on.
//
// Scores are summed as they come (a CUSUM test):
//   - a chain begins with a character that speaks for text; where nothing like text stands before it, also with one
//     that speaks a little against it
//   - it ends where no character follows, where its sum has fallen to nothing, or far below the highest it had
//   - its text goes as far as to its highest sum; where no character follows, to its end if that is little lower
#pragma once

#include <cstdint>

#include "codec.h"
#include "model.h"

namespace memscan {

/// Bytes to look for chains in: [begin, end). Those before `begin` are readable, and so are those up to `limit`.
struct Stretch {
  const uint8_t* begin;
  const uint8_t* end;
  const uint8_t* limit;  // where characters end at the latest
  bool open;             // chains may go on from before: nothing is known of what those have summed up
};

struct Chain {
  bool live = false;
  bool open = false;  // it came from before: its begin and its scores' level are not known
  Score score = 0;
  Score highest = 0;
  Score least = 0;  // it ends with this sum, or less
  const uint8_t* begin = nullptr;
  const uint8_t* highestAt = nullptr;  // the end of the character by which it was reached
};

/// A character that speaks against text by less than this may begin a string, or end it.
inline constexpr Score kTolerance = 5 * kBit;

/// A chain ends this far below its highest sum.
inline constexpr Score kFall = 16 * kBit;

/// Whether the character at `p` begins a chain, which is left in `chain` then: a finder's own.
inline bool begins(const uint8_t* p, Score score, bool isTextBefore, Chain& chain) {
  if (score <= 0 && (score <= -kTolerance || isTextBefore)) return false;
  chain = {true, false, 0, 0, isTextBefore ? 0 : -kTolerance, p, p};
  return true;
}

/// Where the text of a chain ends that ends at `at`: at no character, or not.
inline const uint8_t* textEndOf(const Chain& chain, const uint8_t* at, bool atNoCharacter) {
  const bool whole = atNoCharacter && chain.score >= chain.highest - kTolerance;
  return whole ? at : chain.highestAt;
}

}  // namespace memscan
