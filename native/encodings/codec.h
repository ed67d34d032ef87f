// One character of text in the encodings that are neither ASCII nor UTF-8, and what it speaks for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../text/text.h"
#include "tables.h"

namespace memscan {

/// 1/16 bits: how much likelier a character is in text than among random bytes. See model.h.
using Score = int32_t;

/// A character of text, or none: its length is 0.
struct Step {
  uint32_t length;  // bytes
  Score score;
};

constexpr bool isUtf16(Encoding encoding) { return encoding == Encoding::utf16le || encoding == Encoding::utf16be; }

/// What an encoding's bytes stand for. Of UTF-16, units are looked up; of the others single bytes, then pairs of bytes,
/// in GB 18030 at last four.
class Codec {
 public:
  /// The tables must have been loaded.
  static const Codec& of(Encoding encoding);

  /// The character of text at `p`, which ends at `end` at the latest.
  Character characterAt(const uint8_t* p, const uint8_t* end) const {
    return isUtf16(encoding_) ? unitsAt(p, end) : bytesAt(p, end);
  }

  /// Its length and score: one look into a table, but for what takes four bytes.
  template <Encoding kEncoding>
  Step stepAt(const uint8_t* p, const uint8_t* end) const;

  /// Of what is a character of text by itself; kNone of any other: a unit of UTF-16, a byte, the two bytes at `p`.
  Score scoreOfUnit(uint32_t unit) const { return scores_[unit]; }
  Score scoreOfByte(uint8_t byte) const { return byteScores_[byte]; }
  Score scoreOfPair(const uint8_t* p) const {
    const uint32_t bytes = p[0] << 8 | p[1];
    const int32_t isPair = -(p[0] >> 7);  // no branch, which would come as chance has it
    return (scores_[bytes & 0x7fff] & isPair) | (kNone & ~isPair);
  }
  static constexpr int16_t kNone = INT16_MIN;

  /// All sequences of bytes that stand for a character; none for what the encoding does not have.
  std::vector<std::vector<uint8_t>> bytesOf(uint32_t codePoint) const;

 private:
  explicit Codec(Encoding encoding);

  void setByte(uint8_t byte, uint32_t codePoint);
  void setPairs(const tables::Pairs& pairs);
  void scoreUnits();
  Step stepOf(const Character& character) const;
  Character unitsAt(const uint8_t* p, const uint8_t* end) const;
  Character bytesAt(const uint8_t* p, const uint8_t* end) const;
  Character fourAt(const uint8_t* p, const uint8_t* end) const;

  const Encoding encoding_;
  uint16_t bytes_[256] = {};  // code points, 0 = none
  int16_t byteScores_[256];
  std::span<const uint16_t> pairs_;  // by the two bytes less 0x8000
  std::vector<int16_t> scores_;      // of pairs, or of units of UTF-16
};

/// The two bytes at `p` as UTF-16 has them.
inline uint32_t unitAt(const uint8_t* p, Encoding encoding) {
  return encoding == Encoding::utf16be ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
}

constexpr bool isSurrogate(uint32_t unit) { return (unit & 0xf800) == 0xd800; }

inline Character Codec::unitsAt(const uint8_t* p, const uint8_t* end) const {
  if (end - p < 2) return {0, 0};
  const uint32_t unit = unitAt(p, encoding_);
  if (scores_[unit] != kNone) return {unit, 2};
  return isSurrogate(unit) ? fourAt(p, end) : Character{0, 0};
}

template <Encoding kEncoding>
inline Step Codec::stepAt(const uint8_t* p, const uint8_t* end) const {
  if constexpr (isUtf16(kEncoding)) {
    if (end - p < 2) return {0, 0};
    const uint32_t unit = unitAt(p, kEncoding);
    const Score score = scores_[unit];
    if (score != kNone) return {2, score};
    return isSurrogate(unit) ? stepOf(fourAt(p, end)) : Step{0, 0};
  } else {
    const Score score = byteScores_[*p];
    if (score != kNone) return {1, score};
    if (kEncoding == Encoding::latin1 || *p < 0x80 || end - p < 2) return {0, 0};
    const Score ofPair = scores_[(*p << 8 | p[1]) - 0x8000];
    if (ofPair != kNone) return {2, ofPair};
    return kEncoding == Encoding::gb18030 ? stepOf(fourAt(p, end)) : Step{0, 0};
  }
}

}  // namespace memscan
