#include "job.h"

namespace memscan {

namespace {

class Counter : public StringSink {
 public:
  Counter(JobResult& result, uint64_t limit) : result_(result), limit_(limit) {}

  bool add(const String& string) override {
    if (result_.strings == limit_) return false;
    result_.strings++;
    keep(string);
    return true;
  }

 protected:
  virtual void keep(const String&) {}

  JobResult& result_;

 private:
  const uint64_t limit_;
};

class Recorder : public Counter {
 public:
  using Counter::Counter;

 private:
  void keep(const String& string) override {
    Records& records = result_.records;
    records.addresses.push_back(string.address);
    records.lengths.push_back(string.length);
    records.codeUnits.push_back(string.characters + astralCharacters(string));
    records.text.append(reinterpret_cast<const char*>(string.bytes), string.length);
  }

  // Those that take two units of UTF-16: their lead byte is 0xf0 or more.
  static uint32_t astralCharacters(const String& string) {
    uint32_t count = 0;
    if (string.characters == string.length) return count;
    for (uint32_t i = 0; i < string.length; i++) count += string.bytes[i] >= 0xf0;
    return count;
  }
};

class Printer : public Counter {
 public:
  Printer(JobResult& result, uint64_t limit, const LineWriter& writer, std::span<const RegionLabel> labels)
      : Counter(result, limit), writer_(writer), labels_(labels) {}

 private:
  void keep(const String& string) override {
    writer_.write({string.address, string.length, {string.bytes, string.length}, false, false, {}}, labels_,
                  result_.lines);
  }

  const LineWriter& writer_;
  std::span<const RegionLabel> labels_;
};

std::unique_ptr<StringSink> sinkFor(const Scan& scan, JobResult& result, uint64_t limit,
                                    std::span<const RegionLabel> labels) {
  switch (scan.output) {
    case Scan::Output::records:
      return std::make_unique<Recorder>(result, limit);
    case Scan::Output::lines:
      return std::make_unique<Printer>(result, limit, *scan.lines, labels);
    default:
      return std::make_unique<Counter>(result, limit);
  }
}

PartialText copyOf(const String& string, bool withText) {
  PartialText copy = {string.address, string.length, string.characters, {}};
  if (withText) copy.text.assign(reinterpret_cast<const char*>(string.bytes), string.length);
  return copy;
}

}  // namespace

JobResult runJob(const Scan& scan, const Source& source, const Chunk& chunk, std::span<const RegionLabel> labels,
                 uint64_t limit) {
  thread_local Buffer buffer;
  thread_local EdgeBuffer edges;
  JobResult result;
  if (scan.cancelled) return result;

  const ReadResult read = source.read(chunk, buffer);
  result.status = read.status;
  result.error = read.error;
  if (read.status != ReadStatus::ok) return result;
  result.bytesRead = read.bytesRead;
  result.bytesUnreadable = read.bytesUnreadable;

  Partials partials;
  const auto sink = sinkFor(scan, result, limit, labels);
  for (const Segment& segment : read.segments) {
    if (!findStrings(*scan.kernel, segment, scan.wanted, edges, *sink, partials)) break;
  }
  const bool withText = scan.output != Scan::Output::count || scan.wanted.needle;
  if (partials.head) result.head = copyOf(*partials.head, withText);
  if (partials.tail && !partials.whole) result.tail = copyOf(*partials.tail, withText);
  result.whole = partials.whole;
  return result;
}

}  // namespace memscan
