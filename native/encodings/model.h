// Evidence that bytes are text. Nearly any bytes are characters of UTF-16, Latin-1 or GB 18030, so a string must be
// likelier in text than among random bytes. A character of n bytes that has the probability 2^-c in a language is
// evidence of 8 n - c bits for text. Random bytes reach a sum of T bits with a probability of 2^-T at most, wherever
// the sum ends (Ville's inequality), so it is known in advance how often that happens in memory of a given size.
//
// scripts/text-model.mjs defines the costs of characters.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "codec.h"
#include "tables.h"

namespace memscan {

inline constexpr Score kBit = 16;

/// The cost of choosing one of the languages.
inline constexpr Score kChoiceOfLanguage = 41;

/// The cost of changing to another language within a string.
inline constexpr Score kChangeOfLanguage = 6 * kBit;

/// The cost of staying in a language, for each character: so that a character's probabilities, changes included, sum to
/// 1 at most.
inline constexpr Score kStay = 2;

/// The evidence against a string in an encoding other than ASCII or Unicode's.
inline constexpr Score kOtherEncoding = 8 * kBit;

inline uint8_t classOf(uint32_t codePoint) {
  return tables::data.classRows[tables::data.classRowOf[codePoint >> 6]][codePoint & 63];
}

/// Whether a code point (0 to 0x10ffff) may be part of a string.
inline bool isText(uint32_t codePoint) { return classOf(codePoint) != 0; }

/// The score of a character, of `length` bytes, in the language where it is most common.
Score scoreOf(uint32_t codePoint, uint32_t length);

/// The evidence that a string must reach: fewer than 20 strings of 10 characters in 1 GiB of random bytes do.
inline Score wantedEvidence(uint32_t minLength) {
  return static_cast<Score>(std::min<uint32_t>(minLength, 16) * (2 * kBit + 10));
}

/// The cost of a character of each class within a string of one language.
inline constexpr auto kStayCosts = [] {
  std::array<std::array<int64_t, tables::kLanguages>, tables::kClasses> costs = {};
  for (int cls = 0; cls < tables::kClasses; cls++) {
    for (int language = 0; language < tables::kLanguages; language++) {
      costs[cls][language] = tables::kCosts[language][cls] + kStay;
    }
  }
  return costs;
}();

/// Sums the evidence of a string's characters along the best choice of languages.
class Evidence {
 public:
  void add(const Character& character);
  int64_t sum() const { return *std::max_element(sums_, sums_ + tables::kLanguages); }

 private:
  int64_t sums_[tables::kLanguages] = {-kChoiceOfLanguage, -kChoiceOfLanguage, -kChoiceOfLanguage,
                                       -kChoiceOfLanguage, -kChoiceOfLanguage, -kChoiceOfLanguage};
};

/// Sums a lower bound of that evidence: with one language from begin to end. It is faster, and mostly sufficient.
class LeastEvidence {
 public:
  void add(const Character& character);
  int64_t sum() const { return *std::max_element(sums_, sums_ + tables::kLanguages) - kChoiceOfLanguage; }

 private:
  int64_t sums_[tables::kLanguages] = {};
};

inline void LeastEvidence::add(const Character& character) {
  const auto& costs = kStayCosts[classOf(character.codePoint)];
  const int64_t most = 8 * kBit * static_cast<int64_t>(character.length);
  for (int language = 0; language < tables::kLanguages; language++) sums_[language] += most - costs[language];
}

}  // namespace memscan
