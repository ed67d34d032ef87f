#include "granule_builder.h"

#include <algorithm>

#include "kernel.h"

namespace memscan {

void GranuleBuilder::add(const Member& member) {
  const Value value = valueOf(member);
  const uint32_t number = slotOf(member, value);
  Slot& slot = slots_[number];
  const bool same = slot.family == kNone && slot.value.hash == value.hash && slot.first.location == member.location &&
                    slot.first.encoding == member.encoding;
  if (same || slot.strings == 0) {
    slot.strings++;
  } else {
    familyOf(number).add(member, value);
  }
  sizes_[number] += member.length;
}

uint32_t GranuleBuilder::slotOf(const Member& member, Value value) {
  if (recent_.empty()) recent_.assign(kRecent, {0, kNone});
  auto& [hash, slot] = recent_[value.hash % kRecent];
  if (slot == kNone || hash != value.hash) {
    slot = slotWithKey(contentKernel().familyKey(member.text, member.textLength), member, value);
    hash = value.hash;
  }
  return slot;
}

uint32_t GranuleBuilder::slotWithKey(uint64_t key, const Member& member, Value value) {
  if (2 * slots_.size() >= index_.size()) grow();
  const auto half = static_cast<uint32_t>(key >> 32);
  const size_t mask = index_.size() - 1;
  size_t at = key & mask;
  for (; index_[at].slot != kNone; at = (at + 1) & mask) {
    if (index_[at].keyHalf == half && slots_[index_[at].slot].key == key) return index_[at].slot;
  }
  index_[at] = {half, static_cast<uint32_t>(slots_.size())};
  slots_.push_back({key, member, value, 0, kNone});
  sizes_.push_back(0);
  return index_[at].slot;
}

void GranuleBuilder::grow() {
  index_.assign(std::max<size_t>(4096, 4 * slots_.size()), {0, kNone});
  const size_t mask = index_.size() - 1;
  for (uint32_t slot = 0; slot < slots_.size(); slot++) {
    const uint64_t key = slots_[slot].key;
    size_t at = key & mask;
    while (index_[at].slot != kNone) at = (at + 1) & mask;
    index_[at] = {static_cast<uint32_t>(key >> 32), slot};
  }
}

// As long as a slot has no family, its strings are equal in value, encoding and location.
Family& GranuleBuilder::familyOf(uint32_t number) {
  Slot& slot = slots_[number];
  if (slot.family == kNone) {
    slot.family = static_cast<uint32_t>(families_.size());
    Family& family = families_.emplace_back(slot.key);
    family.add(slot.first, slot.value);
    if (slot.strings > 1) {
      family.addRepeats(slot.first.location, slot.strings - 1, sizes_[number] - slot.first.length);
    }
  }
  return families_[slot.family];
}

Granule GranuleBuilder::finish(uint64_t number, bool isWhole) {
  Granule granule = {number, {}, isWhole, 0};
  if (isWhole) {
    ordered_ = sizes_;
    granule.lost = leastKept(ordered_);
  }
  for (uint32_t slot = 0; slot < slots_.size(); slot++) {
    if (sizes_[slot] > granule.lost) granule.families.push_back(std::move(familyOf(slot)));
  }
  clear();
  return granule;
}

void GranuleBuilder::clear() {
  slots_.clear();
  sizes_.clear();
  families_.clear();
  std::fill(index_.begin(), index_.end(), Entry{0, kNone});
  recent_.clear();
}

}  // namespace memscan
