#ifndef VEILSUM_BASE_ERROR_H_
#define VEILSUM_BASE_ERROR_H_

#include <stdexcept>
#include <string>

namespace veilsum {

/// The engine's error codes. The names are the wire between C++ and Java: what() starts with the
/// name in brackets, and Java's ErrorCode has a constant of each name.
enum class Code {
  kInternal,
  kUsage,
  kBadInput,
  kCorrupt,
  kOutOfRange,
  kWrongKey,
  kKeyMismatch,
  kMissingKey,
  kParameterMismatch,
  kInsecureParameters,
  kNoiseBudget,
  kDepth,
  kScaleMismatch,
  kUnsupported,
  kOutOfMemory,
  kClosed,
};

/// The code's name as Java knows it, for example "NOISE_BUDGET".
const char* codeName(Code code);

/// The one exception type of the core. The message says what, with its numbers, and what to do.
class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message);
  Code code() const { return code_; }

 private:
  Code code_;
};

/// Throws Error(code, message) unless `condition` holds.
inline void require(bool condition, Code code, const char* message) {
  if (!condition) throw Error(code, message);
}

}  // namespace veilsum

#endif  // VEILSUM_BASE_ERROR_H_
