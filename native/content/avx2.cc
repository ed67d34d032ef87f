#if defined(__x86_64__)
// Standard headers come before the target region: their inline functions must not be compiled for this kernel's CPUs.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <cpuid.h>
#include <immintrin.h>

#include "../kernels/target.h"
#include "beginnings.h"
#include "hash.h"
#include "kernel.h"
#include "shape.h"

MEMSCAN_TARGET_BEGIN("avx2,bmi,bmi2,lzcnt,popcnt")
#include "page_words.h"
#include "paired_bits.h"
#include "shape_placeholders.h"

namespace memscan {
namespace {

struct Avx2 : PairedBits {
  struct Vector {
    __m256i low, high;

    uint64_t within(uint8_t first, uint8_t last) const {
      return mask(within(low, first, last), within(high, first, last));
    }
    uint64_t equals(char value) const {
      const __m256i same = _mm256_set1_epi8(value);
      return mask(_mm256_cmpeq_epi8(low, same), _mm256_cmpeq_epi8(high, same));
    }
    Vector with(char bits) const {
      const __m256i set = _mm256_set1_epi8(bits);
      return {_mm256_or_si256(low, set), _mm256_or_si256(high, set)};
    }

   private:
    static __m256i within(__m256i bytes, uint8_t first, uint8_t last) {
      const __m256i fromFirst = _mm256_sub_epi8(bytes, _mm256_set1_epi8(static_cast<char>(first)));
      const __m256i most = _mm256_set1_epi8(static_cast<char>(last - first));
      return _mm256_cmpeq_epi8(_mm256_min_epu8(fromFirst, most), fromFirst);
    }
    static uint64_t mask(__m256i low, __m256i high) {
      return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
             uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(high))} << 32;
    }
  };

  static Vector load(const uint8_t* text) {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
  }

  static ByteMasks<uint64_t> masksOf64(const uint8_t* text) {
    const Vector vector = load(text);
    const Vector brackets = vector.with(0x20);  // [ and {, ] and } differ in one bit
    const uint64_t colon = vector.equals(':');
    const uint64_t dash = vector.equals('-');
    return {vector.within('0', '9'),
            vector.with(0x20).within('a', 'z'),
            vector.with(0x20).within('a', 'f'),
            vector.equals('"'),
            vector.equals('\''),
            vector.equals('['),
            vector.equals('{'),
            vector.equals('(') | brackets.equals('{'),
            vector.equals(')') | brackets.equals('}'),
            colon,
            vector.equals(','),
            vector.equals('='),
            vector.equals('<'),
            vector.equals('>'),
            vector.equals(' '),
            vector.within('-', '/') | colon | vector.equals('+'),
            vector.equals('_') | vector.equals('%') | vector.equals('~') | vector.equals('@') | dash,
            vector.equals('\\')};
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
    Bits lower = load(text).within('a', 'z');
    if constexpr (sizeof(Bits) == 16) lower |= Bits{load(text + 64).within('a', 'z')} << 64;
    return lower;
  }

  template <class Bits>
  static size_t keep(uint8_t* out, const uint8_t* text, Bits keep, Bits starts) {
    return keepByWords(out, text, keep, starts, [](uint8_t* to, uint64_t word, uint8_t chosen) {
      const uint64_t packed = _pext_u64(word, spread(chosen));
      std::memcpy(to, &packed, 8);
      return static_cast<size_t>(std::popcount(chosen));
    });
  }
};

constexpr int kRegisters = 8;

// Returns the first two bytes of the steps of register `number`, at positions that no other register uses.
template <int number>
__m256i pairsOf(const uint8_t* bytes) {
  const __m256i steps = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32 * number));
  return _mm256_bslli_epi128(_mm256_and_si256(steps, _mm256_set_epi64x(0, 0xffff, 0, 0xffff)), 2 * number);
}

template <int... numbers>
__m256i pairsOfAll(const uint8_t* bytes, std::integer_sequence<int, numbers...>) {
  __m256i all = _mm256_setzero_si256();
  ((all = _mm256_or_si256(all, pairsOf<numbers>(bytes))), ...);
  return all;
}

__m256i lookUp(const std::array<uint8_t, 16>& table, __m256i nibbles) {
  const __m128i lane = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data()));
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(lane), nibbles);
}

// Tests 16 steps.
uint32_t findInHalf(const uint8_t* bytes) {
  const __m256i pairs = pairsOfAll(bytes, std::make_integer_sequence<int, kRegisters>());
  const __m256i low = _mm256_and_si256(pairs, _mm256_set1_epi8(15));
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(pairs, 4), _mm256_set1_epi8(15));
  const __m256i first =
      _mm256_and_si256(lookUp(kBeginningNibbles.firstLow, low), lookUp(kBeginningNibbles.firstHigh, high));
  const __m256i second =
      _mm256_and_si256(lookUp(kBeginningNibbles.secondLow, low), lookUp(kBeginningNibbles.secondHigh, high));
  const __m256i common = _mm256_and_si256(first, _mm256_srli_epi16(second, 8));
  const __m256i none = _mm256_cmpeq_epi16(_mm256_and_si256(common, _mm256_set1_epi16(0xff)), _mm256_setzero_si256());
  const uint32_t found = _pext_u32(~static_cast<uint32_t>(_mm256_movemask_epi8(none)), 0x55555555);
  // Each lane has one step of each register.
  return _pdep_u32(found, 0x5555) | _pdep_u32(found >> kRegisters, 0xaaaa);
}

uint32_t findBeginnings(const uint8_t* bytes) {
  return findInHalf(bytes) | findInHalf(bytes + kBeginnings / 2 * kBeginningStep) << kBeginnings / 2;
}

// Asks the CPU: clang 14 has no "lzcnt" to ask for.
bool hasLzcnt() {
  unsigned a, b, c, d;
  return __get_cpuid(0x80000001, &a, &b, &c, &d) && c & bit_LZCNT;
}

bool isSupported() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && hasLzcnt(); }

}  // namespace

extern const ContentKernel kAvx2Content;
const ContentKernel kAvx2Content = {
    &isSupported,
    &KeyMaker<Avx2>::keyOf,
    &WordCounter<Avx2>::count,
    &findBeginnings,
};

}  // namespace memscan
MEMSCAN_TARGET_END

#endif
