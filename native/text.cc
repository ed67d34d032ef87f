#include "text.h"

#include <algorithm>
#include <iterator>

namespace memscan {

bool isHiddenCodePoint(uint32_t codePoint) {
  const auto* after = std::upper_bound(std::begin(unicode::kHidden), std::end(unicode::kHidden), codePoint,
                                       [](uint32_t value, const unicode::Span& span) { return value < span.first; });
  return after != std::begin(unicode::kHidden) && codePoint <= after[-1].last;
}

}  // namespace memscan
