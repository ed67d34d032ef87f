// Regions of a file that are compiled for a newer CPU than the build's. An attribute on a function would not do:
// lambdas and templates that the function uses do not inherit it.
#pragma once

#define MEMSCAN_PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define MEMSCAN_TARGET_BEGIN(isa) \
  MEMSCAN_PRAGMA(clang attribute push(__attribute__((target(isa))), apply_to = function))
#define MEMSCAN_TARGET_END MEMSCAN_PRAGMA(clang attribute pop)
#else
#define MEMSCAN_TARGET_BEGIN(isa) MEMSCAN_PRAGMA(GCC push_options) MEMSCAN_PRAGMA(GCC target(isa))
#define MEMSCAN_TARGET_END MEMSCAN_PRAGMA(GCC pop_options)
#endif
