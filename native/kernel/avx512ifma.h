#ifndef VEILSUM_KERNEL_AVX512IFMA_H_
#define VEILSUM_KERNEL_AVX512IFMA_H_

#include "kernel/table.h"

namespace veilsum::kernel::avx512ifma {

/// The kernels of the AVX-512 IFMA path, as the members of Table promise.
void nttForward(const NttTwiddles& twiddles, const std::uint64_t* in, std::uint64_t* out);
void nttForwardLazy(const NttTwiddles& twiddles, const std::uint64_t* in, std::uint64_t from,
                    std::uint64_t* out);
void nttForwardIntegers(const NttTwiddles& twiddles, const std::int64_t* in, int bits,
                        const Barrett& modulus, std::uint64_t* out);
void liftIntegers(const std::int64_t* a, std::size_t n, int bits, const Barrett& modulus,
                  std::uint64_t* out);
void nttForwardSmallLazy(const NttTwiddles& twiddles, const std::int8_t* in, std::uint64_t* out);
void nttForwardSubtractScale(const NttTwiddles& twiddles, const std::uint64_t* in,
                             std::uint64_t from, std::uint64_t* work, const std::uint64_t* x,
                             std::uint64_t scalar, std::uint64_t quotient, std::uint64_t* out);
void nttInverse(const NttTwiddles& twiddles, const std::uint64_t* in, const InverseScale& scale,
                std::uint64_t* out);
void add(const std::uint64_t* a, const std::uint64_t* b, std::size_t n, std::uint64_t q,
         std::uint64_t* out);
void subtract(const std::uint64_t* a, const std::uint64_t* b, std::size_t n, std::uint64_t q,
              std::uint64_t* out);
void sum(const std::uint64_t* const* rows, std::size_t count, std::size_t n, std::uint64_t q,
         std::uint64_t* out);
void negate(const std::uint64_t* a, std::size_t n, std::uint64_t q, std::uint64_t* out);
void multiply(const std::uint64_t* a, const std::uint64_t* b, std::size_t n, const Barrett& modulus,
              std::uint64_t* out);
void multiplyAdd(const std::uint64_t* a, const std::uint64_t* b, std::size_t n,
                 const Barrett& modulus, std::uint64_t* out);
void lazyMultiplyAdd(const std::uint64_t* a, const std::uint64_t* b, const std::uint64_t* c,
                     std::size_t n, const Barrett& modulus, std::uint64_t* sum);
void addSigned(const std::int8_t* a, std::size_t n, std::uint64_t q, std::uint64_t* sum);
void multiplyScalar(const std::uint64_t* a, std::size_t n, std::uint64_t scalar,
                    std::uint64_t quotient, std::uint64_t q, std::uint64_t* out);
void reduce(const std::uint64_t* a, std::size_t n, const Barrett& modulus, std::uint64_t* out);
void innerProduct(const std::uint64_t* const* a, const std::uint64_t* const* b, std::size_t count,
                  std::size_t n, const Barrett& modulus, std::uint64_t* out);
void tensor(const std::uint64_t* const* a, const std::uint64_t* const* b, std::size_t n,
            const Barrett& modulus, std::uint64_t* const* out);
void scaledTensor(const std::uint64_t* const* a, const std::uint64_t* const* b, std::size_t n,
                  const Barrett& modulus, std::uint64_t* const* out);
void reduceCentred(const std::uint64_t* a, std::size_t n, std::uint64_t q, const Barrett& b,
                   std::uint64_t* out);
void permuteEights(const std::uint64_t* a, const std::uint32_t* positions, std::size_t n,
                   std::uint64_t* out);
void innerProductPair(const ProductPair& operands, std::size_t n, const Barrett& modulus);
void crtQuotient(const std::uint64_t* const* y, const DigitFactors* factors, std::size_t count,
                 std::size_t n, std::uint64_t* v);
void linearCombination(const std::uint64_t* const* rows, const std::uint64_t* scalars,
                       std::size_t count, std::size_t n, int inputBits, const Barrett& modulus,
                       std::uint64_t* out);
void combineDigits(const DigitCombination& combination, const std::uint64_t* const* rows,
                   const std::uint64_t* addend, std::size_t n, std::uint64_t* out);
void roundedQuotient(const std::uint64_t* const* rows, const double* inverses, std::size_t count,
                     std::size_t n, std::uint64_t* out, double* fractions);
void crtDigits(const std::uint64_t* x, std::size_t n, const DigitFactors& factors, std::uint64_t* y,
               std::uint64_t* v);
void unpackAdd(const std::uint8_t* const* rows, const std::uint64_t* weights, std::size_t count,
               std::size_t n, int bits, std::uint64_t* sum);
bool quantizeFloats(const float* values, const std::uint32_t* random, std::size_t n,
                    const Quantizer& quantizer, std::uint64_t* out);
bool quantizeDoubles(const double* values, const std::uint32_t* random, std::size_t n,
                     const Quantizer& quantizer, std::uint64_t* out);
void chacha20(const std::uint32_t* state, std::size_t blocks, std::uint8_t* out);
void multiplyScalarAdd(const std::uint64_t* a, std::size_t n, std::uint64_t scalar,
                       std::uint64_t quotient, std::uint64_t q, std::uint64_t* out);
void liftSigned(const std::int8_t* a, std::size_t n, std::uint64_t q, std::uint64_t* out);
void liftCentred(const std::uint64_t* a, std::size_t n, std::uint64_t q, std::uint64_t b,
                 std::uint64_t* out);
std::size_t selectBelow(const std::uint64_t* words, std::size_t n, std::uint64_t mask,
                        std::uint64_t q, std::uint64_t* out);
void ternary(const std::uint64_t* words, std::size_t n, std::int8_t* out);
void centredBinomial(const std::uint64_t* words, std::size_t n, std::int8_t* out);

}  // namespace veilsum::kernel::avx512ifma

#endif  // VEILSUM_KERNEL_AVX512IFMA_H_
