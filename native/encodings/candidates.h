// Strings of several encodings in the same bytes: choosing among those that overlap.
#pragma once

#include <cstdint>
#include <vector>

#include "../memory/source.h"
#include "mix.h"

namespace memscan {

/// Evidence that was not computed yet.
inline constexpr int64_t kUnknownEvidence = INT64_MIN;

/// A string with sufficient evidence by itself.
struct Candidate {
  const uint8_t* begin;
  const uint8_t* end;
  uint32_t characters;
  Encoding encoding;                    // for plain strings Mix::plain(), not the name to report
  Score against = 0;                    // evidence against it besides its text
  int64_t evidence = kUnknownEvidence;  // evidence of its text for it, computed if needed
  bool dropped = false;
};

/// Turns chains into candidates. A visitor, see ByteChainFinder.
class CandidateCollector {
 public:
  CandidateCollector(const Mix& mix, std::vector<Candidate>& candidates) : mix_(mix), candidates_(candidates) {}

  void setEncoding(Encoding encoding) { encoding_ = encoding; }
  Score least() const { return mix_.wanted(); }
  void ended(const Chain& chain, const uint8_t* textEnd, const uint8_t* at);

 private:
  const Mix& mix_;
  std::vector<Candidate>& candidates_;
  Encoding encoding_ = Encoding::utf16le;
};

/// Of each two candidates that overlap, drops the one with less evidence, even if the other is dropped because of a
/// third; with equal evidence the one that is later in the order of encodings, then of addresses. Sorts `candidates` by
/// address.
void dropOverlapped(std::vector<Candidate>& candidates);

/// Decodes the text to UTF-8 in `buffer`, which owns it, with room around it for kernels. Writes its length in bytes to
/// `length`.
const uint8_t* utf8Of(const Candidate& candidate, Buffer& buffer, uint32_t& length);

}  // namespace memscan
