#include "sample_table_object.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "family_values.h"
#include "values.h"

namespace memscan {

namespace {

Napi::Value toFamily(Napi::Env env, const SampledFamily& family) {
  std::vector<uint32_t> cells;
  for (const auto& [cell, bytes] : family.cells) cells.insert(cells.end(), {cell, bytes});
  auto value = Napi::Object::New(env);
  value.Set("strings", static_cast<double>(family.strings));
  value.Set("parts", static_cast<double>(family.parts));
  value.Set("encodings", static_cast<uint32_t>(family.encodings));
  value.Set("bytes", static_cast<double>(family.bytes));
  value.Set("error", static_cast<double>(family.error));
  value.Set("samples", toSamples(env, family.samples));
  value.Set("locations", toLocations(env, family.locations));
  value.Set("cells", toTypedArray<Napi::Uint32Array>(env, cells));
  return value;
}

}  // namespace

Napi::Value toSampledFamilies(Napi::Env env, SampledFamilies families) {
  return Napi::External<SampledFamilies>::New(env, new SampledFamilies(std::move(families)),
                                              [](Napi::Env, SampledFamilies* done) { delete done; });
}

Napi::Function SampleTableObject::define(Napi::Env env) {
  return DefineClass(
      env, "SampleTable",
      {InstanceMethod<&SampleTableObject::add>("add"), InstanceMethod<&SampleTableObject::finish>("finish")});
}

SampleTableObject::SampleTableObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SampleTableObject>(info) {}

// (families: a value that toSampledFamilies() made, which is then empty)
void SampleTableObject::add(const Napi::CallbackInfo& info) {
  families_.merge(std::exchange(*info[0].As<Napi::External<SampledFamilies>>().Data(), SampledFamilies(0)));
}

// (least: number) => families of at least `least` bytes, largest first; nothing can be added afterwards
Napi::Value SampleTableObject::finish(const Napi::CallbackInfo& info) {
  families_.prune();
  const double least = info[0].As<Napi::Number>().DoubleValue();
  std::vector<const SampledFamily*> large;
  for (const SampledFamily& family : families_.all()) {
    if (static_cast<double>(family.bytes) >= least) large.push_back(&family);
  }
  std::sort(large.begin(), large.end(),
            [](const auto* a, const auto* b) { return a->bytes != b->bytes ? a->bytes > b->bytes : a->key < b->key; });
  auto values = Napi::Array::New(info.Env(), large.size());
  for (uint32_t i = 0; i < large.size(); i++) values.Set(i, toFamily(info.Env(), *large[i]));
  return values;
}

}  // namespace memscan
