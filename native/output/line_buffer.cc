#include "line_buffer.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace memscan {

uint8_t* LineBuffer::begin(size_t room) {
  if (capacity_ - size_ < room) {
    const size_t capacity = std::max({size_ + room, 2 * capacity_, size_t{1} << 16});
    auto* const grown = static_cast<uint8_t*>(std::realloc(memory_.get(), capacity));
    if (!grown) throw std::bad_alloc();
    (void)memory_.release();
    memory_.reset(grown);
    capacity_ = capacity;
  }
  return memory_.get() + size_;
}

void LineBuffer::Free::operator()(uint8_t* memory) const { std::free(memory); }

}  // namespace memscan
