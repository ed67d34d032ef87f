// The table of families, to which JavaScript adds chunk by chunk.
#pragma once

#include <napi.h>

#include "../content/family_table.h"

namespace memscan {

/// new FamilyTable()
class FamilyTableObject : public Napi::ObjectWrap<FamilyTableObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit FamilyTableObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<FamilyTableObject>(info) {}

 private:
  void add(const Napi::CallbackInfo& info);
  void addString(const Napi::CallbackInfo& info);
  void addRecords(const Napi::CallbackInfo& info);
  Napi::Value totals(const Napi::CallbackInfo& info);
  Napi::Value finish(const Napi::CallbackInfo& info);
  Napi::Value toFamily(Napi::Env env, const FamilyTable::Entry& entry) const;

  FamilyTable table_;
};

/// (text: Uint8Array) => Uint32Array: for each part of the text's shape two numbers: 0 if it is literal, else 1 + its
/// Placeholder; and its end.
Napi::Value shapeOfText(const Napi::CallbackInfo& info);

}  // namespace memscan
