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
    if (blocks_.empty() || used_ + text.size() > kBlock) nextBlock();
    uint8_t* const copy = blocks_[block_].get() + used_;
    std::copy(text.begin(), text.end(), copy);
    used_ += text.size();
    return copy;
  }

  void clear() {
    block_ = 0;
    used_ = 0;
  }

 private:
  static constexpr size_t kBlock = size_t{1} << 20;

  void nextBlock() {
    if (!blocks_.empty()) block_++;
    if (block_ == blocks_.size()) blocks_.push_back(std::make_unique<uint8_t[]>(kBlock + kShapeWindow));
    used_ = 0;
  }

  std::vector<std::unique_ptr<uint8_t[]>> blocks_;
  size_t block_ = 0;
  size_t used_ = 0;  // of that block
};

}  // namespace memscan
