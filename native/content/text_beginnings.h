// Where texts begin that reach into a window from before it.
#pragma once

#include <cstdint>
#include <optional>

#include "../source.h"
#include "../strings.h"

namespace memscan {

/// What is needed to find text in a source.
struct TextReader {
  const Source& source;
  const Kernel& kernel;
  const Wanted& wanted;  // its encoding and conditions; the minimum is no matter
};

/// Looks back from a place in a text to where the text begins: through every byte as far as kExactReach, beyond that by
/// pages in ever longer steps, between which text is taken to go on. So a text of any length costs about as much as one
/// of a few MiB. For one thread, and for places in order.
class TextBeginnings {
 public:
  static constexpr uint64_t kExactReach = uint64_t{1} << 20;

  explicit TextBeginnings(const TextReader& reader) : reader_(reader) {}

  /// `at`: a place inside of `span` that text stands right behind of. Where the text begins that it is part of, which
  /// may be `at`. Nothing where the source could not be read: then status() tells why.
  std::optional<uint64_t> find(uint64_t at, const Range& span);

  /// It is known that text goes on from `begin` to `end`: no place before `end` is asked for any more.
  void remember(uint64_t begin, uint64_t end) { known_ = {begin, end}; }

  ReadStatus status() const { return status_; }
  int error() const { return error_; }
  uint64_t bytesRead() const { return bytesRead_; }

 private:
  bool isKnown(uint64_t at) const { return known_.start < at && at <= known_.end; }
  uint64_t floorOf(uint64_t at, const Range& span) const {
    return known_.end > span.start && known_.end < at ? known_.end : span.start;
  }
  uint64_t findFar(uint64_t at, const Range& span);
  uint64_t bisect(uint64_t broken, uint64_t text, const Range& span);
  bool isText(uint64_t from, uint64_t to, const Range& span) { return beginningIn(from, to, span) == from; }
  uint64_t beginningIn(uint64_t from, uint64_t to, const Range& span);
  uint64_t beginningIn(const Segment& segment);

  const TextReader reader_;
  Range known_ = {0, 0};
  uint64_t looked_ = 0;  // bytes that were looked through, but for first blocks
  Buffer buffer_;
  EdgeBuffer edges_;
  ReadStatus status_ = ReadStatus::ok;
  int error_ = 0;
  uint64_t bytesRead_ = 0;
};

}  // namespace memscan
