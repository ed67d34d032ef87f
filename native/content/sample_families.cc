#include "sample_families.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "hash.h"

namespace memscan {

namespace {

constexpr uint64_t kBeyondAscii = 0x8080808080808080;

Sample sampleOf(const SampledText& text, uint64_t value, Encoding encoding) {
  Sample sample = {value, {text.address, text.length, encoding}, text.length, {}};
  std::memcpy(sample.bytes.data(), text.bytes, sample.text().size());
  return sample;
}

/// Keeps the `most` largest. Returns the bytes of the largest one dropped.
uint64_t keepLargest(std::unordered_map<uint64_t, uint64_t>& bytesByKey, size_t most) {
  std::vector<std::pair<uint64_t, uint64_t>> order;
  for (const auto& [key, bytes] : bytesByKey) order.emplace_back(bytes, key);
  std::nth_element(order.begin(), order.begin() + static_cast<ptrdiff_t>(most), order.end(), std::greater());
  for (size_t i = most; i < order.size(); i++) bytesByKey.erase(order[i].second);
  return order[most].first;
}

}  // namespace

void SampledFamily::add(const SampledText& text, const SampledPart& part) {
  uint64_t bits = 0;
  const uint64_t value = hashBytes(text.bytes, std::min<uint64_t>(text.length, kSampleBytes), 0, &bits);
  bytes += part.bytes;
  strings += part.begins;
  parts++;
  const Encoding encoding = bits & kBeyondAscii ? Encoding::utf8 : Encoding::ascii;
  encodings |= 1 << static_cast<int>(encoding);
  if (cells.empty() || cells.back().cell != part.cell) cells.push_back({part.cell, 0});
  cells.back().bytes += part.bytes;
  addLocation({text.location, part.bytes});
  if (samples.size() < Family::kSamples || value < samples.back().value) addSample(sampleOf(text, value, encoding));
}

void SampledFamily::merge(SampledFamily&& later) {
  bytes += later.bytes;
  strings += later.strings;
  encodings |= later.encodings;
  parts += later.parts;
  cells.insert(cells.end(), later.cells.begin(), later.cells.end());
  for (const LocationBytes& part : later.locations) addLocation(part);
  for (const Sample& sample : later.samples) addSample(sample);
}

void SampledFamily::addLocation(LocationBytes part) {
  const auto known = std::find_if(locations.begin(), locations.end(),
                                  [&](const LocationBytes& location) { return location.location == part.location; });
  if (known == locations.end()) {
    locations.push_back(part);
  } else {
    known->bytes += part.bytes;
  }
}

void SampledFamily::addSample(const Sample& sample) {
  const auto at = std::lower_bound(samples.begin(), samples.end(), sample.value,
                                   [](const Sample& known, uint64_t value) { return known.value < value; });
  if (at != samples.end() && at->value == sample.value) return;
  samples.insert(at, sample);
  if (samples.size() > Family::kSamples) samples.pop_back();
}

// If there are many families, most are small: builds none before it is known which are kept.
void SampledFamilies::add(std::span<const std::pair<SampledText, SampledPart>> parts) {
  std::unordered_map<uint64_t, uint64_t> bytes;
  for (const auto& [text, part] : parts) bytes[text.key] += part.bytes;
  if (bytes.size() > most_) absent_ += keepLargest(bytes, most_);
  for (const auto& [text, part] : parts) {
    if (bytes.contains(text.key)) familyWith(text.key).add(text, part);
  }
}

void SampledFamilies::addBefore(const SampledText& otherwise, const SampledPart& part) {
  if (!otherwise_) otherwise_.emplace(otherwise);
  before_.push_back(part);
}

void SampledFamilies::endWith(const std::optional<SampledText>& text, bool isBefore) {
  end_.reset();
  if (text) end_.emplace(*text);
  endsAsBefore_ = isBefore;
}

void SampledFamilies::merge(SampledFamilies&& later) {
  absent_ += later.absent_;
  for (SampledFamily& family : families_) family.error += later.absent_;
  join(later);
  for (SampledFamily& family : later.families_) familyWith(family.key).merge(std::move(family));
  if (families_.size() > 4 * most_) prune();
}

void SampledFamilies::join(const SampledFamilies& later) {
  if (!later.before_.empty()) {
    const KeptText text = end_ ? *end_ : *later.otherwise_;
    bool mayBegin = !end_;
    for (SampledPart part : later.before_) {
      part.begins &= std::exchange(mayBegin, false);
      familyWith(text.get().key).add(text.get(), part);
    }
    if (later.endsAsBefore_) end_.emplace(text);
  }
  if (!later.endsAsBefore_) end_ = later.end_;
}

void SampledFamilies::prune() {
  if (families_.size() <= most_) return;
  const auto upperBound = [](const SampledFamily& family) { return family.bytes + family.error; };
  const auto end = families_.begin() + static_cast<ptrdiff_t>(most_);
  std::nth_element(families_.begin(), end, families_.end(), [&](const SampledFamily& a, const SampledFamily& b) {
    return upperBound(a) != upperBound(b) ? upperBound(a) > upperBound(b) : a.key < b.key;
  });
  absent_ = std::max(absent_, upperBound(*end));
  families_.erase(end, families_.end());
  index_.clear();
  for (size_t i = 0; i < families_.size(); i++) index_[families_[i].key] = i;
}

SampledFamily& SampledFamilies::familyWith(uint64_t key) {
  const auto [at, isNew] = index_.try_emplace(key, families_.size());
  if (isNew) {
    SampledFamily& family = families_.emplace_back();
    family.key = key;
    family.error = absent_;
  }
  return families_[at->second];
}

}  // namespace memscan
