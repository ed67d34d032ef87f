// The constants that JavaScript repeats, for a test to compare.
#pragma once

#include <napi.h>

namespace memscan {

/// Returns the constants of src/native/constants.ts by name, `pageStates` by name, and the names of `encodings` and
/// `placeholders` in order.
Napi::Object constants(Napi::Env env);

}  // namespace memscan
