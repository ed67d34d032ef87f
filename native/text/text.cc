#include "text.h"

#include <algorithm>
#include <iterator>

namespace memscan {

std::string_view nameOf(Encoding encoding) {
  static constexpr std::string_view kNames[kEncodings] = {"ascii",   "utf8", "utf16le",   "utf16be", "latin1",
                                                          "gb18030", "big5", "shift_jis", "euc-kr"};
  return kNames[static_cast<int>(encoding)];
}

bool isHiddenCodePoint(uint32_t codePoint) {
  const auto* after = std::upper_bound(std::begin(unicode::kHidden), std::end(unicode::kHidden), codePoint,
                                       [](uint32_t value, const unicode::Span& span) { return value < span.first; });
  return after != std::begin(unicode::kHidden) && codePoint <= after[-1].last;
}

}  // namespace memscan
