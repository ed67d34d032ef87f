// Finding runs of text, written once over a small vector interface that each instruction set implements:
//
//   Isa::Vector               64 bytes, in one register or several
//   Isa::load(p)              a vector from any address
//   Isa::asciiText(vector)    one bit a byte, bit i for byte i: TAB or 0x20 to 0x7e
//   Isa::within(vector, a, b) a <= byte <= b, unsigned
//   Isa::greater(a, b)        a vector: the greater of each pair of bytes, unsigned
//   Isa::none()               a vector of zeros
//
//   Isa::Lanes                a register of 2, 4 or 8 words of 64 bits
//
// The data is processed in batches of 64 words, 4 KiB: each bit of a word represents a byte. Each step processes a
// batch's masks, a register of words at a time, so it costs little compared with the loads:
//
//   classify   text = the ASCII text, and if there are lead bytes, also the multi-byte sequences
//   erode      bit i = "the `minLength` bytes up to i are all text", by shifts of 1, 2, 4, ... and ands
//   flatten    the bits where that changes are the runs' edges: it rises `minLength - 1` bytes after a run's beginning
//              and falls at its end
//
// No step branches on single bytes or runs, which no branch predictor can guess in real memory. (Measured: a scan of
// mixed memory, reading included, took about one and a half times as long when it followed each run with branches.)
//
// Shifts cross words and batches: they shift in the bits of the word before.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "erosion.h"
#include "kernel.h"

namespace memscan {

static_assert(kLongestMinimum <= kLongestErosion);

template <class Isa>
class RunFinder {
 public:
  RunFinder(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out)
      : data_(data),
        length_(length),
        dataWords_((length + 63) / 64),
        spec_(spec),
        first_(out),
        out_(out),
        erosion_(spec.minLength) {}

  RunCount find() {
    openBefore();
    // Two more words follow the data, one that is open or not, and a closed one: so every run gets an end.
    for (word_ = 0; word_ < dataWords_ + 2; word_ += kWords) {
      const Content content = classify();
      if (content == Content::nothing && !goesOn()) continue;
      const bool wasOpen = Words::last(eroded_) >> 63;
      if (!erode()) {
        // A run may have begun here that has its first edge later.
        if (content == Content::multibyte) multibyteEnd_ = static_cast<uint32_t>(64 * (word_ + kWords));
        continue;
      }
      if (content == Content::multibyte) {
        flatten<true>();
      } else if (spec_.countOnly && word_ + kWords <= dataWords_) {
        countInside(wasOpen);
      } else {
        flatten<false>();
      }
    }
    return {static_cast<size_t>(out_ - first_), counted_};
  }

 private:
  static constexpr size_t kWords = 64;
  static constexpr uint8_t kFirstLead = 0xc2;

  using Lanes = typename Isa::Lanes;
  using Words = memscan::Words<Isa>;
  static constexpr int kLanes = Words::kLanes;

  // Masks of a batch's words, and room for those that are read beyond them.
  struct Masks {
    Lanes at(size_t i) const {
      Lanes lanes;
      std::memcpy(&lanes, word + i, sizeof lanes);
      return lanes;
    }
    void put(size_t i, Lanes lanes) { std::memcpy(word + i, &lanes, sizeof lanes); }
    alignas(64) uint64_t word[kWords + 8];
  };

  enum class Content { nothing, ascii, multibyte };

  void openBefore() {
    if (spec_.encoding == Encoding::utf8) carryMultibyte(data_ - 64);
    if (!spec_.openBefore) return;
    erosion_.open();
    eroded_ = ~Lanes{};
    *out_++ = {0, 0};
  }

  bool goesOn() const { return erosion_.goesOn() || Words::last(eroded_); }

  Content classify() {
    const size_t words = word_ >= dataWords_ ? 0 : dataWords_ - word_ < kWords ? dataWords_ - word_ : kWords;
    const uint8_t* const p = data_ + 64 * word_;
    auto greatest = Isa::none();
    for (size_t i = 0; i < words; i++) {
      const auto vector = Isa::load(p + 64 * i);
      text_.word[i] = Isa::asciiText(vector);
      greatest = Isa::greater(greatest, vector);
    }
    for (size_t i = words; i < kWords; i++) text_.word[i] = 0;
    const bool multibyte = spec_.encoding == Encoding::utf8 && words > 0 &&
                           (Isa::within(greatest, kFirstLead, 0xff) || Words::last(pair_) || Words::last(triple_));
    if (multibyte) addMultibyte(p, words);
    if (word_ + words == dataWords_) closeAfter(words);
    if (multibyte) return Content::multibyte;
    Lanes text = {};
    for (size_t i = 0; i < kWords; i += kLanes) text |= text_.at(i);
    return Words::any(text) ? Content::ascii : Content::nothing;
  }

  // The batch has `words` words, then the data ends. Sets the bits of the last word that are beyond the data, and the
  // word after it if it belongs to this batch.
  void closeAfter(size_t words) {
    const uint64_t open = spec_.openAfter ? ~uint64_t{0} : 0;
    if (words > 0 && length_ % 64) {
      const uint64_t beyond = ~uint64_t{0} << length_ % 64;
      text_.word[words - 1] = (text_.word[words - 1] & ~beyond) | (open & beyond);
    }
    if (words < kWords) text_.word[words] = open;
  }

  static uint64_t leads(const typename Isa::Vector& vector) { return Isa::within(vector, kFirstLead, 0xf4); }
  static uint64_t follows(const typename Isa::Vector& vector) { return Isa::within(vector, 0x80, 0xbf); }

  // Takes a lead byte and up to three continuation bytes as a character. The caller, which decodes, finds out that a
  // lead byte takes fewer.
  void addMultibyte(const uint8_t* p, size_t words) {
    for (size_t i = 0; i <= words; i++) {
      const auto vector = Isa::load(p + 64 * i);
      lead_.word[i] = leads(vector);
      follow_.word[i] = follows(vector);
    }
    for (size_t i = words + 1; i < kWords + 1; i++) lead_.word[i] = follow_.word[i] = 0;
    for (size_t i = 0; i < kWords; i += kLanes) {
      const Lanes follow = follow_.at(i);
      const Lanes pair = lead_.at(i) & (follow >> 1 | follow_.at(i + 1) << 63);
      const Lanes triple = follow & Words::shift(pair, pair_, 2);
      const Lanes multibyte =
          pair | Words::shift(pair, pair_, 1) | triple | (follow & Words::shift(triple, triple_, 1));
      multibyte_.put(i, multibyte);
      text_.put(i, text_.at(i) | multibyte);
      pair_ = pair;
      triple_ = triple;
    }
  }

  // Carries the beginning of a character from the 64 bytes before the data into it.
  void carryMultibyte(const uint8_t* before) {
    const uint64_t follow = follows(Isa::load(before));
    const uint64_t pair = leads(Isa::load(before)) & (follow >> 1 | follows(Isa::load(before + 64)) << 63);
    pair_[kLanes - 1] = pair;
    triple_[kLanes - 1] = follow & pair << 2;
  }

  // Writes the edges to changes_. Returns whether there are any.
  bool erode() {
    Lanes anyChange = {};
    for (size_t i = 0; i < kWords; i += kLanes) {
      const Lanes mask = erosion_.erode(text_.at(i));
      const Lanes change = mask ^ Words::shift(mask, eroded_, 1);
      eroded_ = mask;
      changes_.put(i, change);
      anyChange |= change;
    }
    return Words::any(anyChange);
  }

  template <bool Multibyte>
  void flatten() {
    Edge* out = out_;
    uint32_t multibyteEnd = multibyteEnd_;
    uint32_t at = static_cast<uint32_t>(64 * word_);
    for (size_t i = 0; i < kWords; i++, at += 64) {
      if constexpr (Multibyte) multibyteEnd = multibyte_.word[i] ? at + 64 : multibyteEnd;
      uint64_t rest = changes_.word[i];
      if (Multibyte && !rest) continue;  // edges are rare in binary data
      const int count = std::popcount(rest);
      // Most words have two edges or fewer: write two, then count the real ones.
      out[0] = {at + std::countr_zero(rest), multibyteEnd};
      rest &= rest - 1;
      out[1] = {at + std::countr_zero(rest), multibyteEnd};
      for (int k = 2; k < count; k++) {
        rest &= rest - 1;
        out[k] = {at + std::countr_zero(rest), multibyteEnd};
      }
      out += count;
    }
    out_ = out;
    multibyteEnd_ = multibyteEnd;
  }

  // Counts the runs of a batch of ASCII, and writes only the edges of runs that cross its borders.
  void countInside(bool wasOpen) {
    int changes = 0;
    for (size_t i = 0; i < kWords; i++) changes += std::popcount(changes_.word[i]);
    if (wasOpen) {
      size_t i = 0;
      while (!changes_.word[i]) i++;
      put(i, std::countr_zero(changes_.word[i]));
      changes--;
    }
    counted_ += changes / 2;
    if (changes % 2) {
      size_t i = kWords - 1;
      while (!changes_.word[i]) i--;
      put(i, 63 - std::countl_zero(changes_.word[i]));
    }
  }

  void put(size_t word, int bit) { *out_++ = {static_cast<uint32_t>(64 * (word_ + word)) + bit, multibyteEnd_}; }

  const uint8_t* const data_;
  const size_t length_;
  const size_t dataWords_;
  const RunSpec spec_;
  Edge* const first_;
  Edge* out_;
  uint64_t counted_ = 0;
  size_t word_ = 0;  // the batch's first word
  uint32_t multibyteEnd_ = 0;

  Erosion<Isa> erosion_;

  // Each is the last register of the batch before; its last lane is shifted in.
  Lanes eroded_ = {};
  Lanes pair_ = {};    // a lead byte followed by a continuation byte
  Lanes triple_ = {};  // a second continuation byte

  Masks text_, lead_, follow_, multibyte_, changes_;
};

}  // namespace memscan
