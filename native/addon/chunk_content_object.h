// What a chunk holds, on its way to the table of families: JavaScript only passes it on.
#pragma once

#include <napi.h>

#include "../content/chunk_content.h"

namespace memscan {

/// { length, content }: bytes of memory it takes, and what takeContent() takes.
Napi::Value toContent(Napi::Env env, ChunkContent content);

/// Moves it out of what toContent() made, which is empty then.
ChunkContent takeContent(const Napi::Value& value);

}  // namespace memscan
