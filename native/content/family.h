// What is known of strings of one shape.
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

/// Bytes of a string's text that samples have.
inline constexpr size_t kSampleBytes = 192;

/// Bytes that say which value a string is, with its text's length: longer ones that differ only behind them count as
/// the same.
inline constexpr size_t kValueBytes = 1024;

/// One string. `text`, in ASCII or UTF-8, holds its first bytes: all of them, or kValueBytes at least; kShapeWindow
/// bytes can be read behind its end.
struct Member {
  uint64_t address;
  uint64_t length;  // of all of it in memory, in bytes
  const uint8_t* text;
  uint32_t location;    // where it lies: a number of the caller's, who has its name
  Encoding encoding;    // in memory
  uint64_t textLength;  // of all of its text, in bytes
};

/// A bit for each Encoding. What is ASCII alone counts as that, but in UTF-16.
using EncodingSet = uint16_t;
static_assert(kEncodings <= 16);

/// What is taken of a string's text at once.
struct Value {
  uint64_t hash;
  bool multibyte;
};

Value valueOf(const Member& member);

/// Where a string stands.
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

/// Strings whose shapes begin alike. Whatever the order in which strings are added and families merged, the result is
/// the same.
class Family {
 public:
  /// Those with the lowest hashes, so chosen by chance, one a value: a value's is at the lowest address it was seen at.
  static constexpr size_t kSamples = 8;

  explicit Family(uint64_t key) : key_(key) {}

  void add(const Member& member, Value value);

  /// A string again that has the value and the encoding of one before, `strings` times in the same place.
  void addRepeats(uint32_t location, uint64_t strings, uint64_t bytes);

  /// Takes the other's strings.
  void merge(const Family& other);

  /// Gives its places other numbers: `numbers` has them by those they have now. No two become one.
  void renumberLocations(const std::vector<uint32_t>& numbers);

  uint64_t key() const { return key_; }
  uint64_t strings() const { return strings_; }
  EncodingSet encodings() const { return encodings_; }
  uint64_t bytes() const { return bytes_; }
  const std::vector<Sample>& samples() const { return samples_; }
  std::vector<LocationBytes> locations() const;

  /// Nothing where the samples hold every value there is.
  const Sketch* sketch() const { return sketch_.get(); }

  /// Bytes of memory it takes, about.
  size_t footprint() const;

 private:
  void addBytes(uint32_t location, uint64_t bytes);
  void addSample(const Sample& sample);
  bool holdsValue(uint64_t value, const Extent& extent);

  uint64_t key_;
  uint64_t strings_ = 0;
  EncodingSet encodings_ = 0;
  uint64_t bytes_ = 0;
  std::vector<Sample> samples_;      // by value
  LocationBytes location_ = {0, 0};  // most have one; none of no bytes
  std::vector<LocationBytes> otherLocations_;
  std::unique_ptr<Sketch> sketch_;
};

}  // namespace memscan
