#include "chunk_content.h"

#include <algorithm>
#include <utility>

namespace memscan {

void ChunkTotals::add(const ChunkTotals& other) {
  for (size_t i = 0; i < kPageClasses; i++) classBytes[i] += other.classBytes[i];
  for (size_t i = 0; i < kSignatures; i++) signatures[i] += other.signatures[i];
}

size_t ChunkContent::footprint() const {
  size_t bytes = sizeof *this;
  for (const Granule& granule : granules) {
    for (const Family& family : granule.families) bytes += family.footprint();
  }
  return bytes;
}

bool ContentSink::add(const String& string) {
  const bool isInside = isInsideGranule(string.address, string.length);
  if (!isInside || granuleOf(string.address) != granule_) endGranule();
  granule_ = granuleOf(string.address);
  while (place_ + 1 < labels_.size() && labels_[place_ + 1].start <= string.address) place_++;
  builder_.add({string.address, string.length, string.bytes, place_});
  if (!isInside) content_.granules.push_back(builder_.finish(granule_, true));
  content_.strings++;
  content_.bytes += string.length;
  return true;
}

void ContentSink::addPages(const Segment& segment, const PointerRanges& pointers) {
  uint32_t at = 0;
  while (at < segment.length) {
    const uint64_t toPageEnd = kClassPage - (segment.address + at) % kClassPage;
    const auto length = static_cast<uint32_t>(std::min<uint64_t>(toPageEnd, segment.length - at));
    const uint8_t* const page = segment.data + at;
    const PageClass found = classOf(page, length, pointers);
    content_.totals.classBytes[static_cast<size_t>(found)] += length;
    const bool mayHold = found != PageClass::zero && found != PageClass::repeated;
    const auto skip = static_cast<uint32_t>(-(segment.address + at) % 16);
    if (mayHold && skip < length) countSignatures(page + skip, length - skip, content_.totals.signatures);
    at += length;
  }
}

ChunkContent ContentSink::finish() {
  endGranule();
  for (const RegionLabel& label : labels_) content_.places.push_back(label.text);
  if (labels_.empty()) content_.places.emplace_back();
  return std::move(content_);
}

void ContentSink::endGranule() {
  if (builder_.isEmpty()) return;
  const uint64_t start = granule_ << kGranuleBits;
  const bool isWhole = bounds_.start <= start && start + (uint64_t{1} << kGranuleBits) <= bounds_.end;
  content_.granules.push_back(builder_.finish(granule_, isWhole));
}

}  // namespace memscan
