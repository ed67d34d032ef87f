// The shape of a text: whatever varies from one text of a kind to the next becomes a placeholder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace memscan {

/// The kind of text that a placeholder replaces.
enum class Placeholder : uint8_t { number, hex, uuid, base64, time, ip, text };
inline constexpr const char* kPlaceholderNames[] = {"n", "hex", "uuid", "b64", "time", "ip", "str"};

/// Bytes of a text that its shape is made from, at most. This many must be readable, however short the text.
inline constexpr size_t kShapeWindow = 128;

/// The number of bytes at a shape's beginning (each placeholder counts as one) that the strings of a family have in
/// common.
inline constexpr size_t kKeyBytes = 32;

/// A part of a text: a placeholder, or literal text.
struct ShapePart {
  bool isPlaceholder;
  Placeholder placeholder;
  uint32_t begin;  // offsets in the text
  uint32_t end;
};

/// Returns the shape of the first kShapeWindow bytes, except a few characters after the last brace or bracket, which
/// may not belong to the text. The parts are in order and contiguous.
std::vector<ShapePart> shapeOf(const uint8_t* text, size_t length);

}  // namespace memscan
