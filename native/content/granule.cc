#include "granule.h"

#include <algorithm>
#include <functional>

#include "kernel.h"

namespace memscan {

uint64_t leastKept(std::vector<uint64_t>& sizes) {
  if (sizes.size() <= kGranuleFamilies) return 0;
  const auto end = sizes.begin() + kGranuleFamilies;
  std::nth_element(sizes.begin(), end, sizes.end(), std::greater<>());
  return *end;
}

Granule granuleOfOne(const Member& member) {
  Granule granule = {granuleOf(member.address), {}, true, 0};
  granule.families.emplace_back(contentKernel().familyKey(member.text, member.textLength)).add(member, valueOf(member));
  return granule;
}

void reduce(Granule& granule) {
  std::vector<uint64_t> sizes;
  for (const Family& family : granule.families) sizes.push_back(family.bytes());
  granule.lost = leastKept(sizes);
  granule.reduced = true;
  std::erase_if(granule.families, [&](const Family& family) { return family.bytes() <= granule.lost; });
}

}  // namespace memscan
