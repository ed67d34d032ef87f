// Preparing a set of needles for the search.
#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "commonness.h"
#include "condition.h"

namespace memscan {

namespace {

// Windows are in the first bytes of a needle: after finding a needle, a finder continues as far as another needle that
// begins earlier may have its window.
constexpr size_t kFarthestEnd = 256;

// The cost of a window, besides the commonness of its bytes, for each needle that has an equal window: wherever the
// window occurs, all of them are compared.
constexpr int kCostOfSharing = 30;

// For so few needles, windows of three bytes filter well enough. (Measured: 41 GB/s instead of 33.)
constexpr size_t kFewNeedles = 16;

// For fewer needles the first filter passes so little that more windows would only weaken it. (Measured with one window
// each: 26 GB/s instead of 20 for 300 needles, and 11 instead of 18 for 1,000.)
constexpr size_t kManyNeedles = 600;
constexpr size_t kLongestStride = 4;

size_t shortestOf(const std::vector<Needle>& needles) {
  const auto shorter = [](const Needle& a, const Needle& b) { return a.bytes.size() < b.bytes.size(); };
  return std::min_element(needles.begin(), needles.end(), shorter)->bytes.size();
}

}  // namespace

NeedleSet::NeedleSet(std::vector<Needle> needles)
    : needles_(std::move(needles)),
      shortest_(shortestOf(needles_)),
      windowLength_(std::min(shortest_, needles_.size() <= kFewNeedles ? 3 : kLongestWindow)),
      keyMask_(~uint32_t{0} >> 8 * (kLongestWindow - windowLength_)) {
  if (needles_.size() >= kManyNeedles) {
    while (2 * stride_ <= kLongestStride && windowLength_ + 2 * stride_ - 1 <= shortest_) stride_ *= 2;
  }
  for (const Needle& needle : needles_) {
    if (!needle.folds.empty()) fold_ = 0x20202020;
  }
  chooseWindows();
  group();
  index();
}

uint32_t NeedleSet::keyOf(const std::vector<uint8_t>& bytes, size_t offset) const {
  uint8_t window[kLongestWindow] = {};
  std::memcpy(window, bytes.data() + offset, windowLength_);
  return keyAt(window);
}

void NeedleSet::chooseWindows() {
  std::unordered_map<uint32_t, int> sharing;
  for (uint32_t i = 0; i < needles_.size(); i++) {
    const std::vector<uint8_t>& bytes = needles_[i].bytes;
    const size_t first = cheapestStretch(bytes, sharing);
    for (size_t offset = first; offset < first + stride_; offset++) {
      const size_t other = offset >= windowLength_ ? offset - windowLength_
                                                   : std::min(offset + windowLength_, bytes.size() - windowLength_);
      windows_.push_back(
          {keyOf(bytes, offset), keyOf(bytes, other), i, static_cast<uint16_t>(offset), static_cast<uint16_t>(other)});
      sharing[windows_.back().key]++;
    }
    farthest_ = std::max(farthest_, first + stride_ - 1);
  }
}

// Returns the offset where a needle's windows begin at the lowest cost.
size_t NeedleSet::cheapestStretch(const std::vector<uint8_t>& bytes,
                                  const std::unordered_map<uint32_t, int>& sharing) const {
  const auto cost = [&](size_t first) {
    int sum = 0;
    for (size_t i = first; i < first + windowLength_ + stride_ - 1; i++) sum += commonness(bytes[i]);
    for (size_t i = first; i < first + stride_; i++) {
      const auto shared = sharing.find(keyOf(bytes, i));
      if (shared != sharing.end()) sum += kCostOfSharing * shared->second;
    }
    return sum;
  };
  const size_t last = std::min(bytes.size(), kFarthestEnd) - (windowLength_ + stride_ - 1);
  size_t best = 0;
  int least = cost(0);
  for (size_t first = 1; first <= last; first++) {
    const int sum = cost(first);
    if (sum >= least) continue;
    best = first;
    least = sum;
  }
  return best;
}

// Windows that are neighbours in the order of their bytes have equal first bytes.
void NeedleSet::group() {
  std::sort(windows_.begin(), windows_.end(),
            [](const Window& a, const Window& b) { return __builtin_bswap32(a.key) < __builtin_bswap32(b.key); });
  for (size_t n = 0; n < windows_.size(); n++) {
    const uint8_t group = 1 << n * 8 / windows_.size();
    const Needle& needle = needles_[windows_[n].needle];
    for (size_t i = 0; i < windowLength_; i++) {
      const size_t at = windows_[n].offset + i;
      const int byteOf[] = {needle.bytes[at], needle.bytes[at] & ~needle.foldAt(at)};
      for (const int byte : byteOf) {
        groups_[i].low[byte & 0x0f] |= group;
        groups_[i].high[byte >> 4] |= group;
        groups_[i].sixBits[byte & 0x3f] |= group;
      }
    }
  }
}

void NeedleSet::index() {
  slotBits_ = std::bit_width(windows_.size());
  hashBits_ = std::max(slotBits_ + 4, 6);
  known_.resize(size_t{1} << (hashBits_ - 6));
  slots_.resize((size_t{1} << slotBits_) + 1);
  for (const Window& window : windows_) {
    const uint32_t hash = hashOf(window.key, hashBits_);
    known_[hash >> 6] |= uint64_t{1} << (hash & 63);
    slots_[hashOf(window.key, slotBits_) + 1]++;
  }
  std::partial_sum(slots_.begin(), slots_.end(), slots_.begin());
  std::sort(windows_.begin(), windows_.end(),
            [&](const Window& a, const Window& b) { return hashOf(a.key, slotBits_) < hashOf(b.key, slotBits_); });
}

}  // namespace memscan
