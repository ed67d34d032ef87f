// What JavaScript sees of the native code. Arguments are checked by src/native.ts's callers; here they are only
// unpacked.
#include <napi.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "crew.h"
#include "devices.h"
#include "interrupt.h"
#include "job.h"
#include "pages.h"

namespace {

using namespace memscan;

/// A descriptor of our own, closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

/// A source with the descriptors it reads by; jobs under way share it. The one given is duplicated, so that it cannot
/// be closed, and its number taken by another file, while they are.
struct OpenSource {
  OpenSource(pid_t pid, int fd, std::optional<std::vector<StoredRange>> core)
      : descriptor(fcntl(fd, F_DUPFD_CLOEXEC, 3)),
        process(pid ? static_cast<int>(syscall(SYS_pidfd_open, pid, 0)) : -1) {
    if (pid) {
      source = std::make_unique<ProcessSource>(pid, descriptor.get(), process.get());
    } else if (core) {
      source = std::make_unique<CoreSource>(descriptor.get(), std::move(*core));
    } else {
      source = std::make_unique<FileSource>(descriptor.get());
    }
  }
  const Descriptor descriptor;
  const Descriptor process;
  std::unique_ptr<const Source> source;
};

/// What a thread of the crew has done, to be told to JavaScript.
class Task {
 public:
  virtual ~Task() = default;
  virtual void settle(Napi::Env env) = 0;
};

/// Brings tasks back to an environment's thread. It is shared with those under way, for they may outlive the
/// environment: Node takes a thread-safe function away at its end, whoever still holds it.
class Mailbox {
 public:
  static std::shared_ptr<Mailbox> open(Napi::Env env) {
    const auto mailbox = std::make_shared<Mailbox>(env);
    // Called before what the function itself does at the end, since it was added later.
    env.AddCleanupHook([mailbox] { mailbox->close(); });
    return mailbox;
  }

  explicit Mailbox(Napi::Env env) : function_(Function::New(env, "memscan", 0, 1, this)) { function_.Unref(env); }

  /// On the environment's thread: as long as a task is awaited, the event loop goes on.
  void await(Napi::Env env) {
    if (awaited_++ == 0) function_.Ref(env);
  }

  /// On any thread: settles the task on the environment's, unless that has ended.
  void send(std::unique_ptr<Task> task) {
    const std::lock_guard lock(mutex_);
    if (!closed_ && function_.BlockingCall(task.get()) == napi_ok) (void)task.release();
  }

 private:
  static void receive(Napi::Env env, Napi::Function, Mailbox* mailbox, Task* received) {
    const std::unique_ptr<Task> task(received);
    if (env == nullptr) return;  // it is being ended
    if (--mailbox->awaited_ == 0) mailbox->function_.Unref(env);
    task->settle(env);
  }
  using Function = Napi::TypedThreadSafeFunction<Mailbox, Task, &receive>;

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

  const Function function_;
  size_t awaited_ = 0;
  std::mutex mutex_;
  bool closed_ = false;
};

/// What the addon keeps for an environment.
struct Instance {
  std::shared_ptr<Mailbox> mailbox;
};

/// Work on a thread of the crew that settles a promise with what it made.
template <class Result>
class PromiseTask : public Task {
 public:
  explicit PromiseTask(Napi::Env env) : deferred_(Napi::Promise::Deferred::New(env)) {}

  /// The promise. The task deletes itself when it is done.
  Napi::Value start(Napi::Env env) {
    const auto mailbox = env.GetInstanceData<Instance>()->mailbox;
    mailbox->await(env);
    const Napi::Value promise = deferred_.Promise();
    Crew::instance().add([this, mailbox] {
      run();
      mailbox->send(std::unique_ptr<Task>(this));
    });
    return promise;
  }

 protected:
  virtual Result work() = 0;
  virtual Napi::Value toValue(Napi::Env env) = 0;
  Result result_;

 private:
  void run() {
    try {
      result_ = work();
    } catch (const std::exception& error) {
      error_ = error.what();
    }
  }

  void settle(Napi::Env env) override {
    if (error_.empty()) {
      deferred_.Resolve(toValue(env));
    } else {
      deferred_.Reject(Napi::Error::New(env, error_).Value());
    }
  }

  const Napi::Promise::Deferred deferred_;
  std::string error_;
};

uint64_t toUint64(const Napi::Value& value) {
  bool lossless;
  return value.As<Napi::BigInt>().Uint64Value(&lossless);
}

std::vector<Range> toRanges(const Napi::Value& value) {
  const auto array = value.As<Napi::BigUint64Array>();
  std::vector<Range> ranges;
  ranges.reserve(array.ElementLength() / 2);
  for (size_t i = 0; i + 1 < array.ElementLength(); i += 2) ranges.push_back({array[i], array[i + 1]});
  return ranges;
}

// Triples: start, end, whether to ask for kFile.
std::vector<PageSpan> toPageSpans(const Napi::Value& value) {
  const auto array = value.As<Napi::BigUint64Array>();
  std::vector<PageSpan> spans;
  spans.reserve(array.ElementLength() / 3);
  for (size_t i = 0; i + 2 < array.ElementLength(); i += 3)
    spans.push_back({{array[i], array[i + 1]}, array[i + 2] != 0});
  return spans;
}

// Triples: start, end, offset in the file.
std::optional<std::vector<StoredRange>> toStoredRanges(const Napi::Value& value) {
  if (!value.IsTypedArray()) return std::nullopt;
  const auto array = value.As<Napi::BigUint64Array>();
  std::vector<StoredRange> stored;
  stored.reserve(array.ElementLength() / 3);
  for (size_t i = 0; i + 2 < array.ElementLength(); i += 3) stored.push_back({{array[i], array[i + 1]}, array[i + 2]});
  return stored;
}

// `shape` holds for each chunk: how many of the ranges it has, bytes before and bytes after.
std::vector<Chunk> toChunks(const Napi::Value& rangesValue, const Napi::Value& shapeValue) {
  const std::vector<Range> ranges = toRanges(rangesValue);
  const auto shape = shapeValue.As<Napi::Uint32Array>();
  std::vector<Chunk> chunks;
  auto next = ranges.begin();
  for (size_t i = 0; i + 2 < shape.ElementLength(); i += 3) {
    const auto end = next + std::min<ptrdiff_t>(shape[i], ranges.end() - next);
    chunks.push_back({{next, end}, shape[i + 1], shape[i + 2]});
    next = end;
  }
  return chunks;
}

std::vector<uint8_t> toBytes(const Napi::Value& value) {
  if (!value.IsTypedArray()) return {};
  const auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.Data() + array.ByteLength()};
}

// { starts: BigUint64Array, texts: string[] }
std::vector<RegionLabel> toLabels(const Napi::Value& value) {
  std::vector<RegionLabel> labels;
  if (!value.IsObject()) return labels;
  const auto object = value.As<Napi::Object>();
  const auto starts = object.Get("starts").As<Napi::BigUint64Array>();
  const auto texts = object.Get("texts").As<Napi::Array>();
  labels.reserve(starts.ElementLength());
  for (uint32_t i = 0; i < starts.ElementLength(); i++) {
    labels.push_back({starts[i], texts.Get(i).As<Napi::String>().Utf8Value()});
  }
  return labels;
}

// Hands the bytes over without copying them, but for a few.
Napi::Value toBuffer(Napi::Env env, std::string bytes) {
  if (bytes.size() < 4096) return Napi::Buffer<char>::Copy(env, bytes.data(), bytes.size());
  auto* const kept = new std::string(std::move(bytes));
  return Napi::Buffer<char>::NewOrCopy(
      env, kept->data(), kept->size(), [](Napi::Env, char*, std::string* done) { delete done; }, kept);
}

Napi::Value toBuffer(Napi::Env env, LineBuffer lines) {
  const size_t size = lines.size();
  uint8_t* const bytes = lines.release();
  if (!bytes) return Napi::Buffer<uint8_t>::New(env, 0);
  return Napi::Buffer<uint8_t>::NewOrCopy(env, bytes, size, [](Napi::Env, uint8_t* done) { std::free(done); });
}

template <class Array>
Napi::Value toTypedArray(Napi::Env env, const auto& values) {
  auto array = Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

const char* nameOf(ReadStatus status) {
  switch (status) {
    case ReadStatus::ok:
      return "ok";
    case ReadStatus::ended:
      return "ended";
    case ReadStatus::notPermitted:
      return "not-permitted";
    default:
      return "failed";
  }
}

Encoding toEncoding(const Napi::Value& value) {
  return value.As<Napi::String>().Utf8Value() == "ascii" ? Encoding::ascii : Encoding::utf8;
}

class PageTask : public PromiseTask<PageList> {
 public:
  PageTask(Napi::Env env, std::shared_ptr<const OpenSource> source, std::vector<PageSpan> spans, uint64_t start,
           uint64_t maxPages, bool byEntry)
      : PromiseTask(env),
        source_(std::move(source)),
        spans_(std::move(spans)),
        start_(start),
        maxPages_(maxPages),
        byEntry_(byEntry) {}

 private:
  PageList work() override { return listPages(source_->descriptor.get(), spans_, start_, maxPages_, byEntry_); }

  Napi::Value toValue(Napi::Env env) override {
    std::vector<uint64_t> ranges;
    ranges.reserve(result_.ranges.size() * 3);
    for (const auto& [range, state] : result_.ranges) ranges.insert(ranges.end(), {range.start, range.end, state});
    auto value = Napi::Object::New(env);
    value.Set("error", result_.error);
    value.Set("next", Napi::BigInt::New(env, result_.next));
    value.Set("ranges", toTypedArray<Napi::BigUint64Array>(env, ranges));
    return value;
  }

  const std::shared_ptr<const OpenSource> source_;
  const std::vector<PageSpan> spans_;
  const uint64_t start_;
  const uint64_t maxPages_;
  const bool byEntry_;
};

class CountTask : public PromiseTask<PageCounts> {
 public:
  CountTask(Napi::Env env, std::shared_ptr<const OpenSource> source, std::vector<PageSpan> spans, bool byEntry)
      : PromiseTask(env), source_(std::move(source)), spans_(std::move(spans)), byEntry_(byEntry) {}

 private:
  PageCounts work() override { return countPages(source_->descriptor.get(), spans_, byEntry_); }

  Napi::Value toValue(Napi::Env env) override {
    auto counts = Napi::Float64Array::New(env, result_.counts.size() * 3);
    double* out = counts.Data();
    for (const auto& [anonymous, file, swapped] : result_.counts) {
      *out++ = static_cast<double>(anonymous);
      *out++ = static_cast<double>(file);
      *out++ = static_cast<double>(swapped);
    }
    auto value = Napi::Object::New(env);
    value.Set("error", result_.error);
    value.Set("counts", counts);
    return value;
  }

  const std::shared_ptr<const OpenSource> source_;
  const std::vector<PageSpan> spans_;
  const bool byEntry_;
};

struct Copy {
  ReadResult read;
  std::string bytes;
};

class CopyTask : public PromiseTask<Copy> {
 public:
  CopyTask(Napi::Env env, std::shared_ptr<const OpenSource> source, std::vector<Range> ranges)
      : PromiseTask(env), source_(std::move(source)), ranges_(std::move(ranges)) {}

 private:
  Copy work() override {
    Copy copy;
    uint64_t size = 0;
    for (const Range& range : ranges_) size += range.end - range.start;
    copy.bytes.resize(size);
    copy.read = source_->source->copy(ranges_, reinterpret_cast<uint8_t*>(copy.bytes.data()));
    return copy;
  }

  Napi::Value toValue(Napi::Env env) override {
    auto value = Napi::Object::New(env);
    value.Set("status", nameOf(result_.read.status));
    value.Set("error", result_.read.error);
    value.Set("bytesRead", static_cast<double>(result_.read.bytesRead));
    value.Set("bytesUnreadable", static_cast<double>(result_.read.bytesUnreadable));
    value.Set("bytes", toBuffer(env, std::move(result_.bytes)));
    return value;
  }

  const std::shared_ptr<const OpenSource> source_;
  const std::vector<Range> ranges_;
};

/// new Source(pid, fd, core?): a process by its open /proc/PID/pagemap, or with pid 0 a file, which is a core where
/// triples (start, end, offset) tell what memory it holds. The descriptor is duplicated.
class SourceObject : public Napi::ObjectWrap<SourceObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Source",
        {InstanceMethod<&SourceObject::listPages>("listPages"), InstanceMethod<&SourceObject::countPages>("countPages"),
         InstanceMethod<&SourceObject::read>("read"), InstanceMethod<&SourceObject::copy>("copy"),
         InstanceMethod<&SourceObject::close>("close")});
  }

  explicit SourceObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<SourceObject>(info),
        isProcess_(info[0].As<Napi::Number>().Int32Value() != 0),
        source_(std::make_shared<OpenSource>(info[0].As<Napi::Number>().Int32Value(),
                                             info[1].As<Napi::Number>().Int32Value(), toStoredRanges(info[2]))) {}

  /// Throws when it has been closed.
  std::shared_ptr<const OpenSource> get(Napi::Env env) const {
    if (!source_) throw Napi::Error::New(env, "the source is closed");
    return source_;
  }

 private:
  // (spans: BigUint64Array, start: bigint, maxPages: number, byEntry: boolean)
  Napi::Value listPages(const Napi::CallbackInfo& info) {
    auto* const task = new PageTask(info.Env(), get(info.Env()), toPageSpans(info[0]), toUint64(info[1]),
                                    info[2].As<Napi::Number>().Int64Value(), info[3].As<Napi::Boolean>().Value());
    return task->start(info.Env());
  }

  // (spans: BigUint64Array, byEntry: boolean)
  Napi::Value countPages(const Napi::CallbackInfo& info) {
    auto* const task =
        new CountTask(info.Env(), get(info.Env()), toPageSpans(info[0]), info[1].As<Napi::Boolean>().Value());
    return task->start(info.Env());
  }

  // (address: bigint, length: number, byEntry: boolean): undefined where not all of it is in memory and readable
  Napi::Value read(const Napi::CallbackInfo& info) {
    const auto source = get(info.Env());
    const uint64_t address = toUint64(info[0]);
    const uint64_t length = info[1].As<Napi::Number>().Int64Value();
    if (length == 0 || address + length < address) return info.Env().Undefined();
    const uint64_t page = pageSize();
    const Range pages = {address / page * page, (address + length + page - 1) / page * page};
    if (isProcess_ && !isResident(source->descriptor.get(), pages, info[2].As<Napi::Boolean>().Value())) {
      return info.Env().Undefined();
    }
    auto bytes = Napi::Buffer<uint8_t>::New(info.Env(), length);
    const ReadResult read = source->source->copy({{address, address + length}}, bytes.Data());
    if (read.status != ReadStatus::ok || read.bytesRead < length) return info.Env().Undefined();
    return bytes;
  }

  // (ranges: BigUint64Array)
  Napi::Value copy(const Napi::CallbackInfo& info) {
    auto* const task = new CopyTask(info.Env(), get(info.Env()), toRanges(info[0]));
    return task->start(info.Env());
  }

  // Jobs under way go on to their end.
  void close(const Napi::CallbackInfo&) { source_.reset(); }

  const bool isProcess_;
  std::shared_ptr<const OpenSource> source_;
};

/// new LineWriter(style): see LineStyle.
class LineWriterObject : public Napi::ObjectWrap<LineWriterObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "LineWriter", {InstanceMethod<&LineWriterObject::write>("write")});
  }

  explicit LineWriterObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<LineWriterObject>(info) {
    const auto style = info[0].As<Napi::Object>();
    const auto flag = [&](const char* name) { return style.Get(name).As<Napi::Boolean>().Value(); };
    const auto number = [&](const char* name) { return style.Get(name).As<Napi::Number>().Uint32Value(); };
    writer_ =
        std::make_shared<LineWriter>(LineStyle{toEncoding(style.Get("encoding")), flag("json"), flag("showAddress"),
                                               static_cast<uint8_t>(number("addressDigits")), flag("escapeTab"),
                                               flag("color"), number("maxLength"), toBytes(style.Get("needle"))});
  }

  std::shared_ptr<const LineWriter> get() const { return writer_; }

 private:
  // (address: bigint, length: number, text: Uint8Array, cutBefore: boolean, cutAfter: boolean, matches: Uint32Array,
  // labels?: Labels)
  Napi::Value write(const Napi::CallbackInfo& info) {
    const auto text = info[2].As<Napi::Uint8Array>();
    const auto pairs = info[5].As<Napi::Uint32Array>();
    std::vector<Match> matches;
    const auto size = static_cast<uint32_t>(text.ByteLength());
    for (size_t i = 0; i + 1 < pairs.ElementLength(); i += 2) {
      const uint32_t begin = std::min(pairs[i], size);
      matches.push_back({begin, std::clamp(pairs[i + 1], begin, size)});
    }
    LineBuffer out;
    writer_->write({toUint64(info[0]),
                    static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value()),
                    {text.Data(), text.ByteLength()},
                    info[3].As<Napi::Boolean>().Value(),
                    info[4].As<Napi::Boolean>().Value(),
                    matches},
                   toLabels(info[6]), out);
    return toBuffer(info.Env(), std::move(out));
  }

  std::shared_ptr<const LineWriter> writer_;
};

class JobTask : public PromiseTask<std::vector<ChunkResult>> {
 public:
  JobTask(Napi::Env env, std::shared_ptr<const Scan> scan, std::shared_ptr<const OpenSource> source,
          std::vector<Chunk> chunks, std::vector<RegionLabel> labels, uint64_t limit)
      : PromiseTask(env),
        scan_(std::move(scan)),
        source_(std::move(source)),
        chunks_(std::move(chunks)),
        labels_(std::move(labels)),
        limit_(limit) {}

 private:
  std::vector<ChunkResult> work() override { return runJob(*scan_, *source_->source, chunks_, labels_, limit_); }

  Napi::Value toValue(Napi::Env env) override {
    auto values = Napi::Array::New(env, result_.size());
    for (uint32_t i = 0; i < result_.size(); i++) values.Set(i, toValue(env, result_[i]));
    return values;
  }

  Napi::Value toValue(Napi::Env env, ChunkResult& result) const {
    auto value = Napi::Object::New(env);
    value.Set("status", nameOf(result.status));
    value.Set("error", result.error);
    value.Set("bytesRead", static_cast<double>(result.bytesRead));
    value.Set("bytesUnreadable", static_cast<double>(result.bytesUnreadable));
    value.Set("strings", static_cast<double>(result.strings));
    value.Set("whole", result.whole);
    if (result.head) value.Set("head", toPartial(env, *result.head));
    if (result.tail) value.Set("tail", toPartial(env, *result.tail));
    if (scan_->output == Scan::Output::lines) value.Set("lines", toBuffer(env, std::move(result.lines)));
    if (scan_->output == Scan::Output::records) value.Set("records", toRecords(env, result.records));
    return value;
  }

  static Napi::Value toPartial(Napi::Env env, PartialText& partial) {
    auto value = Napi::Object::New(env);
    value.Set("address", Napi::BigInt::New(env, partial.address));
    value.Set("length", partial.length);
    value.Set("characters", partial.characters);
    value.Set("text", toBuffer(env, std::move(partial.text)));
    return value;
  }

  static Napi::Value toRecords(Napi::Env env, Records& records) {
    auto value = Napi::Object::New(env);
    value.Set("addresses", toTypedArray<Napi::BigUint64Array>(env, records.addresses));
    value.Set("lengths", toTypedArray<Napi::Uint32Array>(env, records.lengths));
    value.Set("codeUnits", toTypedArray<Napi::Uint32Array>(env, records.codeUnits));
    value.Set("text", toBuffer(env, std::move(records.text)));
    return value;
  }

  const std::shared_ptr<const Scan> scan_;
  const std::shared_ptr<const OpenSource> source_;
  const std::vector<Chunk> chunks_;
  const std::vector<RegionLabel> labels_;
  const uint64_t limit_;
};

/// new Scan({ kernel, encoding, minLength, needle?, output, lines? }): what all jobs of a scan look for.
class ScanObject : public Napi::ObjectWrap<ScanObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Scan",
                       {InstanceMethod<&ScanObject::run>("run"), InstanceMethod<&ScanObject::cancel>("cancel")});
  }

  explicit ScanObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<ScanObject>(info), scan_(std::make_shared<Scan>()) {
    const auto options = info[0].As<Napi::Object>();
    scan_->kernel = kernelNamed(info.Env(), options.Get("kernel").As<Napi::String>());
    scan_->wanted.encoding = toEncoding(options.Get("encoding"));
    scan_->wanted.minLength = options.Get("minLength").As<Napi::Number>().Uint32Value();
    const auto needle = toBytes(options.Get("needle"));
    if (!needle.empty()) scan_->wanted.needle.emplace(needle);
    const std::string output = options.Get("output").As<Napi::String>();
    scan_->output = output == "lines"     ? Scan::Output::lines
                    : output == "records" ? Scan::Output::records
                                          : Scan::Output::count;
    if (scan_->output == Scan::Output::lines) {
      scan_->lines = LineWriterObject::Unwrap(options.Get("lines").As<Napi::Object>())->get();
    }
  }

 private:
  static const Kernel* kernelNamed(Napi::Env env, const std::string& name) {
    for (const Kernel* const kernel : supportedKernels()) {
      if (kernel->name == name) return kernel;
    }
    throw Napi::Error::New(env, "no kernel of that name runs here");
  }

  // (source: Source, ranges: BigUint64Array, shape: Uint32Array, limit: number, labels?: Labels)
  Napi::Value run(const Napi::CallbackInfo& info) {
    auto* const task = new JobTask(info.Env(), scan_, SourceObject::Unwrap(info[0].As<Napi::Object>())->get(info.Env()),
                                   toChunks(info[1], info[2]), toLabels(info[4]),
                                   static_cast<uint64_t>(info[3].As<Napi::Number>().Int64Value()));
    return task->start(info.Env());
  }

  // Jobs under way end after the chunk they are at.
  void cancel(const Napi::CallbackInfo&) { scan_->cancelled = true; }

  std::shared_ptr<Scan> scan_;
};

// [[major, minor], ...]
Napi::Value memoryDevices(const Napi::CallbackInfo& info) {
  auto devices = Napi::Array::New(info.Env());
  for (const dev_t device : internalMemoryDevices()) {
    auto pair = Napi::Array::New(info.Env(), 2);
    pair.Set(0u, major(device));
    pair.Set(1u, minor(device));
    devices.Set(devices.Length(), pair);
  }
  return devices;
}

// (code: number): ends the process at once, without waiting for threads that are stuck in a read or a write.
void exitNow(const Napi::CallbackInfo& info) { _exit(info[0].As<Napi::Number>().Int32Value()); }

// (code: number, milliseconds: number)
void exitAfterInterrupt(const Napi::CallbackInfo& info) {
  memscan::exitAfterInterrupt(info[0].As<Napi::Number>().Int32Value(), info[1].As<Napi::Number>().Uint32Value());
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Instance{Mailbox::open(env)});
  auto kernels = Napi::Array::New(env);
  for (const Kernel* const kernel : supportedKernels()) kernels.Set(kernels.Length(), kernel->name);
  exports.Set("kernels", kernels);
  exports.Set("pageSize", static_cast<double>(pageSize()));
  exports.Set("memoryDevices", Napi::Function::New<memoryDevices>(env));
  exports.Set("exitAfterInterrupt", Napi::Function::New<exitAfterInterrupt>(env));
  exports.Set("exitNow", Napi::Function::New<exitNow>(env));
  exports.Set("Source", SourceObject::define(env));
  exports.Set("LineWriter", LineWriterObject::define(env));
  exports.Set("Scan", ScanObject::define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(memscan, init)
