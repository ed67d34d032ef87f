// Every kernel finds what the definition says, and reads no further than it may.
#include <cstring>

#include "../native/guarded_memory.h"
#include "asked.h"

using namespace memscan;

namespace {

constexpr size_t kMost = 16 << 10;

/// Copies the data to where a read beyond what is allowed, at its end or beginning, hits a guard page.
uint8_t* layOut(std::span<const uint8_t> data, bool atEnd) {
  static GuardedMemory memory(kMost + kReadBefore + kReadAfter);
  std::memset(memory.begin(), 0, memory.end() - memory.begin());
  uint8_t* const at = atEnd ? memory.end() - kReadAfter - data.size() : memory.begin() + kReadBefore;
  std::copy(data.begin(), data.end(), at);
  return at;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const Wanted wanted = wantedBy(input);
  const std::optional<Asked> asked = askedBy(input);
  const bool before = input.flag(), after = input.flag(), atEnd = input.flag();
  const auto bytes = input.bytes(kMost);
  // At an open edge, the nearest three bytes belong to the neighbour.
  const size_t head = before ? std::min<size_t>(3, bytes.size()) : 0;
  const size_t tail = after ? std::min<size_t>(3, bytes.size() - head) : 0;
  const Segment segment = {0x1000, layOut(bytes, atEnd) + head, static_cast<uint32_t>(bytes.size() - head - tail),
                           before, after};
  const Strings expected = stringsOf(segment, wanted, asked);
  for (const Kernel* const kernel : supportedKernels()) {
    const auto [found, counted] = findStrings(*kernel, segment, wanted, asked);
    require(found == expected, kernel->name);
    require(counted == expected.strings.size(), kernel->name);
  }
  return 0;
}
