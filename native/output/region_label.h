// What a line says of the region that holds its address.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

namespace memscan {

/// Where a region starts, and what a line says of it: in JSON an object, else text that steers no terminal.
struct RegionLabel {
  uint64_t start;
  std::string text;
};

/// The label of the region that holds `address`, of labels in order; nullptr where there are none.
inline const RegionLabel* labelFor(std::span<const RegionLabel> labels, uint64_t address) {
  const auto after = std::upper_bound(labels.begin(), labels.end(), address,
                                      [](uint64_t value, const RegionLabel& label) { return value < label.start; });
  return after == labels.begin() ? nullptr : &after[-1];
}

}  // namespace memscan
