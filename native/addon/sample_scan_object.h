// Drawing cells from a target's memory and reading them.
#pragma once

#include <napi.h>

#include <memory>

#include "../jobs/sample_job.h"

namespace memscan {

/// new SampleScan({ kernel, encoding, minLength, ranges, pointers, locationStarts, locations }): the memory that a
/// sample is drawn from.
class SampleScanObject : public Napi::ObjectWrap<SampleScanObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit SampleScanObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value cells(const Napi::CallbackInfo& info);
  Napi::Value run(const Napi::CallbackInfo& info);
  void cancel(const Napi::CallbackInfo& info);

  std::shared_ptr<SampleScan> scan_;
};

}  // namespace memscan
