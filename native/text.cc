#include "text.h"

#include <algorithm>
#include <iterator>

#include "unicode_tables.h"

namespace memscan {

bool isTextCodePoint(uint32_t codePoint) {
  // A block is 64 code points: what one UTF-8 sequence reaches by its last byte alone.
  return unicode::kTextBlocks[unicode::kTextBlockOf[codePoint >> 6]] >> (codePoint & 63) & 1;
}

bool isHiddenCodePoint(uint32_t codePoint) {
  const auto* after = std::upper_bound(std::begin(unicode::kHidden), std::end(unicode::kHidden), codePoint,
                                       [](uint32_t value, const unicode::Span& span) { return value < span.first; });
  return after != std::begin(unicode::kHidden) && codePoint <= after[-1].last;
}

namespace {

// The well-formed sequence at `p` (Unicode, table 3-7): no overlong form, no surrogate, nothing above U+10FFFF.
Character wellFormedAt(const uint8_t* p) {
  const uint8_t lead = p[0];
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xc2 || lead > 0xf4 || !isContinuation(p[1])) return {0, 0};
  const uint32_t second = p[1] & 0x3f;
  if (lead < 0xe0) return {(lead & 0x1fu) << 6 | second, 2};

  if (!isContinuation(p[2])) return {0, 0};
  const uint32_t third = p[2] & 0x3f;
  if (lead < 0xf0) {
    const uint32_t codePoint = (lead & 0x0fu) << 12 | second << 6 | third;
    const bool surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    return codePoint < 0x800 || surrogate ? Character{0, 0} : Character{codePoint, 3};
  }

  if (!isContinuation(p[3])) return {0, 0};
  const uint32_t codePoint = (lead & 0x07u) << 18 | second << 12 | third << 6 | (p[3] & 0x3fu);
  return codePoint < 0x10000 || codePoint > 0x10ffff ? Character{0, 0} : Character{codePoint, 4};
}

}  // namespace

Character characterAt(const uint8_t* p, Encoding encoding) {
  if (*p < 0x80) return isAsciiText(*p) ? Character{*p, 1} : Character{0, 0};
  if (encoding == Encoding::ascii) return {0, 0};
  const Character character = wellFormedAt(p);
  return character.length && isTextCodePoint(character.codePoint) ? character : Character{0, 0};
}

int characterLengthBefore(const uint8_t* p, Encoding encoding) {
  if (p[-1] < 0x80) return isAsciiText(p[-1]);
  if (encoding == Encoding::ascii) return 0;
  for (int back = 2; back <= 4; back++) {
    if (isContinuation(p[-back])) continue;
    return characterAt(p - back, encoding).length == back ? back : 0;
  }
  return 0;
}

}  // namespace memscan
