// Needles as they are in memory, in each encoding.
#pragma once

#include <optional>
#include <vector>

#include "../kernels/condition.h"
#include "mix.h"

namespace memscan {

/// Returns a condition that memory meets wherever a string in one of the encodings contains one of `needles`, which are
/// in UTF-8. Other memory may meet it, too: the bytes may belong to other characters, or differ in case. Returns
/// nothing if it would need too many needles.
std::optional<Condition> conditionInMemory(const std::vector<Needle>& needles, const Mix& mix);

}  // namespace memscan
