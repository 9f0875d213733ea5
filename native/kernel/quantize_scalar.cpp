// Stochastic rounding, in portable code.

#include <cstring>

#include "kernel/scalar.h"

namespace veilsum::kernel::scalar {
namespace {

// a < b ? a : b, and the other way round, as the processor's minimum and maximum have it.
inline double least(double a, double b) { return a < b ? a : b; }
inline double largest(double a, double b) { return a > b ? a : b; }

template <class Real>
bool quantize(const Real* values, const std::uint32_t* random, std::size_t n,
              const Quantizer& quantizer, std::uint64_t* out) {
  std::uint64_t not_finite = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double value = values[i];
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    // The exponent of infinities and NaN has all eleven bits set: adding one carries out of it.
    not_finite |= ((bits & 0x7ff0000000000000) + 0x0010000000000000) >> 63;
    const double clipped = least(largest(value, -quantizer.clip), quantizer.clip);
    const double x = (clipped + quantizer.clip) * quantizer.scale;
    const double rounded = least(x + random[i] * 0x1p-32, quantizer.most);
    out[i] = static_cast<std::uint64_t>(static_cast<std::int64_t>(rounded));
  }
  return not_finite == 0;
}

}  // namespace

bool quantizeFloats(const float* values, const std::uint32_t* random, std::size_t n,
                    const Quantizer& quantizer, std::uint64_t* out) {
  return quantize(values, random, n, quantizer, out);
}

bool quantizeDoubles(const double* values, const std::uint32_t* random, std::size_t n,
                     const Quantizer& quantizer, std::uint64_t* out) {
  return quantize(values, random, n, quantizer, out);
}

}  // namespace veilsum::kernel::scalar
