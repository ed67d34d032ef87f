// What all jobs of a search for bytes or pointers look for.
#pragma once

#include <napi.h>

#include <memory>

#include "../jobs/place_job.h"

namespace memscan {

/// new PlaceScan({ kernel, needles | pointers, output, style? })
class PlaceScanObject : public Napi::ObjectWrap<PlaceScanObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit PlaceScanObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value run(const Napi::CallbackInfo& info);
  void cancel(const Napi::CallbackInfo& info);

  std::shared_ptr<PlaceScan> scan_;
};

}  // namespace memscan
