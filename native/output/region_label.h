// What is reported of the region that a string or a hit is in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

namespace memscan {

/// Where a region starts, and what is reported of it: in lines a text (in JSON an object, else without control
/// characters), in families the index of its location in the caller's list.
struct RegionLabel {
  uint64_t start;
  std::string text;
  uint32_t location = 0;
};

/// Returns the label of the region that contains `address`, from labels in order; nullptr if there is none.
inline const RegionLabel* labelFor(std::span<const RegionLabel> labels, uint64_t address) {
  const auto after = std::upper_bound(labels.begin(), labels.end(), address,
                                      [](uint64_t value, const RegionLabel& label) { return value < label.start; });
  return after == labels.begin() ? nullptr : &after[-1];
}

}  // namespace memscan
