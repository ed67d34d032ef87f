#include "strings.h"

namespace memscan {

Edge* EdgeBuffer::reserve(size_t count) {
  if (count > count_) {
    edges_ = std::make_unique_for_overwrite<Edge[]>(count);
    count_ = count;
  }
  return edges_.get();
}

}  // namespace memscan
