// Implementations of shapes for some CPUs.
#pragma once

#include "shape.h"

namespace memscan {

// Nothing where this build or this CPU has none.
FamilyKey avx512FamilyKey();
FamilyKey avx2FamilyKey();

}  // namespace memscan
