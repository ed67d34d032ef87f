// Chains of UTF-16. Those at even and at odd addresses never meet: they are two lanes, processed one after the other.
//
// Most memory has no UTF-16 text, but chains begin and end in it every few bytes. If the visitor wants only strong
// chains, a lane is screened first, unit by unit without branches, for a sum that no chain exceeds. The sum falls to
// its least value where no chain can be live; chains are then followed only from the last such position before a strong
// one. (Following all of them took eight times as long.)
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "chains.h"

namespace memscan {

/// Finds the chains in a stretch. `Visitor` is a class with
///   Score least() const
///   void ended(const Chain&, const uint8_t* textEnd, const uint8_t* at)
/// ended() receives every chain that has ended and whose sum had reached least(), and others if that costs nothing: the
/// end of its text, and the position up to which its bytes mattered. If least() is 0 or less it receives all chains.
template <Encoding kEncoding, class Visitor>
class Utf16ChainFinder {
 public:
  Utf16ChainFinder(const Stretch& stretch, Score fall, Visitor& visitor)
      : codec_(Codec::of(kEncoding)), stretch_(stretch), fall_(fall), visitor_(visitor) {}

  /// Finds chains. Those that reach the stretch's end have not ended: see eachLive().
  void find() {
    for (int odd = 0; odd < 2; odd++) {
      Lane& lane = lanes_[odd];
      lane.at = stretch_.begin + odd;
      if (stretch_.open) open(lane);
      go(lane);
    }
  }

  /// Ends the chains that reach the stretch's end.
  void endAll() {
    for (Lane& lane : lanes_) {
      if (lane.chain.live) end(lane, true);
    }
  }

  template <class Visit>
  void eachLive(Visit visit) const {
    for (const Lane& lane : lanes_) {
      if (lane.chain.live) visit(lane.chain);
    }
  }

 private:
  static constexpr ptrdiff_t kStride = 32;

  struct Lane {
    const uint8_t* at;  // where the chain is, or the next one may begin
    Chain chain;
  };

  Step stepAt(const uint8_t* p) const { return codec_.template stepAt<kEncoding>(p, stretch_.limit); }

  // Opens a chain for what may continue from before, at the end of its first character: a surrogate pair may begin up
  // to three bytes before the stretch.
  void open(Lane& lane) {
    const bool isOdd = lane.at != stretch_.begin;
    const Step last = stepAt(lane.at - 2);
    const bool isAcross = last.length > 0 || stepAt(lane.at - 4).length == 4;
    if (isOdd && !isAcross) return;
    lane.chain = {true, true, 0, 0, INT32_MIN, nullptr, nullptr};
    if (last.length == 4) lane.at += 2;
  }

  void go(Lane& lane) {
    const uint8_t* strongEnd = lane.at;  // up to here all chains are followed, weak ones too
    while (lane.at < stretch_.end) {
      if (!lane.chain.live && lane.at >= strongEnd && visitor_.least() > 0) strongEnd = skipWeak(lane);
      if (lane.at >= stretch_.end) return;
      const Step step = stepAt(lane.at);
      if (lane.chain.live || (step.length && begins(lane.at, step.score, isTextBefore(lane.at), lane.chain))) {
        follow(lane, step);
      } else {
        lane.at += 2;
      }
    }
  }

  // Follows a live chain to its end or the stretch's. `step` is its next character.
  void follow(Lane& lane, Step step) {
    Chain chain = lane.chain;
    const uint8_t* p = lane.at;
    while (step.length) {
      p += step.length;
      chain.score += step.score;
      const bool fallen = chain.score <= chain.least || chain.score < chain.highest - fall_;
      if (chain.score >= chain.highest) {
        chain.highest = chain.score;
        chain.highestAt = p;
      }
      if (fallen || p >= stretch_.end) {
        lane = {p, chain};
        if (fallen) end(lane, false);
        return;
      }
      step = stepAt(p);
    }
    lane = {p, chain};
    end(lane, true);
    lane.at += 2;
  }

  void end(Lane& lane, bool atNoCharacter) {
    visitor_.ended(lane.chain, textEndOf(lane.chain, lane.at, atNoCharacter), lane.at);
    lane.chain.live = false;
  }

  // Whether the unit before `p` may end a character.
  bool isTextBefore(const uint8_t* p) const {
    const uint32_t unit = unitAt(p - 2, kEncoding);
    return isSurrogate(unit) || isText(unit);
  }

  // If no chain is live, moves the lane to the last position where none is, before one may reach the least sum the
  // visitor wants. Returns the end of the bytes where one may.
  const uint8_t* skipWeak(Lane& lane) const {
    // An upper bound on how far any chain's sum is above the sum at which it ends.
    Score most = kTolerance;
    const uint8_t* idle = lane.at;  // no chain is live here
    for (const uint8_t* p = lane.at; stretch_.end - p >= kStride; p += kStride) {
      if (isZero(p)) {
        most = kTolerance;
        idle = p + kStride;
        continue;
      }
      lane.at = idle;
      Score highest = 0;
      for (ptrdiff_t i = 0; i < kStride; i += 2) {
        const Score score = scoreAt(p + i);
        const Score least = score == Codec::kNone ? kTolerance : 0;  // a chain that begins after it may fall this far
        most = std::max(most + score, least);
        highest = std::max(highest, most);
        idle = most == least ? p + i + 2 : idle;
      }
      if (highest >= visitor_.least()) return p + kStride;
    }
    lane.at = idle;
    return stretch_.end;
  }

  static bool isZero(const uint8_t* bytes) {
    uint64_t words[kStride / 8];
    std::memcpy(words, bytes, kStride);
    return !(words[0] | words[1] | words[2] | words[3]);
  }

  // A surrogate pair counts once, at its first unit.
  Score scoreAt(const uint8_t* p) const {
    const uint32_t unit = unitAt(p, kEncoding);
    if (!isSurrogate(unit)) [[likely]]
      return codec_.scoreOfUnit(unit);
    if (unit >= 0xdc00) return 0;
    const Step step = stepAt(p);
    return step.length ? step.score : Codec::kNone;
  }

  const Codec& codec_;
  const Stretch stretch_;
  const Score fall_;
  Visitor& visitor_;
  Lane lanes_[2];  // for the bytes from the stretch's beginning, and from the next byte
};

}  // namespace memscan
