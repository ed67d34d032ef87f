// Ctrl-C that is heard whatever JavaScript does.
#pragma once

namespace memscan {

/// From now on SIGINT, once its present handler has run, ends the process with `code` after `milliseconds`, should
/// nothing else have ended it before: a thread waits for that, so no loop, regular expression or stuck write can hinder
/// it. To be called once, after the handler that shall come first was installed.
void exitAfterInterrupt(int code, unsigned milliseconds);

}  // namespace memscan
