#include "mix.h"

#include <algorithm>
#include <utility>

namespace memscan {

namespace {

// Collects spans that strings may cover. No cut lies inside one.
class Spans {
 public:
  explicit Spans(const Stretch& stretch) : stretch_(stretch) {}

  void setEncoding(Encoding) {}
  Score least() const { return 0; }
  void ended(const Chain& chain, const uint8_t*, const uint8_t* at) { add(chain.begin, at); }
  void addLive(const Chain& chain) { add(chain.begin, stretch_.end + 1); }

  /// `begin` is nullptr if it lies before the stretch.
  void add(const uint8_t* begin, const uint8_t* end) { spans_.emplace_back(begin ? begin : stretch_.begin - 1, end); }

  const uint8_t* firstGap() {
    std::sort(spans_.begin(), spans_.end());
    const uint8_t* end = stretch_.begin;
    for (const auto& span : spans_) {
      if (span.first >= end) break;
      end = std::max(end, span.second);
    }
    return end <= stretch_.end ? end : nullptr;
  }

  const uint8_t* lastGap() {
    std::sort(spans_.begin(), spans_.end());
    const uint8_t* last = nullptr;
    const uint8_t* end = stretch_.begin;
    for (const auto& span : spans_) {
      if (span.first >= end) last = span.first;
      end = std::max(end, span.second);
    }
    return end <= stretch_.end ? stretch_.end : last;
  }

 private:
  const Stretch stretch_;
  std::vector<std::pair<const uint8_t*, const uint8_t*>> spans_;
};

// Returns the end of a character that begins before `p` and crosses it, or `p` if there is none.
const uint8_t* endOfCharacterAcross(const uint8_t* p, Encoding encoding) {
  for (uint32_t back = 1; back <= 3; back++) {
    const uint32_t length = characterAt(p - back, encoding).length;
    if (length > back) return p - back + length;
  }
  return p;
}

void addRuns(const Stretch& stretch, Encoding encoding, Spans& spans) {
  const uint8_t* p = stretch.open ? endOfCharacterAcross(stretch.begin, encoding) : stretch.begin;
  const uint8_t* begin = nullptr;
  bool live = stretch.open;
  while (p < stretch.end) {
    const uint32_t length = characterAt(p, encoding).length;
    if (!length && live) spans.add(begin, p);
    if (length && !live) begin = p;
    live = length > 0;
    p += live ? length : 1;
  }
  if (live) spans.add(begin, stretch.end + 1);
}

Spans spansOf(const Mix& mix, const Stretch& stretch) {
  Spans spans(stretch);
  if (mix.plain()) addRuns(stretch, *mix.plain(), spans);
  mix.eachFinder(stretch, spans, [&](auto& finder) {
    finder.find();
    finder.eachLive([&](const Chain& chain) { spans.addLive(chain); });
  });
  return spans;
}

/// Searches for cuts in growing windows: most memory has one nearby.
constexpr size_t kFirstWindow = 256;

}  // namespace

Mix::Mix(std::vector<Encoding> encodings, uint32_t minLength)
    : encodings_(std::move(encodings)), minLength_(minLength) {
  for (const Encoding encoding : encodings_) {
    if (isUtf16(encoding)) continue;
    if (!plain_) {
      plain_ = Encoding::ascii;
      nameOfAscii_ = encoding;
    }
    if (encoding == Encoding::utf8) plain_ = encoding;
  }
}

const uint8_t* Mix::firstCut(const Stretch& stretch) const {
  Stretch window = stretch;
  for (size_t size = kFirstWindow;; size *= 2) {
    window.end = stretch.begin + std::min<size_t>(size, stretch.end - stretch.begin);
    const uint8_t* const cut = spansOf(*this, window).firstGap();
    if (cut || window.end == stretch.end) return cut;
  }
}

const uint8_t* Mix::lastCut(const Stretch& stretch) const {
  Stretch window = stretch;
  for (size_t size = kFirstWindow;; size *= 2) {
    window.begin = stretch.end - std::min<size_t>(size, stretch.end - stretch.begin);
    window.open = stretch.open || window.begin > stretch.begin;
    const uint8_t* const cut = spansOf(*this, window).lastGap();
    if (cut || window.begin == stretch.begin) return cut;
  }
}

}  // namespace memscan
