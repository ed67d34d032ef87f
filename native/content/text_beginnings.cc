#include "text_beginnings.h"

#include <algorithm>

#include "page_class.h"

namespace memscan {

namespace {

/// Bytes that are read at once: few first, since most texts are short.
constexpr uint64_t kFirstRead = 4096;
constexpr uint64_t kLargestRead = uint64_t{256} << 10;

/// Bytes of each text that are always searched, and of all texts beyond that: if there are many long ones, not all
/// their bytes are.
constexpr uint64_t kLongText = uint64_t{64} << 10;
constexpr uint64_t kMostSearched = uint64_t{16} << 20;

class NoSink {
 public:
  static constexpr bool kCountOnly = true;
  bool add(const String&) { return true; }
  void addCounted(uint64_t) {}
};

}  // namespace

uint64_t TextBeginnings::find(uint64_t at, uint64_t floor, const Range& span, bool mayReach) {
  const uint64_t begin = at;
  for (uint64_t size = kFirstRead; at > floor && status_ == ReadStatus::ok; size = std::min(4 * size, kLargestRead)) {
    const uint64_t from = at - std::min(size, at - floor);
    if (begin - from > kLongText) {
      searched_ += at - from;
      if (searched_ > kMostSearched) return mayReach ? floor : bisect(floor, at, span);
    }
    const uint64_t found = beginningIn(from, at, span);
    if (found > from) return found;
    at = from;
  }
  return floor;
}

// Searches the range from `floor` to `text`, an address inside a text, by bisection for the beginning of a text.
uint64_t TextBeginnings::bisect(uint64_t floor, uint64_t text, const Range& span) {
  while (text - floor > kLongText) {
    const uint64_t middle = (floor + (text - floor) / 2) / kClassPage * kClassPage;
    const bool isText = beginningIn(middle, middle + kClassPage, span) == middle;
    (isText ? text : floor) = middle;
  }
  return beginningIn(floor, text, span);
}

// Returns the beginning of the text that ends at `to` or continues there; `from` if it may begin before.
uint64_t TextBeginnings::beginningIn(uint64_t from, uint64_t to, const Range& span) {
  const auto before = static_cast<uint32_t>(std::min(kMargin, from - span.start));
  const auto after = static_cast<uint32_t>(std::min(kMargin, span.end - to));
  const ReadResult read = reader_.source.read({{{from, to}}, before, after}, buffer_);
  bytesRead_ += read.bytesRead;
  if (read.status != ReadStatus::ok) {
    status_ = read.status;
    error_ = read.error;
  }
  if (read.segments.empty()) return to;
  const Segment& last = read.segments.back();
  return last.address + last.length < to ? to : beginningIn(last);
}

uint64_t TextBeginnings::beginningIn(const Segment& segment) {
  Partials partials;
  NoSink sink;
  Segment open = segment;
  open.openAfter = true;
  StringFinder(open, reader_.wanted, sink, partials).find(reader_.kernel, edges_);
  return partials.tail ? partials.tail->address : segment.address + segment.length;
}

}  // namespace memscan
