// The job of a sample: reads drawn cells, with the memory around them, and reports what they contain.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "../content/page_class.h"
#include "../content/sample_cells.h"
#include "../content/sample_families.h"
#include "../content/signatures.h"
#include "../memory/source.h"
#include "../search/strings.h"

namespace memscan {

/// The largest minimum length of strings, in characters: this many must be visible beyond a cell's edges.
inline constexpr uint32_t kLongestSampleMinimum = 4096;

/// Bytes to read before and after a cell: most strings that reach into it begin there, and the part of them that shapes
/// use ends there.
inline constexpr uint64_t kSampleContext = 256;

/// The address where memory of a location begins. `location` is an index into the caller's list.
struct LocationStart {
  uint64_t start;
  uint32_t location;
};

/// What a sample searches for. All of its jobs share it.
struct SampleScan {
  const Kernel* kernel;
  Wanted wanted;  // without conditions
  std::unique_ptr<const SampleCells> cells;
  std::unique_ptr<const PointerRanges> pointers;
  std::vector<LocationStart> locations;  // in order
  std::atomic<bool> cancelled = false;
};

struct SampledCell {
  uint32_t bytes;  // readable bytes
  uint32_t text;   // of these, bytes of strings
  PageClass pageClass;
};

struct SampleResult {
  ReadStatus status = ReadStatus::ok;
  int error = 0;
  uint64_t bytesRead = 0;  // all that was read, including the surroundings
  uint64_t strings = 0;    // that begin in the cells, except one that may continue from before
  std::vector<SampledCell> cells;
  SignatureCounts signatures = {};
  SampledFamilies families = SampledFamilies(0);
};

/// Runs a job on the calling thread. `numbers`: the numbers of its cells, in order; the first one is at index `first`
/// of all drawn cells. `previous`: the number of the drawn cell before them, the last one of the job before, if any.
/// Starts no further cell once the scan is cancelled.
SampleResult runSampleJob(const SampleScan& scan, const Source& source, std::span<const uint64_t> numbers,
                          uint32_t first, std::optional<uint64_t> previous);

}  // namespace memscan
