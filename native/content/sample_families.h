// The families of a sample: how many of their bytes are in each drawn cell.
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

/// A string, identified by its beginning.
struct SampledText {
  uint64_t key;          // of its family
  uint64_t address;      // of its first byte
  uint64_t length;       // bytes, as far as it was read
  uint32_t location;     // where it begins: an index into the caller's list of locations
  const uint8_t* bytes;  // its first bytes: all of them, or kSampleBytes
};

/// The part of a string that is in a cell.
struct SampledPart {
  uint32_t cell;   // its index among the drawn cells
  uint32_t bytes;  // of the part
  bool begins;     // the string begins in the cell
};

/// A text that owns its first bytes.
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

/// The strings of one shape, by their parts in drawn cells.
struct SampledFamily {
  uint64_t key;
  uint64_t bytes = 0;
  uint64_t error = 0;    // bytes that may be missing, at most
  uint64_t strings = 0;  // that begin in cells
  uint64_t parts = 0;
  EncodingSet encodings = 0;
  std::vector<CellBytes> cells = {};  // in order
  std::vector<LocationBytes> locations = {};
  std::vector<Sample> samples = {};  // of distinct values, those with the lowest hashes, in order of hash

  void add(const SampledText& text, const SampledPart& part);

  /// Adds the content of cells after these.
  void merge(SampledFamily&& later);

 private:
  void addLocation(LocationBytes part);
  void addSample(const Sample& sample);
};

/// Families in bounded memory, like FamilyTable: it keeps the largest ones, and knows how many bytes of each may be
/// missing. Additions come in the order of their cells.
class SampledFamilies {
 public:
  /// `most`: the number of families that prune() keeps. The object never has more than four times as many.
  explicit SampledFamilies(size_t most) : most_(most) {}

  /// Adds parts of texts, and keeps the `most` largest families of them.
  void add(std::span<const std::pair<SampledText, SampledPart>> parts);

  /// Adds a part of the text that continues from before all these cells, if one does. Otherwise the part belongs to
  /// `otherwise`, which may then begin in the first cell.
  void addBefore(const SampledText& otherwise, const SampledPart& part);

  /// Declares that `text` continues after the last cell; without it, if `isBefore`, that the text which continues from
  /// before all cells does.
  void endWith(const std::optional<SampledText>& text, bool isBefore);

  /// Adds the families of cells after these.
  void merge(SampledFamilies&& later);

  /// Keeps only the largest families.
  void prune();

  const std::vector<SampledFamily>& all() const { return families_; }

 private:
  SampledFamily& familyWith(uint64_t key);
  void join(const SampledFamilies& later);

  size_t most_;
  std::vector<SampledFamily> families_;
  std::unordered_map<uint64_t, size_t> index_;
  std::vector<SampledPart> before_;    // parts of the text that continues from before
  std::optional<KeptText> otherwise_;  // ... or of this
  std::optional<KeptText> end_;        // continues after the last cell
  bool endsAsBefore_ = false;
  uint64_t absent_ = 0;  // bytes of a family that is not among these, at most
};

}  // namespace memscan
