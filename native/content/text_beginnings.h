// Finding the beginnings of texts that reach into a window from before it.
#pragma once

#include <cstdint>

#include "../memory/source.h"
#include "../search/strings.h"

namespace memscan {

/// The arguments for finding text in a source.
struct TextReader {
  const Source& source;
  const Kernel& kernel;
  const Wanted& wanted;  // only its encoding counts: text may be shorter than wanted
};

/// Searches backwards from an address inside a text for its beginning. For one thread.
class TextBeginnings {
 public:
  explicit TextBeginnings(const TextReader& reader) : reader_(reader) {}

  /// Returns the address where the text at `at` begins, or `floor` if it begins there or before. `floor` is an address
  /// in `span` before `at`. As long as all calls together have not searched too much, every byte is searched. Beyond
  /// that a long text is assumed to reach `floor`; if it cannot (`mayReach` is false), the beginning of some text in
  /// between is returned. The result is meaningless if the status is not `ok`.
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
