// Chains of the encodings whose characters are one byte, two or four.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "chains.h"

namespace memscan {

/// Goes over a stretch. `Visitor` is a class with
///   void ended(const Chain&, const uint8_t* textEnd, const uint8_t* at)
/// which is told of every chain that has ended: where its text ends, and up to where it mattered; but perhaps not of
/// those of ASCII alone, which are known as plain runs.
template <Encoding kEncoding, class Visitor>
class ByteChainFinder {
 public:
  ByteChainFinder(const Stretch& stretch, Score fall, Visitor& visitor)
      : codec_(Codec::of(kEncoding)), stretch_(stretch), fall_(fall), visitor_(visitor) {}

  /// Chains that reach the end have not ended: see eachLive().
  void find() {
    if (stretch_.open) openChains();
    for (const uint8_t* p = stretch_.begin; p < stretch_.end; p++) {
      if (p > farthest_) p = skip(p);
      if (p == stretch_.end) break;
      Chain& chain = chainAt(p);
      const Step step = codec_.template stepAt<kEncoding>(p, stretch_.limit);
      if (!chain.live && !(step.length && begins(p, step.score, isTextBefore(p), chain))) continue;
      Chain current = chain;
      chain.live = false;
      advance(current, p, step);
    }
  }

  /// Ends those that go on at the end.
  void endAll() {
    for (const uint8_t* p = stretch_.end; p < stretch_.end + 4; p++) {
      Chain& chain = chainAt(p);
      if (chain.live) end(chain, p, true);
      chain.live = false;
    }
  }

  template <class Visit>
  void eachLive(Visit visit) const {
    for (const Chain& chain : chains_) {
      if (chain.live) visit(chain);
    }
  }

 private:
  Chain& chainAt(const uint8_t* p) { return chains_[reinterpret_cast<uintptr_t>(p) & 7]; }

  // Of what may come from before, to where the first character ends at, or none.
  void openChains() {
    const Chain open = {true, true, 0, 0, INT32_MIN, nullptr, nullptr};
    farthest_ = stretch_.begin + 3;
    chainAt(stretch_.begin) = open;
    for (int back = 1; back <= 3; back++) {
      const uint8_t* const p = stretch_.begin - back;
      const Step step = codec_.template stepAt<kEncoding>(p, stretch_.limit);
      if (static_cast<int>(step.length) > back) chainAt(p + step.length) = open;
    }
  }

  // Whether what stands before `p` may be the end of a character.
  static bool isTextBefore(const uint8_t* p) { return p[-1] >= 0x80 || isAsciiText(p[-1]); }

  void advance(Chain& chain, const uint8_t* p, const Step& step) {
    if (!step.length) return end(chain, p, true);
    const uint8_t* const next = p + step.length;
    chain.score += step.score;
    if (chain.score <= chain.least || chain.score < chain.highest - fall_) return end(chain, next, false);
    if (chain.score >= chain.highest) {
      chain.highest = chain.score;
      chain.highestAt = next;
    }
    Chain& other = chainAt(next);
    if (other.live) merge(chain, other, next);
    other = chain;
    farthest_ = std::max(farthest_, next);
  }

  // Where no chain is live, the first place from `p` on where one may begin that matters: where text begins that has
  // more than ASCII in it.
  const uint8_t* skip(const uint8_t* p) const {
    const uint8_t* high = p;
    for (; stretch_.end - high >= 8; high += 8) {
      uint64_t bytes;
      std::memcpy(&bytes, high, 8);
      if (bytes & 0x8080808080808080) break;
    }
    while (high < stretch_.end && *high < 0x80) high++;
    if (high == stretch_.end) return high;
    while (high > p && isAsciiText(high[-1])) high--;
    return high;
  }

  // Leaves in `chain` the one that goes on: that which began first, since the other may have begun amid one of its
  // characters, unless that is clearly better.
  void merge(Chain& chain, Chain& other, const uint8_t* at) {
    if (chain.open || other.open) return mergeOpen(chain, other);
    if (other.begin < chain.begin) std::swap(chain, other);
    if (other.score > chain.score + kTolerance) std::swap(chain, other);
    end(other, at, false);
  }

  // Which of them goes on is not known: what comes out ends when both would have.
  static void mergeOpen(Chain& chain, const Chain& other) {
    const Score fallen = std::min(chain.highest - chain.score, other.highest - other.score);
    chain = {true, true, 0, fallen, INT32_MIN, nullptr, nullptr};
  }

  void end(const Chain& chain, const uint8_t* at, bool atNoCharacter) {
    visitor_.ended(chain, textEndOf(chain, at, atNoCharacter), at);
  }

  const Codec& codec_;
  const Stretch stretch_;
  const Score fall_;
  Visitor& visitor_;
  const uint8_t* farthest_ = nullptr;  // where a chain is, at most
  Chain chains_[8];                    // by where they are: none is further ahead than four bytes
};

}  // namespace memscan
