// What text is, byte by byte: the encodings memscan knows, and one character of them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace memscan {

enum class Encoding : uint8_t {
  ascii,  // TAB and 0x20 to 0x7e, as GNU strings has it
  utf8,   // that, and every assigned character of Unicode that is not a control, private use or a line separator
};

inline bool isAsciiText(uint8_t byte) { return (byte >= 0x20 && byte < 0x7f) || byte == '\t'; }

inline bool isContinuation(uint8_t byte) { return (byte & 0xc0) == 0x80; }

/// Whether `codePoint` (0 to 0x10ffff) may stand in a string: general categories L, M, N, P, S, Zs and Cf.
bool isTextCodePoint(uint32_t codePoint);

/// Whether `codePoint` shows nothing or moves what stands beside it (Cf, default-ignorable letters): it is part of
/// strings, and escaped when they are printed.
bool isHiddenCodePoint(uint32_t codePoint);

struct Character {
  uint32_t codePoint;
  uint8_t length;  // bytes; 0 = there is no character of text here
};

/// The character of text that begins at `p`. Reads no byte past the first that cannot belong to it, so a byte that
/// is no continuation must stand within the readable three bytes after a lead byte at the end.
Character characterAt(const uint8_t* p, Encoding encoding);

/// The length of the character of text that ends just before `p` (in UTF-8 up to four bytes back, which must be
/// readable), or 0.
int characterLengthBefore(const uint8_t* p, Encoding encoding);

}  // namespace memscan
