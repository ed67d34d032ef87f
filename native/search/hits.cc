#include "hits.h"

#include <algorithm>

namespace memscan {

namespace {

constexpr uint64_t kWord = 8;

Hit hitAt(const uint8_t* begin, size_t length, const Segment& segment) {
  const uint8_t* const readable = segment.data - segment.before;
  const uint8_t* const readableEnd = segment.data + segment.length + segment.after;
  const auto context = [](ptrdiff_t bytes) { return static_cast<uint32_t>(std::min<ptrdiff_t>(bytes, kContext)); };
  return {segment.address + (begin - segment.data), begin, static_cast<uint32_t>(length), context(begin - readable),
          context(readableEnd - (begin + length))};
}

// Returns the end of the last `length` bytes that begin in the segment and are readable.
const uint8_t* endFor(size_t length, const Segment& segment) {
  return segment.data + segment.length + std::min<size_t>(segment.after, length - 1);
}

}  // namespace

NeedleHits::NeedleHits(const Kernel& kernel, const std::vector<Needle>& needles, const Segment& segment)
    : kernel_(kernel), segment_(segment) {
  for (const Needle& needle : needles) {
    cursors_.push_back({&needle, nullptr, endFor(needle.bytes.size(), segment)});
    advance(cursors_.back(), segment.data);
  }
}

void NeedleHits::advance(Cursor& cursor, const uint8_t* from) const {
  cursor.begin = kernel_.findNeedle(from, cursor.end, *cursor.needle).begin;
}

std::optional<Hit> NeedleHits::next() {
  const uint8_t* begin = nullptr;
  size_t length = 0;
  for (const Cursor& cursor : cursors_) {
    if (cursor.begin == cursor.end || (begin && begin < cursor.begin)) continue;
    const size_t size = cursor.needle->bytes.size();
    if (begin == cursor.begin && length <= size) continue;
    begin = cursor.begin;
    length = size;
  }
  if (!begin) return std::nullopt;
  for (Cursor& cursor : cursors_) {
    if (cursor.begin == begin && cursor.needle->bytes.size() == length) advance(cursor, begin + 1);
  }
  return hitAt(begin, length, segment_);
}

PointerHits::PointerHits(const Kernel& kernel, const AddressRange& range, const Segment& segment)
    : kernel_(kernel), range_(range), segment_(segment), end_(endFor(kWord, segment)) {
  from_ = std::min(segment.data + (-segment.address & (kWord - 1)), end_);
}

std::optional<Hit> PointerHits::next() {
  const uint8_t* const begin = kernel_.findPointer(from_, end_, range_);
  if (begin == end_) return std::nullopt;
  from_ = begin + kWord;
  return hitAt(begin, kWord, segment_);
}

}  // namespace memscan
