#include "hit_scan_object.h"

#include <string>
#include <utility>
#include <vector>

#include "open_source.h"
#include "scan_task.h"
#include "source_object.h"
#include "values.h"

namespace memscan {

namespace {

Napi::Value toRecords(Napi::Env env, HitRecords& records) {
  auto value = Napi::Object::New(env);
  value.Set("addresses", toTypedArray<Napi::BigUint64Array>(env, records.addresses));
  value.Set("values", toTypedArray<Napi::BigUint64Array>(env, records.values));
  value.Set("lengths", toTypedArray<Napi::Uint32Array>(env, records.lengths));
  value.Set("bytes", toBuffer(env, std::move(records.bytes)));
  return value;
}

Napi::Value toHitValue(Napi::Env env, const HitScan& scan, HitResult& result) {
  auto value = toReadValue(env, result);
  value.Set("hits", static_cast<double>(result.hits));
  if (result.next) value.Set("next", Napi::BigInt::New(env, *result.next));
  if (scan.output == HitScan::Output::lines) value.Set("lines", toBuffer(env, std::move(result.lines)));
  if (scan.output == HitScan::Output::records) value.Set("records", toRecords(env, result.records));
  return value;
}

using HitTask = ScanTask<HitScan, HitResult, runHitJob, toHitValue>;

std::vector<Needle> toNeedles(const Napi::Array& patterns) {
  std::vector<Needle> needles;
  for (uint32_t i = 0; i < patterns.Length(); i++) {
    const auto pattern = patterns.Get(i).As<Napi::Object>();
    std::vector<uint8_t> bytes = toBytes(pattern.Get("bytes"));
    if (bytes.empty()) throw Napi::Error::New(patterns.Env(), "a pattern has bytes");
    needles.emplace_back(std::move(bytes), toBytes(pattern.Get("loose")));
  }
  return needles;
}

HitStyle toStyle(const Napi::Object& style) {
  return {style.Get("json").As<Napi::Boolean>(), style.Get("color").As<Napi::Boolean>(),
          static_cast<uint8_t>(style.Get("addressDigits").As<Napi::Number>().Uint32Value())};
}

}  // namespace

Napi::Function HitScanObject::define(Napi::Env env) {
  return DefineClass(env, "HitScan",
                     {InstanceMethod<&HitScanObject::run>("run"), InstanceMethod<&HitScanObject::cancel>("cancel")});
}

HitScanObject::HitScanObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<HitScanObject>(info), scan_(std::make_shared<HitScan>()) {
  const auto options = info[0].As<Napi::Object>();
  scan_->kernel = kernelNamed(info.Env(), options.Get("kernel").As<Napi::String>());
  const Napi::Value pointers = options.Get("pointers");
  if (pointers.IsObject()) {
    const auto range = pointers.As<Napi::Object>();
    const uint64_t start = toUint64(range.Get("start"));
    scan_->wanted = AddressRange{start, toUint64(range.Get("end")) - start};
  } else {
    scan_->wanted = toNeedles(options.Get("patterns").As<Napi::Array>());
  }
  const std::string output = options.Get("output").As<Napi::String>();
  scan_->output = output == "lines"     ? HitScan::Output::lines
                  : output == "records" ? HitScan::Output::records
                                        : HitScan::Output::count;
  if (scan_->output == HitScan::Output::lines) scan_->style = toStyle(options.Get("style").As<Napi::Object>());
}

// (source: Source, ranges: BigUint64Array, layout: Uint32Array, limit: number, labels?: Labels)
Napi::Value HitScanObject::run(const Napi::CallbackInfo& info) {
  auto* const task = new HitTask(info.Env(), scan_, SourceObject::Unwrap(info[0].As<Napi::Object>())->get(info.Env()),
                                 toChunks(info[1], info[2]), toLabels(info[4]),
                                 static_cast<uint64_t>(info[3].As<Napi::Number>().Int64Value()));
  return task->start(info.Env());
}

// Jobs in progress end after their present chunk.
void HitScanObject::cancel(const Napi::CallbackInfo&) { scan_->cancelled = true; }

}  // namespace memscan
