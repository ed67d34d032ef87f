// A job of a scan of any kind, on one of the crew's threads.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "../output/region_label.h"
#include "open_source.h"
#include "task.h"
#include "values.h"

namespace memscan {

/// Runs `Run` on chunks. `ToValue` converts each chunk's result to a JavaScript value. The task shares ownership of the
/// scan.
template <class Scan, class Result, auto Run, auto ToValue>
class ScanTask : public PromiseTask<std::vector<Result>> {
 public:
  ScanTask(Napi::Env env, std::shared_ptr<const Scan> scan, std::shared_ptr<const OpenSource> source,
           std::vector<Chunk> chunks, std::vector<RegionLabel> labels, uint64_t limit)
      : PromiseTask<std::vector<Result>>(env),
        scan_(std::move(scan)),
        source_(std::move(source)),
        chunks_(std::move(chunks)),
        labels_(std::move(labels)),
        limit_(limit) {}

 private:
  std::vector<Result> work() override { return Run(*scan_, *source_->source, chunks_, labels_, limit_); }

  Napi::Value toValue(Napi::Env env) override {
    std::vector<Result>& results = this->result_;
    auto values = Napi::Array::New(env, results.size());
    for (uint32_t i = 0; i < results.size(); i++) values.Set(i, ToValue(env, *scan_, results[i]));
    return values;
  }

  const std::shared_ptr<const Scan> scan_;
  const std::shared_ptr<const OpenSource> source_;
  const std::vector<Chunk> chunks_;
  const std::vector<RegionLabel> labels_;
  const uint64_t limit_;
};

/// Returns the properties that the results of all kinds of scans have.
template <class Result>
Napi::Object toReadValue(Napi::Env env, const Result& result) {
  auto value = Napi::Object::New(env);
  value.Set("status", nameOf(result.status));
  value.Set("error", result.error);
  value.Set("bytesRead", static_cast<double>(result.bytesRead));
  value.Set("bytesUnreadable", static_cast<double>(result.bytesUnreadable));
  return value;
}

}  // namespace memscan
