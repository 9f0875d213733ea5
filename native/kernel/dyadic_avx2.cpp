// Sums, differences and negation with AVX2.

#if defined(__AVX2__)

#include <immintrin.h>

#include "kernel/avx2.h"
#include "kernel/scalar.h"

namespace veilsum::kernel::avx2 {
namespace {

using Word = std::uint64_t;
using V = __m256i;

V broadcast(Word x) { return _mm256_set1_epi64x(static_cast<long long>(x)); }
V load(const Word* a) { return _mm256_loadu_si256(reinterpret_cast<const V*>(a)); }
void store(Word* a, V x) { _mm256_storeu_si256(reinterpret_cast<V*>(a), x); }

// x + (q where x is negative as a signed word).
V addWhereNegative(V x, V q) {
  return _mm256_add_epi64(x, _mm256_and_si256(q, _mm256_cmpgt_epi64(_mm256_setzero_si256(), x)));
}

}  // namespace

void add(const Word* a, const Word* b, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q);
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const V sum = _mm256_add_epi64(load(a + i), load(b + i));
    store(out + i, addWhereNegative(_mm256_sub_epi64(sum, modulus), modulus));
  }
  scalar::add(a + i, b + i, n - i, q, out + i);
}

void subtract(const Word* a, const Word* b, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q);
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    store(out + i, addWhereNegative(_mm256_sub_epi64(load(a + i), load(b + i)), modulus));
  }
  scalar::subtract(a + i, b + i, n - i, q, out + i);
}

void negate(const Word* a, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q), zero = _mm256_setzero_si256();
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const V x = load(a + i);
    store(out + i, _mm256_andnot_si256(_mm256_cmpeq_epi64(x, zero), _mm256_sub_epi64(modulus, x)));
  }
  scalar::negate(a + i, n - i, q, out + i);
}

void liftSigned(const std::int8_t* a, std::size_t n, Word q, Word* out) {
  const V modulus = broadcast(q);
  const std::size_t whole = n / 16 * 16;
  for (std::size_t i = 0; i < whole; i += 16) {
    __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i));
    for (std::size_t j = 0; j < 16; j += 4, bytes = _mm_srli_si128(bytes, 4)) {
      store(out + i + j, addWhereNegative(_mm256_cvtepi8_epi64(bytes), modulus));
    }
  }
  scalar::liftSigned(a + whole, n - whole, q, out + whole);
}

}  // namespace veilsum::kernel::avx2

#endif  // __AVX2__
