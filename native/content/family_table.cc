#include "family_table.h"

#include <algorithm>
#include <utility>

namespace memscan {

namespace {

/// The most entries before the table is pruned.
constexpr size_t kMostEntries = 4 * kTableFamilies;

}  // namespace

void FamilyTable::add(ChunkContent&& content) {
  for (Granule& granule : content.granules) {
    if (granule.reduced) {
      close();
      take(std::move(granule));
    } else {
      addPart(std::move(granule));
    }
  }
  strings_ += content.strings;
  bytes_ += content.bytes;
  totals_.add(content.totals);
}

void FamilyTable::add(const Member& member) {
  Granule part = granuleOfOne(member);
  if (isInsideGranule(member.address, member.length)) {
    addPart(std::move(part));
  } else {
    close();
    take(std::move(part));
  }
  strings_++;
  bytes_ += member.length;
}

void FamilyTable::finish() {
  close();
  prune(kTableFamilies);
}

void FamilyTable::addPart(Granule&& part) {
  open(part.number);
  for (Family& family : part.families) {
    const auto [at, isNew] = openIndex_.try_emplace(family.key(), open_.families.size());
    if (isNew) {
      open_.families.push_back(std::move(family));
    } else {
      open_.families[at->second].merge(family);
    }
  }
}

void FamilyTable::open(uint64_t number) {
  if (open_.number != number) close();
  open_.number = number;
}

void FamilyTable::close() {
  if (!open_.families.empty()) {
    reduce(open_);
    take(std::move(open_));
  }
  open_ = {};
  openIndex_.clear();
}

// A granule may have lost as many bytes of each family that it does not contain.
void FamilyTable::take(Granule&& granule) {
  const auto lost = static_cast<int64_t>(granule.lost);
  for (Family& family : granule.families) {
    const auto [at, isNew] = index_.try_emplace(family.key(), entries_.size());
    if (isNew) {
      entries_.push_back({std::move(family), static_cast<int64_t>(absent_) - lost_ - lost});
    } else {
      entries_[at->second].errorBase -= lost;
      entries_[at->second].family.merge(family);
    }
  }
  lost_ += lost;
  absent_ += granule.lost;
  if (entries_.size() > kMostEntries) prune(kTableFamilies);
}

void FamilyTable::prune(size_t most) {
  if (entries_.size() <= most) return;
  const auto isLarger = [this](const Entry& a, const Entry& b) {
    const uint64_t aBytes = upperBound(a);
    const uint64_t bBytes = upperBound(b);
    return aBytes != bBytes ? aBytes > bBytes : a.family.key() < b.family.key();
  };
  const auto end = entries_.begin() + static_cast<ptrdiff_t>(most);
  std::nth_element(entries_.begin(), end, entries_.end(), isLarger);
  absent_ = std::max(absent_, upperBound(*end));
  entries_.erase(end, entries_.end());
  index_.clear();
  for (size_t i = 0; i < entries_.size(); i++) index_[entries_[i].family.key()] = i;
}

}  // namespace memscan
