// The kernel every machine can run, and the one the others are compared with.
#include "needle.h"
#include "runs.h"

namespace memscan {
namespace {

struct Scalar {
  using Block = const uint8_t*;

  static Block load(const uint8_t* p) { return p; }
  static uint64_t asciiText(Block block) {
    return mask(block, isAsciiText);
  }
  static uint64_t atLeast(Block block, uint8_t least) {
    return mask(block, [least](uint8_t byte) { return byte >= least; });
  }
  static uint64_t equals(Block block, uint8_t value) {
    return mask(block, [value](uint8_t byte) { return byte == value; });
  }

 private:
  template <class Test>
  static uint64_t mask(Block block, Test test) {
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++) bits |= uint64_t{test(block[i])} << i;
    return bits;
  }
};

size_t findRuns(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out) {
  return RunFinder<Scalar>(data, length, spec, out).find();
}

}  // namespace

extern const Kernel kScalar;
const Kernel kScalar = {"scalar", [] { return true; }, findRuns, findNeedleWith<Scalar>};

}  // namespace memscan
