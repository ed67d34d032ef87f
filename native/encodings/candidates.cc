#include "candidates.h"

#include <algorithm>

#include "../kernels/kernel.h"

namespace memscan {

namespace {

// Calls `use` with each character.
void eachCharacter(const Candidate& candidate, auto use) {
  const Codec& codec = Codec::of(candidate.encoding);
  const bool isPlain = candidate.encoding <= Encoding::utf8;
  for (const uint8_t* p = candidate.begin; p < candidate.end;) {
    const Character character = isPlain ? characterAt(p, candidate.encoding) : codec.characterAt(p, candidate.end);
    use(character);
    p += character.length;
  }
}

// Computed on demand: most strings overlap no other.
int64_t evidenceOf(Candidate& candidate) {
  if (candidate.evidence == kUnknownEvidence) {
    Evidence evidence;
    eachCharacter(candidate, [&](const Character& character) { evidence.add(character); });
    candidate.evidence = evidence.sum();
  }
  return candidate.evidence;
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

bool isBetter(Candidate& a, Candidate& b) {
  const int64_t forA = evidenceOf(a) - a.against;
  const int64_t forB = evidenceOf(b) - b.against;
  if (forA != forB) return forA > forB;
  return a.encoding != b.encoding ? a.encoding < b.encoding : a.begin < b.begin;
}

}  // namespace

void CandidateCollector::ended(const Chain& chain, const uint8_t* textEnd, const uint8_t*) {
  if (chain.highest < mix_.wanted()) return;
  Candidate candidate = {chain.begin, textEnd, 0, encoding_};
  bool beyondAscii = false;
  LeastEvidence least;
  eachCharacter(candidate, [&](const Character& character) {
    candidate.characters++;
    beyondAscii |= character.codePoint >= 0x80;
    least.add(character);
  });
  if (candidate.characters < mix_.minLength()) return;
  if (!isUtf16(encoding_)) {
    if (!beyondAscii) return;  // it is a plain string, or part of one
    candidate.against = kOtherEncoding;
  }
  if (least.sum() >= mix_.wanted() || evidenceOf(candidate) >= mix_.wanted()) candidates_.push_back(candidate);
}

void dropOverlapped(std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.encoding < b.encoding;
  });
  for (auto a = candidates.begin(); a != candidates.end(); a++) {
    for (auto b = a + 1; b != candidates.end() && b->begin < a->end; b++) {
      (isBetter(*a, *b) ? *b : *a).dropped = true;
    }
  }
}

const uint8_t* utf8Of(const Candidate& candidate, Buffer& buffer, uint32_t& length) {
  uint8_t* const text = buffer.reserve(kReadBefore + 4 * size_t{candidate.characters} + kReadAfter) + kReadBefore;
  uint8_t* out = text;
  eachCharacter(candidate, [&](const Character& character) { out = putUtf8(out, character.codePoint); });
  length = static_cast<uint32_t>(out - text);
  return text;
}

}  // namespace memscan
