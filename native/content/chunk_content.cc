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

void addPages(const Segment& segment, const PointerRanges& pointers, ChunkTotals& totals) {
  uint32_t at = 0;
  while (at < segment.length) {
    const uint64_t toPageEnd = kClassPage - (segment.address + at) % kClassPage;
    const auto length = static_cast<uint32_t>(std::min<uint64_t>(toPageEnd, segment.length - at));
    const uint8_t* const page = segment.data + at;
    const PageClass found = classOf(page, length, pointers);
    totals.classBytes[static_cast<size_t>(found)] += length;
    const bool mayHold = found != PageClass::zero && found != PageClass::repeated;
    const auto skip = static_cast<uint32_t>(-(segment.address + at) % 16);
    if (mayHold && skip < length) countSignatures(page + skip, length - skip, totals.signatures);
    at += length;
  }
}

bool ContentSink::add(const String& string) {
  const bool isInside = isInsideGranule(string.address, string.memory, edge_);
  if (!isInside || granuleOf(string.address) != granule_) endGranule();
  if (isInside) {
    granule_ = granuleOf(string.address);
    builder_.add(memberOf(string));
  } else {
    content_.granules.push_back(granuleOfOne(memberOf(string)));
  }
  content_.strings++;
  content_.bytes += string.memory;
  return true;
}

ChunkContent ContentSink::finish() {
  endGranule();
  return std::move(content_);
}

// The text of a decoded string is valid only during this call.
Member ContentSink::memberOf(const String& string) {
  while (label_ + 1 < labels_.size() && labels_[label_ + 1].start <= string.address) label_++;
  const uint32_t location = labels_.empty() ? 0 : labels_[label_].location;
  const bool isDecoded = string.encoding > Encoding::utf8;
  const uint8_t* const text =
      isDecoded ? decoded_.keep({string.bytes, std::min<size_t>(string.length, kValueBytes)}) : string.bytes;
  return {string.address, string.memory, text, location, string.encoding, string.length};
}

void ContentSink::endGranule() {
  if (!builder_.isEmpty()) {
    const uint64_t start = granule_ << kGranuleBits;
    const bool isWhole = known_.start <= start + edge_ && start + kGranuleBytes <= known_.end + edge_;
    content_.granules.push_back(builder_.finish(granule_, isWhole));
  }
  decoded_.clear();
}

}  // namespace memscan
