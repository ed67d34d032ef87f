#include "line_writer_object.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "values.h"

namespace memscan {

Napi::Function LineWriterObject::define(Napi::Env env) {
  return DefineClass(env, "LineWriter",
                     {InstanceMethod<&LineWriterObject::write>("write"),
                      InstanceMethod<&LineWriterObject::writeRecords>("writeRecords")});
}

LineWriterObject::LineWriterObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<LineWriterObject>(info) {
  const auto style = info[0].As<Napi::Object>();
  const auto flag = [&](const char* name) { return style.Get(name).As<Napi::Boolean>().Value(); };
  const auto number = [&](const char* name) { return style.Get(name).As<Napi::Number>().Uint32Value(); };
  writer_ = std::make_shared<LineWriter>(LineStyle{flag("json"), flag("showEncoding"), flag("showAddress"),
                                                   static_cast<uint8_t>(number("addressDigits")), flag("escapeTab"),
                                                   flag("color"), number("maxLength")});
}

namespace {

// Returns the matches with indexes from `first` to before `end`. `pairs` are byte offsets in a text of `size` bytes.
std::vector<Match> toMatches(const Napi::Uint32Array& pairs, size_t first, size_t end, uint32_t size) {
  std::vector<Match> matches;
  for (size_t i = 2 * first; i + 1 < std::min(2 * end, pairs.ElementLength()); i += 2) {
    const uint32_t begin = std::min(pairs[i], size);
    matches.push_back({begin, std::clamp(pairs[i + 1], begin, size)});
  }
  return matches;
}

std::string textOf(const Napi::Value& value) {
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}

}  // namespace

// (address: bigint, length: number, text: Uint8Array, cutBefore: boolean, cutAfter: boolean, matches: Uint32Array,
// label: string | undefined, encoding: number, more?: string)
Napi::Value LineWriterObject::write(const Napi::CallbackInfo& info) {
  const auto text = info[2].As<Napi::Uint8Array>();
  const auto pairs = info[5].As<Napi::Uint32Array>();
  const auto matches = toMatches(pairs, 0, pairs.ElementLength() / 2, static_cast<uint32_t>(text.ByteLength()));
  std::vector<RegionLabel> labels;
  if (info[6].IsString()) labels.push_back({0, info[6].As<Napi::String>().Utf8Value()});
  const std::string more = textOf(info[8]);
  LineBuffer out;
  writer_->write({toUint64(info[0]),
                  static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value()),
                  {text.Data(), text.ByteLength()},
                  info[3].As<Napi::Boolean>().Value(),
                  info[4].As<Napi::Boolean>().Value(),
                  matches,
                  toEncoding(info[7]),
                  more},
                 labels, out);
  return toBuffer(info.Env(), std::move(out));
}

// (records: { textLengths, encodings, text }, chosen: Uint32Array, addresses: BigUint64Array, lengths: Uint32Array,
// matches: Uint32Array, labels?: Labels, more?: string[]): writes a line for each five numbers of `chosen`: a record's
// index, the part of its text [begin, end), and the indexes of its first match and of the one after its last; matches
// are pairs of byte offsets in that part; `addresses` and `lengths` are those of the part in memory
Napi::Value LineWriterObject::writeRecords(const Napi::CallbackInfo& info) {
  const auto records = info[0].As<Napi::Object>();
  const auto textLengths = records.Get("textLengths").As<Napi::Uint32Array>();
  const auto encodings = records.Get("encodings").As<Napi::Uint8Array>();
  const auto text = records.Get("text").As<Napi::Uint8Array>();
  const auto chosen = info[1].As<Napi::Uint32Array>();
  const auto addresses = info[2].As<Napi::BigUint64Array>();
  const auto lengths = info[3].As<Napi::Uint32Array>();
  const auto pairs = info[4].As<Napi::Uint32Array>();
  const auto labels = toLabels(info[5]);
  const bool hasMore = info[6].IsArray();
  LineBuffer out;
  size_t offset = 0;
  size_t record = 0;
  for (uint32_t i = 0; 5 * i + 4 < chosen.ElementLength(); i++) {
    const uint32_t* const line = chosen.Data() + 5 * i;
    for (; record < line[0]; record++) offset += textLengths[record];
    const uint32_t textLength = textLengths[record];
    if (offset + textLength > text.ByteLength())
      throw Napi::RangeError::New(info.Env(), "records and their text differ");
    const uint32_t begin = std::min(line[1], textLength);
    const std::span<const uint8_t> part = {text.Data() + offset + begin,
                                           std::clamp(line[2], begin, textLength) - begin};
    const auto matches = toMatches(pairs, line[3], line[4], static_cast<uint32_t>(part.size()));
    const std::string more = hasMore ? textOf(info[6].As<Napi::Array>().Get(i)) : std::string();
    const auto encoding = static_cast<Encoding>(encodings[record]);
    writer_->write({addresses[i], lengths[i], part, false, false, matches, encoding, more}, labels, out);
  }
  return toBuffer(info.Env(), std::move(out));
}

}  // namespace memscan
