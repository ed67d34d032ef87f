#if defined(__aarch64__)
#include <arm_neon.h>

#include "class_run.h"
#include "needle.h"
#include "needle_set.h"
#include "pointer.h"
#include "runs.h"
#include "text_reach.h"

namespace memscan {
namespace {

struct Neon {
  using Block = uint8x16x4_t;

  typedef uint64_t Lanes __attribute__((vector_size(16)));

  static Block load(const uint8_t* p) { return {{vld1q_u8(p), vld1q_u8(p + 16), vld1q_u8(p + 32), vld1q_u8(p + 48)}}; }
  static Block none() { return {{vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0)}}; }
  static Block greater(Block a, Block b) {
    for (int i = 0; i < 4; i++) a.val[i] = vmaxq_u8(a.val[i], b.val[i]);
    return a;
  }
  static uint64_t asciiText(Block block) {
    return mask(block, [](uint8x16_t bytes) {
      const uint8x16_t printable = vcltq_u8(vsubq_u8(bytes, vdupq_n_u8(0x20)), vdupq_n_u8(0x5f));
      return vorrq_u8(printable, vceqq_u8(bytes, vdupq_n_u8('\t')));
    });
  }
  static uint64_t within(Block block, uint8_t first, uint8_t last) {
    return mask(block, [first, last](uint8x16_t bytes) {
      return vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(first)), vdupq_n_u8(last - first));
    });
  }
  static uint64_t equals(Block block, uint8_t value) {
    return mask(block, [value](uint8x16_t bytes) { return vceqq_u8(bytes, vdupq_n_u8(value)); });
  }
  static Block with(Block block, uint8_t bits) {
    return each(block, [bits](uint8x16_t bytes) { return vorrq_u8(bytes, vdupq_n_u8(bits)); });
  }

  using Table = uint8x16_t;

  static Table table(const uint8_t* p) { return vld1q_u8(p); }
  static Block lookup(Table table, Block block) {
    return each(block, [table](uint8x16_t bytes) { return vqtbl1q_u8(table, bytes); });
  }
  static Block low(Block block) {
    return each(block, [](uint8x16_t bytes) { return vandq_u8(bytes, vdupq_n_u8(0x0f)); });
  }
  static Block high(Block block) {
    return each(block, [](uint8x16_t bytes) { return vshrq_n_u8(bytes, 4); });
  }
  static Block both(Block a, Block b) {
    for (int i = 0; i < 4; i++) a.val[i] = vandq_u8(a.val[i], b.val[i]);
    return a;
  }
  static uint64_t anyBoth(Block a, Block b) {
    return mask(both(a, b), [](uint8x16_t bytes) { return vtstq_u8(bytes, bytes); });
  }

  static uint64_t wordsIn(Block block, uint64_t start, uint64_t size) {
    const uint64x2_t bits = {1, 2};
    uint64x2_t words = vdupq_n_u64(0);
    for (int i = 0; i < 4; i++) {
      const uint64x2_t offset = vsubq_u64(vreinterpretq_u64_u8(block.val[i]), vdupq_n_u64(start));
      const uint64x2_t below = vandq_u64(vcltq_u64(offset, vdupq_n_u64(size)), bits);
      words = vorrq_u64(words, vshlq_u64(below, vdupq_n_s64(2 * i)));
    }
    return vaddvq_u64(words);
  }

 private:
  template <class Change>
  static Block each(Block block, Change change) {
    for (int i = 0; i < 4; i++) block.val[i] = change(block.val[i]);
    return block;
  }

  // NEON has no movemask: keep one bit of each byte, then add neighbours pairwise until eight bytes hold 64 bits.
  template <class Test>
  static uint64_t mask(Block block, Test test) {
    const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t a = vpaddq_u8(vandq_u8(test(block.val[0]), bits), vandq_u8(test(block.val[1]), bits));
    const uint8x16_t b = vpaddq_u8(vandq_u8(test(block.val[2]), bits), vandq_u8(test(block.val[3]), bits));
    const uint8x16_t ab = vpaddq_u8(a, b);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(ab, ab)), 0);
  }
};

RunCount findRuns(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out) {
  return RunFinder<Neon>(data, length, spec, out).find();
}

}  // namespace

extern const Kernel kNeon;
const Kernel kNeon = {"neon",
                      [] { return true; },
                      findRuns,
                      textAfterWith<Neon>,
                      textBeforeWith<Neon>,
                      findNeedleWith<Neon>,
                      findNeedlesWith<Neon>,
                      findClassRunWith<Neon>,
                      findPointerWith<Neon>};

}  // namespace memscan
#endif
