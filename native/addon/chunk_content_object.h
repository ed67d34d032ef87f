// The content of a chunk on its way to the table of families. JavaScript only passes it on.
#pragma once

#include <napi.h>

#include "../content/chunk_content.h"

namespace memscan {

/// Returns { length, content }: the bytes of memory it occupies, and an opaque value for takeContent().
Napi::Value toContent(Napi::Env env, ChunkContent content);

/// Moves the content out of a value that toContent() made, which is then empty.
ChunkContent takeContent(const Napi::Value& value);

}  // namespace memscan
