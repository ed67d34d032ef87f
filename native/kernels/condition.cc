#include "condition.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "../text.h"
#include "commonness.h"

namespace memscan {

namespace {

constexpr uint8_t kCaseBit = 0x20;

bool isLetter(uint8_t byte) { return (byte | kCaseBit) >= 'a' && (byte | kCaseBit) <= 'z'; }

size_t rarest(const std::vector<uint8_t>& bytes, size_t except) {
  size_t best = except == 0 && bytes.size() > 1 ? 1 : 0;
  for (size_t i = 0; i < bytes.size(); i++) {
    if (i != except && commonness(bytes[i]) < commonness(bytes[best])) best = i;
  }
  return best;
}

}  // namespace

Needle::Needle(std::vector<uint8_t> needleBytes, bool ignoreCase) : bytes(std::move(needleBytes)) {
  if (ignoreCase && std::any_of(bytes.begin(), bytes.end(), isLetter)) {
    for (uint8_t& byte : bytes) {
      folds.push_back(isLetter(byte) ? kCaseBit : 0);
      byte |= folds.back();
    }
  }
  first = rarest(bytes, bytes.size());
  second = rarest(bytes, first);
}

bool Needle::standsAt(const uint8_t* place) const {
  if (folds.empty()) return !std::memcmp(place, bytes.data(), bytes.size());
  for (size_t i = 0; i < bytes.size(); i++) {
    if ((place[i] | folds[i]) != bytes[i]) return false;
  }
  return true;
}

std::optional<ClassRun> ClassRun::of(std::span<const uint8_t> bytes, uint32_t length) {
  if (length == 0 || !std::all_of(bytes.begin(), bytes.end(), isAsciiText)) return std::nullopt;
  ClassRun run;
  for (const uint8_t byte : bytes) run.rows_[byte & 0x0f] |= 1 << (byte >> 4);
  run.length_ = length;
  return run;
}

Condition anyOf(std::vector<Needle> needles) {
  if (needles.size() == 1) return std::move(needles.front());
  return NeedleSet(std::move(needles));
}

}  // namespace memscan
