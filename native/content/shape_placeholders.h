// Finding the placeholders in a text with masks: a bit for each byte, the first in the lowest.
//
// The meaning of a quote or a bracket follows from its neighbours, never from what came long before: so a text that
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

/// Masks of a text's bytes by kind.
template <class Bits>
struct ByteMasks {
  Bits digit, letter;
  Bits hexLetter;  // letters from a to f
  Bits doubleQuote, singleQuote;
  Bits bracket, brace;  // [ and {
  Bits opening;         // ( [ {
  Bits closing;         // ) ] }
  Bits colon, comma, equals, less, greater, space;
  Bits joining;  // . : - / + which occur inside numbers, dates, addresses and base64
  Bits naming;   // _ - % ~ @ which occur inside names and values
  Bits backslash;
};

/// The least length of base64 in characters: words may look like shorter base64.
inline constexpr int kShortestBase64 = 20;

/// Whether upper case, lower case and digits alternate as in random text: in words and paths they seldom do.
bool looksLikeBase64(const uint8_t* begin, const uint8_t* end);

template <class Bits>
struct Placeholders {
  Bits all;     // bytes in placeholders
  Bits filler;  // spaces after a space, which pad columns
};

/// Finds the placeholders of one text. `Isa` has `masksOf<Bits>(text)`, which returns the masks of as many bytes as
/// Bits has bits; `lowerOf<Bits>(text)`, the mask of lower-case letters; and `paired(chosen, from, to)`, the bits of
/// `to` whose ranks among `to` are those of `chosen` among `from`.
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

  /// Returns the number of bytes that belong to the text: a few characters after the last brace or bracket may be left
  /// over from earlier content of the memory, and in UTF-16 often are.
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

  // Bits below index `at`, which may be kBits.
  static Bits below(int at) { return at >= kBits ? ~Bits{0} : (Bits{1} << at) - 1; }

  static int first(Bits bits) {
    if constexpr (sizeof(Bits) == 8) {
      return std::countr_zero(static_cast<uint64_t>(bits));
    } else {
      const auto low = static_cast<uint64_t>(bits);
      return low ? std::countr_zero(low) : 64 + std::countr_zero(static_cast<uint64_t>(bits >> 64));
    }
  }

  // Returns the index of the first of `bits` from `at` on; kBits if there is none.
  static int firstFrom(Bits bits, int at) { return first(bits & ~below(at)); }

  // Returns the index of the last bit. There must be one.
  static int last(Bits bits) {
    const auto high = static_cast<uint64_t>(bits >> (kBits - 64));
    return high ? kBits - 1 - std::countl_zero(high) : 63 - std::countl_zero(static_cast<uint64_t>(bits));
  }

  // Bits below the last one.
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

  // Returns the part of each run of ones from its first seed on: the sum carries from the seed to the run's end.
  static Bits flood(Bits runs, Bits seeds) { return (((runs + seeds) ^ runs) | seeds) & runs; }

  void fill(int begin, int end) { placeholders_ |= below(end) & ~below(begin); }

  // Digits, and whole words with letters after digits: `user42` is a name and a number, `7f3a` is one thing.
  Bits wordsWithDigits() {
    number_ = m_.digit;
    const Bits mixed = flood(word_, m_.digit) & m_.letter;
    if (!mixed) return m_.digit;
    const Bits words = reversed(flood(reversed(word_), reversed(mixed))) | flood(word_, mixed);
    number_ &= ~words;
    return m_.digit | words;
  }

  // Hexadecimal numbers of eight digits or more: some begin with several letters.
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

  // A text that begins late may begin inside a value: the rest of the value, before the first mark, is a placeholder.
  // Without branches, which would be unpredictable.
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

  // JSON's strings: keys and first names in lists are literal, the others are values. Without branches, which would be
  // unpredictable: a text has many.
  void doubleQuotes() {
    const Bits quotes = m_.doubleQuote & ~escaped();
    Bits opening = quotes & behind(m_.colon | m_.comma | m_.equals | m_.opening);
    if (!opening) return;
    const auto ends = [quotes](Bits begins) {
      return (~quotes + (begins << 1)) & quotes;
    };  // carries to the next quote
    // A quote that ends a string opens none, even after a comma.
    while (const Bits closing = opening & ends(opening)) [[unlikely]] opening &= ~(closing & -closing);
    const Bits end = ends(opening);
    const Bits keys = ends(opening & behind(m_.brace)) | (m_.colon | (m_.space & m_.colon >> 1)) >> 1;
    const Bits inNames = m_.letter | m_.naming | m_.joining;
    const Bits names = inNames + ((opening & behind(m_.bracket)) << 1);
    const Bits values = end & ~(keys | names);
    placeholders_ |= (values << 1) - Isa::paired(values, end, opening);
    // The last string may have no end.
    const Bits last = upToLast(opening) + 1;
    const bool ended = quotes & -(last << 1);
    const Bits rest = ended ? Bits{0} : last & ~behind(m_.brace | m_.comma);
    placeholders_ |= -rest;
  }

  // Characters after an odd number of backslashes.
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

  // SQL's strings.
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

  // Returns the index of the quote that ends the string that begins at `begin`, kBits if there is none. Two adjacent
  // quotes are one inside the string.
  static int closingQuote(Bits quotes, int begin) {
    int end = firstFrom(quotes, begin + 1);
    while (end + 1 < kBits && quotes >> end >> 1 & 1) end = firstFrom(quotes, end + 2);
    return end;
  }

  // Values of key=value pairs and of URL queries.
  void namedValues() {
    const Bits value = word_ | m_.joining | m_.naming;
    const Bits equals = m_.equals & (word_ | m_.naming) << 1 & value >> 1;
    placeholders_ |= flood(value, equals << 1);
  }

  // The text of XML elements is a value. If no other tag follows, there must be one before.
  void elementTexts() {
    const Bits ends = m_.greater & (word_ | m_.doubleQuote | m_.singleQuote | m_.joining | m_.naming) << 1 &
                      ~(m_.less >> 1) & ~(m_.space >> 1);
    const Bits tags = m_.less & (m_.letter | m_.joining) >> 1;
    const Bits followed = tags ? ~Bits{0} : upToLast(m_.less);
    placeholders_ |= flood(~m_.less, ends << 1 & followed);
  }

  // true, false and null after a key are values: other texts have other values there.
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

  // Joins the parts of numbers, dates and addresses, and lists of them, with what is between them, and signs with their
  // numbers.
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

  // A UUID's groups without a digit, or with letters first.
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
  const int length_;  // of the text, in bytes, up to kBits
  const Bits valid_;
  ByteMasks<Bits> m_;
  Bits word_;
  Bits number_ = 0;  // digits that no letters follow
  Bits placeholders_ = 0;
};

using Bits128 = unsigned __int128;

/// Represents a placeholder in a key. It is not a byte of text.
inline constexpr uint8_t kPlaceholderByte = 1;

/// Expands each bit to a byte of ones.
static inline uint64_t spread(uint8_t bits) {
  const uint64_t each = bits * uint64_t{0x0101010101010101} & 0x8040201008040201;
  return ((each + 0x7f7f7f7f7f7f7f7f) >> 7 & 0x0101010101010101) * 0xff;
}

/// Writes the bytes of the text whose bits in `keep` are set, those in `starts` as kPlaceholderByte, word by word until
/// there are kKeyBytes. Overwrites up to 7 more bytes. Returns the number of bytes kept. `compact(to, word, keep)` does
/// this for one word.
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

/// Makes the key of a text's family. `Isa` also has `keep(out, text, keep, starts)`, which does what keepByWords() does
/// and may write 128 bytes.
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

/// Joins the masks of 64 bytes and of the next 64.
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
