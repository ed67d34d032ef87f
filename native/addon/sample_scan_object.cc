#include "sample_scan_object.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sample_table_object.h"
#include "scan_task.h"
#include "source_object.h"
#include "values.h"

namespace memscan {

namespace {

class SampleTask : public PromiseTask<SampleResult> {
 public:
  SampleTask(Napi::Env env, std::shared_ptr<const SampleScan> scan, std::shared_ptr<const OpenSource> source,
             std::vector<uint64_t> numbers, uint32_t first, std::optional<uint64_t> previous)
      : PromiseTask(env),
        scan_(std::move(scan)),
        source_(std::move(source)),
        numbers_(std::move(numbers)),
        first_(first),
        previous_(previous) {}

 private:
  SampleResult work() override { return runSampleJob(*scan_, *source_->source, numbers_, first_, previous_); }

  Napi::Value toValue(Napi::Env env) override {
    auto value = Napi::Object::New(env);
    value.Set("status", nameOf(result_.status));
    value.Set("error", result_.error);
    value.Set("bytesRead", static_cast<double>(result_.bytesRead));
    value.Set("strings", static_cast<double>(result_.strings));
    auto bytes = Napi::Uint32Array::New(env, result_.cells.size());
    auto text = Napi::Uint32Array::New(env, result_.cells.size());
    auto classes = Napi::Uint8Array::New(env, result_.cells.size());
    for (size_t i = 0; i < result_.cells.size(); i++) {
      bytes[i] = result_.cells[i].bytes;
      text[i] = result_.cells[i].text;
      classes[i] = static_cast<uint8_t>(result_.cells[i].pageClass);
    }
    value.Set("bytes", bytes);
    value.Set("text", text);
    value.Set("classes", classes);
    value.Set("signatures", toTypedArray<Napi::Float64Array>(env, result_.signatures));
    value.Set("families", toSampledFamilies(env, std::move(result_.families)));
    return value;
  }

  const std::shared_ptr<const SampleScan> scan_;
  const std::shared_ptr<const OpenSource> source_;
  const std::vector<uint64_t> numbers_;
  const uint32_t first_;
  const std::optional<uint64_t> previous_;
};

std::span<const double> numbersIn(const Napi::Value& value, uint64_t end) {
  const auto array = value.As<Napi::Float64Array>();
  const std::span<const double> given(array.Data(), array.ElementLength());
  const auto isCell = [end](double number) { return number >= 0 && number < static_cast<double>(end); };
  if (std::all_of(given.begin(), given.end(), isCell)) return given;
  throw Napi::RangeError::New(value.Env(), "there is no cell of that number");
}

}  // namespace

Napi::Function SampleScanObject::define(Napi::Env env) {
  return DefineClass(
      env, "SampleScan",
      {InstanceAccessor<&SampleScanObject::cells>("cells"), InstanceMethod<&SampleScanObject::run>("run"),
       InstanceMethod<&SampleScanObject::cancel>("cancel")});
}

SampleScanObject::SampleScanObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<SampleScanObject>(info), scan_(std::make_shared<SampleScan>()) {
  const auto options = info[0].As<Napi::Object>();
  scan_->kernel = kernelNamed(info.Env(), options.Get("kernel").As<Napi::String>());
  scan_->wanted.encoding = toEncoding(options.Get("encoding"));
  scan_->wanted.minLength = std::min(options.Get("minLength").As<Napi::Number>().Uint32Value(), kLongestSampleMinimum);
  scan_->wanted.unmet = false;
  scan_->cells = std::make_unique<SampleCells>(toRanges(options.Get("ranges")));
  scan_->pointers = std::make_unique<PointerRanges>(toRanges(options.Get("pointers")));
  const auto starts = options.Get("locationStarts").As<Napi::BigUint64Array>();
  const auto locations = options.Get("locations").As<Napi::Uint32Array>();
  for (size_t i = 0; i < std::min(starts.ElementLength(), locations.ElementLength()); i++) {
    scan_->locations.push_back({starts[i], locations[i]});
  }
}

Napi::Value SampleScanObject::cells(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(scan_->cells->count()));
}

// (source: Source, numbers: Float64Array, first: number, hasPrevious: boolean): if `hasPrevious`, the first of the
// numbers is the previous cell
Napi::Value SampleScanObject::run(const Napi::CallbackInfo& info) {
  const std::span<const double> given = numbersIn(info[1], scan_->cells->count());
  const bool hasPrevious = info[3].As<Napi::Boolean>() && !given.empty();
  const auto previous = hasPrevious ? std::optional(static_cast<uint64_t>(given.front())) : std::nullopt;
  auto* const task =
      new SampleTask(info.Env(), scan_, SourceObject::Unwrap(info[0].As<Napi::Object>())->get(info.Env()),
                     {given.begin() + hasPrevious, given.end()}, info[2].As<Napi::Number>().Uint32Value(), previous);
  return task->start(info.Env());
}

// Jobs in progress end after their present cell.
void SampleScanObject::cancel(const Napi::CallbackInfo&) { scan_->cancelled = true; }

}  // namespace memscan
