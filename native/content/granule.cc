#include "granule.h"

#include <algorithm>
#include <functional>

namespace memscan {

uint64_t leastKept(std::vector<uint64_t>& widths) {
  if (widths.size() <= kGranuleFamilies) return 0;
  const auto end = widths.begin() + kGranuleFamilies;
  std::nth_element(widths.begin(), end, widths.end(), std::greater<>());
  return *end;
}

void reduce(Granule& granule) {
  std::vector<uint64_t> widths;
  for (const Family& family : granule.families) widths.push_back(family.bytes());
  granule.lost = leastKept(widths);
  granule.reduced = true;
  std::erase_if(granule.families, [&](const Family& family) { return family.bytes() <= granule.lost; });
}

}  // namespace memscan
