// The families of a sample: how much of them lies in each cell that was drawn.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "family.h"

namespace memscan {

/// A part of a string that lies in a cell.
struct SampledPart {
  uint64_t key;         // of its family
  uint32_t cell;        // its place among those that were drawn
  uint32_t bytes;       // of the part
  bool begins;          // the string begins in the cell
  uint64_t address;     // of the string
  uint64_t length;      // as far as it was looked at, from its beginning
  const uint8_t* text;  // its first bytes: `length` of them, or kSampleBytes; kShapeWindow bytes can be read behind
  uint32_t place;       // where the string begins
};

struct CellBytes {
  uint32_t cell;
  uint32_t bytes;
};

/// Strings of one shape, by the parts of them that lie in cells.
struct SampledFamily {
  uint64_t key;
  uint64_t bytes = 0;
  uint64_t error = 0;      // bytes that may be missing, at most
  uint64_t strings = 0;    // that begin in cells
  uint64_t multibyte = 0;  // of parts: those of strings with other characters than ASCII's
  uint64_t parts = 0;
  std::vector<CellBytes> cells = {};  // in order
  std::vector<PlaceBytes> places = {};
  std::vector<Sample> samples = {};  // of different values, those with the lowest hashes, in their order

  void add(const SampledPart& part);

  /// Takes what cells behind these hold.
  void merge(SampledFamily&& later);

 private:
  void addPlace(PlaceBytes part);
  void addSample(const Sample& sample);
};

/// Families in bounded memory, as FamilyTable has them: the widest are kept, and of each it is known how much may be
/// missing. What they are made of comes in order of its cells.
class SampledFamilies {
 public:
  /// `most`: families that prune() leaves, and of which four times as many are held at most.
  explicit SampledFamilies(size_t most) : most_(most) {}

  /// Takes parts, and keeps the `most` widest families of them.
  void add(std::span<const SampledPart> parts);

  /// Takes the families of cells behind these.
  void merge(SampledFamilies&& later);

  /// Leaves the widest.
  void prune();

  const std::vector<SampledFamily>& all() const { return families_; }

 private:
  SampledFamily& familyWith(uint64_t key);

  size_t most_;
  std::vector<SampledFamily> families_;
  std::unordered_map<uint64_t, size_t> index_;
  uint64_t absent_ = 0;  // bytes of a family that is not among these, at most
};

}  // namespace memscan
