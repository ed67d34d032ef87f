// Strings of several encodings in the same bytes: which of those that overlap is the one.
#pragma once

#include <cstdint>
#include <vector>

#include "../memory/source.h"
#include "mix.h"

namespace memscan {

/// Not worked out yet.
inline constexpr int64_t kUnknownEvidence = INT64_MIN;

/// A string that is likely enough by itself.
struct Candidate {
  const uint8_t* begin;
  const uint8_t* end;
  uint32_t characters;
  Encoding encoding;                    // of plain ones the mix's, not their name
  Score against = 0;                    // what speaks against it beside its text
  int64_t evidence = kUnknownEvidence;  // that its text is for it: worked out where it matters
  bool dropped = false;
};

/// What chains leave.
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

/// Of each two that overlap, the one that less speaks for is dropped, also where the other is dropped on account of a
/// third; of equals the later one in the order of encodings, then of addresses. `candidates` are put in the order of
/// their addresses.
void dropOverlapped(std::vector<Candidate>& candidates);

/// The text in UTF-8, in `buffer`, with room around it for kernels; its length in bytes is left in `length`.
const uint8_t* utf8Of(const Candidate& candidate, Buffer& buffer, uint32_t& length);

}  // namespace memscan
