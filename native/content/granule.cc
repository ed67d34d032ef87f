#include "granule.h"

#include <algorithm>

namespace memscan {

void reduce(Granule& granule) {
  const auto wider = [](const Family& a, const Family& b) {
    return a.bytes() != b.bytes() ? a.bytes() > b.bytes() : a.key() < b.key();
  };
  granule.reduced = true;
  if (granule.families.size() <= kGranuleFamilies) return;
  const auto end = granule.families.begin() + kGranuleFamilies;
  std::nth_element(granule.families.begin(), end, granule.families.end(), wider);
  granule.lost = end->bytes();
  granule.families.erase(end, granule.families.end());
}

}  // namespace memscan
