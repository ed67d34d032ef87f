#include "source_object.h"

#include <algorithm>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "../memory/pages.h"
#include "../memory/small_reads.h"
#include "task.h"
#include "values.h"

namespace memscan {

namespace {

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

// Returns the length of each of `reads` reads, in bytes. Throws if all together would exceed kLargestRead.
uint64_t toReadLength(const Napi::Value& value, size_t reads) {
  const int64_t length = value.As<Napi::Number>().Int64Value();
  if (length >= 0 && length <= kLargestRead / std::max<int64_t>(1, reads)) return length;
  throw Napi::RangeError::New(value.Env(), "so much is not read at once");
}

Napi::Array toArray(Napi::Env env, const std::vector<bool>& there, const std::vector<uint8_t>& bytes, uint64_t length) {
  auto values = Napi::Array::New(env, there.size());
  for (uint32_t i = 0; i < there.size(); i++) {
    if (there[i]) values.Set(i, Napi::Buffer<uint8_t>::Copy(env, bytes.data() + i * length, length));
  }
  return values;
}

}  // namespace

Napi::Function SourceObject::define(Napi::Env env) {
  return DefineClass(
      env, "Source",
      {InstanceMethod<&SourceObject::listPages>("listPages"), InstanceMethod<&SourceObject::countPages>("countPages"),
       InstanceMethod<&SourceObject::readEach>("readEach"), InstanceMethod<&SourceObject::copy>("copy"),
       InstanceMethod<&SourceObject::close>("close")});
}

SourceObject::SourceObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<SourceObject>(info),
      isProcess_(info[0].As<Napi::Number>().Int32Value() != 0),
      source_(std::make_shared<OpenSource>(info[0].As<Napi::Number>().Int32Value(),
                                           info[1].As<Napi::Number>().Int32Value(), toStoredRanges(info[2]))) {}

std::shared_ptr<const OpenSource> SourceObject::get(Napi::Env env) const {
  if (!source_) throw Napi::Error::New(env, "the source is closed");
  return source_;
}

// (spans: BigUint64Array, start: bigint, maxPages: number, byEntry: boolean)
Napi::Value SourceObject::listPages(const Napi::CallbackInfo& info) {
  auto* const task = new PageTask(info.Env(), get(info.Env()), toPageSpans(info[0]), toUint64(info[1]),
                                  info[2].As<Napi::Number>().Int64Value(), info[3].As<Napi::Boolean>().Value());
  return task->start(info.Env());
}

// (spans: BigUint64Array, byEntry: boolean)
Napi::Value SourceObject::countPages(const Napi::CallbackInfo& info) {
  auto* const task =
      new CountTask(info.Env(), get(info.Env()), toPageSpans(info[0]), info[1].As<Napi::Boolean>().Value());
  return task->start(info.Env());
}

// (addresses: BigUint64Array, length: number, byEntry: boolean): a Buffer for each address, undefined if any of its
// bytes is not resident or not readable
Napi::Value SourceObject::readEach(const Napi::CallbackInfo& info) {
  const auto source = get(info.Env());
  const auto array = info[0].As<Napi::BigUint64Array>();
  const std::vector<uint64_t> addresses(array.Data(), array.Data() + array.ElementLength());
  const uint64_t length = toReadLength(info[1], addresses.size());
  for (const uint64_t address : addresses) {
    if (address + length <= address) return Napi::Array::New(info.Env(), addresses.size());
  }
  const int pagemapFd = isProcess_ ? source->descriptor.get() : -1;
  try {
    std::vector<uint8_t> bytes(addresses.size() * length);
    const auto there = memscan::readEach(*source->source, pagemapFd, addresses, length,
                                         info[2].As<Napi::Boolean>().Value(), bytes.data());
    return toArray(info.Env(), there, bytes, length);
  } catch (const std::bad_alloc&) {
    throw Napi::Error::New(info.Env(), "there is no memory for so much");
  }
}

// (ranges: BigUint64Array)
Napi::Value SourceObject::copy(const Napi::CallbackInfo& info) {
  auto* const task = new CopyTask(info.Env(), get(info.Env()), toRanges(info[0]));
  return task->start(info.Env());
}

// Jobs in progress continue to their end.
void SourceObject::close(const Napi::CallbackInfo&) { source_.reset(); }

}  // namespace memscan
