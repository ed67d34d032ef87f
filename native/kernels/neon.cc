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
  using Vector = uint8x16x4_t;

  typedef uint64_t Lanes __attribute__((vector_size(16)));

  static Vector load(const uint8_t* p) { return {{vld1q_u8(p), vld1q_u8(p + 16), vld1q_u8(p + 32), vld1q_u8(p + 48)}}; }
  static Vector none() { return {{vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0)}}; }
  static Vector greater(Vector a, Vector b) {
    for (int i = 0; i < 4; i++) a.val[i] = vmaxq_u8(a.val[i], b.val[i]);
    return a;
  }
  static uint64_t asciiText(Vector vector) {
    return mask(vector, [](uint8x16_t bytes) {
      const uint8x16_t printable = vcltq_u8(vsubq_u8(bytes, vdupq_n_u8(0x20)), vdupq_n_u8(0x5f));
      return vorrq_u8(printable, vceqq_u8(bytes, vdupq_n_u8('\t')));
    });
  }
  static uint64_t within(Vector vector, uint8_t first, uint8_t last) {
    return mask(vector, [first, last](uint8x16_t bytes) {
      return vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(first)), vdupq_n_u8(last - first));
    });
  }
  static uint64_t equals(Vector vector, uint8_t value) {
    return mask(vector, [value](uint8x16_t bytes) { return vceqq_u8(bytes, vdupq_n_u8(value)); });
  }
  static Vector with(Vector vector, uint8_t bits) {
    return each(vector, [bits](uint8x16_t bytes) { return vorrq_u8(bytes, vdupq_n_u8(bits)); });
  }

  using Table = uint8x16_t;

  static Table table(const uint8_t* p) { return vld1q_u8(p); }
  static Vector lookup(Table table, Vector vector) {
    return each(vector, [table](uint8x16_t bytes) { return vqtbl1q_u8(table, bytes); });
  }
  static Vector low(Vector vector) {
    return each(vector, [](uint8x16_t bytes) { return vandq_u8(bytes, vdupq_n_u8(0x0f)); });
  }
  static Vector high(Vector vector) {
    return each(vector, [](uint8x16_t bytes) { return vshrq_n_u8(bytes, 4); });
  }
  static Vector both(Vector a, Vector b) {
    for (int i = 0; i < 4; i++) a.val[i] = vandq_u8(a.val[i], b.val[i]);
    return a;
  }
  static uint64_t anyBoth(Vector a, Vector b) {
    return mask(both(a, b), [](uint8x16_t bytes) { return vtstq_u8(bytes, bytes); });
  }

  static uint64_t wordsIn(Vector vector, uint64_t start, uint64_t size) {
    const uint64x2_t bits = {1, 2};
    uint64x2_t words = vdupq_n_u64(0);
    for (int i = 0; i < 4; i++) {
      const uint64x2_t offset = vsubq_u64(vreinterpretq_u64_u8(vector.val[i]), vdupq_n_u64(start));
      const uint64x2_t below = vandq_u64(vcltq_u64(offset, vdupq_n_u64(size)), bits);
      words = vorrq_u64(words, vshlq_u64(below, vdupq_n_s64(2 * i)));
    }
    return vaddvq_u64(words);
  }

 private:
  template <class Change>
  static Vector each(Vector vector, Change change) {
    for (int i = 0; i < 4; i++) vector.val[i] = change(vector.val[i]);
    return vector;
  }

  // NEON has no movemask: keep one bit of each byte, then add neighbours pairwise until eight bytes contain 64 bits.
  template <class Test>
  static uint64_t mask(Vector vector, Test test) {
    const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t a = vpaddq_u8(vandq_u8(test(vector.val[0]), bits), vandq_u8(test(vector.val[1]), bits));
    const uint8x16_t b = vpaddq_u8(vandq_u8(test(vector.val[2]), bits), vandq_u8(test(vector.val[3]), bits));
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
