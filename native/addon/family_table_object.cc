#include "family_table_object.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "../content/shape.h"
#include "chunk_content_object.h"
#include "family_values.h"
#include "values.h"

namespace memscan {

namespace {

/// A copy of a text's first kValueBytes, with the room after them that shapes read.
class PaddedText {
 public:
  PaddedText(const uint8_t* text, size_t length) { std::copy_n(text, std::min(length, kValueBytes), bytes_.begin()); }
  const uint8_t* data() const { return bytes_.data(); }

 private:
  std::array<uint8_t, kValueBytes + kShapeWindow> bytes_ = {};
};

}  // namespace

Napi::Function FamilyTableObject::define(Napi::Env env) {
  return DefineClass(
      env, "FamilyTable",
      {InstanceMethod<&FamilyTableObject::add>("add"), InstanceMethod<&FamilyTableObject::addString>("addString"),
       InstanceMethod<&FamilyTableObject::addRecords>("addRecords"),
       InstanceMethod<&FamilyTableObject::totals>("totals"), InstanceMethod<&FamilyTableObject::finish>("finish")});
}

// (content: ChunkContent)
void FamilyTableObject::add(const Napi::CallbackInfo& info) { table_.add(takeContent(info[0])); }

// (address: bigint, length: number, text: Uint8Array, location: number)
void FamilyTableObject::addString(const Napi::CallbackInfo& info) {
  const auto text = info[2].As<Napi::Uint8Array>();
  const auto length = static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value());
  if (text.ByteLength() < std::min<uint64_t>(length, kValueBytes)) {
    throw Napi::RangeError::New(info.Env(), "a string's beginning is missing");
  }
  const PaddedText padded(text.Data(), text.ByteLength());
  table_.add(
      {toUint64(info[0]), length, padded.data(), info[3].As<Napi::Number>().Uint32Value(), Encoding::utf8, length});
}

// (records: { addresses, lengths, textLengths, encodings, text }, chosen: Uint32Array, locations: Locations): adds the
// records with the chosen indexes, which are in order
void FamilyTableObject::addRecords(const Napi::CallbackInfo& info) {
  const auto records = info[0].As<Napi::Object>();
  const auto addresses = records.Get("addresses").As<Napi::BigUint64Array>();
  const auto lengths = records.Get("lengths").As<Napi::Uint32Array>();
  const auto textLengths = records.Get("textLengths").As<Napi::Uint32Array>();
  const auto encodings = records.Get("encodings").As<Napi::Uint8Array>();
  const auto text = records.Get("text").As<Napi::Uint8Array>();
  const auto chosen = info[1].As<Napi::Uint32Array>();
  const auto labels = toLabels(info[2]);
  size_t label = 0;
  size_t offset = 0;
  size_t record = 0;
  for (size_t i = 0; i < chosen.ElementLength(); i++) {
    for (; record < chosen[i]; record++) offset += textLengths[record];
    if (offset + textLengths[record] > text.ByteLength()) {
      throw Napi::RangeError::New(info.Env(), "records and their text differ");
    }
    while (label + 1 < labels.size() && labels[label + 1].start <= addresses[record]) label++;
    const PaddedText padded(text.Data() + offset, textLengths[record]);
    table_.add({addresses[record], lengths[record], padded.data(), labels.empty() ? 0 : labels[label].location,
                static_cast<Encoding>(encodings[record]), textLengths[record]});
  }
}

// () => { strings, bytes, classes: Record<string, number>, signatures: Record<string, number> }
Napi::Value FamilyTableObject::totals(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto& [classBytes, signatures] = table_.totals();
  auto classes = Napi::Object::New(env);
  for (size_t i = 0; i < kPageClasses; i++) classes.Set(kPageClassNames[i], static_cast<double>(classBytes[i]));
  auto found = Napi::Object::New(env);
  for (size_t i = 0; i < kSignatures; i++) found.Set(kSignatureNames[i], static_cast<double>(signatures[i]));
  auto value = Napi::Object::New(env);
  value.Set("strings", static_cast<double>(table_.strings()));
  value.Set("bytes", static_cast<double>(table_.bytes()));
  value.Set("classes", classes);
  value.Set("signatures", found);
  return value;
}

// (least: number) => families of at least `least` bytes, largest first; nothing can be added afterwards
Napi::Value FamilyTableObject::finish(const Napi::CallbackInfo& info) {
  table_.finish();
  std::vector<const FamilyTable::Entry*> entries;
  const double least = info[0].As<Napi::Number>().DoubleValue();
  for (const FamilyTable::Entry& entry : table_.entries()) {
    if (static_cast<double>(entry.family.bytes()) >= least) entries.push_back(&entry);
  }
  std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) {
    return a->family.bytes() != b->family.bytes() ? a->family.bytes() > b->family.bytes()
                                                  : a->family.key() < b->family.key();
  });
  auto families = Napi::Array::New(info.Env(), entries.size());
  for (uint32_t i = 0; i < entries.size(); i++) families.Set(i, toFamily(info.Env(), *entries[i]));
  return families;
}

Napi::Value FamilyTableObject::toFamily(Napi::Env env, const FamilyTable::Entry& entry) const {
  const Family& family = entry.family;
  auto value = Napi::Object::New(env);
  value.Set("strings", static_cast<double>(family.strings()));
  value.Set("encodings", static_cast<uint32_t>(family.encodings()));
  value.Set("bytes", static_cast<double>(family.bytes()));
  value.Set("error", static_cast<double>(table_.errorOf(entry)));
  value.Set("samples", toSamples(env, family.samples()));
  value.Set("locations", toLocations(env, family.locations()));
  if (family.sketch()) value.Set("sketch", toTypedArray<Napi::Uint8Array>(env, family.sketch()->registers()));
  return value;
}

Napi::Value shapeOfText(const Napi::CallbackInfo& info) {
  const auto text = info[0].As<Napi::Uint8Array>();
  std::vector<uint32_t> numbers;
  for (const ShapePart& part : shapeOf(PaddedText(text.Data(), text.ByteLength()).data(), text.ByteLength())) {
    numbers.push_back(part.isPlaceholder ? 1 + static_cast<uint32_t>(part.placeholder) : 0);
    numbers.push_back(part.end);
  }
  return toTypedArray<Napi::Uint32Array>(info.Env(), numbers);
}

}  // namespace memscan
