// What one chunk holds: its strings by family, its pages by class.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../lines.h"
#include "../strings.h"
#include "granule.h"
#include "granule_builder.h"
#include "page_class.h"
#include "signatures.h"

namespace memscan {

/// Sums over pages.
struct ChunkTotals {
  std::array<uint64_t, kPageClasses> classBytes;
  SignatureCounts signatures;

  void add(const ChunkTotals& other);
};

struct ChunkContent {
  uint64_t strings = 0;
  uint64_t bytes = 0;               // of the strings
  std::vector<Granule> granules;    // in order of their addresses
  std::vector<std::string> places;  // the families' places are numbers of these
  ChunkTotals totals = {};

  /// Bytes of memory it takes, about.
  size_t footprint() const;
};

/// A sink for strings (see StringFinder), in the order of their addresses.
class ContentSink {
 public:
  static constexpr bool kCountOnly = false;

  /// `bounds`: the chunk's addresses, from its first to its last. `labels` tell the places, in order.
  ContentSink(Range bounds, std::span<const RegionLabel> labels, GranuleBuilder& builder)
      : bounds_(bounds), labels_(labels), builder_(builder) {}

  bool add(const String& string);

  /// The pages of a segment; a part of a page is classed as one.
  void addPages(const Segment& segment, const PointerRanges& pointers);

  ChunkContent finish();

 private:
  void endGranule();

  const Range bounds_;
  const std::span<const RegionLabel> labels_;
  GranuleBuilder& builder_;
  uint32_t place_ = 0;
  uint64_t granule_ = 0;
  ChunkContent content_;
};

}  // namespace memscan
