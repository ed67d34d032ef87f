// Conversions between JavaScript values and native ones. The types are those of src/native/; only their shapes are
// relied on.
#pragma once

#include <napi.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../kernels/kernel.h"
#include "../memory/pages.h"
#include "../memory/source.h"
#include "../output/line_buffer.h"
#include "../output/region_label.h"
#include "../text/text.h"

namespace memscan {

/// Returns the kernel with this name. Throws if this CPU cannot run it.
const Kernel* kernelNamed(Napi::Env env, const std::string& name);

uint64_t toUint64(const Napi::Value& value);

/// Pairs: start, end.
std::vector<Range> toRanges(const Napi::Value& value);

/// Triples: start, end, whether to ask for kFile.
std::vector<PageSpan> toPageSpans(const Napi::Value& value);

/// Triples: start, end, offset in the file. Returns nothing if the value is not an array.
std::optional<std::vector<StoredRange>> toStoredRanges(const Napi::Value& value);

/// Triples in `layout`, one for each chunk: the number of its ranges, bytes before and bytes after.
std::vector<Chunk> toChunks(const Napi::Value& ranges, const Napi::Value& layout);

/// Returns no bytes if the value is not an array.
std::vector<uint8_t> toBytes(const Napi::Value& value);

/// { needles: { bytes, ignoreCase }[] } or { run: { bytes, length } }. Throws if no memory could meet it, or all memory
/// would.
Condition toCondition(const Napi::Object& value);

/// Returns the needles of a condition (see toCondition()); none if it has a run.
std::vector<Needle> toNeedles(const Napi::Object& value);

/// { starts: BigUint64Array, texts: string[] } or { starts: BigUint64Array, locations: Uint32Array }
std::vector<RegionLabel> toLabels(const Napi::Value& value);

/// Returns the encoding with this index in ENCODINGS (src/base/encodings.ts).
Encoding toEncoding(const Napi::Value& value);

/// Return a Buffer that takes over the bytes without copying them, unless they are few.
Napi::Value toBuffer(Napi::Env env, std::string bytes);
Napi::Value toBuffer(Napi::Env env, LineBuffer lines);

const char* nameOf(ReadStatus status);

template <class Array>
Napi::Value toTypedArray(Napi::Env env, const auto& values) {
  auto array = Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

}  // namespace memscan
