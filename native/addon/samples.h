// Samples of families as JavaScript values: see NativeSample in src/native/content.ts.
#pragma once

#include <napi.h>

#include <vector>

#include "../content/family.h"

namespace memscan {

inline Napi::Array toSamples(Napi::Env env, const std::vector<Sample>& samples) {
  auto values = Napi::Array::New(env, samples.size());
  for (uint32_t i = 0; i < samples.size(); i++) {
    const Sample& sample = samples[i];
    auto value = Napi::Object::New(env);
    value.Set("value", Napi::BigInt::New(env, sample.value));
    value.Set("address", Napi::BigInt::New(env, sample.extent.address));
    value.Set("length", static_cast<double>(sample.extent.length));
    value.Set("encoding", static_cast<uint32_t>(sample.extent.encoding));
    value.Set("text", Napi::Buffer<uint8_t>::Copy(env, sample.text().data(), sample.text().size()));
    values.Set(i, value);
  }
  return values;
}

}  // namespace memscan
