// The memory that a sample is drawn from.
#pragma once

#include <cstdint>
#include <vector>

#include "../memory/source.h"
#include "page_class.h"

namespace memscan {

/// The unit of drawing: the part of a page (kClassPage bytes at a multiple of that) that belongs to the memory.
struct Cell {
  Range range;
  Range span;  // all memory connected with it
};

/// Memory divided into cells, numbered from 0 in order of address.
class SampleCells {
 public:
  /// `ranges` are in order; those that touch become one span.
  explicit SampleCells(const std::vector<Range>& ranges);

  uint64_t count() const { return count_; }

  /// Returns the cell with this number, which is less than count().
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
