// Chains of the encodings whose characters are one, two or four bytes.
//
// In bytes that are not text, chains begin and end every few bytes. If the visitor wants only strong chains, the bytes
// are screened first, without unpredictable branches, for sums that no chain exceeds. Chains are then followed only
// from the last position before a strong one where none can be live. (Following all of them took four to seven times as
// long.)
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "chains.h"

namespace memscan {

/// Finds the chains in a stretch. `Visitor` is a class with
///   Score least() const
///   void ended(const Chain&, const uint8_t* textEnd, const uint8_t* at)
/// ended() receives every chain that has ended and whose sum had reached least(), and others if that costs nothing: the
/// end of its text, and the position up to which its bytes mattered. If least() is 0 or less it receives all chains,
/// except perhaps those of pure ASCII, which plain runs cover.
template <Encoding kEncoding, class Visitor>
class ByteChainFinder {
 public:
  ByteChainFinder(const Stretch& stretch, Score fall, Visitor& visitor)
      : codec_(Codec::of(kEncoding)), stretch_(stretch), fall_(fall), visitor_(visitor) {}

  /// Finds chains. Those that reach the stretch's end have not ended: see eachLive().
  void find() {
    if (stretch_.open) openChains();
    const uint8_t* strongEnd = stretch_.begin;  // up to here all chains are followed, weak ones too
    for (const uint8_t* p = stretch_.begin; p < stretch_.end; p++) {
      if (p > farthest_) {
        if (p >= strongEnd && visitor_.least() > 0) strongEnd = skipWeak(p);
        p = skip(p);
      }
      if (p == stretch_.end) break;
      Chain& chain = chainAt(p);
      const Step step = codec_.template stepAt<kEncoding>(p, stretch_.limit);
      if (!chain.live && !(step.length && begins(p, step.score, isTextBefore(p), chain))) continue;
      Chain current = chain;
      chain.live = false;
      advance(current, p, step);
    }
  }

  /// Ends the chains that reach the stretch's end.
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
  static constexpr ptrdiff_t kStride = 32;

  // For each value of the byte before, how far the sum of a chain that begins there may fall.
  static constexpr auto kMayFall = [] {
    std::array<int16_t, 256> all = {};
    for (int byte = 0; byte < 256; byte++) all[byte] = byte >= 0x80 || isAsciiText(byte) ? 0 : kTolerance;
    return all;
  }();

  static constexpr int kLongest = kEncoding == Encoding::latin1 ? 1 : kEncoding == Encoding::gb18030 ? 4 : 2;

  /// Upper bounds on how far the sums of chains at a byte, and at the next ones, are above the sums at which they end.
  /// 0 or less: no chain is live there.
  using Sums = std::array<Score, kLongest>;

  Chain& chainAt(const uint8_t* p) { return chains_[reinterpret_cast<uintptr_t>(p) & 7]; }

  // Opens a chain for what may continue from before, at each position where its first character may end, or at the
  // beginning.
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

  // Whether the byte before `p` may end a character.
  static constexpr bool isTextBefore(const uint8_t* p) { return kMayFall[p[-1]] == 0; }

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

  // Whether eight bytes are ASCII.
  static bool isAscii(const uint8_t* p) {
    uint64_t bytes;
    std::memcpy(&bytes, p, 8);
    return !(bytes & 0x8080808080808080);
  }

  // If no chain is live, returns the first position from `p` on where a chain that matters may begin: the beginning of
  // text that is not pure ASCII.
  const uint8_t* skip(const uint8_t* p) const {
    const uint8_t* high = p;
    while (stretch_.end - high >= 8 && isAscii(high)) high += 8;
    while (high < stretch_.end && *high < 0x80) high++;
    if (high == stretch_.end) return high;
    while (high > p && isAsciiText(high[-1])) high--;
    return high;
  }

  // If no chain is live, moves `at` to the last position where none is, before one may reach the least sum the visitor
  // wants. Returns the end of the bytes where one may.
  const uint8_t* skipWeak(const uint8_t*& at) const {
    Sums sums = {};
    const uint8_t* p = at = skip(at);
    while (isStrideAt(p)) {
      if (at == p && isAscii(p)) {
        p = at = skip(p);
        if (!isStrideAt(p)) break;
      }
      const uint8_t* idle = at;  // no chain is live here
      Score highest = 0;
      for (const uint8_t* const end = p + kStride; p < end; p++) {
        pass(sums, p);
        const Score most = *std::max_element(sums.begin(), sums.end());
        highest = std::max(highest, most);
        idle = most <= 0 ? p + 1 : idle;
      }
      if (highest >= visitor_.least()) return p;
      at = idle;
    }
    return stretch_.end;
  }

  bool isStrideAt(const uint8_t* p) const {
    return stretch_.end - p >= kStride && stretch_.limit - p >= kStride + kLongest - 1;
  }

  // Advances the sums from `p` to the next byte.
  void pass(Sums& sums, const uint8_t* p) const {
    const Score here = std::max<Score>(sums[0], kMayFall[p[-1]]);
    for (int i = 1; i < kLongest; i++) sums[i - 1] = sums[i];
    sums[kLongest - 1] = 0;
    const auto goOn = [&](int length, Score score) { sums[length - 1] = std::max(sums[length - 1], here + score); };
    goOn(1, codec_.scoreOfByte(*p));
    if constexpr (kLongest > 1) goOn(2, codec_.scoreOfPair(p));
    if constexpr (kLongest > 2) {
      const auto isDigit = [](uint8_t byte) { return static_cast<uint8_t>(byte - '0') < 10; };
      if ((p[0] >= 0x80) & isDigit(p[1]) & isDigit(p[3])) [[unlikely]] {
        const Step step = codec_.template stepAt<kEncoding>(p, stretch_.limit);
        if (step.length == 4) goOn(4, step.score);
      }
    }
  }

  // Leaves in `chain` the chain that continues: the one that began first, because the other may have begun inside a
  // character, unless the other is clearly better.
  void merge(Chain& chain, Chain& other, const uint8_t* at) {
    if (chain.open || other.open) return mergeOpen(chain, other);
    if (other.begin < chain.begin) std::swap(chain, other);
    if (other.score > chain.score + kTolerance) std::swap(chain, other);
    end(other, at, false);
  }

  // It is not known which of them continues: the merged chain ends when both would have ended.
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
  const uint8_t* farthest_ = nullptr;  // no chain is beyond this
  Chain chains_[8];                    // by position: none is more than four bytes ahead
};

}  // namespace memscan
