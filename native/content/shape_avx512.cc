#include "shape_isa.h"

#if defined(__x86_64__)
// Standard headers come before the target region: their inline functions must not be compiled for this CPU alone.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <immintrin.h>

#include "../kernels/target.h"
#include "hash.h"

MEMSCAN_TARGET_BEGIN("avx512f,avx512bw,avx512vl,avx512vbmi2,avx2,bmi,bmi2,lzcnt,popcnt")
#include "shape_holes.h"

namespace memscan {
namespace {

struct Avx512 {
  static ByteMasks<uint64_t> masksOf64(const uint8_t* text) {
    const __m512i bytes = _mm512_loadu_si512(text);
    const __m512i lower = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    const auto is = [&](char value) -> uint64_t { return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(value)); };
    const auto isLower = [&](char value) -> uint64_t { return _mm512_cmpeq_epi8_mask(lower, _mm512_set1_epi8(value)); };
    const auto within = [](__m512i values, char first, char last) -> uint64_t {
      return _mm512_cmple_epu8_mask(_mm512_sub_epi8(values, _mm512_set1_epi8(first)),
                                    _mm512_set1_epi8(static_cast<char>(last - first)));
    };
    const uint64_t colon = is(':');
    const uint64_t dash = is('-');
    return {within(bytes, '0', '9'),
            within(lower, 'a', 'z'),
            within(lower, 'a', 'f'),
            is('"'),
            is('\''),
            is('(') | isLower('{'),  // [ and {, ] and } are one bit apart
            is(')') | isLower('}'),
            colon,
            is(','),
            is('='),
            is('<'),
            is('>'),
            is(' '),
            within(bytes, '-', '/') | colon | is('+'),
            is('_') | is('%') | is('~') | is('@') | dash};
  }

  template <class Bits>
  static ByteMasks<Bits> masksOf(const uint8_t* text) {
    if constexpr (sizeof(Bits) == 8) {
      return masksOf64(text);
    } else {
      return joined(masksOf64(text), masksOf64(text + 64));
    }
  }

  static size_t keep(uint8_t* out, const uint8_t* text, uint64_t keep, uint64_t starts) {
    const __m512i marked = _mm512_mask_set1_epi8(_mm512_loadu_si512(text), starts, kHoleByte);
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi8(keep, marked));
    return static_cast<size_t>(std::popcount(keep));
  }
  static size_t keep(uint8_t* out, const uint8_t* text, Bits128 kept, Bits128 starts) {
    const size_t first = keep(out, text, static_cast<uint64_t>(kept), static_cast<uint64_t>(starts));
    return first + keep(out + first, text + 64, static_cast<uint64_t>(kept >> 64), static_cast<uint64_t>(starts >> 64));
  }
};

}  // namespace

FamilyKey avx512FamilyKey() {
  const bool runs = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
  return runs ? &KeyMaker<Avx512>::keyOf : nullptr;
}

}  // namespace memscan
MEMSCAN_TARGET_END

#else

namespace memscan {

FamilyKey avx512FamilyKey() { return nullptr; }

}  // namespace memscan
#endif
