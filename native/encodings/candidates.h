// Strings of several encodings in the same bytes: which of those that overlap is the one.
#pragma once

#include <cstdint>
#include <vector>

#include "../source.h"
#include "mix.h"

namespace memscan {

/// Of a plain string whose weight has not been asked.
inline constexpr int64_t kUnknownWeight = INT64_MIN;

/// A string that is likely enough by itself.
struct Candidate {
  const uint8_t* begin;
  const uint8_t* end;
  uint32_t characters;
  Encoding encoding;  // of plain ones the mix's, not their name
  bool dropped;
  int64_t weight;  // what speaks for it, in 1/16 bits; of plain ones known only where it matters
};

/// What chains leave.
class CandidateCollector {
 public:
  CandidateCollector(const Mix& mix, std::vector<Candidate>& candidates) : mix_(mix), candidates_(candidates) {}

  void setEncoding(Encoding encoding) { encoding_ = encoding; }
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
