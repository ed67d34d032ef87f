#include "places.h"

#include <algorithm>

namespace memscan {

namespace {

constexpr uint64_t kWord = 8;

Hit hitAt(const uint8_t* place, size_t length, const Segment& segment) {
  const uint8_t* const readable = segment.data - segment.before;
  const uint8_t* const readableEnd = segment.data + segment.length + segment.after;
  const auto context = [](ptrdiff_t bytes) { return static_cast<uint32_t>(std::min<ptrdiff_t>(bytes, kContext)); };
  return {segment.address + (place - segment.data), place, static_cast<uint32_t>(length), context(place - readable),
          context(readableEnd - (place + length))};
}

// Where what is `length` bytes long and begins in the segment has ended.
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
  cursor.place = kernel_.findNeedle(from, cursor.end, *cursor.needle).begin;
}

std::optional<Hit> NeedleHits::next() {
  const uint8_t* place = nullptr;
  size_t length = 0;
  for (const Cursor& cursor : cursors_) {
    if (cursor.place == cursor.end || (place && place < cursor.place)) continue;
    const size_t size = cursor.needle->bytes.size();
    if (place == cursor.place && length <= size) continue;
    place = cursor.place;
    length = size;
  }
  if (!place) return std::nullopt;
  for (Cursor& cursor : cursors_) {
    if (cursor.place == place && cursor.needle->bytes.size() == length) advance(cursor, place + 1);
  }
  return hitAt(place, length, segment_);
}

PointerHits::PointerHits(const Kernel& kernel, const AddressRange& range, const Segment& segment)
    : kernel_(kernel), range_(range), segment_(segment), end_(endFor(kWord, segment)) {
  from_ = std::min(segment.data + (-segment.address & (kWord - 1)), end_);
}

std::optional<Hit> PointerHits::next() {
  const uint8_t* const place = kernel_.findPointer(from_, end_, range_);
  if (place == end_) return std::nullopt;
  from_ = place + kWord;
  return hitAt(place, kWord, segment_);
}

}  // namespace memscan
