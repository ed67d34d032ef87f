#include "shape.h"

#include <algorithm>
#include <array>

#include "../text/text.h"
#include "beginnings.h"
#include "kernel.h"
#include "page_words.h"
#include "shape_placeholders.h"

namespace memscan {

namespace {

enum ByteClass : uint8_t {
  kOther,
  kDigit,
  kLetter,
  kHexLetter,
  kDoubleQuote,
  kSingleQuote,
  kParenthesis,
  kBracket,
  kBrace,
  kClosing,
  kColon,
  kComma,
  kEquals,
  kLess,
  kGreater,
  kSpace,
  kDash,
  kJoining,
  kNaming,
  kBackslash,
  kByteClasses
};

constexpr std::array<uint8_t, 256> makeByteClasses() {
  std::array<uint8_t, 256> classes = {};
  const auto set = [&](const char* bytes, ByteClass as) {
    for (; *bytes; bytes++) classes[static_cast<uint8_t>(*bytes)] = as;
  };
  for (int c = 'a'; c <= 'z'; c++) classes[c] = classes[c - 32] = c <= 'f' ? kHexLetter : kLetter;
  set("0123456789", kDigit);
  set("\"", kDoubleQuote);
  set("'", kSingleQuote);
  set("(", kParenthesis);
  set("[", kBracket);
  set("{", kBrace);
  set(")]}", kClosing);
  set(":", kColon);
  set(",", kComma);
  set("=", kEquals);
  set("<", kLess);
  set(">", kGreater);
  set(" ", kSpace);
  set("-", kDash);
  set("./+", kJoining);
  set("_%~@", kNaming);
  set("\\", kBackslash);
  return classes;
}

constexpr std::array<uint8_t, 256> kClassOf = makeByteClasses();

/// For any CPU.
struct Scalar {
  template <class Bits>
  static ByteMasks<Bits> masksOf(const uint8_t* text) {
    Bits of[kByteClasses] = {};
    for (size_t i = 0; i < 8 * sizeof(Bits); i++) of[kClassOf[text[i]]] |= Bits{1} << i;
    return {of[kDigit],
            of[kLetter] | of[kHexLetter],
            of[kHexLetter],
            of[kDoubleQuote],
            of[kSingleQuote],
            of[kBracket],
            of[kBrace],
            of[kParenthesis] | of[kBracket] | of[kBrace],
            of[kClosing],
            of[kColon],
            of[kComma],
            of[kEquals],
            of[kLess],
            of[kGreater],
            of[kSpace],
            of[kJoining] | of[kColon] | of[kDash],
            of[kNaming] | of[kDash],
            of[kBackslash]};
  }

  template <class Bits>
  static Bits paired(Bits chosen, Bits from, Bits to) {
    Bits paired = 0;
    for (; from && to; from &= from - 1, to &= to - 1) {
      if (chosen & from & -from) paired |= to & -to;
    }
    return paired;
  }

  template <class Bits>
  static Bits lowerOf(const uint8_t* text) {
    Bits lower = 0;
    for (size_t i = 0; i < sizeof(Bits); i++) {
      uint64_t word;
      std::memcpy(&word, text + 8 * i, 8);
      const uint64_t bits = (word >> 5 & 0x0101010101010101) * 0x0102040810204080 >> 56;  // one bit of each byte
      lower |= Bits{bits} << 8 * i;
    }
    return lower;
  }

  template <class Bits>
  static size_t keep(uint8_t* out, const uint8_t* text, Bits keep, Bits starts) {
    return keepByWords(out, text, keep, starts, [](uint8_t* to, uint64_t word, uint8_t chosen) {
      size_t count = 0;
      for (; chosen; chosen >>= 1, word >>= 8) {
        to[count] = static_cast<uint8_t>(word);
        count += chosen & 1;
      }
      return count;
    });
  }
};

bool is(uint8_t byte, ByteClass first, ByteClass second) { return kClassOf[byte] == first || kClassOf[byte] == second; }

bool isDigit(uint8_t byte) { return kClassOf[byte] == kDigit; }

bool isHex(uint8_t byte) { return is(byte, kDigit, kHexLetter); }

// Whether the text matches the pattern: 'd' is a digit, 'x' a hexadecimal digit, any other character itself.
bool matches(const uint8_t* begin, const uint8_t* end, const char* pattern) {
  for (; begin < end && *pattern; begin++, pattern++) {
    const bool same = *pattern == 'd'   ? isDigit(*begin)
                      : *pattern == 'x' ? isHex(*begin)
                                        : *begin == static_cast<uint8_t>(*pattern);
    if (!same) return false;
  }
  return begin == end && !*pattern;
}

bool beginsAs(const uint8_t* begin, const uint8_t* end, const char* pattern) {
  const auto length = static_cast<ptrdiff_t>(std::strlen(pattern));
  return end - begin >= length && matches(begin, begin + length, pattern);
}

bool isAddress(const uint8_t* p, const uint8_t* end) {
  int groups = 1;
  int digits = 0;
  for (; p < end && *p != ':'; p++) {
    if (*p == '.') {
      groups++;
      if (digits == 0) return false;
      digits = 0;
    } else if (!isDigit(*p) || ++digits > 3) {
      return false;
    }
  }
  return groups == 4 && digits > 0;
}

constexpr ptrdiff_t kLongestUnit = 3;

// Returns the kind of text in a placeholder.
Placeholder placeholderOf(const uint8_t* begin, const uint8_t* end) {
  while (begin < end && is(*begin, kDoubleQuote, kSingleQuote)) begin++;
  while (begin < end && is(end[-1], kDoubleQuote, kSingleQuote)) end--;
  if (matches(begin, end, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")) return Placeholder::uuid;
  for (const char* const time : {"dddd-dd-dd", "dddd/dd/dd", "dd:dd:dd"}) {
    if (beginsAs(begin, end, time)) return Placeholder::time;
  }
  if (isAddress(begin, end)) return Placeholder::ip;
  const auto isNumeric = [](uint8_t byte) { return isDigit(byte) || std::strchr(".,:+-/ ", byte); };
  if (begin < end && std::all_of(begin, end, isNumeric)) return Placeholder::number;
  if (end - begin > 2 && begin[0] == '0' && begin[1] == 'x' && std::all_of(begin + 2, end, isHex))
    return Placeholder::hex;
  if (end - begin >= 6 && std::all_of(begin, end, isHex)) return Placeholder::hex;
  const uint8_t* unit = end;  // 12ms, 1.5GiB
  while (unit > begin && end - unit < kLongestUnit && is(unit[-1], kLetter, kHexLetter)) unit--;
  if (unit > begin && isDigit(unit[-1]) && std::all_of(begin, unit, isNumeric)) return Placeholder::number;
  const auto isBase64 = [](uint8_t byte) {
    return is(byte, kDigit, kLetter) || is(byte, kHexLetter, kDash) || byte == '=' || std::strchr("/+_.", byte);
  };
  const bool isLong = end - begin >= kShortestBase64;
  return isLong && std::all_of(begin, end, isBase64) && looksLikeBase64(begin, end) ? Placeholder::base64
                                                                                    : Placeholder::text;
}

uint32_t findBeginnings(const uint8_t* bytes) {
  uint32_t found = 0;
  for (size_t i = 0; i < kBeginnings; i++) {
    found |= uint32_t{kBeginningPairs.hold(bytes + kBeginningStep * i)} << i;
  }
  return found;
}

}  // namespace

bool looksLikeBase64(const uint8_t* begin, const uint8_t* end) {
  const auto kindOf = [](uint8_t byte) {
    return isDigit(byte) ? 1 : !is(byte, kLetter, kHexLetter) ? 0 : byte & 0x20 ? 2 : 4;
  };
  end = std::min(end, begin + 64);
  int seen = 0;
  int changes = 0;
  int last = 0;
  for (const uint8_t* p = begin; p < end; p++) {
    const int kind = kindOf(*p);
    changes += kind && last && kind != last;
    seen |= kind;
    last = kind;
  }
  return seen == 7 && 10 * changes >= 3 * (end - begin);
}

std::vector<ShapePart> shapeOf(const uint8_t* text, size_t length) {
  PlaceholderFinder<Scalar, Bits128> finder(text, length);
  const Placeholders<Bits128> placeholders = finder.find();
  const auto size = static_cast<uint32_t>(finder.ownLength());
  const auto isInPlaceholder = [&](uint32_t at) { return static_cast<bool>(placeholders.all >> at & 1); };
  std::vector<ShapePart> parts;
  for (uint32_t begin = 0; begin < size;) {
    uint32_t end = begin + 1;
    while (end < size && isInPlaceholder(end) == isInPlaceholder(begin)) end++;
    const bool isPlaceholder = isInPlaceholder(begin);
    parts.push_back(
        {isPlaceholder, isPlaceholder ? placeholderOf(text + begin, text + end) : Placeholder::text, begin, end});
    begin = end;
  }
  return parts;
}

extern const ContentKernel kScalarContent;
const ContentKernel kScalarContent = {
    [] { return true; },
    &KeyMaker<Scalar>::keyOf,
    &WordCounter<Scalar>::count,
    &findBeginnings,
};

}  // namespace memscan
