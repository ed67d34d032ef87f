// The shape of a text: what of it varies from one text of a kind to the next becomes holes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace memscan {

/// What stood where a hole is.
enum class Placeholder : uint8_t { number, hex, uuid, base64, time, ip, text };

/// Bytes of a text that its shape is made from, at most. So many must be readable, however short the text.
inline constexpr size_t kShapeWindow = 128;

/// Of the kept bytes of a shape (each hole counts as one), those that a family's strings have in common.
inline constexpr size_t kKeyBytes = 32;

/// A part of a text: a hole, or what stands for itself.
struct ShapePart {
  bool isPlaceholder;
  Placeholder placeholder;
  uint32_t begin;  // offsets in the text
  uint32_t end;
};

/// The shape of the first kShapeWindow bytes, a few characters behind the last brace or bracket apart, which may be
/// none of the text's own. Parts are in order and cover them.
std::vector<ShapePart> shapeOf(const uint8_t* text, size_t length);

}  // namespace memscan
