#include "base/error.h"

namespace veilsum {

const char* codeName(Code code) {
  switch (code) {
    case Code::kInternal:
      return "INTERNAL";
    case Code::kUsage:
      return "USAGE";
    case Code::kBadInput:
      return "BAD_INPUT";
    case Code::kCorrupt:
      return "CORRUPT";
    case Code::kOutOfRange:
      return "OUT_OF_RANGE";
    case Code::kWrongKey:
      return "WRONG_KEY";
    case Code::kKeyMismatch:
      return "KEY_MISMATCH";
    case Code::kMissingKey:
      return "MISSING_KEY";
    case Code::kParameterMismatch:
      return "PARAMETER_MISMATCH";
    case Code::kInsecureParameters:
      return "INSECURE_PARAMETERS";
    case Code::kNoiseBudget:
      return "NOISE_BUDGET";
    case Code::kDepth:
      return "DEPTH";
    case Code::kScaleMismatch:
      return "SCALE_MISMATCH";
    case Code::kUnsupported:
      return "UNSUPPORTED";
    case Code::kOutOfMemory:
      return "OUT_OF_MEMORY";
    case Code::kClosed:
      return "CLOSED";
  }
  return "INTERNAL";
}

Error::Error(Code code, const std::string& message)
    : std::runtime_error(std::string("[") + codeName(code) + "] " + message), code_(code) {}

}  // namespace veilsum
