// The families of a sample, on their way through JavaScript, and the table that sums them up.
#pragma once

#include <napi.h>

#include "../content/family_table.h"
#include "../content/sample_families.h"

namespace memscan {

/// Returns an opaque value, which JavaScript passes to SampleTable.add().
Napi::Value toSampledFamilies(Napi::Env env, SampledFamilies families);

/// new SampleTable(): sums up what jobs found, in order of their cells.
class SampleTableObject : public Napi::ObjectWrap<SampleTableObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit SampleTableObject(const Napi::CallbackInfo& info);

 private:
  void add(const Napi::CallbackInfo& info);
  Napi::Value finish(const Napi::CallbackInfo& info);

  SampledFamilies families_ = SampledFamilies(kTableFamilies);
};

}  // namespace memscan
