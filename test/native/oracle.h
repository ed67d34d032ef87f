// What scans must find, by definition, byte by byte: written independently of the code under test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../../native/search/strings.h"

/// A condition in a simple form.
struct Asked {
  struct AskedNeedle {
    std::string bytes;
    bool ignoreCase;
  };
  std::vector<AskedNeedle> needles;
  std::string classBytes;  // if there are no needles
  uint32_t runLength = 0;

  memscan::Condition condition() const;
  /// Returns the length of the shortest occurrence at `begin`; 0 if there is none.
  size_t metAt(const uint8_t* begin, const uint8_t* end) const;
  memscan::Occurrence firstIn(const uint8_t* from, const uint8_t* end) const;
  bool isMetIn(const uint8_t* begin, const uint8_t* end) const { return firstIn(begin, end).begin != end; }
};

/// Returns the number of bytes of a text that its shape covers: the first 128; of a shorter text all except up to four
/// characters after the last brace or bracket.
size_t shapedLength(const std::string& text);

uint8_t lowerCase(uint8_t byte);

struct Found {
  uint64_t address;
  uint32_t length;
  uint32_t characters;
  bool operator==(const Found&) const = default;
};

/// The strings of a segment.
struct Strings {
  std::vector<Found> strings;
  std::optional<Found> head, tail;
  bool whole = false;
  bool operator==(const Strings&) const = default;
};

Strings stringsOf(const memscan::Segment& segment, const memscan::Wanted& wanted, const std::optional<Asked>& asked);

/// The strings that a kernel finds, and how many it counts, which must be the same number.
struct KernelStrings {
  Strings found;
  uint64_t counted;
};

KernelStrings findStrings(const memscan::Kernel& kernel, const memscan::Segment& segment, memscan::Wanted wanted,
                          const std::optional<Asked>& asked);
