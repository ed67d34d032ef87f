#include "text_beginnings.h"

#include <algorithm>

#include "page_class.h"

namespace memscan {

namespace {

/// Bytes that are looked through at once: few first, since most texts are short.
constexpr uint64_t kFirstBlock = 4096;
constexpr uint64_t kLargestBlock = uint64_t{256} << 10;

/// Bytes that all calls look through, but for a first block each: many long texts would take too long.
constexpr uint64_t kExactBytes = uint64_t{16} << 20;

/// Steps from page to page beyond that, in bytes, and as parts of the way that was gone.
constexpr uint64_t kLeastStep = uint64_t{64} << 10;
constexpr uint64_t kStepsOfWay = 16;

class NoSink {
 public:
  static constexpr bool kCountOnly = true;
  bool add(const String&) { return true; }
  void addCounted(uint64_t) {}
};

}  // namespace

std::optional<uint64_t> TextBeginnings::find(uint64_t at, const Range& span) {
  const uint64_t from = at;
  for (uint64_t block = kFirstBlock; at > span.start; block = std::min(4 * block, kLargestBlock)) {
    if (isKnown(at)) return known_.start;
    const uint64_t floor = floorOf(at, span);
    const uint64_t begin = at - floor > block ? at - block : floor;
    const bool isFar = from - begin > kExactReach || (block > kFirstBlock && looked_ + block > kExactBytes);
    if (isFar) {
      at = findFar(at, span);
      break;
    }
    if (block > kFirstBlock) looked_ += at - begin;
    const uint64_t found = beginningIn(begin, at, span);
    at = found;
    if (found > begin || status_ != ReadStatus::ok) break;
  }
  if (status_ != ReadStatus::ok) return std::nullopt;
  return at;
}

// Text stands at `at`.
uint64_t TextBeginnings::findFar(uint64_t at, const Range& span) {
  const uint64_t floor = floorOf(at, span);
  uint64_t text = at;
  while (text > floor) {
    const uint64_t step = std::max(kLeastStep, (at - text) / kStepsOfWay);
    const uint64_t next = text - floor > step ? (text - step) / kClassPage * kClassPage : floor;
    if (!isText(next, std::min(next + kClassPage, text), span)) return bisect(next, text, span);
    text = next;
  }
  return isKnown(text) ? known_.start : text;
}

// Text stands at `text`, and does not go on all through the page at `broken`.
uint64_t TextBeginnings::bisect(uint64_t broken, uint64_t text, const Range& span) {
  while (text - broken > kLeastStep) {
    const uint64_t middle = (broken + (text - broken) / 2) / kClassPage * kClassPage;
    (isText(middle, middle + kClassPage, span) ? text : broken) = middle;
  }
  return beginningIn(broken, text, span);
}

// Where the text begins that ends at `to` or goes on there; `from` where it may begin before.
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
