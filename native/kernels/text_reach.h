// How far text goes from a place in it, written once over the vector interface of runs.h.
//
// A block's characters are told by masks: a lead byte with as many continuation bytes behind it as it takes. Behind
// most lead bytes of most scripts stands nothing but text (kWholeLeads); the characters of the others are looked up.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "kernel.h"

namespace memscan {

struct LeadBytes {
  uint8_t first, last;
};

/// Behind these lead bytes of two and of three bytes, every well-formed character is text.
inline constexpr LeadBytes kWholeLeads[] = {{0xc3, 0xcb}, {0xd0, 0xd3}, {0xe4, 0xe9}, {0xeb, 0xec}};

constexpr bool isWhole(uint8_t lead) {
  const uint32_t first = lead < 0xe0 ? lead & 0x1f : (lead & 0x0f) << 6;  // of blocks of 64 code points
  for (uint32_t row = first; row < first + (lead < 0xe0 ? 1 : 64); row++) {
    if (~unicode::kTextRows[unicode::kTextRowOf[row]]) return false;
  }
  return true;
}

static_assert(std::ranges::all_of(kWholeLeads, [](LeadBytes leads) {
  for (int lead = leads.first; lead <= leads.last; lead++) {
    if (!isWhole(static_cast<uint8_t>(lead))) return false;
  }
  return true;
}));

template <class Isa>
class ReachFinder {
 public:
  explicit ReachFinder(Encoding encoding) : isUtf8_(encoding == Encoding::utf8) {}

  TextReach after(const uint8_t* p, const uint8_t* end) const {
    uint32_t characters = 0;
    while (p < end) {
      const Masks masks = masksAt<kAfter>(p);
      const int text = std::countr_one(masks.text);
      const int64_t left = end - p;
      characters += std::popcount(masks.begin & firstBits(text < left ? text : left));
      p += text;
      if (text <= kVectorBytes - kLongestCharacter) break;  // else a character may go on in the next block
    }
    return {p < end ? p : end, characters};
  }

  TextReach before(const uint8_t* p, const uint8_t* begin) const {
    uint32_t characters = 0;
    while (p > begin) {
      const Masks masks = masksAt<kBefore>(p - kVectorBytes);
      const int text = std::countl_one(masks.text);
      const int64_t left = p - begin;
      characters += std::popcount(masks.begin & ~firstBits(kVectorBytes - (text < left ? text : left)));
      p -= text;
      if (text <= kVectorBytes - kLongestCharacter) break;  // else a character may have begun in the block before
    }
    return {p > begin ? p : begin, characters};
  }

 private:
  enum Side { kAfter, kBefore };

  static constexpr int kVectorBytes = 64;
  static constexpr int kLongestCharacter = 4;

  struct Masks {
    uint64_t text;   // bytes of characters of text that lie in the block
    uint64_t begin;  // their first ones
  };

  static uint64_t firstBits(int64_t count) { return count >= kVectorBytes ? ~uint64_t{0} : (uint64_t{1} << count) - 1; }

  template <Side kSide>
  Masks masksAt(const uint8_t* p) const {
    const auto vector = Isa::load(p);
    const uint64_t ascii = Isa::asciiText(vector);
    const uint64_t follow = isUtf8_ ? Isa::within(vector, 0x80, 0xbf) : 0;
    if (!follow) return {ascii, ascii};
    const uint64_t second = follow >> 1;
    const uint64_t third = second & follow >> 2;
    const uint64_t fourth = third & follow >> 3;
    uint64_t two = Isa::within(vector, 0xc2, 0xdf) & second;
    uint64_t three = Isa::within(vector, 0xe0, 0xef) & third;
    uint64_t four = Isa::within(vector, 0xf0, 0xf4) & fourth;
    uint64_t whole = 0;
    for (const LeadBytes& leads : kWholeLeads) whole |= Isa::within(vector, leads.first, leads.last);
    const uint64_t wrong = firstWrong<kSide>(p, (two | three | four) & ~whole);
    two &= ~wrong;
    three &= ~wrong;
    four &= ~wrong;
    const uint64_t begin = ascii | two | three | four;
    return {begin | (two | three | four) << 1 | (three | four) << 2 | four << 3, begin};
  }

  // Of these lead bytes, the first one on the way whose character is no text: the text ends there, whatever comes then.
  template <Side kSide>
  static uint64_t firstWrong(const uint8_t* p, uint64_t leads) {
    while (leads) {
      const int at = kSide == kAfter ? std::countr_zero(leads) : kVectorBytes - 1 - std::countl_zero(leads);
      const uint64_t lead = uint64_t{1} << at;
      if (!characterAt(p + at, Encoding::utf8).length) return lead;
      leads &= ~lead;
    }
    return 0;
  }

  const bool isUtf8_;
};

template <class Isa>
TextReach textAfterWith(const uint8_t* p, const uint8_t* end, Encoding encoding) {
  return ReachFinder<Isa>(encoding).after(p, end);
}

template <class Isa>
TextReach textBeforeWith(const uint8_t* p, const uint8_t* begin, Encoding encoding) {
  return ReachFinder<Isa>(encoding).before(p, begin);
}

}  // namespace memscan
