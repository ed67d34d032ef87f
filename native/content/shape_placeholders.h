// Where a text's holes are, worked out by masks: a bit for each byte, the first in the lowest.
//
// What a quote or a bracket means is told by what stands around it, never by what came long before: so a text that
// begins late, or ends early, has the shape of the rest. Each instruction set includes this file in its own target
// region.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "hash.h"
#include "shape.h"

namespace memscan {

/// Bytes by what they are.
template <class Bits>
struct ByteMasks {
  Bits digit, letter;
  Bits hexLetter;  // a to f, of the letters
  Bits doubleQuote, singleQuote;
  Bits bracket, brace;  // [ and {
  Bits opening;         // ( [ {
  Bits closing;         // ) ] }
  Bits colon, comma, equals, less, greater, space;
  Bits joining;  // . : - / + which numbers, dates, addresses and base64 have inside
  Bits naming;   // _ - % ~ @ which names and values have inside
  Bits backslash;
};

/// Fewer characters in one run than these are no base64: words may look like it.
inline constexpr int kShortestBase64 = 20;

/// Whether upper case, lower case and digits follow on each other as chance has it: in words and paths they seldom do.
bool looksLikeBase64(const uint8_t* begin, const uint8_t* end);

template <class Bits>
struct Placeholders {
  Bits all;     // bytes in holes
  Bits filler;  // spaces behind a space: columns are filled up with them
};

/// `Isa` has `masksOf<Bits>(text)`, for as many bytes as Bits has, `lowerOf<Bits>(text)`, which letters are in lower
/// case, and `paired(chosen, from, to)`: of `to`, the bits that have the places of `chosen` among `from`.
template <class Isa, class Bits>
class PlaceholderFinder {
 public:
  PlaceholderFinder(const uint8_t* text, size_t length)
      : text_(text), length_(static_cast<int>(std::min<size_t>(length, kBits))), valid_(below(length_)) {
    const ByteMasks<Bits> all = Isa::template masksOf<Bits>(text);
    m_ = {all.digit & valid_,       all.letter & valid_,   all.hexLetter & valid_, all.doubleQuote & valid_,
          all.singleQuote & valid_, all.bracket & valid_,  all.brace & valid_,     all.opening & valid_,
          all.closing & valid_,     all.colon & valid_,    all.comma & valid_,     all.equals & valid_,
          all.less & valid_,        all.greater & valid_,  all.space & valid_,     all.joining & valid_,
          all.naming & valid_,      all.backslash & valid_};
    word_ = m_.digit | m_.letter;
  }

  Placeholders<Bits> find() {
    placeholders_ = wordsWithDigits();
    hexNumbers();
    base64();
    restOfValue();
    doubleQuotes();
    singleQuotes();
    namedValues();
    elementTexts();
    jsonWords();
    join();
    return {placeholders_ & valid_, m_.space & (m_.space << 1) & ~placeholders_};
  }

  /// Bytes that are the text's own: a few characters behind the last brace or bracket may be what stood in memory
  /// before it, and in UTF-16 often are.
  int ownLength() const {
    if (!m_.closing || length_ == kBits) return length_;
    const int end = last(m_.closing) + 1;
    const int most = (text_[end] | text_[length_ - 1]) < 0x80 ? kMostStrays : 3 * kMostStrays;
    const bool areStrays = text_[end - 1] != ')' && text_[end] != ' ' && length_ - end <= most;
    return areStrays ? end : length_;
  }
  Bits own() const { return below(ownLength()); }

 private:
  static constexpr int kBits = 8 * sizeof(Bits);
  static constexpr Bits kLast = Bits{1} << (kBits - 1);
  static constexpr int kMostStrays = 4;  // characters

  // Bits before number `at`, which may be kBits.
  static Bits below(int at) { return at >= kBits ? ~Bits{0} : (Bits{1} << at) - 1; }

  static int first(Bits bits) {
    if constexpr (sizeof(Bits) == 8) {
      return std::countr_zero(static_cast<uint64_t>(bits));
    } else {
      const auto low = static_cast<uint64_t>(bits);
      return low ? std::countr_zero(low) : 64 + std::countr_zero(static_cast<uint64_t>(bits >> 64));
    }
  }

  // The number of the first of `bits` from `at` on; kBits where there is none.
  static int firstFrom(Bits bits, int at) { return first(bits & ~below(at)); }

  // The number of the last; of some.
  static int last(Bits bits) {
    const auto high = static_cast<uint64_t>(bits >> (kBits - 64));
    return high ? kBits - 1 - std::countl_zero(high) : 63 - std::countl_zero(static_cast<uint64_t>(bits));
  }

  // Bits before the last of these.
  static Bits upToLast(Bits bits) { return bits ? below(last(bits)) : 0; }

  static uint64_t reversed(uint64_t word) {
    word = __builtin_bswap64(word);
    word = (word >> 4 & 0x0f0f0f0f0f0f0f0f) | (word & 0x0f0f0f0f0f0f0f0f) << 4;
    word = (word >> 2 & 0x3333333333333333) | (word & 0x3333333333333333) << 2;
    return (word >> 1 & 0x5555555555555555) | (word & 0x5555555555555555) << 1;
  }
  static Bits reversed(Bits bits)
    requires(sizeof(Bits) == 16)
  {
    return static_cast<Bits>(reversed(static_cast<uint64_t>(bits))) << 64 | reversed(static_cast<uint64_t>(bits >> 64));
  }

  // Of runs of ones, what lies at or behind a seed: the sum carries from the first seed to the run's end.
  static Bits flood(Bits runs, Bits seeds) { return (((runs + seeds) ^ runs) | seeds) & runs; }

  void fill(int begin, int end) { placeholders_ |= below(end) & ~below(begin); }

  // Digits; and all of a word that has letters behind digits: `user42` has a name and a number, `7f3a` is one thing.
  Bits wordsWithDigits() {
    number_ = m_.digit;
    const Bits mixed = flood(word_, m_.digit) & m_.letter;
    if (!mixed) return m_.digit;
    const Bits words = reversed(flood(reversed(word_), reversed(mixed))) | flood(word_, mixed);
    number_ &= ~words;
    return m_.digit | words;
  }

  // Those of eight digits and more: as many letters as there may be, some of them begin with a few.
  void hexNumbers() {
    const Bits run = m_.digit | m_.hexLetter;
    Bits wide = run & run >> 1;
    wide &= wide >> 2;
    wide &= wide >> 4;
    while (wide) [[unlikely]] {
        const int begin = first(wide);
        const int end = first(~run & ~below(begin));
        const Bits inside = below(end) & ~below(begin);
        const bool isWord = !(word_ & (inside << 1 | inside >> 1) & ~inside);
        if (isWord && inside & m_.digit) {
          placeholders_ |= inside;
          if (inside & m_.letter) number_ &= ~inside;
        }
        wide &= ~below(end);
      }
  }

  void base64() {
    const Bits run = word_ | m_.naming | (m_.joining & ~m_.colon);
    Bits wide = run & run >> 1;
    wide &= wide >> 2;
    wide &= wide >> 4;
    wide &= wide >> 8;
    wide &= wide >> 4;
    while (wide) [[unlikely]] {
        const int begin = first(wide);
        const int end = first(~run & ~below(begin));
        const Bits inside = below(end) & ~below(begin);
        if (inside & m_.digit && hasBothCases(inside & m_.letter) && looksLikeBase64(text_ + begin, text_ + end))
          fill(begin, first(~m_.equals & ~below(end)));
        wide &= ~below(end);
      }
  }

  bool hasBothCases(Bits letters) const {
    const Bits lower = Isa::template lowerOf<Bits>(text_);
    return letters & lower && letters & ~lower;
  }

  // A text that begins late may begin within a value: what is left of that, before the first mark, is a hole. Without
  // branches, since they would come as chance has it.
  void restOfValue() {
    const Bits quotes = m_.doubleQuote | m_.singleQuote;
    const Bits marks = quotes | m_.less | m_.greater | m_.opening | m_.equals;
    const Bits mark = marks & -marks & ~Bits{1} & ~kLast;
    const Bits opening = (m_.colon | m_.comma | m_.space) << 1;
    const Bits closing = mark & quotes & ~opening & (m_.comma | m_.closing) >> 1;
    placeholders_ |= (closing << 1) - (closing != 0);
    const Bits tag = mark & m_.less & m_.joining >> 1;
    if (tag && text_[first(tag) + 1] == '/') [[unlikely]]
      placeholders_ |= tag - 1;
  }

  Bits behind(Bits marks) const { return marks << 1 | (marks << 2 & m_.space << 1); }

  // JSON's strings: keys and the first names in lists stand for themselves, the others are values. Without branches, as
  // above: a text has many.
  void doubleQuotes() {
    const Bits quotes = m_.doubleQuote & ~escaped();
    Bits opening = quotes & behind(m_.colon | m_.comma | m_.equals | m_.opening);
    if (!opening) return;
    const auto ends = [quotes](Bits begins) { return (~quotes + (begins << 1)) & quotes; };  // carried to the next one
    // What ends a string opens none, though a comma stands before it.
    while (const Bits closing = opening & ends(opening)) [[unlikely]] opening &= ~(closing & -closing);
    const Bits end = ends(opening);
    const Bits keys = ends(opening & behind(m_.brace)) | (m_.colon | (m_.space & m_.colon >> 1)) >> 1;
    const Bits inNames = m_.letter | m_.naming | m_.joining;
    const Bits names = inNames + ((opening & behind(m_.bracket)) << 1);
    const Bits values = end & ~(keys | names);
    placeholders_ |= (values << 1) - Isa::paired(values, end, opening);
    // The last may have no end.
    const Bits last = upToLast(opening) + 1;
    const bool ended = quotes & -(last << 1);
    const Bits rest = ended ? Bits{0} : last & ~behind(m_.brace | m_.comma);
    placeholders_ |= -rest;
  }

  // Behind an odd number of backslashes.
  Bits escaped() const {
    Bits escaped = 0;
    for (Bits rest = m_.backslash; rest;) [[unlikely]] {
        const int begin = first(rest);
        const int end = first(~m_.backslash & ~below(begin));
        if ((end - begin) % 2 && end < kBits) escaped |= Bits{1} << end;
        rest &= ~below(end);
      }
    return escaped;
  }

  // SQL's.
  void singleQuotes() {
    const Bits quotes = m_.singleQuote & ~escaped();
    Bits opening = quotes & (behind(m_.colon | m_.comma | m_.equals | m_.opening) | m_.space << 1);
    while (opening) {
      const int begin = first(opening);
      const int end = closingQuote(quotes, begin);
      const bool isApart = text_[begin - 1] == ' ';  // it may be an apostrophe
      if (end < kBits || !isApart) fill(begin, end + 1);
      opening &= ~below(end < kBits || !isApart ? end + 1 : begin + 1);
    }
  }

  // The quote that ends what begins at `begin`, kBits where there is none: two side by side are one within a text.
  static int closingQuote(Bits quotes, int begin) {
    int end = firstFrom(quotes, begin + 1);
    while (end + 1 < kBits && quotes >> end >> 1 & 1) end = firstFrom(quotes, end + 2);
    return end;
  }

  // Of key=value and of queries.
  void namedValues() {
    const Bits value = word_ | m_.joining | m_.naming;
    const Bits equals = m_.equals & (word_ | m_.naming) << 1 & value >> 1;
    placeholders_ |= flood(value, equals << 1);
  }

  // XML's text is a value; where the text goes on with no other tag, it must have had one before.
  void elementTexts() {
    const Bits ends = m_.greater & (word_ | m_.doubleQuote | m_.singleQuote | m_.joining | m_.naming) << 1 &
                      ~(m_.less >> 1) & ~(m_.space >> 1);
    const Bits tags = m_.less & (m_.letter | m_.joining) >> 1;
    const Bits followed = tags ? ~Bits{0} : upToLast(m_.less);
    placeholders_ |= flood(~m_.less, ends << 1 & followed);
  }

  // Values that are neither numbers nor strings stand where others of the same key do.
  void jsonWords() {
    Bits colons = m_.colon & m_.doubleQuote << 1 & (m_.letter | (m_.space & m_.letter >> 1)) >> 1;
    while (colons) {
      const int at = first(colons);
      const int begin = firstFrom(m_.letter, at);
      const int end = first(~m_.letter & ~below(begin));
      for (const char* const word : {"true", "false", "null"}) {
        const size_t length = std::strlen(word);
        if (static_cast<size_t>(end - begin) == length && std::memcmp(text_ + begin, word, length) == 0) {
          fill(begin, end);
        }
      }
      colons &= ~below(at + 1);
    }
  }

  // What stands between the parts of a number, a date or an address, or of a list of them, and signs.
  void join() {
    const Bits plain = placeholders_ & word_;
    Bits between = m_.joining & plain << 1 & plain >> 1;
    between |= m_.comma & number_ << 1 & (number_ | (m_.joining & number_ >> 1)) >> 1;
    between |= m_.comma & m_.space >> 1 & number_ << 1 & number_ >> 2;
    between |= (between & m_.comma) << 1 & m_.space;
    // 2026-01-31 23:59
    between |= m_.space & m_.digit << 1 & m_.digit << 2 & m_.digit >> 1 & m_.digit >> 2 & m_.colon >> 3;
    // Lists of strings.
    between |= m_.comma & placeholders_ << 1 & placeholders_ >> 1 & m_.doubleQuote << 1 & m_.doubleQuote >> 1;
    between |= m_.comma & placeholders_ << 1 & placeholders_ >> 1 & m_.singleQuote << 1 & m_.singleQuote >> 1;
    placeholders_ |= between;
    const Bits before = m_.colon | m_.comma | m_.equals | m_.opening | m_.space;
    placeholders_ |= m_.joining & plain >> 1 & before << 1 & ~m_.colon;
    hexGroups();
  }

  // Of a UUID: groups with no digit, or with letters first.
  void hexGroups() {
    const Bits dash = m_.joining & m_.naming;
    Bits dashes = dash & placeholders_ << 1 & m_.letter >> 1 & ~(placeholders_ >> 1);
    while (dashes) [[unlikely]] {
        const int at = first(dashes);
        const int end = first(~word_ & ~below(at + 1));
        const Bits inside = below(end) & ~below(at + 1);
        const bool isGroup = end - at == 5 || end - at == 13;
        if (isGroup && !(inside & ~(m_.digit | m_.hexLetter)))
          fill(at, end < kBits && text_[end] == '-' && (placeholders_ >> end >> 1 & 1) ? end + 1 : end);
        dashes &= ~below(at + 1);
      }
  }

  const uint8_t* const text_;
  const int length_;  // of the text, as far as it is looked at
  const Bits valid_;
  ByteMasks<Bits> m_;
  Bits word_;
  Bits number_ = 0;  // digits that no letters follow on
  Bits placeholders_ = 0;
};

using Bits128 = unsigned __int128;

/// Stands for a hole in a key: no byte of text.
inline constexpr uint8_t kPlaceholderByte = 1;

/// A byte of ones for each bit.
static inline uint64_t spread(uint8_t bits) {
  const uint64_t each = bits * uint64_t{0x0101010101010101} & 0x8040201008040201;
  return ((each + 0x7f7f7f7f7f7f7f7f) >> 7 & 0x0101010101010101) * 0xff;
}

/// Writes the bytes of the text whose bits in `keep` are set, those in `starts` as kHoleByte, word by word until there
/// are kKeyBytes; up to 7 more are written over. Returns their number. `compact(to, word, keep)` does one word.
template <class Bits>
size_t keepByWords(uint8_t* out, const uint8_t* text, Bits keep, Bits starts, auto compact) {
  size_t count = 0;
  for (; keep && count < kKeyBytes; keep >>= 8, starts >>= 8, text += 8) {
    uint64_t word;
    std::memcpy(&word, text, 8);
    const uint64_t marked = spread(static_cast<uint8_t>(starts));
    word = (word & ~marked) | (marked & 0x0101010101010101 * kPlaceholderByte);
    count += compact(out + count, word, static_cast<uint8_t>(keep));
  }
  return count;
}

/// `Isa` has also `keep(out, text, keep, starts)`, which does what keepByWords() does; it may write 128 bytes.
template <class Isa>
class KeyMaker {
 public:
  static uint64_t keyOf(const uint8_t* text, size_t length) {
    uint8_t bytes[2 * kShapeWindow];
    size_t count = kept<uint64_t>(text, length, bytes);
    if (count < kKeyBytes && length > 64) count = kept<Bits128>(text, length, bytes);
    return hashBytes(bytes, count < kKeyBytes ? count : kKeyBytes);
  }

 private:
  template <class Bits>
  static size_t kept(const uint8_t* text, size_t length, uint8_t* out) {
    PlaceholderFinder<Isa, Bits> finder(text, length);
    const Placeholders<Bits> placeholders = finder.find();
    const Bits starts = placeholders.all & ~(placeholders.all << 1);
    const Bits keep = (~placeholders.all | starts) & ~placeholders.filler & finder.own();
    return Isa::keep(out, text, keep, starts);
  }
};

/// The masks of 128 bytes by those of 64.
static inline ByteMasks<Bits128> joined(const ByteMasks<uint64_t>& a, const ByteMasks<uint64_t>& b) {
  const auto join = [](uint64_t low, uint64_t high) { return static_cast<Bits128>(high) << 64 | low; };
  return {join(a.digit, b.digit),
          join(a.letter, b.letter),
          join(a.hexLetter, b.hexLetter),
          join(a.doubleQuote, b.doubleQuote),
          join(a.singleQuote, b.singleQuote),
          join(a.bracket, b.bracket),
          join(a.brace, b.brace),
          join(a.opening, b.opening),
          join(a.closing, b.closing),
          join(a.colon, b.colon),
          join(a.comma, b.comma),
          join(a.equals, b.equals),
          join(a.less, b.less),
          join(a.greater, b.greater),
          join(a.space, b.space),
          join(a.joining, b.joining),
          join(a.naming, b.naming),
          join(a.backslash, b.backslash)};
}

}  // namespace memscan
