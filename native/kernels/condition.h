// What every wanted string must hold, in the forms that kernels look for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

namespace memscan {

/// Where a condition is met: by so many bytes from `begin` on. Where it is not met, `begin` is the end of the data.
struct Occurrence {
  const uint8_t* begin;
  size_t length;
};

/// Bytes to look for: at least one. With `ignoreCase`, ASCII letters stand for both cases.
struct Needle {
  explicit Needle(std::vector<uint8_t> bytes, bool ignoreCase = false);

  /// Bytes with wildcards: of each, the bits that are set in `loose` may be any.
  Needle(std::vector<uint8_t> bytes, std::vector<uint8_t> loose);

  /// Whether it stands at `begin`, from where as many bytes as it has must be readable.
  bool isAt(const uint8_t* begin) const;

  /// Which bits of a byte of memory to set before it is compared, since they may be any: 0x20 for a letter whose case
  /// does not matter.
  uint8_t foldAt(size_t i) const { return folds.empty() ? 0 : folds[i]; }

  std::vector<uint8_t> bytes;  // folded
  std::vector<uint8_t> folds;  // one for each byte; empty = all are 0
  size_t first = 0;            // the two of its bytes that are the rarest in memory: they are compared first
  size_t second = 0;

 private:
  void chooseRarest();
};

/// So many bytes in a row of one class of ASCII text.
class ClassRun {
 public:
  /// Nothing where the class has bytes that are not ASCII text, or the length is 0.
  static std::optional<ClassRun> of(std::span<const uint8_t> bytes, uint32_t length);

  bool has(uint8_t byte) const { return byte < 0x80 && rows_[byte & 0x0f] >> (byte >> 4) & 1; }

  /// For each low half of a byte the high halves (bit i for i, 0 to 7) that make it a byte of the class.
  const uint8_t* rows() const { return rows_; }
  uint32_t length() const { return length_; }

 private:
  uint8_t rows_[16] = {};
  uint32_t length_ = 0;
};

/// Two needles or more, of which one must stand. Kernels find them by windows: a few bytes in a row of each needle,
/// as rare in memory as it has them, which pass two filters before whole needles are compared. The first takes 64
/// places at a time: are the bytes there those of a window, one by one? The second takes those places that pass, each
/// by itself: is the hash of the bytes there that of a window?
///
/// Of many needles, nearly every place in text passes the first filter. So where needles are long enough, each has
/// `stride` windows, at offsets one after the other: then only every so many-th place needs to be looked at.
class NeedleSet {
 public:
  explicit NeedleSet(std::vector<Needle> needles);

  static constexpr size_t kLongestWindow = 4;

  /// For one place of windows, in eight groups of windows that resemble each other, a bit each: the groups that have
  /// there a byte with this low half, with this high half, with these low six bits.
  struct Groups {
    uint8_t low[16];
    uint8_t high[16];
    uint8_t sixBits[64];
  };

  /// Many needles may have the same window: `otherKey` is that of bytes beside it, or as near as the needle has them.
  struct Window {
    uint32_t key;
    uint32_t otherKey;
    uint32_t needle;
    uint16_t offset;       // in the needle
    uint16_t otherOffset;  // at most offset + kLongestWindow
  };

  size_t windowLength() const { return windowLength_; }
  size_t stride() const { return stride_; }
  size_t shortest() const { return shortest_; }
  /// The greatest offset of a window.
  size_t farthest() const { return farthest_; }
  const Groups& groupsAt(size_t i) const { return groups_[i]; }
  const Needle& needle(const Window& window) const { return needles_[window.needle]; }

  /// The number that kLongestWindow readable bytes make; those behind a window do not matter, nor does case.
  uint32_t keyAt(const uint8_t* p) const {
    uint32_t key;
    std::memcpy(&key, p, sizeof key);
    return (key | fold_) & keyMask_;
  }
  bool mayHave(uint32_t key) const {
    const uint32_t hash = hashOf(key, hashBits_);
    return known_[hash >> 6] >> (hash & 63) & 1;
  }
  /// Those that have this key, and perhaps others.
  std::span<const Window> windowsOf(uint32_t key) const {
    const uint32_t hash = hashOf(key, slotBits_);
    return {windows_.data() + slots_[hash], windows_.data() + slots_[hash + 1]};
  }

 private:
  static uint32_t hashOf(uint32_t key, int bits) { return key * 0x9e3779b1u >> (32 - bits); }

  uint32_t keyOf(const std::vector<uint8_t>& bytes, size_t offset) const;
  void chooseWindows();
  size_t cheapestStretch(const std::vector<uint8_t>& bytes, const std::unordered_map<uint32_t, int>& sharing) const;
  void group();
  void index();

  std::vector<Needle> needles_;
  size_t shortest_;
  size_t windowLength_;
  size_t stride_ = 1;
  size_t farthest_ = 0;
  uint32_t fold_ = 0;
  uint32_t keyMask_;
  Groups groups_[kLongestWindow] = {};
  int hashBits_ = 6;
  int slotBits_ = 1;
  std::vector<uint64_t> known_;  // a bit for each hash
  std::vector<uint32_t> slots_;  // by a shorter hash: where its windows begin
  std::vector<Window> windows_;
};

using Condition = std::variant<Needle, NeedleSet, ClassRun>;

/// That one of the needles stands. There must be one at least.
Condition anyOf(std::vector<Needle> needles);

}  // namespace memscan
