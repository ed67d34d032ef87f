// The content of one chunk: its strings by family, its pages by class.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "../output/region_label.h"
#include "../search/strings.h"
#include "granule.h"
#include "granule_builder.h"
#include "kept_texts.h"
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
  uint64_t bytes = 0;             // of the strings
  std::vector<Granule> granules;  // in order of address
  ChunkTotals totals = {};

  /// Returns about how many bytes of memory it occupies.
  size_t footprint() const;
};

/// Adds the pages of a segment to `totals`. A part of a page is classified like a page.
void addPages(const Segment& segment, const PointerRanges& pointers, ChunkTotals& totals);

/// A thread's scratch memory for a chunk's content.
struct ContentWorkspace {
  GranuleBuilder families;
  KeptTexts decoded;
};

/// A sink for strings (see StringFinder), which it receives in order of address.
class ContentSink {
 public:
  static constexpr bool kCountOnly = false;

  /// `known`: addresses whose strings no other sink receives. `edge`: of granules, see isInsideGranule(). `labels`: of
  /// regions, in order, with their locations.
  ContentSink(Range known, uint64_t edge, std::span<const RegionLabel> labels, ContentWorkspace& workspace)
      : known_(known), edge_(edge), labels_(labels), builder_(workspace.families), decoded_(workspace.decoded) {}

  bool add(const String& string);

  ChunkContent finish();

 private:
  Member memberOf(const String& string);
  void endGranule();

  const Range known_;
  const uint64_t edge_;
  const std::span<const RegionLabel> labels_;
  GranuleBuilder& builder_;
  KeptTexts& decoded_;
  size_t label_ = 0;  // of the region that contains the last string
  uint64_t granule_ = 0;
  ChunkContent content_;
};

}  // namespace memscan
