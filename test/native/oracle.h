// What is to be found, by definition, byte by byte: written apart from the code under test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../../native/search/strings.h"

/// A condition spelled out.
struct Asked {
  struct AskedNeedle {
    std::string bytes;
    bool ignoreCase;
  };
  std::vector<AskedNeedle> needles;
  std::string classBytes;  // where there are no needles
  uint32_t runLength = 0;

  memscan::Condition condition() const;
  /// By how many bytes it is met at `begin`, the fewest; 0 where it is not.
  size_t metAt(const uint8_t* begin, const uint8_t* end) const;
  memscan::Occurrence firstIn(const uint8_t* from, const uint8_t* end) const;
  bool isMetIn(const uint8_t* begin, const uint8_t* end) const { return firstIn(begin, end).begin != end; }
};

/// Bytes of a text that its shape covers: the first 128, but for up to four characters behind the last brace or bracket
/// of a text that is shorter.
size_t shapedLength(const std::string& text);

uint8_t lowerCase(uint8_t byte);

struct Found {
  uint64_t address;
  uint32_t length;
  uint32_t characters;
  bool operator==(const Found&) const = default;
};

/// What a segment holds.
struct Strings {
  std::vector<Found> strings;
  std::optional<Found> head, tail;
  bool whole = false;
  bool operator==(const Strings&) const = default;
};

Strings stringsOf(const memscan::Segment& segment, const memscan::Wanted& wanted, const std::optional<Asked>& asked);

/// What a kernel finds, and how many it counts, which is the same number.
struct KernelStrings {
  Strings found;
  uint64_t counted;
};

KernelStrings findStrings(const memscan::Kernel& kernel, const memscan::Segment& segment, memscan::Wanted wanted,
                          const std::optional<Asked>& asked);
