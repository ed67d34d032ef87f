#if defined(__x86_64__)
// Standard headers come before the target region: their inline functions must not be compiled for this kernel's CPUs.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <immintrin.h>

#include "../kernels/target.h"
#include "beginnings.h"
#include "hash.h"
#include "kernel.h"
#include "shape.h"

MEMSCAN_TARGET_BEGIN("avx512f,avx512bw,avx512vl,avx512vbmi2,avx2,bmi,bmi2,lzcnt,popcnt")
#include "page_words.h"
#include "paired_bits.h"
#include "shape_placeholders.h"

namespace memscan {
namespace {

struct Avx512 : PairedBits {
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
            is('['),
            is('{'),
            is('(') | isLower('{'),  // [ and {, ] and } differ in one bit
            is(')') | isLower('}'),
            colon,
            is(','),
            is('='),
            is('<'),
            is('>'),
            is(' '),
            within(bytes, '-', '/') | colon | is('+'),
            is('_') | is('%') | is('~') | is('@') | dash,
            is('\\')};
  }

  template <class Bits>
  static ByteMasks<Bits> masksOf(const uint8_t* text) {
    if constexpr (sizeof(Bits) == 8) {
      return masksOf64(text);
    } else {
      return joined(masksOf64(text), masksOf64(text + 64));
    }
  }

  template <class Bits>
  static Bits lowerOf(const uint8_t* text) {
    const auto hasBit = [](const uint8_t* p) -> uint64_t {
      return _mm512_test_epi8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8(0x20));
    };
    Bits lower = hasBit(text);
    if constexpr (sizeof(Bits) == 16) lower |= Bits{hasBit(text + 64)} << 64;
    return lower;
  }

  static size_t keep(uint8_t* out, const uint8_t* text, uint64_t keep, uint64_t starts) {
    const __m512i marked = _mm512_mask_set1_epi8(_mm512_loadu_si512(text), starts, kPlaceholderByte);
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi8(keep, marked));
    return static_cast<size_t>(std::popcount(keep));
  }
  static size_t keep(uint8_t* out, const uint8_t* text, Bits128 kept, Bits128 starts) {
    const size_t first = keep(out, text, static_cast<uint64_t>(kept), static_cast<uint64_t>(starts));
    return first + keep(out + first, text + 64, static_cast<uint64_t>(kept >> 64), static_cast<uint64_t>(starts >> 64));
  }
};

constexpr int kRegisters = 8;

// Returns the first two bytes of the steps of register `number`, at positions that no other register uses.
template <int number>
__m512i pairsOf(const uint8_t* bytes) {
  const __m512i steps = _mm512_loadu_si512(bytes + 64 * number);
  return _mm512_bslli_epi128(_mm512_maskz_mov_epi16(0x01010101, steps), 2 * number);
}

template <int... numbers>
__m512i pairsOfAll(const uint8_t* bytes, std::integer_sequence<int, numbers...>) {
  __m512i all = _mm512_setzero_si512();
  ((all = _mm512_or_si512(all, pairsOf<numbers>(bytes))), ...);
  return all;
}

__m512i lookUp(const std::array<uint8_t, 16>& table, __m512i nibbles) {
  const __m128i lane = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data()));
  return _mm512_shuffle_epi8(_mm512_maskz_broadcast_i32x4(0xffff, lane), nibbles);
}

uint32_t findBeginnings(const uint8_t* bytes) {
  const __m512i pairs = pairsOfAll(bytes, std::make_integer_sequence<int, kRegisters>());
  const __m512i low = _mm512_and_si512(pairs, _mm512_set1_epi8(15));
  const __m512i high = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), _mm512_set1_epi8(15));
  const __m512i first =
      _mm512_and_si512(lookUp(kBeginningNibbles.firstLow, low), lookUp(kBeginningNibbles.firstHigh, high));
  const __m512i second =
      _mm512_and_si512(lookUp(kBeginningNibbles.secondLow, low), lookUp(kBeginningNibbles.secondHigh, high));
  const __m512i common = _mm512_and_si512(first, _mm512_srli_epi16(second, 8));
  const uint32_t found = _mm512_test_epi16_mask(common, _mm512_set1_epi16(0xff));
  if (!found) return 0;
  // Each lane has one step of each register.
  uint32_t steps = 0;
  for (uint32_t lane = 0; lane < 4; lane++) steps |= _pdep_u32(found >> kRegisters * lane, 0x11111111u << lane);
  return steps;
}

bool isSupported() {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
}

}  // namespace

extern const ContentKernel kAvx512Content;
const ContentKernel kAvx512Content = {
    &isSupported,
    &KeyMaker<Avx512>::keyOf,
    &WordCounter<Avx512>::count,
    &findBeginnings,
};

}  // namespace memscan
MEMSCAN_TARGET_END

#endif
