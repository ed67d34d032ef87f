// A job of a sample: read cells that were drawn, with what stands around them, and tell what they hold.
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

/// Characters of the shortest string wanted, at most: so many must be in sight beyond a cell's edges.
inline constexpr uint32_t kLongestSampleMinimum = 4096;

/// Where memory of a place begins: a number of the caller's, who has its name.
struct LocationStart {
  uint64_t start;
  uint32_t location;
};

/// What a sample is to find, the same for all of its jobs.
struct SampleScan {
  const Kernel* kernel;
  Wanted wanted;  // without conditions
  std::unique_ptr<const SampleCells> cells;
  std::unique_ptr<const PointerRanges> pointers;
  std::vector<LocationStart> locations;  // in order
  std::atomic<bool> cancelled = false;
};

struct SampledCell {
  uint32_t bytes;  // that could be read
  uint32_t text;   // of them, those of strings
  PageClass pageClass;
};

struct SampleResult {
  ReadStatus status = ReadStatus::ok;
  int error = 0;
  uint64_t bytesRead = 0;  // all that was read, neighbours too
  uint64_t strings = 0;    // that begin in the cells, but for one that may go on from before
  std::vector<SampledCell> cells;
  SignatureCounts signatures = {};
  SampledFamilies families = SampledFamilies(0);
};

/// Runs a job on the calling thread. `numbers`: those of the cells, in order; the first is number `first` of all that
/// were drawn. `previous`: the number of the cell before them that the job before ends with, if any. Once the scan is
/// cancelled, no further cell is looked at.
SampleResult runSampleJob(const SampleScan& scan, const Source& source, std::span<const uint64_t> numbers,
                          uint32_t first, std::optional<uint64_t> previous);

}  // namespace memscan
