// Finding runs of text, written once over a small vector interface that each instruction set implements:
//
//   Isa::load(p)              64 bytes, any alignment
//   Isa::asciiText(block)     one bit a byte, bit i for byte i: TAB or 0x20 to 0x7e
//   Isa::atLeast(block, n)    byte >= n, unsigned
//
// The data goes by in blocks of 128 words of 64 bytes. Each step is a loop over a block's masks that the compiler turns
// into vector code (a word of mask stands for 64 bytes, so these loops cost little beside the loads):
//
//   classify   text = the ASCII text; where lead bytes are about, also the multi-byte sequences
//   erode      bit i = "the `minLength` bytes up to i are all text", by shifts of 1, 2, 4, ... and ands
//   flatten    the bits where that changes are the runs' edges: a rise `minLength - 1` after a run's beginning, a fall
//              at its end
//
// No step branches on single bytes or runs, which in real memory no branch predictor can guess. (Measured: following
// each run with branches took 1.7 times as long on text, 1.9 times on random bytes.)
//
// Words before and after a block reach into it by carries: a character's last bytes, a run's length so far.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "kernel.h"

namespace memscan {

template <class Isa>
class RunFinder {
 public:
  RunFinder(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out)
      : data_(data), length_(length), spec_(spec), first_(out), out_(out) {
    for (uint32_t have = 1; have < spec.minLength; have += shifts_[levels_++]) {
      shifts_[levels_] = have < spec.minLength - have ? have : spec.minLength - have;
    }
  }

  size_t find() {
    openBefore();
    for (at_ = 0; at_ < length_; at_ += kWords * 64) {
      const size_t left = length_ - at_;
      const size_t words = left < kWords * 64 ? (left + 63) / 64 : kWords;
      const bool multibyte = classify(words);
      if (left < words * 64) cutBeyond(words - 1, left % 64);
      findEdges(words, multibyte);
    }
    closeAfter();
    return out_ - first_;
  }

 private:
  static constexpr size_t kWords = 128;

  // Masks of a block's words; one more on either side for what reaches over its edges.
  struct Masks {
    uint64_t& operator[](ptrdiff_t i) { return word[i + 8]; }
    uint64_t* begin() { return word + 8; }
    alignas(64) uint64_t word[8 + kWords + 8];
  };

  void openBefore() {
    if (spec_.encoding == Encoding::utf8) {
      carryMultibyte(data_ - 64);
    }
    if (!spec_.openBefore) return;
    for (uint64_t& carry : carries_) carry = ~uint64_t{0};
    *out_++ = {0, 0};
  }

  void closeAfter() {
    at_ = (length_ + 63) / 64 * 64;
    text_[0] = spec_.openAfter ? ~uint64_t{0} : 0;
    findEdges(1, false);
    if (spec_.openAfter) *out_++ = {static_cast<uint32_t>(length_), multibyteEnd_};
  }

  void cutBeyond(size_t word, size_t bytes) {
    const uint64_t beyond = ~uint64_t{0} << bytes;
    text_[word] = spec_.openAfter ? text_[word] | beyond : text_[word] & ~beyond;
  }

  // Returns whether multi-byte sequences had to be looked at.
  bool classify(size_t words) {
    const uint8_t* const p = data_ + at_;
    uint64_t* __restrict text = text_.begin();
    uint64_t* __restrict lead = lead_.begin();
    uint64_t leads = 0;
    for (size_t i = 0; i < words; i++) {
      const auto block = Isa::load(p + 64 * i);
      text[i] = Isa::asciiText(block);
      leads |= lead[i] = Isa::atLeast(block, 0xc0);
    }
    if (spec_.encoding != Encoding::utf8) return false;
    if (!(leads | pair_[-1] | triple_[-1])) return false;
    addMultibyte(p, words);
    return true;
  }

  // A character is a lead byte and up to three continuation bytes. That a lead byte of two takes only one is left to
  // the caller, who decodes.
  void addMultibyte(const uint8_t* p, size_t words) {
    uint64_t* __restrict follow = follow_.begin();
    const uint64_t* __restrict lead = lead_.begin();
    for (size_t i = 0; i < words; i++) follow[i] = Isa::atLeast(Isa::load(p + 64 * i), 0x80);
    for (size_t i = 0; i < words; i++) follow[i] &= ~lead[i];
    follow[words] = followAt(p + 64 * words);

    uint64_t* __restrict pair = pair_.begin();
    for (size_t i = 0; i < words; i++) pair[i] = lead[i] & (follow[i] >> 1 | follow[i + 1] << 63);
    uint64_t* __restrict triple = triple_.begin();
    for (size_t i = 0; i < words; i++) triple[i] = follow[i] & (pair[i] << 2 | pair[i - 1] >> 62);

    uint64_t* __restrict multibyte = multibyte_.begin();
    for (size_t i = 0; i < words; i++) {
      const uint64_t second = pair[i] << 1 | pair[i - 1] >> 63;
      const uint64_t fourth = follow[i] & (triple[i] << 1 | triple[i - 1] >> 63);
      multibyte[i] = pair[i] | second | triple[i] | fourth;
    }
    uint64_t* __restrict text = text_.begin();
    for (size_t i = 0; i < words; i++) text[i] |= multibyte[i];
    pair[-1] = pair[words - 1];
    triple[-1] = triple[words - 1];
  }

  static uint64_t followAt(const uint8_t* p) {
    const auto block = Isa::load(p);
    return Isa::atLeast(block, 0x80) & ~Isa::atLeast(block, 0xc0);
  }

  // What the 64 bytes before the data leave to it of a character: pair_[-1] and triple_[-1].
  void carryMultibyte(const uint8_t* before) {
    const uint64_t follow = followAt(before);
    const uint64_t pair = Isa::atLeast(Isa::load(before), 0xc0) & (follow >> 1 | followAt(before + 64) << 63);
    pair_[-1] = pair;
    triple_[-1] = follow & pair << 2;
  }

  void findEdges(size_t words, bool multibyte) {
    Masks* from = &text_;
    Masks* to = &other_;
    for (int level = 0; level < levels_; level++) {
      reach(*from, words, carries_[level]);
      erode(from->begin(), to->begin(), words, shifts_[level]);
      Masks* const done = to;
      to = from;
      from = done;
    }
    reach(*from, words, carries_[kLevels]);
    if (!changes(from->begin(), to->begin(), words)) return;
    if (multibyte) {
      flatten<true>(to->begin(), words);
    } else {
      flatten<false>(to->begin(), words);
    }
  }

  // Gives the block the last word of the block before it and keeps its own for the next.
  static void reach(Masks& masks, size_t words, uint64_t& carry) {
    masks[-1] = carry;
    carry = masks[words - 1];
  }

  static void erode(const uint64_t* __restrict from, uint64_t* __restrict to, size_t words, int shift) {
    for (size_t i = 0; i < words; i++) to[i] = from[i] & (from[i] << shift | from[i - 1] >> (64 - shift));
  }

  static bool changes(const uint64_t* __restrict from, uint64_t* __restrict to, size_t words) {
    uint64_t any = 0;
    for (size_t i = 0; i < words; i++) any |= to[i] = from[i] ^ (from[i] << 1 | from[i - 1] >> 63);
    return any != 0;
  }

  template <bool Multibyte>
  void flatten(const uint64_t* changes, size_t words) {
    const uint64_t* const multibyte = multibyte_.begin();
    Edge* out = out_;
    uint32_t multibyteEnd = multibyteEnd_;
    for (size_t i = 0; i < words; i++) {
      const uint32_t at = static_cast<uint32_t>(at_ + 64 * i);
      if constexpr (Multibyte) multibyteEnd = multibyte[i] ? at + 64 : multibyteEnd;
      uint64_t rest = changes[i];
      const int count = std::popcount(rest);
      // Most words hold two edges or fewer: write two, then count those that are real.
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

  static constexpr int kLevels = 6;  // 1 + 1 + 2 + 4 + 8 + 16 + 32 = kLongestMinimum

  const uint8_t* const data_;
  const size_t length_;
  const RunSpec spec_;
  Edge* const first_;
  Edge* out_;
  size_t at_ = 0;
  uint32_t multibyteEnd_ = 0;

  int levels_ = 0;
  uint32_t shifts_[kLevels] = {};
  uint64_t carries_[kLevels + 1] = {};  // by level; the last is the eroded mask's

  Masks text_, other_;  // erosion goes to and fro between these two
  Masks lead_, follow_, multibyte_;
  Masks pair_, triple_;  // a lead byte with one continuation byte at least; a second continuation byte
};

}  // namespace memscan
