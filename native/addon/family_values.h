// What families hold, as JavaScript values: see NativeFamily and NativeSample in src/native/content.ts.
#pragma once

#include <napi.h>

#include <vector>

#include "../content/family.h"
#include "values.h"

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

/// Pairs of a location and the family's bytes there.
inline Napi::Value toLocations(Napi::Env env, const std::vector<LocationBytes>& locations) {
  std::vector<double> pairs;
  for (const auto& [location, bytes] : locations) {
    pairs.insert(pairs.end(), {static_cast<double>(location), static_cast<double>(bytes)});
  }
  return toTypedArray<Napi::Float64Array>(env, pairs);
}

}  // namespace memscan
