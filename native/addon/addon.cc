// The addon's exports. Only this folder uses Node's API. Callers in src/native/ check arguments; here they are only
// unpacked.
#include <napi.h>

#include <sys/sysmacros.h>
#include <unistd.h>

#include <span>

#include "../content/page_class.h"
#include "../content/signatures.h"
#include "../encodings/tables.h"
#include "../host/crew.h"
#include "../host/features.h"
#include "../host/interrupt.h"
#include "../host/page_size.h"
#include "../host/privileges.h"
#include "../kernels/kernel.h"
#include "../memory/devices.h"
#include "constants.h"
#include "family_table_object.h"
#include "hit_scan_object.h"
#include "line_writer_object.h"
#include "sample_scan_object.h"
#include "sample_table_object.h"
#include "scan_object.h"
#include "source_object.h"
#include "task.h"
#include "values.h"

namespace {

using namespace memscan;

// [[major, minor], ...]
Napi::Value memoryDevices(const Napi::CallbackInfo& info) {
  auto devices = Napi::Array::New(info.Env());
  for (const dev_t device : internalMemoryDevices()) {
    auto pair = Napi::Array::New(info.Env(), 2);
    pair.Set(0u, major(device));
    pair.Set(1u, minor(device));
    devices.Set(devices.Length(), pair);
  }
  return devices;
}

// (code: number): ends the process at once, without waiting for threads that are stuck in a read or a write.
void exitNow(const Napi::CallbackInfo& info) { _exit(info[0].As<Napi::Number>().Int32Value()); }

// (code: number, milliseconds: number)
void exitAfterInterrupt(const Napi::CallbackInfo& info) {
  memscan::exitAfterInterrupt(info[0].As<Napi::Number>().Int32Value(), info[1].As<Napi::Number>().Uint32Value());
}

// (kept: bigint): number
Napi::Value dropPrivileges(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), memscan::dropPrivileges(toUint64(info[0])));
}

void standBack(const Napi::CallbackInfo&) { Crew::instance().standBack(); }

// (): { pagemapScan: boolean, pidfd: boolean }
Napi::Value kernelFeatures(const Napi::CallbackInfo& info) {
  const KernelFeatures present = memscan::kernelFeatures();
  auto features = Napi::Object::New(info.Env());
  features.Set("pagemapScan", present.pagemapScan);
  features.Set("pidfd", present.pidfd);
  return features;
}

// (file: Uint8Array): boolean
Napi::Value loadTables(const Napi::CallbackInfo& info) {
  const auto file = info[0].As<Napi::Uint8Array>();
  return Napi::Boolean::New(info.Env(), tables::load({file.Data(), file.ByteLength()}));
}

Napi::Value toNames(Napi::Env env, std::span<const char* const> names) {
  auto values = Napi::Array::New(env);
  for (const char* const name : names) values.Set(values.Length(), name);
  return values;
}

Napi::Value encodingNames(Napi::Env env) {
  auto values = Napi::Array::New(env);
  for (uint32_t i = 0; i < kEncodings; i++) {
    const std::string_view name = nameOf(static_cast<Encoding>(i));
    values.Set(i, Napi::String::New(env, name.data(), name.size()));
  }
  return values;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Instance{Mailbox::open(env)});
  auto kernels = Napi::Array::New(env);
  for (const Kernel* const kernel : supportedKernels()) kernels.Set(kernels.Length(), kernel->name);
  exports.Set("kernels", kernels);
  exports.Set("constants", toTypedArray<Napi::Float64Array>(env, kConstants));
  exports.Set("pageStates", toTypedArray<Napi::Float64Array>(env, kPageStates));
  exports.Set("encodings", encodingNames(env));
  exports.Set("placeholders", toNames(env, kPlaceholderNames));
  exports.Set("pageSize", static_cast<double>(pageSize()));
  exports.Set("memoryDevices", Napi::Function::New<memoryDevices>(env));
  exports.Set("exitAfterInterrupt", Napi::Function::New<exitAfterInterrupt>(env));
  exports.Set("dropPrivileges", Napi::Function::New<dropPrivileges>(env));
  exports.Set("standBack", Napi::Function::New<standBack>(env));
  exports.Set("kernelFeatures", Napi::Function::New<kernelFeatures>(env));
  exports.Set("loadTables", Napi::Function::New<loadTables>(env));
  exports.Set("exitNow", Napi::Function::New<exitNow>(env));
  exports.Set("Source", SourceObject::define(env));
  exports.Set("LineWriter", LineWriterObject::define(env));
  exports.Set("Scan", ScanObject::define(env));
  exports.Set("HitScan", HitScanObject::define(env));
  exports.Set("FamilyTable", FamilyTableObject::define(env));
  exports.Set("SampleScan", SampleScanObject::define(env));
  exports.Set("SampleTable", SampleTableObject::define(env));
  exports.Set("pageClasses", toNames(env, kPageClassNames));
  exports.Set("signatures", toNames(env, kSignatureNames));
  exports.Set("shapeOf", Napi::Function::New<shapeOfText>(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(memscan, init)
