// The memory a sample is drawn from.
#pragma once

#include <cstdint>
#include <vector>

#include "../memory/source.h"
#include "page_class.h"

namespace memscan {

/// What is drawn: the part of a page (kClassPage bytes at a multiple of that) that the memory has.
struct Cell {
  Range range;
  Range span;  // all of the memory that touches it
};

/// Memory cut into cells, which have numbers from 0 on in the order of their addresses.
class SampleCells {
 public:
  /// `ranges` are in order; what touches becomes one span.
  explicit SampleCells(const std::vector<Range>& ranges);

  uint64_t count() const { return count_; }

  /// `number` is less than count().
  Cell at(uint64_t number) const;

 private:
  struct Span {
    Range range;
    uint64_t first;  // the number of its first cell
  };

  std::vector<Span> spans_;
  uint64_t count_ = 0;
};

}  // namespace memscan
