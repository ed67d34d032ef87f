#include "scan_object.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "../encodings/needles.h"
#include "../search/condition_finder.h"
#include "chunk_content_object.h"
#include "line_writer_object.h"
#include "open_source.h"
#include "scan_task.h"
#include "source_object.h"
#include "values.h"

namespace memscan {

namespace {

Napi::Value toPartial(Napi::Env env, PartialText& partial) {
  auto value = Napi::Object::New(env);
  value.Set("address", Napi::BigInt::New(env, partial.address));
  value.Set("length", partial.length);
  value.Set("characters", partial.characters);
  value.Set("text", toBuffer(env, std::move(partial.text)));
  return value;
}

Napi::Value toRecords(Napi::Env env, const Scan& scan, Records& records) {
  auto value = Napi::Object::New(env);
  value.Set("addresses", toTypedArray<Napi::BigUint64Array>(env, records.addresses));
  value.Set("lengths", toTypedArray<Napi::Uint32Array>(env, records.lengths));
  value.Set("codeUnits", toTypedArray<Napi::Uint32Array>(env, records.codeUnits));
  if (scan.mix) {
    value.Set("textLengths", toTypedArray<Napi::Uint32Array>(env, records.textLengths));
    value.Set("encodings", toTypedArray<Napi::Uint8Array>(env, records.encodings));
  } else {
    value.Set("textLengths", value.Get("lengths"));
    auto encodings = Napi::Uint8Array::New(env, records.lengths.size());
    std::fill_n(encodings.Data(), encodings.ElementLength(), static_cast<uint8_t>(scan.wanted.encoding));
    value.Set("encodings", encodings);
  }
  value.Set("text", toBuffer(env, std::move(records.text)));
  return value;
}

Napi::Value toChunkValue(Napi::Env env, const Scan& scan, ChunkResult& result) {
  auto value = toReadValue(env, result);
  value.Set("strings", static_cast<double>(result.strings));
  value.Set("whole", result.whole);
  if (result.head) value.Set("head", toPartial(env, *result.head));
  if (result.tail) value.Set("tail", toPartial(env, *result.tail));
  if (scan.output == Scan::Output::lines) value.Set("lines", toBuffer(env, std::move(result.lines)));
  if (scan.output == Scan::Output::records) value.Set("records", toRecords(env, scan, result.records));
  if (scan.output == Scan::Output::content) value.Set("content", toContent(env, std::move(result.content)));
  return value;
}

using JobTask = ScanTask<Scan, ChunkResult, runJob, toChunkValue>;

std::optional<Condition> toConditionInMemory(const Napi::Object& value, const Mix& mix) {
  if (!value.Has("run")) return conditionInMemory(toNeedles(value), mix);
  // In all encodings except UTF-16, ASCII characters are ASCII bytes.
  if (std::any_of(mix.encodings().begin(), mix.encodings().end(), isUtf16)) return std::nullopt;
  return toCondition(value);
}

// Returns no conditions if one of them is unknown.
std::vector<Condition> toConditionsInMemory(const Napi::Array& values, const Mix& mix) {
  std::vector<Condition> conditions;
  for (uint32_t i = 0; i < values.Length(); i++) {
    auto condition = toConditionInMemory(values.Get(i).As<Napi::Object>(), mix);
    if (!condition) return {};
    conditions.push_back(std::move(*condition));
  }
  return conditions;
}

// Throws if there is none.
std::vector<Encoding> toEncodings(const Napi::Array& values) {
  if (values.Length() == 0) throw Napi::Error::New(values.Env(), "a scan has an encoding");
  std::vector<Encoding> encodings;
  for (uint32_t i = 0; i < values.Length(); i++) encodings.push_back(toEncoding(values.Get(i)));
  return encodings;
}

}  // namespace

Napi::Function ScanObject::define(Napi::Env env) {
  return DefineClass(env, "Scan",
                     {InstanceMethod<&ScanObject::run>("run"), InstanceMethod<&ScanObject::runJoined>("runJoined"),
                      InstanceMethod<&ScanObject::meets>("meets"), InstanceMethod<&ScanObject::cancel>("cancel")});
}

ScanObject::ScanObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ScanObject>(info), scan_(std::make_shared<Scan>()) {
  const auto options = info[0].As<Napi::Object>();
  scan_->kernel = kernelNamed(info.Env(), options.Get("kernel").As<Napi::String>());
  const std::vector<Encoding> encodings = toEncodings(options.Get("encodings").As<Napi::Array>());
  scan_->wanted.encoding = encodings.front();
  scan_->wanted.minLength = options.Get("minLength").As<Napi::Number>().Uint32Value();
  if (encodings.size() > 1 || encodings.front() > Encoding::utf8) {
    if (!tables::areLoaded()) throw Napi::Error::New(info.Env(), "loadTables() comes first");
    scan_->mix.emplace(encodings, scan_->wanted.minLength);
  }
  const auto conditions = options.Get("conditions").As<Napi::Array>();
  for (uint32_t i = 0; i < conditions.Length(); i++) {
    scan_->wanted.conditions.push_back(toCondition(conditions.Get(i).As<Napi::Object>()));
  }
  scan_->wanted.unmet = options.Get("unmet").As<Napi::Boolean>();
  if (scan_->mix && !scan_->wanted.unmet) scan_->inMemory = toConditionsInMemory(conditions, *scan_->mix);
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

// (source: Source, ranges: BigUint64Array, layout: Uint32Array, limit: number, labels?: Labels)
Napi::Value ScanObject::run(const Napi::CallbackInfo& info) {
  auto* const task = new JobTask(info.Env(), scan_, SourceObject::Unwrap(info[0].As<Napi::Object>())->get(info.Env()),
                                 toChunks(info[1], info[2]), toLabels(info[4]),
                                 static_cast<uint64_t>(info[3].As<Napi::Number>().Int64Value()));
  return task->start(info.Env());
}

// (bytes: Buffer, address: bigint, goesOn: boolean, limit: number, labels?: Labels)
Napi::Value ScanObject::runJoined(const Napi::CallbackInfo& info) {
  const auto bytes = info[0].As<Napi::Uint8Array>();
  ChunkResult result =
      scanJoined(*scan_, {bytes.Data(), bytes.ByteLength()}, toUint64(info[1]), info[2].As<Napi::Boolean>(),
                 toLabels(info[4]), static_cast<uint64_t>(info[3].As<Napi::Number>().Int64Value()));
  return toChunkValue(info.Env(), *scan_, result);
}

// (text: Uint8Array): copies the text into memory where kernels may read beyond its ends
Napi::Value ScanObject::meets(const Napi::CallbackInfo& info) {
  const auto text = info[0].As<Napi::Uint8Array>();
  std::vector<uint8_t> memory(kReadBefore + text.ByteLength() + kReadAfter);
  uint8_t* const begin = memory.data() + kReadBefore;
  uint8_t* const end = std::copy_n(text.Data(), text.ByteLength(), begin);
  ConditionFinder finder(*scan_->kernel, scan_->wanted.conditions, begin, end);
  return Napi::Boolean::New(info.Env(), finder.find(begin).begin != end);
}

// Jobs in progress end after their present chunk.
void ScanObject::cancel(const Napi::CallbackInfo&) { scan_->cancelled = true; }

}  // namespace memscan
