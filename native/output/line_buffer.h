// The memory that lines are written to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace memscan {

/// Consecutive lines, in memory that grows by realloc(), which moves large allocations without copying them.
class LineBuffer {
 public:
  size_t size() const { return size_; }

  /// Returns where the next bytes go. At least `room` of them fit. They count once end() was called with their end.
  uint8_t* begin(size_t room);
  void end(const uint8_t* end) { size_ = end - memory_.get(); }

  /// Hands over the memory, which the caller must free(); nullptr if there is none. Call size() before.
  uint8_t* release() { return memory_.release(); }

 private:
  struct Free {
    void operator()(uint8_t* memory) const;
  };
  std::unique_ptr<uint8_t, Free> memory_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace memscan
