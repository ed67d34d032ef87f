#include "granule.h"

#include <algorithm>

namespace memscan {

void reduce(Granule& granule) {
  const auto wider = [](const Family& a, const Family& b) {
    return a.bytes() != b.bytes() ? a.bytes() > b.bytes() : a.key() < b.key();
  };
  std::sort(granule.families.begin(), granule.families.end(), wider);
  granule.reduced = true;
  if (granule.families.size() <= kGranuleFamilies) return;
  granule.lost = granule.families[kGranuleFamilies].bytes();
  granule.families.erase(granule.families.begin() + kGranuleFamilies, granule.families.end());
}

}  // namespace memscan
