// The memory that lines are written to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace memscan {

/// Lines one after the other, in memory that grows by malloc's means: of large ones realloc() moves no byte.
class LineBuffer {
 public:
  size_t size() const { return size_; }

  /// Where the next bytes go: at least `room` of them fit. They count once end() has been told.
  uint8_t* begin(size_t room);
  void end(const uint8_t* end) { size_ = end - memory_.get(); }

  /// Hands over the memory, to be given to free(), or nullptr where there is none. The size is for the caller to ask
  /// first.
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
