// Copies of texts that are needed for longer than they stay where they were decoded.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "family.h"
#include "shape.h"

namespace memscan {

/// Texts one after the other, in slabs of memory that are reused.
class KeptTexts {
 public:
  /// Copies a text of at most kValueBytes. The copy is valid until clear(); kShapeWindow bytes are readable after its
  /// end.
  const uint8_t* keep(std::span<const uint8_t> text) {
    if (slabs_.empty() || used_ + text.size() > kSlab) nextSlab();
    uint8_t* const copy = slabs_[slab_].get() + used_;
    std::copy(text.begin(), text.end(), copy);
    used_ += text.size();
    return copy;
  }

  void clear() {
    slab_ = 0;
    used_ = 0;
  }

 private:
  static constexpr size_t kSlab = size_t{1} << 20;

  void nextSlab() {
    if (!slabs_.empty()) slab_++;
    if (slab_ == slabs_.size()) slabs_.push_back(std::make_unique<uint8_t[]>(kSlab + kShapeWindow));
    used_ = 0;
  }

  std::vector<std::unique_ptr<uint8_t[]>> slabs_;
  size_t slab_ = 0;
  size_t used_ = 0;  // bytes of that slab
};

}  // namespace memscan
