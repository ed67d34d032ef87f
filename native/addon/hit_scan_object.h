// A search for bytes or pointers, which its jobs share.
#pragma once

#include <napi.h>

#include <memory>

#include "../jobs/hit_job.h"

namespace memscan {

/// new HitScan({ kernel, needles | pointers, output, style? })
class HitScanObject : public Napi::ObjectWrap<HitScanObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit HitScanObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value run(const Napi::CallbackInfo& info);
  void cancel(const Napi::CallbackInfo& info);

  std::shared_ptr<HitScan> scan_;
};

}  // namespace memscan
