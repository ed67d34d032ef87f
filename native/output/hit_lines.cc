#include "hit_lines.h"

#include <algorithm>
#include <cstring>

#include "line_parts.h"

namespace memscan {

namespace {

/// Bytes of context on each side in a line for people: with these a line fits most screens.
constexpr uint32_t kShownContext = 8;

/// The longest line without its label and bytes.
constexpr size_t kLongestFrame = 192;

/// The longest output for a byte: two digits, a space, and itself as ASCII.
constexpr size_t kLongestByte = 4;

using Bytes = std::span<const uint8_t>;

uint8_t* putDigits(uint8_t* out, uint8_t byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  *out++ = kDigits[byte >> 4];
  *out++ = kDigits[byte & 15];
  return out;
}

uint8_t* putDigits(uint8_t* out, Bytes bytes) {
  for (const uint8_t byte : bytes) out = putDigits(out, byte);
  return out;
}

uint8_t* putCells(uint8_t* out, Bytes bytes) {
  for (const uint8_t byte : bytes) {
    out = putDigits(out, byte);
    *out++ = ' ';
  }
  return out;
}

uint8_t* putAscii(uint8_t* out, Bytes bytes) {
  return std::transform(bytes.begin(), bytes.end(), out,
                        [](uint8_t byte) { return byte >= 0x20 && byte < 0x7f ? byte : uint8_t{'.'}; });
}

uint8_t* putSpaces(uint8_t* out, size_t count) { return std::fill_n(out, count, uint8_t{' '}); }

/// A hit's bytes, and the bytes of its context that are shown.
struct Shown {
  Shown(const Hit& hit, uint32_t most)
      : before(hit.bytes - std::min(hit.before, most), hit.bytes),
        bytes(hit.bytes, hit.length),
        after(hit.bytes + hit.length, std::min(hit.after, most)) {}

  Bytes before, bytes, after;
};

// Missing context leaves a gap, so that hits of consecutive lines are aligned.
uint8_t* putDump(uint8_t* out, const Shown& shown, bool color) {
  out = putSpaces(out, 3 * (kShownContext - shown.before.size()));
  out = putCells(out, shown.before);
  *out++ = ' ';
  if (color) out = put(out, kMatchColor);
  out = putCells(out, shown.bytes) - 1;
  if (color) out = put(out, kNoColor);
  out = putCells(put(out, "  "), shown.after);
  out = putSpaces(out, 3 * (kShownContext - shown.after.size()));
  out = put(out, " |");
  out = putAscii(out, shown.before);
  if (color) out = put(out, kMatchColor);
  out = putAscii(out, shown.bytes);
  if (color) out = put(out, kNoColor);
  return put(putAscii(out, shown.after), "|\n");
}

uint8_t* putJson(uint8_t* out, const Hit& hit, const Shown& shown, const RegionLabel* label) {
  out = putAddress(put(out, "{\"address\":\""), hit.address, 0);
  out = putDecimal(put(out, "\",\"length\":"), hit.length);
  if (label) out = put(put(out, ",\"region\":"), label->text);
  out = putDigits(put(out, ",\"bytes\":\""), shown.bytes);
  out = putDigits(put(out, "\",\"before\":\""), shown.before);
  out = putDigits(put(out, "\",\"after\":\""), shown.after);
  return put(out, "\"}\n");
}

uint8_t* putJson(uint8_t* out, uint64_t address, uint64_t value, const RegionLabel* label) {
  out = putAddress(put(out, "{\"address\":\""), address, 0);
  *out++ = '"';
  if (label) out = put(put(out, ",\"region\":"), label->text);
  out = putAddress(put(out, ",\"value\":\""), value, 0);
  return put(out, "\"}\n");
}

uint8_t* beginLine(LineBuffer& out, const RegionLabel* label, size_t bytes) {
  return out.begin(kLongestFrame + (label ? label->text.size() : 0) + kLongestByte * bytes);
}

}  // namespace

uint64_t wordOf(const Hit& hit) {
  uint64_t word;
  std::memcpy(&word, hit.bytes, sizeof word);
  return word;
}

void writeBytes(const Hit& hit, const HitStyle& style, std::span<const RegionLabel> labels, LineBuffer& buffer) {
  const RegionLabel* const label = labelFor(labels, hit.address);
  const Shown shown(hit, style.json ? kContext : kShownContext);
  uint8_t* out = beginLine(buffer, label, hit.length + 2 * kContext);
  if (style.json) {
    buffer.end(putJson(out, hit, shown, label));
  } else {
    out = putLineStart(out, hit.address, style.addressDigits, label, style.color);
    buffer.end(putDump(out, shown, style.color));
  }
}

void writePointer(const Hit& hit, uint64_t start, const HitStyle& style, std::span<const RegionLabel> labels,
                  LineBuffer& buffer) {
  const RegionLabel* const label = labelFor(labels, hit.address);
  const uint64_t value = wordOf(hit);
  uint8_t* out = beginLine(buffer, label, 0);
  if (style.json) {
    buffer.end(putJson(out, hit.address, value, label));
    return;
  }
  out = putLineStart(out, hit.address, style.addressDigits, label, style.color);
  out = put(out, "-> ");
  if (style.color) out = put(out, kMatchColor);
  out = putAddress(out, value, 12);
  if (style.color) out = put(out, kNoColor);
  out = putAddress(put(out, "  +"), value - start, 0);
  buffer.end(put(out, "\n"));
}

}  // namespace memscan
