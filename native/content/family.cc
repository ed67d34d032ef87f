#include "family.h"

#include <algorithm>
#include <cstring>

#include "../encodings/codec.h"
#include "hash.h"

namespace memscan {

namespace {

Encoding encodingOf(const Member& member, Value value) {
  return value.multibyte || isUtf16(member.encoding) ? member.encoding : Encoding::ascii;
}

Sample sampleOf(const Member& member, uint64_t value, const Extent& extent) {
  Sample sample = {value, extent, member.textLength, {}};
  std::memcpy(sample.bytes.data(), member.text, sample.text().size());
  return sample;
}

}  // namespace

Value valueOf(const Member& member) {
  const size_t length = std::min<uint64_t>(member.textLength, kValueBytes);
  uint64_t bits = 0;
  const uint64_t hash = hashBytes(member.text, length, member.textLength, &bits);
  return {hash, (bits & 0x8080808080808080) != 0};
}

void Family::add(const Member& member, Value value) {
  const Extent extent = {member.address, member.length, encodingOf(member, value)};
  strings_++;
  encodings_ |= 1 << static_cast<int>(extent.encoding);
  addBytes(member.location, member.length);
  if (sketch_ && value.hash > samples_.back().value) {
    sketch_->add(value.hash);
  } else if (!holdsValue(value.hash, extent)) {
    addSample(sampleOf(member, value.hash, extent));
  }
}

void Family::addRepeats(uint32_t location, uint64_t strings, uint64_t bytes) {
  strings_ += strings;
  addBytes(location, bytes);
}

void Family::merge(const Family& other) {
  strings_ += other.strings_;
  encodings_ |= other.encodings_;
  addBytes(other.location_.location, other.location_.bytes);
  for (const LocationBytes& part : other.otherLocations_) addBytes(part.location, part.bytes);
  for (const Sample& sample : other.samples_) {
    if (!holdsValue(sample.value, sample.extent)) addSample(sample);
  }
  if (!other.sketch_) return;
  if (!sketch_) {
    sketch_ = std::make_unique<Sketch>();
    for (const Sample& sample : samples_) sketch_->add(sample.value);
  }
  sketch_->merge(*other.sketch_);
}

std::vector<LocationBytes> Family::locations() const {
  std::vector<LocationBytes> all = {location_};
  all.insert(all.end(), otherLocations_.begin(), otherLocations_.end());
  return all;
}

size_t Family::footprint() const {
  return sizeof *this + samples_.size() * sizeof(Sample) + otherLocations_.size() * sizeof(LocationBytes) +
         (sketch_ ? sizeof(Sketch) : 0);
}

void Family::addBytes(uint32_t location, uint64_t bytes) {
  bytes_ += bytes;
  if (location_.bytes == 0) location_.location = location;
  if (location_.location == location) {
    location_.bytes += bytes;
    return;
  }
  const auto known = std::find_if(otherLocations_.begin(), otherLocations_.end(),
                                  [&](const LocationBytes& part) { return part.location == location; });
  if (known == otherLocations_.end()) {
    otherLocations_.push_back({location, bytes});
  } else {
    known->bytes += bytes;
  }
}

// Whether a sample has this value. Keeps that sample's lowest address.
bool Family::holdsValue(uint64_t value, const Extent& extent) {
  const auto known =
      std::find_if(samples_.begin(), samples_.end(), [&](const Sample& sample) { return sample.value == value; });
  if (known == samples_.end()) return false;
  if (extent.address < known->extent.address) known->extent = extent;
  return true;
}

void Family::addSample(const Sample& sample) {
  if (samples_.size() == kSamples && !sketch_) {
    sketch_ = std::make_unique<Sketch>();
    for (const Sample& known : samples_) sketch_->add(known.value);
  }
  if (sketch_) sketch_->add(sample.value);
  const auto at =
      std::find_if(samples_.begin(), samples_.end(), [&](const Sample& known) { return known.value > sample.value; });
  if (at == samples_.end() && samples_.size() == kSamples) return;
  samples_.insert(at, sample);
  if (samples_.size() > kSamples) samples_.pop_back();
}

}  // namespace memscan
