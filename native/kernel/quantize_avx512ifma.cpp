// Stochastic rounding, eight values at a time.

#if defined(__AVX512IFMA__)

#include "kernel/avx512.h"
#include "kernel/avx512ifma.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx512ifma {
namespace {

inline __m512d loadValues(const float* a) { return _mm512_cvtps_pd(_mm256_loadu_ps(a)); }
inline __m512d loadValues(const double* a) { return _mm512_loadu_pd(a); }

// Returns how many values were taken; `finite` is cleared where one is not.
template <class Real>
std::size_t quantize(const Real* values, const std::uint32_t* random, std::size_t n,
                     const Quantizer& quantizer, std::uint64_t* out, bool& finite) {
  const __m512d clip = _mm512_set1_pd(quantizer.clip), least = _mm512_set1_pd(-quantizer.clip);
  const __m512d scale = _mm512_set1_pd(quantizer.scale), most = _mm512_set1_pd(quantizer.most);
  const __m512d unit = _mm512_set1_pd(0x1p-32);
  constexpr int kNotFinite = 0x99;  // quiet and signalling NaN, both infinities
  __mmask8 not_finite = 0;
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m512d value = loadValues(values + i);
    not_finite |= _mm512_fpclass_pd_mask(value, kNotFinite);
    const __m512d clipped = _mm512_min_pd(_mm512_max_pd(value, least), clip);
    const __m512d x = _mm512_mul_pd(_mm512_add_pd(clipped, clip), scale);
    const __m512d u = _mm512_mul_pd(
        _mm512_cvtepu32_pd(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(random + i))), unit);
    store(out + i, _mm512_cvttpd_epi64(_mm512_min_pd(_mm512_add_pd(x, u), most)));
  }
  finite = not_finite == 0;
  return i;
}

}  // namespace

bool quantizeFloats(const float* values, const std::uint32_t* random, std::size_t n,
                    const Quantizer& quantizer, std::uint64_t* out) {
  bool finite = true;
  const std::size_t i = quantize(values, random, n, quantizer, out, finite);
  return scalar::quantizeFloats(values + i, random + i, n - i, quantizer, out + i) && finite;
}

bool quantizeDoubles(const double* values, const std::uint32_t* random, std::size_t n,
                     const Quantizer& quantizer, std::uint64_t* out) {
  bool finite = true;
  const std::size_t i = quantize(values, random, n, quantizer, out, finite);
  return scalar::quantizeDoubles(values + i, random + i, n - i, quantizer, out + i) && finite;
}

}  // namespace veilsum::kernel::avx512ifma

#endif  // __AVX512IFMA__
