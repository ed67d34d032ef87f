// Conditions: what wanted strings must contain, in the forms that kernels search for.
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

/// Where data meets a condition: `length` bytes from `begin` on. If it does not, `begin` is the end of the data.
struct Occurrence {
  const uint8_t* begin;
  size_t length;
};

/// Bytes to find: at least one. With `ignoreCase`, ASCII letters match both cases.
struct Needle {
  explicit Needle(std::vector<uint8_t> bytes, bool ignoreCase = false);

  /// Bytes with wildcards: the bits of bytes[i] that are set in loose[i] match any value.
  Needle(std::vector<uint8_t> bytes, std::vector<uint8_t> loose);

  /// Whether the needle's bytes are at `begin`. As many bytes as it has must be readable there.
  bool isAt(const uint8_t* begin) const;

  /// The bits to set in a byte of memory before comparing it with bytes[i], because they match any value: 0x20 for a
  /// letter if case does not matter.
  uint8_t foldAt(size_t i) const { return folds.empty() ? 0 : folds[i]; }

  std::vector<uint8_t> bytes;  // with their folds set
  std::vector<uint8_t> folds;  // one for each byte; empty = all 0
  size_t first = 0;            // indexes of its two bytes that are rarest in memory: kernels compare them first
  size_t second = 0;

 private:
  void chooseRarest();
};

/// `length` consecutive bytes of one class of ASCII text.
class ClassRun {
 public:
  /// `bytes` are the class. Returns nothing if one of them is not ASCII text, or if the length is 0.
  static std::optional<ClassRun> of(std::span<const uint8_t> bytes, uint32_t length);

  bool has(uint8_t byte) const { return byte < 0x80 && rows_[byte & 0x0f] >> (byte >> 4) & 1; }

  /// For each value of a byte's low half, the high halves (bit i for value i, 0 to 7) that make it a byte of the class.
  const uint8_t* rows() const { return rows_; }
  uint32_t length() const { return length_; }

 private:
  uint8_t rows_[16] = {};
  uint32_t length_ = 0;
};

/// Two needles or more, any of which may occur. Kernels search for windows: a few consecutive bytes of each needle,
/// chosen to be rare in memory, which pass two filters before whole needles are compared. The first filter tests 64
/// positions at a time, byte by byte: could the bytes be those of a window? The second tests each remaining position:
/// is the hash of the bytes that of a window?
///
/// With many needles, nearly every position in text passes the first filter. So if needles are long enough, each has
/// `stride` windows at consecutive offsets: then only every stride-th position needs to be tested.
class NeedleSet {
 public:
  explicit NeedleSet(std::vector<Needle> needles);

  static constexpr size_t kLongestWindow = 4;

  /// For one byte of windows, which are divided into eight groups of similar windows: the groups (a bit each) that have
  /// a byte with this low half, with this high half, or with these low six bits.
  struct Groups {
    uint8_t low[16];
    uint8_t high[16];
    uint8_t sixBits[64];
  };

  /// Needles may have equal windows. `otherKey` is the key of the bytes next to the window, or as near to it as the
  /// needle has them.
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
  /// The greatest offset of any window in its needle.
  size_t farthest() const { return farthest_; }
  const Groups& groupsAt(size_t i) const { return groups_[i]; }
  const Needle& needle(const Window& window) const { return needles_[window.needle]; }

  /// Reads kLongestWindow bytes as a number, ignoring those behind the window and, if any needle ignores it, case.
  uint32_t keyAt(const uint8_t* p) const {
    uint32_t key;
    std::memcpy(&key, p, sizeof key);
    return (key | fold_) & keyMask_;
  }
  bool mayHave(uint32_t key) const {
    const uint32_t hash = hashOf(key, hashBits_);
    return known_[hash >> 6] >> (hash & 63) & 1;
  }
  /// The windows that have this key, and possibly others.
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
  std::vector<uint64_t> known_;  // a bit for each hash of a window
  std::vector<uint32_t> slots_;  // by a shorter hash: index of its first window
  std::vector<Window> windows_;
};

using Condition = std::variant<Needle, NeedleSet, ClassRun>;

/// A condition that any of the needles meets. There must be one at least.
Condition anyOf(std::vector<Needle> needles);

}  // namespace memscan
