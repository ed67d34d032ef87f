#include "condition_finder.h"

#include <tuple>

namespace memscan {

ConditionFinder::ConditionFinder(const Kernel& kernel, std::span<const Condition> conditions, const uint8_t* from,
                                 const uint8_t* end)
    : kernel_(kernel), conditions_(conditions), end_(end) {
  for (const Condition& condition : conditions_) next_.push_back(kernel_.find(from, end_, condition));
}

Occurrence ConditionFinder::find(const uint8_t* from) {
  Occurrence nearest = {end_, 0};
  for (size_t i = 0; i < next_.size(); i++) {
    if (next_[i].begin < from) next_[i] = kernel_.find(from, end_, conditions_[i]);
    const bool isNearer = std::tie(next_[i].begin, next_[i].length) < std::tie(nearest.begin, nearest.length);
    if (next_[i].begin < end_ && isNearer) nearest = next_[i];
  }
  return nearest;
}

}  // namespace memscan
