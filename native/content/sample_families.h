// The families of a sample: how much of them lies in each cell that was drawn.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "family.h"

namespace memscan {

/// A string, by its beginning.
struct SampledText {
  uint64_t key;          // of its family
  uint64_t address;      // of its first byte
  uint64_t length;       // as far as it was looked at
  uint32_t location;     // where it begins
  const uint8_t* bytes;  // the first: all of them, or kSampleBytes
};

/// A part of a string that lies in a cell.
struct SampledPart {
  uint32_t cell;   // its place among those that were drawn
  uint32_t bytes;  // of the part
  bool begins;     // the string begins in the cell
};

/// A text, and its bytes.
class KeptText {
 public:
  explicit KeptText(const SampledText& text) : text_(text) {
    std::copy_n(text.bytes, std::min<uint64_t>(text.length, kSampleBytes), bytes_.begin());
  }
  SampledText get() const {
    SampledText text = text_;
    text.bytes = bytes_.data();
    return text;
  }

 private:
  SampledText text_;
  std::array<uint8_t, kSampleBytes> bytes_ = {};
};

struct CellBytes {
  uint32_t cell;
  uint32_t bytes;
};

/// Strings of one shape, by the parts of them that lie in cells.
struct SampledFamily {
  uint64_t key;
  uint64_t bytes = 0;
  uint64_t error = 0;    // bytes that may be missing, at most
  uint64_t strings = 0;  // that begin in cells
  uint64_t parts = 0;
  EncodingSet encodings = 0;
  std::vector<CellBytes> cells = {};  // in order
  std::vector<LocationBytes> locations = {};
  std::vector<Sample> samples = {};  // of different values, those with the lowest hashes, in their order

  void add(const SampledText& text, const SampledPart& part);

  /// Takes what cells behind these hold.
  void merge(SampledFamily&& later);

 private:
  void addLocation(LocationBytes part);
  void addSample(const Sample& sample);
};

/// Families in bounded memory, as FamilyTable has them: the widest are kept, and of each it is known how much may be
/// missing. What they are made of comes in order of its cells.
class SampledFamilies {
 public:
  /// `most`: families that prune() leaves, and of which four times as many are held at most.
  explicit SampledFamilies(size_t most) : most_(most) {}

  /// Takes parts of texts, and keeps the `most` widest families of them.
  void add(std::span<const std::pair<SampledText, SampledPart>> parts);

  /// A part of the text that goes on from before all these cells, if one does. Else it is of `otherwise`, which may
  /// then begin in the first.
  void addBefore(const SampledText& otherwise, const SampledPart& part);

  /// `text` goes on behind the last cell, or where there is none, what went on from before all cells does if
  /// `isBefore`.
  void endWith(const std::optional<SampledText>& text, bool isBefore);

  /// Takes the families of cells behind these.
  void merge(SampledFamilies&& later);

  /// Leaves the widest.
  void prune();

  const std::vector<SampledFamily>& all() const { return families_; }

 private:
  SampledFamily& familyWith(uint64_t key);
  void join(const SampledFamilies& later);

  size_t most_;
  std::vector<SampledFamily> families_;
  std::unordered_map<uint64_t, size_t> index_;
  std::vector<SampledPart> before_;    // parts of what goes on from before
  std::optional<KeptText> otherwise_;  // ... or of this
  std::optional<KeptText> end_;        // goes on behind
  bool endsAsBefore_ = false;
  uint64_t absent_ = 0;  // bytes of a family that is not among these, at most
};

}  // namespace memscan
