// Ctrl-C that ends the process whatever JavaScript does.
#pragma once

namespace memscan {

/// From now on SIGINT runs its present handler and, `milliseconds` later, ends the process with exit code `code`,
/// unless it has ended before. A separate thread does this, so no loop, regular expression or stuck write can delay it.
/// Call this once, after installing the handler that should run first.
void exitAfterInterrupt(int code, unsigned milliseconds);

}  // namespace memscan
