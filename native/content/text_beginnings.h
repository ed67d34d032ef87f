// Where texts begin that reach into a window from before it.
#pragma once

#include <cstdint>

#include "../memory/source.h"
#include "../search/strings.h"

namespace memscan {

/// What is needed to find text in a source.
struct TextReader {
  const Source& source;
  const Kernel& kernel;
  const Wanted& wanted;  // its encoding; what is short counts, too
};

/// Looks back from a place in a text to where the text begins. For one thread.
class TextBeginnings {
 public:
  explicit TextBeginnings(const TextReader& reader) : reader_(reader) {}

  /// Text stands at `at`. Where it begins, or `floor` where it begins there or before: a place in `span` before `at`.
  /// As long as all calls have not looked through too much every byte is looked at. Beyond that a long text is taken to
  /// go on to `floor`, or if it cannot (`mayReach`), the beginning of one is taken that lies between. What it tells
  /// means nothing where the status is not `ok`.
  uint64_t find(uint64_t at, uint64_t floor, const Range& span, bool mayReach);

  ReadStatus status() const { return status_; }
  int error() const { return error_; }
  uint64_t bytesRead() const { return bytesRead_; }

 private:
  uint64_t bisect(uint64_t floor, uint64_t text, const Range& span);
  uint64_t beginningIn(uint64_t from, uint64_t to, const Range& span);
  uint64_t beginningIn(const Segment& segment);

  const TextReader reader_;
  uint64_t searched_ = 0;  // bytes of long texts
  Buffer buffer_;
  EdgeBuffer edges_;
  ReadStatus status_ = ReadStatus::ok;
  int error_ = 0;
  uint64_t bytesRead_ = 0;
};

}  // namespace memscan
