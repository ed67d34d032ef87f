// What one chunk holds: its strings by family, its pages by class.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
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
  uint64_t bytes = 0;                  // of the strings
  std::vector<Granule> granules;       // in order of their addresses
  std::vector<std::string> locations;  // the families' places are numbers of these
  ChunkTotals totals = {};

  /// Bytes of memory it takes, about.
  size_t footprint() const;
};

/// Adds the pages of a segment; a part of a page is classed as one.
void addPages(const Segment& segment, const PointerRanges& pointers, ChunkTotals& totals);

/// A thread's memory for a chunk's content.
struct ContentWorkspace {
  GranuleBuilder families;
  KeptTexts decoded;
};

/// A sink for strings (see StringFinder), in the order of their addresses.
class ContentSink {
 public:
  static constexpr bool kCountOnly = false;

  /// `known`: addresses whose strings come to no other sink. `edge`: of granules, see isInsideGranule(). `labels` tell
  /// the places, in order.
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
  uint32_t location_ = 0;
  uint64_t granule_ = 0;
  ChunkContent content_;
};

}  // namespace memscan
