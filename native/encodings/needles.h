// Needles as they stand in memory, in each encoding.
#pragma once

#include <optional>
#include <vector>

#include "../kernels/condition.h"
#include "mix.h"

namespace memscan {

/// What must stand in memory where a string in one of the encodings holds one of `needles`, which are in UTF-8. It may
/// stand elsewhere, too: where the bytes belong to other characters, or cases differ that matter. Nothing where there
/// would be too many.
std::optional<Condition> conditionInMemory(const std::vector<Needle>& needles, const Mix& mix);

}  // namespace memscan
