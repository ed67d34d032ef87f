#include "granule_builder.h"

#include <algorithm>

#include "kernel.h"

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
    slot = slotWithKey(contentKernel().familyKey(occurrence.text, occurrence.length), occurrence, value);
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
  Granule granule = {number, {}, isWhole, 0};
  if (isWhole && slots_.size() > kGranuleFamilies) {
    granule.lost = chooseWidest();
    for (size_t i = 0; i < kGranuleFamilies; i++) take(slots_[order_[i].slot], granule);
  } else {
    for (Slot& slot : slots_) take(slot, granule);
  }
  clear();
  return granule;
}

void GranuleBuilder::take(Slot& slot, Granule& granule) {
  if (granule.families.empty()) granule.families.reserve(std::min(slots_.size(), kGranuleFamilies));
  granule.families.push_back(std::move(familyOf(slot)));
}

// As reduce() does, but nothing is made of those that are not kept. Returns what is lost.
uint64_t GranuleBuilder::chooseWidest() {
  order_.clear();
  for (uint32_t i = 0; i < slots_.size(); i++) order_.push_back({bytesOf(slots_[i]), slots_[i].key, i});
  std::nth_element(order_.begin(), order_.begin() + kGranuleFamilies, order_.end(), [](const Width& a, const Width& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : a.key < b.key;
  });
  return order_[kGranuleFamilies].bytes;
}

void GranuleBuilder::clear() {
  slots_.clear();
  families_.clear();
  std::fill(index_.begin(), index_.end(), kNone);
  recent_.clear();
}

}  // namespace memscan
