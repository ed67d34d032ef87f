// Decoding characters in the encodings other than ASCII and UTF-8, and their scores.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../text/text.h"
#include "tables.h"

namespace memscan {

/// In 1/16 bits: how much likelier a character is in text than among random bytes. See model.h.
using Score = int32_t;

/// A character of text; its length is 0 if there is none.
struct Step {
  uint32_t length;  // bytes
  Score score;
};

constexpr bool isUtf16(Encoding encoding) { return encoding == Encoding::utf16le || encoding == Encoding::utf16be; }

/// An encoding's characters. In UTF-16 it looks up units; in other encodings single bytes, then pairs of bytes, and in
/// GB 18030 finally four bytes.
class Codec {
 public:
  /// Returns the codec of an encoding. The tables must have been loaded.
  static const Codec& of(Encoding encoding);

  /// Decodes the character of text at `p`, which must end at `end` or before.
  Character characterAt(const uint8_t* p, const uint8_t* end) const {
    return isUtf16(encoding_) ? unitsAt(p, end) : bytesAt(p, end);
  }

  /// Returns the length and score of the character at `p`: one table lookup, except for characters of four bytes.
  template <Encoding kEncoding>
  Step stepAt(const uint8_t* p, const uint8_t* end) const;

  /// The score of a UTF-16 unit, a byte or the two bytes at `p`, if it is a character of text by itself, else kNone.
  Score scoreOfUnit(uint32_t unit) const { return scores_[unit]; }
  Score scoreOfByte(uint8_t byte) const { return byteScores_[byte]; }
  Score scoreOfPair(const uint8_t* p) const {
    const uint32_t bytes = p[0] << 8 | p[1];
    const int32_t isPair = -(p[0] >> 7);  // no branch: it would be unpredictable
    return (scores_[bytes & 0x7fff] & isPair) | (kNone & ~isPair);
  }
  static constexpr int16_t kNone = INT16_MIN;

  /// Returns all byte sequences that encode a character; none if the encoding lacks it.
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
  uint16_t bytes_[256] = {};  // code points; 0 = none
  int16_t byteScores_[256];
  std::span<const uint16_t> pairs_;  // index: the two bytes, big-endian, less 0x8000
  std::vector<int16_t> scores_;      // of pairs, or of UTF-16 units
};

/// Returns the UTF-16 unit at `p`.
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
