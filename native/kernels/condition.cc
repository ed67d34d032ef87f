#include "condition.h"

#include <algorithm>
#include <bit>
#include <climits>
#include <cstring>
#include <utility>

#include "../text/text.h"
#include "commonness.h"

namespace memscan {

namespace {

constexpr uint8_t kCaseBit = 0x20;

bool isLetter(uint8_t byte) { return (byte | kCaseBit) >= 'a' && (byte | kCaseBit) <= 'z'; }

// Returns the commonness of the commonest byte that `byte` matches with any values of the `loose` bits, plus a cost for
// each such bit, which doubles the number of matching bytes.
int commonnessOf(uint8_t byte, uint8_t loose) {
  constexpr int kDoubled = 150;
  const uint8_t known = byte & ~loose;
  int most = commonness(known);
  for (uint8_t bits = loose; bits; bits = (bits - 1) & loose) {
    most = std::max(most, commonness(static_cast<uint8_t>(known | bits)));
  }
  return most + kDoubled * std::popcount(loose);
}

size_t rarest(const Needle& needle, size_t except) {
  size_t best = except == 0 && needle.bytes.size() > 1 ? 1 : 0;
  int least = INT_MAX;
  for (size_t i = 0; i < needle.bytes.size(); i++) {
    const int common = commonnessOf(needle.bytes[i], needle.foldAt(i));
    if (i == except || common >= least) continue;
    best = i;
    least = common;
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
  chooseRarest();
}

Needle::Needle(std::vector<uint8_t> needleBytes, std::vector<uint8_t> loose)
    : bytes(std::move(needleBytes)), folds(std::move(loose)) {
  folds.resize(bytes.size());
  for (size_t i = 0; i < bytes.size(); i++) bytes[i] |= folds[i];
  chooseRarest();
}

void Needle::chooseRarest() {
  first = rarest(*this, bytes.size());
  second = rarest(*this, first);
}

bool Needle::isAt(const uint8_t* begin) const {
  if (folds.empty()) return !std::memcmp(begin, bytes.data(), bytes.size());
  for (size_t i = 0; i < bytes.size(); i++) {
    if ((begin[i] | folds[i]) != bytes[i]) return false;
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
