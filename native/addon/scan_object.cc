#include "scan_object.h"

#include <string>
#include <utility>
#include <vector>

#include "chunk_content_object.h"
#include "line_writer_object.h"
#include "open_source.h"
#include "source_object.h"
#include "task.h"
#include "values.h"

namespace memscan {

namespace {

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
    if (scan_->output == Scan::Output::content) value.Set("content", toContent(env, std::move(result.content)));
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

const Kernel* kernelNamed(Napi::Env env, const std::string& name) {
  for (const Kernel* const kernel : supportedKernels()) {
    if (kernel->name == name) return kernel;
  }
  throw Napi::Error::New(env, "no kernel of that name runs here");
}

}  // namespace

Napi::Function ScanObject::define(Napi::Env env) {
  return DefineClass(env, "Scan",
                     {InstanceMethod<&ScanObject::run>("run"), InstanceMethod<&ScanObject::cancel>("cancel")});
}

ScanObject::ScanObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ScanObject>(info), scan_(std::make_shared<Scan>()) {
  const auto options = info[0].As<Napi::Object>();
  scan_->kernel = kernelNamed(info.Env(), options.Get("kernel").As<Napi::String>());
  scan_->wanted.encoding = toEncoding(options.Get("encoding"));
  scan_->wanted.minLength = options.Get("minLength").As<Napi::Number>().Uint32Value();
  const Napi::Value condition = options.Get("condition");
  if (condition.IsObject()) scan_->wanted.condition = toCondition(condition.As<Napi::Object>());
  const std::string output = options.Get("output").As<Napi::String>();
  scan_->output = output == "lines"     ? Scan::Output::lines
                  : output == "records" ? Scan::Output::records
                  : output == "content" ? Scan::Output::content
                                        : Scan::Output::count;
  if (scan_->output == Scan::Output::lines) {
    scan_->lines = LineWriterObject::Unwrap(options.Get("lines").As<Napi::Object>())->get();
  }
  if (scan_->output == Scan::Output::content) {
    scan_->pointers = std::make_shared<PointerRanges>(toRanges(options.Get("pointers")));
  }
}

// (source: Source, ranges: BigUint64Array, shape: Uint32Array, limit: number, labels?: Labels)
Napi::Value ScanObject::run(const Napi::CallbackInfo& info) {
  auto* const task = new JobTask(info.Env(), scan_, SourceObject::Unwrap(info[0].As<Napi::Object>())->get(info.Env()),
                                 toChunks(info[1], info[2]), toLabels(info[4]),
                                 static_cast<uint64_t>(info[3].As<Napi::Number>().Int64Value()));
  return task->start(info.Env());
}

// Jobs under way end after the chunk they are at.
void ScanObject::cancel(const Napi::CallbackInfo&) { scan_->cancelled = true; }

}  // namespace memscan
