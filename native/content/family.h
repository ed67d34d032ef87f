// Families: the strings of one shape, summed up.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "../text/text.h"
#include "sketch.h"

namespace memscan {

/// Bytes of a string's text that a sample contains, at most.
inline constexpr size_t kSampleBytes = 192;

/// Bytes of a string's text that, with the text's length, determine its value: longer texts that differ only after
/// these bytes count as equal.
inline constexpr size_t kValueBytes = 1024;

/// A string to add to its family. `text`, in ASCII or UTF-8, points to its first bytes: all of them, or kValueBytes at
/// least. kShapeWindow bytes must be readable after its end.
struct Member {
  uint64_t address;
  uint64_t length;  // bytes of the whole string in memory
  const uint8_t* text;
  uint32_t location;    // an index into the caller's list of locations
  Encoding encoding;    // in memory
  uint64_t textLength;  // bytes of the whole text
};

/// A bit for each Encoding. Strings of ASCII characters count as ASCII, except in UTF-16.
using EncodingSet = uint16_t;
static_assert(kEncodings <= 16);

/// The hash of a string's value, and whether the hashed text has bytes beyond ASCII.
struct Value {
  uint64_t hash;
  bool multibyte;
};

Value valueOf(const Member& member);

/// A string's bytes in memory, and their encoding.
struct Extent {
  uint64_t address;
  uint64_t length;  // in memory
  Encoding encoding;
};

struct Sample {
  uint64_t value;
  Extent extent;
  uint64_t textLength;
  std::array<uint8_t, kSampleBytes> bytes;  // the first of its text

  std::span<const uint8_t> text() const { return std::span(bytes).first(std::min<uint64_t>(textLength, kSampleBytes)); }
};

struct LocationBytes {
  uint32_t location;
  uint64_t bytes;
};

/// The strings whose shapes begin with equal bytes. The result is the same in whatever order strings are added and
/// families merged.
class Family {
 public:
  /// The most samples, one for each value: those of the values with the lowest hashes, which is a random choice. The
  /// sample of a value is its string at the lowest address.
  static constexpr size_t kSamples = 8;

  explicit Family(uint64_t key) : key_(key) {}

  void add(const Member& member, Value value);

  /// Adds `strings` strings (`bytes` in memory) at one location, whose value and encoding an added string already has.
  void addRepeats(uint32_t location, uint64_t strings, uint64_t bytes);

  /// Adds the strings of the other family.
  void merge(const Family& other);

  uint64_t key() const { return key_; }
  uint64_t strings() const { return strings_; }
  EncodingSet encodings() const { return encodings_; }
  uint64_t bytes() const { return bytes_; }
  const std::vector<Sample>& samples() const { return samples_; }
  std::vector<LocationBytes> locations() const;

  /// The sketch of all values; nullptr if the samples contain every value.
  const Sketch* sketch() const { return sketch_.get(); }

  /// Returns about how many bytes of memory it occupies.
  size_t footprint() const;

 private:
  void addBytes(uint32_t location, uint64_t bytes);
  void addSample(const Sample& sample);
  bool holdsValue(uint64_t value, const Extent& extent);

  uint64_t key_;
  uint64_t strings_ = 0;
  EncodingSet encodings_ = 0;
  uint64_t bytes_ = 0;
  std::vector<Sample> samples_;      // in order of value
  LocationBytes location_ = {0, 0};  // most families have only this one; unset while it has 0 bytes
  std::vector<LocationBytes> otherLocations_;
  std::unique_ptr<Sketch> sketch_;
};

}  // namespace memscan
