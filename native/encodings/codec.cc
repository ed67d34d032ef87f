#include "codec.h"

#include <algorithm>
#include <memory>

#include "model.h"

namespace memscan {

namespace {

constexpr uint32_t kFirstHalfwidth = 0xff61;  // of katakana, which are single bytes in Shift_JIS
constexpr uint32_t kAstralQuads = 189'000;    // number of the four-byte sequence of GB 18030 for U+10000

bool isDigit(uint8_t byte) { return byte >= 0x30 && byte <= 0x39; }

// Returns the code point of the four-byte sequence of GB 18030 with this number, or 0.
uint32_t codePointOfQuad(uint32_t number) {
  if (number >= kAstralQuads) return number < kAstralQuads + 0x100000 ? 0x10000 + number - kAstralQuads : 0;
  const auto& all = tables::data.gb18030Quads;
  const auto* const after = std::upper_bound(std::begin(all), std::end(all), number,
                                             [](uint32_t value, const auto& quads) { return value < quads.first; });
  if (after == all || number >= uint32_t{after[-1].first} + after[-1].count) return 0;
  return after[-1].codePoint + number - after[-1].first;
}

std::vector<uint8_t> quadBytes(uint32_t number) {
  return {static_cast<uint8_t>(0x81 + number / 12'600), static_cast<uint8_t>(0x30 + number / 1260 % 10),
          static_cast<uint8_t>(0x81 + number / 10 % 126), static_cast<uint8_t>(0x30 + number % 10)};
}

}  // namespace

const Codec& Codec::of(Encoding encoding) {
  static const std::vector<std::unique_ptr<const Codec>> codecs = [] {
    std::vector<std::unique_ptr<const Codec>> all;
    for (int i = 0; i < kEncodings; i++) all.emplace_back(new Codec(static_cast<Encoding>(i)));
    return all;
  }();
  return *codecs[static_cast<int>(encoding)];
}

Codec::Codec(Encoding encoding) : encoding_(encoding) {
  std::fill(std::begin(byteScores_), std::end(byteScores_), kNone);
  if (encoding == Encoding::ascii || encoding == Encoding::utf8) return;
  if (isUtf16(encoding)) {
    scoreUnits();
    return;
  }

  for (uint32_t byte = 0; byte < 0x80; byte++) setByte(byte, byte);
  switch (encoding) {
    case Encoding::latin1:
      for (uint32_t byte = 0x80; byte < 0x100; byte++) setByte(byte, byte);
      break;
    case Encoding::gb18030:
      setPairs(tables::data.gb18030);
      break;
    case Encoding::big5:
      setPairs(tables::data.big5);
      break;
    case Encoding::shift_jis:
      for (uint32_t byte = 0xa1; byte < 0xe0; byte++) setByte(byte, kFirstHalfwidth + byte - 0xa1);
      setPairs(tables::data.shiftJis);
      break;
    default:
      setPairs(tables::data.eucKr);
  }
}

void Codec::setByte(uint8_t byte, uint32_t codePoint) {
  if (!isText(codePoint)) return;
  bytes_[byte] = codePoint;
  byteScores_[byte] = scoreOf(codePoint, 1);
}

void Codec::setPairs(const tables::Pairs& pairs) {
  pairs_ = pairs;
  scores_.assign(pairs_.size(), kNone);
  for (size_t pair = 0; pair < pairs_.size(); pair++) {
    if (pairs_[pair]) scores_[pair] = scoreOf(pairs_[pair], 2);
  }
}

void Codec::scoreUnits() {
  scores_.assign(0x10000, kNone);
  for (uint32_t unit = 0; unit < 0x10000; unit++) {
    if (isText(unit)) scores_[unit] = scoreOf(unit, 2);
  }
}

Character Codec::bytesAt(const uint8_t* p, const uint8_t* end) const {
  if (byteScores_[*p] != kNone) return {bytes_[*p], 1};
  if (pairs_.empty() || *p < 0x80 || end - p < 2) return {0, 0};
  const uint32_t pair = (*p << 8 | p[1]) - 0x8000;
  if (scores_[pair] != kNone) return {pairs_[pair], 2};
  return encoding_ == Encoding::gb18030 ? fourAt(p, end) : Character{0, 0};
}

Step Codec::stepOf(const Character& character) const {
  if (!character.length) return {0, 0};
  return {character.length, scoreOf(character.codePoint, character.length)};
}

// Decodes a character of four bytes: a surrogate pair, or GB 18030's.
Character Codec::fourAt(const uint8_t* p, const uint8_t* end) const {
  if (end - p < 4) return {0, 0};
  uint32_t codePoint = 0;
  if (isUtf16(encoding_)) {
    const uint32_t high = unitAt(p, encoding_);
    const uint32_t low = unitAt(p + 2, encoding_);
    if (high >= 0xdc00 || (low & 0xfc00) != 0xdc00) return {0, 0};
    codePoint = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
  } else {
    const bool wellFormed = p[0] > 0x80 && p[0] < 0xff && isDigit(p[1]) && p[2] > 0x80 && p[2] < 0xff && isDigit(p[3]);
    if (!wellFormed) return {0, 0};
    codePoint = codePointOfQuad((((p[0] - 0x81) * 10 + p[1] - 0x30) * 126 + p[2] - 0x81) * 10 + p[3] - 0x30);
  }
  return isText(codePoint) ? Character{codePoint, 4} : Character{0, 0};
}

std::vector<std::vector<uint8_t>> Codec::bytesOf(uint32_t codePoint) const {
  std::vector<std::vector<uint8_t>> found;
  if (isUtf16(encoding_)) {
    const auto add = [&](uint32_t unit) {
      const bool big = encoding_ == Encoding::utf16be;
      found.back().push_back(big ? unit >> 8 : unit & 0xff);
      found.back().push_back(big ? unit & 0xff : unit >> 8);
    };
    found.emplace_back();
    if (codePoint >= 0x10000) add(0xd800 + ((codePoint - 0x10000) >> 10));
    add(codePoint < 0x10000 ? codePoint : 0xdc00 + ((codePoint - 0x10000) & 0x3ff));
    return found;
  }
  for (uint32_t byte = 0; byte < 0x100; byte++) {
    if (byteScores_[byte] != kNone && bytes_[byte] == codePoint) found.push_back({static_cast<uint8_t>(byte)});
  }
  for (size_t pair = 0; pair < pairs_.size(); pair++) {
    if (scores_[pair] != kNone && pairs_[pair] == codePoint)
      found.push_back({static_cast<uint8_t>(0x80 + (pair >> 8)), static_cast<uint8_t>(pair)});
  }
  if (encoding_ != Encoding::gb18030) return found;
  if (codePoint >= 0x10000) found.push_back(quadBytes(kAstralQuads + codePoint - 0x10000));
  for (const auto& quads : tables::data.gb18030Quads) {
    if (codePoint >= quads.codePoint && codePoint < uint32_t{quads.codePoint} + quads.count)
      found.push_back(quadBytes(quads.first + codePoint - quads.codePoint));
  }
  return found;
}

}  // namespace memscan
