// Encodings and characters: which bytes are text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "unicode_tables.h"

namespace memscan {

/// The encodings memscan knows. Where overlapping strings have equal evidence, the encoding listed first wins. This
/// file implements ASCII and UTF-8, encodings/codec.h the others.
enum class Encoding : uint8_t {
  ascii,  // TAB and 0x20 to 0x7e, like GNU strings
  utf8,   // ASCII text, and every assigned Unicode character except controls, private use and line separators
  utf16le,
  utf16be,
  latin1,  // ISO 8859-1
  gb18030,
  big5,
  shift_jis,
  euc_kr,
};
inline constexpr int kEncodings = 9;

/// Returns the name that users type and see, e.g. `shift_jis`.
std::string_view nameOf(Encoding encoding);
inline constexpr size_t kLongestName = 9;

constexpr bool isAsciiText(uint8_t byte) { return (byte >= 0x20 && byte < 0x7f) || byte == '\t'; }

inline bool isContinuation(uint8_t byte) { return (byte & 0xc0) == 0x80; }

/// Whether `codePoint` (0 to 0x10ffff) may be part of a string: general categories L, M, N, P, S, Zs and Cf.
inline bool isTextCodePoint(uint32_t codePoint) {
  // A row is 64 code points: those that UTF-8 sequences with equal bytes before the last one can encode.
  return unicode::kTextRows[unicode::kTextRowOf[codePoint >> 6]] >> (codePoint & 63) & 1;
}

/// Whether `codePoint` is invisible or moves its neighbours (Cf, default-ignorable letters). Strings may contain it; it
/// is escaped when they are printed.
bool isHiddenCodePoint(uint32_t codePoint);

struct Character {
  uint32_t codePoint;
  uint32_t length;  // bytes; 0 = no character of text
};

/// Decodes the well-formed UTF-8 sequence at `p` (Unicode, table 3-7): no overlong form, no surrogate, nothing above
/// U+10FFFF. Reads up to the first byte that does not belong to it, which must be readable.
inline Character wellFormedAt(const uint8_t* p) {
  const uint32_t lead = p[0];
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xc2 || lead > 0xf4 || !isContinuation(p[1])) return {0, 0};
  const uint32_t second = p[1] & 0x3f;
  if (lead < 0xe0) return {(lead & 0x1f) << 6 | second, 2};

  if (!isContinuation(p[2])) return {0, 0};
  const uint32_t third = p[2] & 0x3f;
  if (lead < 0xf0) {
    const uint32_t codePoint = (lead & 0x0f) << 12 | second << 6 | third;
    const bool surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    return codePoint < 0x800 || surrogate ? Character{0, 0} : Character{codePoint, 3};
  }

  if (!isContinuation(p[3])) return {0, 0};
  const uint32_t codePoint = (lead & 0x07) << 18 | second << 12 | third << 6 | (p[3] & 0x3fu);
  return codePoint < 0x10000 || codePoint > 0x10ffff ? Character{0, 0} : Character{codePoint, 4};
}

/// Decodes the character of text that begins at `p`. `encoding` is ASCII or UTF-8. Reads as wellFormedAt() does.
inline Character characterAt(const uint8_t* p, Encoding encoding) {
  if (*p < 0x80) return isAsciiText(*p) ? Character{*p, 1} : Character{0, 0};
  if (encoding == Encoding::ascii) return {0, 0};
  const Character character = wellFormedAt(p);
  return character.length && isTextCodePoint(character.codePoint) ? character : Character{0, 0};
}

/// Returns the length in bytes of the character of text that ends just before `p`, or 0. In UTF-8 the four bytes before
/// `p` must be readable.
inline uint32_t characterLengthBefore(const uint8_t* p, Encoding encoding) {
  if (p[-1] < 0x80) return isAsciiText(p[-1]);
  if (encoding == Encoding::ascii) return 0;
  for (uint32_t back = 2; back <= 4; back++) {
    if (isContinuation(*(p - back))) continue;
    return characterAt(p - back, encoding).length == back ? back : 0;
  }
  return 0;
}

}  // namespace memscan
