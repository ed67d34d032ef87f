// The labels of regions in lines.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

namespace memscan {

/// Where a region starts, and its label: in JSON an object, else text without control characters.
struct RegionLabel {
  uint64_t start;
  std::string text;
};

/// Returns the label of the region that contains `address`, from labels in order; nullptr if there is none.
inline const RegionLabel* labelFor(std::span<const RegionLabel> labels, uint64_t address) {
  const auto after = std::upper_bound(labels.begin(), labels.end(), address,
                                      [](uint64_t value, const RegionLabel& label) { return value < label.start; });
  return after == labels.begin() ? nullptr : &after[-1];
}

}  // namespace memscan
