#include "lines.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>

namespace memscan {

namespace {

constexpr std::string_view kAddressColor = "\x1b[32m";
constexpr std::string_view kMatchColor = "\x1b[1;31m";
constexpr std::string_view kNoColor = "\x1b[0m";
constexpr std::string_view kEllipsis = "…";

void appendNumber(std::string& out, uint64_t number, int base, size_t digits = 0) {
  char text[20];
  const auto done = std::to_chars(text, std::end(text), number, base);
  const size_t length = done.ptr - text;
  if (length < digits) out.append(digits - length, '0');
  out.append(text, length);
}

void appendAddress(std::string& out, uint64_t address, size_t digits) {
  out += "0x";
  appendNumber(out, address, 16, digits);
}

// Steps over characters; what is none (a torn read's bytes) counts as one a byte.
const uint8_t* next(const uint8_t* p, const uint8_t* end) {
  do p++;
  while (p < end && isContinuation(*p));
  return p;
}

// The part of the text that is shown: all of it, or `maxLength` characters with the first match in view.
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

std::vector<Match> findMatches(std::span<const uint8_t> text, const std::vector<uint8_t>& needle) {
  std::vector<Match> matches;
  if (needle.empty()) return matches;
  auto from = text.begin();
  for (;;) {
    const auto place = std::search(from, text.end(), needle.begin(), needle.end());
    if (place == text.end()) return matches;
    from = place + static_cast<ptrdiff_t>(needle.size());
    matches.push_back({static_cast<uint32_t>(place - text.begin()), static_cast<uint32_t>(from - text.begin())});
  }
}

void appendJsonUnit(std::string& out, uint32_t unit) {
  out += "\\u";
  appendNumber(out, unit, 16, 4);
}

void escapeForJson(std::string& out, uint32_t codePoint) {
  if (codePoint < 0x10000) {
    appendJsonUnit(out, codePoint);
  } else {
    appendJsonUnit(out, 0xd800 + ((codePoint - 0x10000) >> 10));
    appendJsonUnit(out, 0xdc00 + ((codePoint - 0x10000) & 0x3ff));
  }
}

void escapeForPeople(std::string& out, uint32_t codePoint) {
  out += "\\u{";
  appendNumber(out, codePoint, 16);
  out += '}';
}

class TextWriter {
 public:
  TextWriter(const LineStyle& style, std::string& out) : style_(style), out_(out) {}

  void write(const uint8_t* p, const uint8_t* end) {
    while (p < end) {
      const uint8_t* const plain = p;
      if (!style_.json) p = skipPlain(p, end);
      while (p < end && isPlain(*p)) p++;
      append(plain, p);
      if (p < end) p += writeSpecial(p, end);
    }
  }

 private:
  // Eight bytes at a time, while all of them are 0x20 to 0x7e: most text is. (Hacker's Delight, 6-1: no carry leaves a
  // byte that is below 0x80, and of those that are not the highest bit tells.)
  static const uint8_t* skipPlain(const uint8_t* p, const uint8_t* end) {
    constexpr uint64_t kOnes = 0x0101010101010101;
    for (uint64_t bytes; end - p >= 8; p += 8) {
      std::memcpy(&bytes, p, 8);
      const uint64_t low = bytes & 0x7f * kOnes;
      const uint64_t atLeastSpace = low + 0x60 * kOnes;  // the highest bit, where byte >= 0x20
      const uint64_t isDelete = low + kOnes;             // likewise, where byte = 0x7f
      if ((~atLeastSpace | isDelete | bytes) & 0x80 * kOnes) break;
    }
    return p;
  }

  bool isPlain(uint8_t byte) const {
    return byte >= 0x20 && byte < 0x7f && !(style_.json && (byte == '"' || byte == '\\'));
  }

  void append(const uint8_t* begin, const uint8_t* end) {
    out_.append(reinterpret_cast<const char*>(begin), end - begin);
  }

  size_t writeSpecial(const uint8_t* p, const uint8_t* end) {
    if (*p < 0x80) {
      writeAscii(*p);
      return 1;
    }
    // A character may not reach beyond what is readable: copy its bytes to a place of their own.
    uint8_t bytes[4] = {};
    std::copy(p, std::min(p + 4, end), bytes);
    const Character character = characterAt(bytes, style_.encoding);
    if (!character.length) {
      writeBroken(*p);
      return 1;
    }
    if (isHiddenCodePoint(character.codePoint)) {
      style_.json ? escapeForJson(out_, character.codePoint) : escapeForPeople(out_, character.codePoint);
    } else {
      append(p, p + character.length);
    }
    return character.length;
  }

  void writeAscii(uint8_t byte) {
    if (byte == '\t') {
      out_ += style_.json || style_.escapeTab ? "\\t" : "\t";
    } else if (style_.json && (byte == '"' || byte == '\\')) {
      out_ += '\\';
      out_ += static_cast<char>(byte);
    } else {
      writeBroken(byte);
    }
  }

  // Only a string that tore while it was read holds such a byte.
  void writeBroken(uint8_t byte) {
    if (style_.json) {
      out_ += "\\ufffd";
    } else {
      out_ += "\\x";
      appendNumber(out_, byte, 16, 2);
    }
  }

  const LineStyle& style_;
  std::string& out_;
};

const RegionLabel* labelFor(std::span<const RegionLabel> labels, uint64_t address) {
  const auto after = std::upper_bound(labels.begin(), labels.end(), address,
                                      [](uint64_t value, const RegionLabel& label) { return value < label.start; });
  return after == labels.begin() ? nullptr : &after[-1];
}

void writeJson(const LineStyle& style, const Line& line, std::span<const uint8_t> shown, bool truncated,
               std::span<const RegionLabel> labels, std::string& out) {
  out += "{\"address\":\"";
  appendAddress(out, line.address, 0);
  out += "\",\"length\":";
  appendNumber(out, line.length, 10);
  out += style.encoding == Encoding::utf8 ? ",\"encoding\":\"utf8\"" : ",\"encoding\":\"ascii\"";
  if (const RegionLabel* const label = labelFor(labels, line.address)) {
    out += ",\"region\":";
    out += label->json;
  }
  out += ",\"text\":\"";
  TextWriter(style, out).write(shown.data(), shown.data() + shown.size());
  out += truncated ? "\",\"truncated\":true}\n" : "\"}\n";
}

void writeHighlighted(const LineStyle& style, std::span<const uint8_t> text, std::span<const uint8_t> shown,
                      std::span<const Match> matches, std::string& out) {
  TextWriter writer(style, out);
  const uint8_t* p = shown.data();
  const uint8_t* const end = p + shown.size();
  for (const Match& match : matches) {
    const uint8_t* const begin = std::clamp(text.data() + match.begin, p, end);
    const uint8_t* const stop = std::clamp(text.data() + match.end, begin, end);
    if (begin == stop) continue;
    writer.write(p, begin);
    out += kMatchColor;
    writer.write(begin, stop);
    out += kNoColor;
    p = stop;
  }
  writer.write(p, end);
}

}  // namespace

void LineWriter::write(const Line& line, std::span<const RegionLabel> labels, std::string& out) const {
  const bool wantsMatches = style_.color || (style_.maxLength && line.text.size() > style_.maxLength);
  std::vector<Match> found;
  std::span<const Match> matches = line.matches;
  if (matches.empty() && wantsMatches) {
    found = findMatches(line.text, style_.needle);
    matches = found;
  }
  const auto shown = window(line.text, matches.empty() ? nullptr : &matches.front(), style_.maxLength);
  const bool cutBefore = line.cutBefore || shown.data() > line.text.data();
  const bool cutAfter = line.cutAfter || shown.data() + shown.size() < line.text.data() + line.text.size();
  if (style_.json) {
    writeJson(style_, line, shown, cutBefore || cutAfter, labels, out);
    return;
  }

  if (style_.showAddress) {
    if (style_.color) out += kAddressColor;
    appendAddress(out, line.address, style_.addressDigits);
    if (style_.color) out += kNoColor;
    out += "  ";
  }
  if (cutBefore) out += kEllipsis;
  if (style_.color) {
    writeHighlighted(style_, line.text, shown, matches, out);
  } else {
    TextWriter(style_, out).write(shown.data(), shown.data() + shown.size());
  }
  if (cutAfter) out += kEllipsis;
  out += '\n';
}

}  // namespace memscan
