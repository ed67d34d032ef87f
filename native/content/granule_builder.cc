#include "granule_builder.h"

#include <algorithm>

#include "shape.h"

namespace memscan {

void GranuleBuilder::add(const Occurrence& occurrence) {
  const Value value = valueOf(occurrence);
  Slot& slot = slots_[slotOf(occurrence, value)];
  const bool same = slot.family == kNone && slot.value.hash == value.hash && slot.first.place == occurrence.place;
  if (same || slot.strings == 0) {
    slot.strings++;
    slot.bytes += occurrence.length;
  } else {
    familyOf(slot).add(occurrence, value);
  }
}

uint32_t GranuleBuilder::slotOf(const Occurrence& occurrence, Value value) {
  if (recent_.empty()) recent_.assign(kRecent, {0, kNone});
  auto& [hash, slot] = recent_[value.hash % kRecent];
  if (slot == kNone || hash != value.hash) {
    slot = slotWithKey(familyKey()(occurrence.text, occurrence.length), occurrence, value);
    hash = value.hash;
  }
  return slot;
}

uint32_t GranuleBuilder::slotWithKey(uint64_t key, const Occurrence& occurrence, Value value) {
  if (2 * slots_.size() >= index_.size()) grow();
  const size_t mask = index_.size() - 1;
  size_t at = key & mask;
  for (; index_[at] != kNone; at = (at + 1) & mask) {
    if (slots_[index_[at]].key == key) return index_[at];
  }
  index_[at] = static_cast<uint32_t>(slots_.size());
  slots_.push_back({key, 0, occurrence, value, 0, kNone});
  return index_[at];
}

void GranuleBuilder::grow() {
  index_.assign(std::max<size_t>(4096, 4 * slots_.size()), kNone);
  for (uint32_t slot = 0; slot < slots_.size(); slot++) enter(slot);
}

void GranuleBuilder::enter(uint32_t slot) {
  const size_t mask = index_.size() - 1;
  size_t at = slots_[slot].key & mask;
  while (index_[at] != kNone) at = (at + 1) & mask;
  index_[at] = slot;
}

Family& GranuleBuilder::familyOf(Slot& slot) {
  if (slot.family == kNone) {
    slot.family = static_cast<uint32_t>(families_.size());
    Family& family = families_.emplace_back(slot.key);
    family.add(slot.first, slot.value);
    if (slot.strings > 1) {
      const uint64_t rest = slot.bytes - slot.first.length;
      family.addRepeats(slot.first.place, slot.strings - 1, rest, slot.value.multibyte);
    }
  }
  return families_[slot.family];
}

Granule GranuleBuilder::finish(uint64_t number, bool isWhole) {
  Granule granule = {number, {}, isWhole, isWhole ? keepWidest() : 0};
  granule.families.reserve(slots_.size());
  for (Slot& slot : slots_) granule.families.push_back(std::move(familyOf(slot)));
  clear();
  return granule;
}

// As reduce() does, but nothing is made of those that are not kept. Returns what is lost.
uint64_t GranuleBuilder::keepWidest() {
  const auto wider = [this](const Slot& a, const Slot& b) {
    const uint64_t aBytes = bytesOf(a);
    const uint64_t bBytes = bytesOf(b);
    return aBytes != bBytes ? aBytes > bBytes : a.key < b.key;
  };
  uint64_t lost = 0;
  if (slots_.size() > kGranuleFamilies) {
    std::nth_element(slots_.begin(), slots_.begin() + kGranuleFamilies, slots_.end(), wider);
    lost = bytesOf(slots_[kGranuleFamilies]);
    slots_.erase(slots_.begin() + kGranuleFamilies, slots_.end());
  }
  std::sort(slots_.begin(), slots_.end(), wider);
  return lost;
}

void GranuleBuilder::clear() {
  slots_.clear();
  families_.clear();
  std::fill(index_.begin(), index_.end(), kNone);
  recent_.clear();
}

}  // namespace memscan
