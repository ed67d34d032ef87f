#include "sample_cells.h"

#include <algorithm>

namespace memscan {

SampleCells::SampleCells(const std::vector<Range>& ranges) {
  for (const Range& range : ranges) {
    if (range.start >= range.end) continue;
    if (!spans_.empty() && spans_.back().range.end == range.start) {
      spans_.back().range.end = range.end;
    } else {
      spans_.push_back({range, 0});
    }
  }
  for (auto& [range, first] : spans_) {
    first = count_;
    count_ += (range.end - 1) / kClassPage - range.start / kClassPage + 1;
  }
}

Cell SampleCells::at(uint64_t number) const {
  const auto after = std::upper_bound(spans_.begin(), spans_.end(), number,
                                      [](uint64_t wanted, const Span& span) { return wanted < span.first; });
  const auto& [span, first] = after[-1];
  const uint64_t page = (span.start / kClassPage + (number - first)) * kClassPage;
  return {{std::max(page, span.start), std::min(page + kClassPage, span.end)}, span};
}

}  // namespace memscan
