#include "bindings/version.h"

namespace veilsum::bindings {

const char* version() { return VEILSUM_VERSION; }
const char* buildId() { return VEILSUM_BUILD_ID; }

}  // namespace veilsum::bindings
