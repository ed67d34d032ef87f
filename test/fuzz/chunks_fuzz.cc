// However memory is cut into chunks, the joined strings of the chunks are those of the whole.
#include <string>
#include <vector>

#include "../../native/jobs/job.h"
#include "../native/memory_file.h"
#include "asked.h"
#include "layout.h"

using namespace memscan;

namespace {

struct Text {
  uint64_t address;
  std::string text;
  bool operator==(const Text&) const = default;
};

/// A short version of src/scan/join-texts.ts.
class Stitcher {
 public:
  Stitcher(const Wanted& wanted, const std::optional<Asked>& asked) : wanted_(wanted), asked_(asked) {}

  void push(const ChunkResult& result) {
    if (result.head) append(*result.head);
    if (!result.whole) finish();
    const char* text = result.records.text.data();
    for (size_t i = 0; i < result.records.addresses.size(); i++) {
      found.push_back({result.records.addresses[i], {text, result.records.lengths[i]}});
      text += result.records.lengths[i];
    }
    if (result.tail) append(*result.tail);
  }

  void finish() {
    const auto* const begin = reinterpret_cast<const uint8_t*>(open_.text.data());
    const bool isMet = !asked_ || asked_->isMetIn(begin, begin + open_.text.size());
    if (characters_ >= wanted_.minLength && isMet) found.push_back(open_);
    open_ = {};
    characters_ = 0;
  }

  std::vector<Text> found;

 private:
  void append(const PartialText& part) {
    if (open_.text.empty()) open_.address = part.address;
    require(open_.address + open_.text.size() == part.address, "parts that belong together touch");
    open_.text += part.text;
    characters_ += part.characters;
  }

  const Wanted& wanted_;
  const std::optional<Asked>& asked_;
  Text open_ = {};
  uint64_t characters_ = 0;
};

std::vector<Text> stitched(const Scan& scan, const Source& source, const Layout& layout,
                           const std::optional<Asked>& asked) {
  Stitcher stitcher(scan.wanted, asked);
  const auto results = runJob(scan, source, layout.chunks, {}, UINT64_MAX);
  require(results.size() == layout.chunks.size(), "every chunk has a result");
  for (const ChunkResult& result : results) {
    require(result.status == ReadStatus::ok && result.bytesUnreadable == 0, "all is read");
    stitcher.push(result);
  }
  stitcher.finish();
  return stitcher.found;
}

std::vector<Text> ofTheWhole(std::span<const uint8_t> bytes, const Layout& layout, const Wanted& wanted,
                             const std::optional<Asked>& asked) {
  std::vector<Text> texts;
  for (const Range& range : layout.whole) {
    std::vector<uint8_t> room(kReadBefore, 0);
    room.insert(room.end(), bytes.begin() + range.start, bytes.begin() + range.end);
    room.resize(room.size() + kReadAfter, 0);
    const uint8_t* const data = room.data() + kReadBefore;
    const auto length = static_cast<uint32_t>(range.end - range.start);
    for (const Found& found : stringsOf({range.start, data, length, false, false}, wanted, asked).strings) {
      const auto* const text = reinterpret_cast<const char*>(data + (found.address - range.start));
      texts.push_back({found.address, {text, found.length}});
    }
  }
  return texts;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const auto kernels = supportedKernels();
  Scan scan = {kernels[input.from(0, kernels.size() - 1)], wantedBy(input), Scan::Output::records};
  const std::optional<Asked> asked = askedBy(input);
  if (asked) scan.wanted.conditions.push_back(asked->condition());
  Input cuts(data, size);
  const auto bytes = input.rest();
  if (bytes.empty()) return 0;
  Layout layout = layOut(cuts, bytes.size());
  joinUp(layout, kMargin);
  const MemoryFile file(bytes);
  const bool same = stitched(scan, FileSource(file.fd), layout, asked) == ofTheWhole(bytes, layout, scan.wanted, asked);
  require(same, "stitched = whole");
  return 0;
}
