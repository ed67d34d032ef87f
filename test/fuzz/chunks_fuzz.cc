// However memory is cut into chunks, their strings put together are those of the whole.
#include <string>
#include <vector>

#include "../../native/job.h"
#include "../native/memory_file.h"
#include "asked.h"

using namespace memscan;

namespace {

struct Text {
  uint64_t address;
  std::string text;
  bool operator==(const Text&) const = default;
};

/// Memory in parts: between those of `gaps` lies nothing that is read.
struct Layout {
  std::vector<Range> whole;   // apart
  std::vector<Chunk> chunks;  // the same, cut
};

Layout layOut(Input& input, uint64_t size) {
  Layout layout;
  uint64_t at = 0;
  for (uint32_t parts = input.from(1, 40); at < size && parts > 0; parts--) {
    const uint64_t end = parts == 1 ? size : std::min<uint64_t>(size, at + input.from(1, 200));
    const uint32_t gap = input.flag() ? input.from(0, 3) : 0;
    const bool touches = !layout.whole.empty() && layout.whole.back().end == at;
    if (touches) {
      layout.whole.back().end = end;
    } else {
      layout.whole.push_back({at, end});
    }
    if (touches || layout.chunks.empty() || input.flag()) layout.chunks.push_back({{}, 0, 0});
    layout.chunks.back().ranges.push_back({at, end});
    at = end + gap;
  }
  return layout;
}

/// Tells each chunk of its neighbours' bytes.
void joinUp(Layout& layout) {
  for (Chunk& chunk : layout.chunks) {
    const Range first = chunk.ranges.front(), last = chunk.ranges.back();
    for (const Range& range : layout.whole) {
      if (range.start <= first.start && first.start < range.end)
        chunk.before = std::min<uint64_t>(3, first.start - range.start);
      if (range.start < last.end && last.end <= range.end) chunk.after = std::min<uint64_t>(3, range.end - last.end);
    }
  }
}

/// What src/scan/stitch.ts does, in few words.
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
  joinUp(layout);
  const MemoryFile file(bytes);
  const bool same = stitched(scan, FileSource(file.fd), layout, asked) == ofTheWhole(bytes, layout, scan.wanted, asked);
  require(same, "stitched = whole");
  return 0;
}
