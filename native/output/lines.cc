#include "lines.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "line_parts.h"

namespace memscan {

namespace {

constexpr std::string_view kEllipsis = "…";

// Returns the position after the character at `p`. Bytes that form no character (after a torn read) count as one each.
const uint8_t* next(const uint8_t* p, const uint8_t* end) {
  do p++;
  while (p < end && isContinuation(*p));
  return p;
}

// Returns the part of the text to show: all of it, or `maxLength` characters that include the first match.
std::span<const uint8_t> window(std::span<const uint8_t> text, const Match* match, uint32_t maxLength) {
  if (!maxLength || text.size() <= maxLength) return text;
  const auto count = [](std::span<const uint8_t> bytes) -> size_t {
    return std::count_if(bytes.begin(), bytes.end(), [](uint8_t byte) { return !isContinuation(byte); });
  };
  const size_t total = count(text);
  if (total <= maxLength) return text;
  size_t skip = 0;
  if (match) {
    const size_t before = count(text.first(match->begin));
    const size_t length = count(text.subspan(match->begin, match->end - match->begin));
    if (length >= maxLength) {
      skip = before;
    } else if (before + length > maxLength) {
      skip = before - (maxLength - length) / 2;
    }
    skip = std::min(skip, total - maxLength);
  }
  const uint8_t* const end = text.data() + text.size();
  const uint8_t* begin = text.data();
  for (size_t i = 0; i < skip; i++) begin = next(begin, end);
  const uint8_t* stop = begin;
  for (size_t i = 0; i < maxLength && stop < end; i++) stop = next(stop, end);
  return {begin, stop};
}

uint8_t* putJsonUnit(uint8_t* out, uint32_t unit) { return putHex(put(out, "\\u"), unit, 4); }

uint8_t* escapeForJson(uint8_t* out, uint32_t codePoint) {
  if (codePoint < 0x10000) return putJsonUnit(out, codePoint);
  out = putJsonUnit(out, 0xd800 + ((codePoint - 0x10000) >> 10));
  return putJsonUnit(out, 0xdc00 + ((codePoint - 0x10000) & 0x3ff));
}

uint8_t* escapeForPeople(uint8_t* out, uint32_t codePoint) { return put(putHex(put(out, "\\u{"), codePoint, 0), "}"); }

/// Rows of 64 code points of the basic plane, a bit each: whether all of a row's code points are text and none is
/// hidden.
constexpr std::array<uint64_t, 16> plainRows() {
  std::array<uint64_t, 16> plain = {};
  for (uint32_t row = 0; row < 1024; row++) {
    const bool hidden = std::ranges::any_of(
        unicode::kHidden, [row](const unicode::Span& span) { return span.first >> 6 <= row && row <= span.last >> 6; });
    const bool text = !~unicode::kTextRows[unicode::kTextRowOf[row]];
    plain[row / 64] |= uint64_t{text && !hidden} << row % 64;
  }
  return plain;
}

constexpr std::array<uint64_t, 16> kPlainRows = plainRows();

// Returns the length of the character at `p` if it has two or three bytes and is known to need no escape, else 0.
size_t plainCharacter(const uint8_t* p) {
  const auto isPlain = [](uint32_t row) { return kPlainRows[row / 64] >> row % 64 & 1; };
  if (!isContinuation(p[1])) return 0;
  if ((p[0] & 0xe0) == 0xc0) return isPlain(p[0] & 0x1f) ? 2 : 0;
  const uint32_t row = (p[0] & 0x0f) << 6 | (p[1] & 0x3f);
  const bool overlong = row < 0x20;
  return (p[0] & 0xf0) == 0xe0 && isContinuation(p[2]) && !overlong && isPlain(row) ? 3 : 0;
}

/// The longest output for one byte of text: \ufffd in JSON. (A hidden character of two bytes takes six, too.)
constexpr size_t kLongestEscape = 6;

class TextWriter {
 public:
  TextWriter(const LineStyle& style, Encoding encoding)
      : style_(style),
        encoding_(encoding == Encoding::ascii ? Encoding::ascii : Encoding::utf8),
        quote_(style.json ? '"' : 0),
        slash_(style.json ? '\\' : 0) {}

  uint8_t* write(uint8_t* out, const uint8_t* p, const uint8_t* end) const {
    for (;;) {
      const size_t plain = copyPlain(out, p, end);
      out += plain;
      p += plain;
      if (p == end) return out;
      if (const size_t copied = copyCharacters(out, p, end)) {
        out += copied;
        p += copied;
      } else {
        p += writeSpecial(out, p, end);
      }
    }
  }

 private:
  // Copies characters that are not ASCII and need no escape: most of them. Returns the number of bytes. May overwrite
  // two more in `out`.
  size_t copyCharacters(uint8_t* out, const uint8_t* begin, const uint8_t* end) const {
    if (encoding_ == Encoding::ascii) return 0;
    const uint8_t* p = begin;
    while (end - p >= 4) {
      const size_t length = plainCharacter(p);
      if (!length) break;
      std::memcpy(out + (p - begin), p, 4);
      p += length;
    }
    return p - begin;
  }

  // Copies ASCII that needs no escape, 16 bytes at a time: most text. Returns the number of bytes.
  size_t copyPlain(uint8_t* out, const uint8_t* begin, const uint8_t* end) const {
    const uint8_t* p = begin;
    while (end - p >= 16 && copyVector(out + (p - begin), p)) p += 16;
    // Copy the last 16 bytes, of which the first are known to be plain.
    if (p > begin && end - p < 16 && copyVector(out + (end - 16 - begin), end - 16)) return end - begin;
    for (; p < end && isPlain(*p); p++) out[p - begin] = *p;
    return p - begin;
  }

  // Copies 16 bytes. Returns whether all of them are plain.
  bool copyVector(uint8_t* out, const uint8_t* p) const {
    using Vector = uint8_t __attribute__((vector_size(16)));
    Vector vector;
    std::memcpy(&vector, p, 16);
    std::memcpy(out, &vector, 16);
    const auto special = (vector - 0x20 > 0x5e) | (vector == quote_) | (vector == slash_);
    uint64_t halves[2];
    std::memcpy(halves, &special, 16);
    return !(halves[0] | halves[1]);
  }

  bool isPlain(uint8_t byte) const { return byte >= 0x20 && byte < 0x7f && byte != quote_ && byte != slash_; }

  size_t writeSpecial(uint8_t*& out, const uint8_t* p, const uint8_t* end) const {
    if (*p < 0x80) {
      out = putAscii(out, *p);
      return 1;
    }
    // The character may be cut off by the end of the text: decode a copy followed by zeros.
    uint8_t bytes[4] = {};
    std::copy(p, std::min(p + 4, end), bytes);
    const Character character = characterAt(bytes, encoding_);
    if (!character.length) {
      out = putBroken(out, *p);
      return 1;
    }
    if (!isHiddenCodePoint(character.codePoint)) {
      out = std::copy_n(bytes, character.length, out);
    } else if (style_.json) {
      out = escapeForJson(out, character.codePoint);
    } else {
      out = escapeForPeople(out, character.codePoint);
    }
    return character.length;
  }

  uint8_t* putAscii(uint8_t* out, uint8_t byte) const {
    if (byte == '\t') return put(out, style_.json || style_.escapeTab ? "\\t" : "\t");
    if (!style_.json || (byte != quote_ && byte != slash_)) return putBroken(out, byte);
    *out++ = '\\';
    *out++ = byte;
    return out;
  }

  // Only a string that changed while it was read contains such a byte.
  uint8_t* putBroken(uint8_t* out, uint8_t byte) const {
    return style_.json ? put(out, "\\ufffd") : putHex(put(out, "\\x"), byte, 2);
  }

  const LineStyle& style_;
  const Encoding encoding_;  // of the text
  const uint8_t quote_;      // or 0, which is never plain
  const uint8_t slash_;
};

uint8_t* putJson(uint8_t* out, const LineStyle& style, const Line& line, std::span<const uint8_t> shown, bool truncated,
                 const RegionLabel* label) {
  out = putAddress(put(out, "{\"address\":\""), line.address, 0);
  out = putDecimal(put(out, "\",\"length\":"), line.length);
  out = put(put(put(out, ",\"encoding\":\""), nameOf(line.encoding)), "\"");
  if (label) out = put(put(out, ",\"region\":"), label->text);
  out = put(out, ",\"text\":\"");
  out = TextWriter(style, line.encoding).write(out, shown.data(), shown.data() + shown.size());
  out = put(out, truncated ? "\",\"truncated\":true" : "\"");
  return put(put(out, line.more), "}\n");
}

uint8_t* putHighlighted(uint8_t* out, const LineStyle& style, const Line& line, std::span<const uint8_t> shown,
                        std::span<const Match> matches) {
  const TextWriter writer(style, line.encoding);
  const std::span<const uint8_t> text = line.text;
  const uint8_t* p = shown.data();
  const uint8_t* const end = p + shown.size();
  for (const Match& match : matches) {
    const uint8_t* const begin = std::clamp(text.data() + match.begin, p, end);
    const uint8_t* const stop = std::clamp(text.data() + match.end, begin, end);
    if (begin == stop) continue;
    out = put(writer.write(out, p, begin), kMatchColor);
    out = put(writer.write(out, begin, stop), kNoColor);
    p = stop;
  }
  return writer.write(out, p, end);
}

uint8_t* putEncoding(uint8_t* out, Encoding encoding) {
  const std::string_view name = nameOf(encoding);
  out = put(out, name);
  for (size_t i = name.size(); i < kLongestName; i++) *out++ = ' ';
  return put(out, "  ");
}

/// The longest line without its text, label and matches.
constexpr size_t kLongestFrame = 192;

}  // namespace

void LineWriter::write(const Line& line, std::span<const RegionLabel> labels, LineBuffer& buffer) const {
  const auto shown = window(line.text, line.matches.empty() ? nullptr : &line.matches.front(), style_.maxLength);
  const bool cutBefore = line.cutBefore || shown.data() > line.text.data();
  const bool cutAfter = line.cutAfter || shown.data() + shown.size() < line.text.data() + line.text.size();
  const RegionLabel* const label = labelFor(labels, line.address);
  const size_t colors = style_.color ? line.matches.size() * (kMatchColor.size() + kNoColor.size()) : 0;
  uint8_t* out = buffer.begin(kLongestFrame + (label ? label->text.size() : 0) + line.more.size() + colors +
                              kLongestEscape * shown.size());
  if (style_.json) {
    buffer.end(putJson(out, style_, line, shown, cutBefore || cutAfter, label));
    return;
  }

  if (style_.showAddress) out = putLineStart(out, line.address, style_.addressDigits, label, style_.color);
  if (style_.showEncoding) out = putEncoding(out, line.encoding);
  if (cutBefore) out = put(out, kEllipsis);
  if (style_.color) {
    out = putHighlighted(out, style_, line, shown, line.matches);
  } else {
    out = TextWriter(style_, line.encoding).write(out, shown.data(), shown.data() + shown.size());
  }
  if (cutAfter) out = put(out, kEllipsis);
  buffer.end(put(put(out, "\n"), line.more));
}

}  // namespace memscan
