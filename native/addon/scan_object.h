// A scan for strings, which its jobs share.
#pragma once

#include <napi.h>

#include <memory>

#include "../jobs/job.h"

namespace memscan {

/// new Scan({ kernel, encodings, minLength, conditions, unmet, output, lines?, pointers? })
class ScanObject : public Napi::ObjectWrap<ScanObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit ScanObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value runJoined(const Napi::CallbackInfo& info);
  Napi::Value meets(const Napi::CallbackInfo& info);
  void cancel(const Napi::CallbackInfo& info);

  std::shared_ptr<Scan> scan_;
};

}  // namespace memscan
