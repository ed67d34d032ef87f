// Copies of texts that are needed for longer than they stand where they were decoded.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "family.h"
#include "shape.h"

namespace memscan {

/// Texts side by side, in blocks that are used again.
class KeptTexts {
 public:
  /// A copy of at most kValueBytes, until clear(); kShapeWindow bytes can be read behind its end.
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
  size_t used_ = 0;  // of that block
};

}  // namespace memscan
