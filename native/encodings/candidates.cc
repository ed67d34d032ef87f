#include "candidates.h"

#include <algorithm>

#include "../kernels/kernel.h"

namespace memscan {

namespace {

struct Measure {
  uint32_t characters = 0;
  bool beyondAscii = false;
  Evidence evidence;

  void add(const Character& character) {
    characters++;
    beyondAscii |= character.codePoint >= 0x80;
    evidence.add(character);
  }
};

// Plain strings are many, and most of them are overlapped by none.
void weigh(Candidate& candidate) {
  if (candidate.weight != kUnknownWeight) return;
  Evidence evidence;
  for (const uint8_t* p = candidate.begin; p < candidate.end;) {
    const Character character = characterAt(p, candidate.encoding);
    evidence.add(character);
    p += character.length;
  }
  candidate.weight = evidence.sum();
}

uint8_t* putUtf8(uint8_t* out, uint32_t codePoint) {
  const auto follow = [&](int shift) { return static_cast<uint8_t>(0x80 | (codePoint >> shift & 0x3f)); };
  if (codePoint < 0x80) {
    *out++ = codePoint;
  } else if (codePoint < 0x800) {
    *out++ = 0xc0 | codePoint >> 6;
    *out++ = follow(0);
  } else if (codePoint < 0x10000) {
    *out++ = 0xe0 | codePoint >> 12;
    *out++ = follow(6);
    *out++ = follow(0);
  } else {
    *out++ = 0xf0 | codePoint >> 18;
    *out++ = follow(12);
    *out++ = follow(6);
    *out++ = follow(0);
  }
  return out;
}

bool isBetter(const Candidate& a, const Candidate& b) {
  if (a.weight != b.weight) return a.weight > b.weight;
  return a.encoding != b.encoding ? a.encoding < b.encoding : a.begin < b.begin;
}

}  // namespace

void CandidateCollector::ended(const Chain& chain, const uint8_t* textEnd, const uint8_t*) {
  if (chain.highest < mix_.wanted()) return;
  const Codec& codec = Codec::of(encoding_);
  Measure measure;
  for (const uint8_t* p = chain.begin; p < textEnd;) {
    const Character character = codec.characterAt(p, textEnd);
    measure.add(character);
    p += character.length;
  }
  const int64_t evidence = measure.evidence.sum();
  if (measure.characters < mix_.minLength() || evidence < mix_.wanted()) return;
  const bool isUnicode = isUtf16(encoding_);
  if (!isUnicode && !measure.beyondAscii) return;  // a plain one, or part of it
  const int64_t weight = isUnicode ? evidence : evidence - kOtherEncoding;
  candidates_.push_back({chain.begin, textEnd, measure.characters, encoding_, false, weight});
}

void dropOverlapped(std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.encoding < b.encoding;
  });
  for (auto a = candidates.begin(); a != candidates.end(); a++) {
    for (auto b = a + 1; b != candidates.end() && b->begin < a->end; b++) {
      weigh(*a);
      weigh(*b);
      (isBetter(*a, *b) ? *b : *a).dropped = true;
    }
  }
}

const uint8_t* utf8Of(const Candidate& candidate, Buffer& buffer, uint32_t& length) {
  const Codec& codec = Codec::of(candidate.encoding);
  uint8_t* const text = buffer.reserve(kReadBefore + 4 * size_t{candidate.characters} + kReadAfter) + kReadBefore;
  uint8_t* out = text;
  for (const uint8_t* p = candidate.begin; p < candidate.end;) {
    const Character character = codec.characterAt(p, candidate.end);
    out = putUtf8(out, character.codePoint);
    p += character.length;
  }
  length = static_cast<uint32_t>(out - text);
  return text;
}

}  // namespace memscan
