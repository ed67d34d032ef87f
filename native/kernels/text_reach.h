// Measuring text from a position in it, written once over the vector interface of runs.h.
//
// Masks identify the characters in a vector: a lead byte followed by as many continuation bytes as it takes. After most
// lead bytes of most scripts every character is text (kWholeLeads); other characters are decoded one by one.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "kernel.h"

namespace memscan {

struct LeadBytes {
  uint8_t first, last;
};

/// After these lead bytes of two-byte and three-byte characters, every well-formed character is text.
inline constexpr LeadBytes kWholeLeads[] = {{0xc3, 0xcb}, {0xd0, 0xd3}, {0xe4, 0xe9}, {0xeb, 0xec}};

constexpr bool isWhole(uint8_t lead) {
  const uint32_t first = lead < 0xe0 ? lead & 0x1f : (lead & 0x0f) << 6;  // the first row of 64 code points
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
      if (text <= kVectorBytes - kLongestCharacter) break;  // else a character may continue in the next vector
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
      if (text <= kVectorBytes - kLongestCharacter) break;  // else a character may begin in the vector before
    }
    return {p > begin ? p : begin, characters};
  }

 private:
  enum Side { kAfter, kBefore };

  static constexpr int kVectorBytes = 64;
  static constexpr int kLongestCharacter = 4;

  struct Masks {
    uint64_t text;   // bytes of characters of text in the vector
    uint64_t begin;  // first bytes of these characters
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

  // Returns the bit of the first of these lead bytes, in the direction of the search, whose character is not text: the
  // text ends there, whatever follows.
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
