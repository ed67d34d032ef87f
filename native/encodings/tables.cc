#include "tables.h"

#include <atomic>
#include <bit>
#include <cstring>

namespace memscan::tables {

Tables data;

namespace {

static_assert(std::endian::native == std::endian::little, "the file is");
static_assert(kFileSize == sizeof(Tables), "it has the same parts in the same order");

std::atomic<bool> done = false;

// FNV-1a.
uint64_t hashOf(std::span<const uint8_t> bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

// The file contains differences: all high bytes, then all low bytes. See scripts/make-encoding-tables.mjs.
void expand(const uint8_t* differences, Pairs& pairs) {
  uint16_t codePoint = 0;
  for (size_t i = 0; i < std::size(pairs); i++) {
    const auto difference = static_cast<uint16_t>(differences[i] << 8 | differences[std::size(pairs) + i]);
    codePoint += difference;
    pairs[i] = difference ? codePoint : 0;
  }
}

bool fill(const uint8_t* file) {
  for (Pairs* const pairs : {&data.gb18030, &data.big5, &data.shiftJis, &data.eucKr}) {
    expand(file, *pairs);
    file += sizeof(Pairs);
  }
  const auto take = [&](auto& part) {
    std::memcpy(&part, file, sizeof(part));
    file += sizeof(part);
  };
  take(data.gb18030Quads);
  take(data.classRowOf);
  take(data.classRows);
  return done = true;
}

}  // namespace

bool load(std::span<const uint8_t> file) {
  if (file.size() != kFileSize || hashOf(file) != kFileHash) return false;
  static const bool filled = fill(file.data());
  return filled;
}

bool areLoaded() { return done; }

}  // namespace memscan::tables
