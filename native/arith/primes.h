#ifndef VEILSUM_ARITH_PRIMES_H_
#define VEILSUM_ARITH_PRIMES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace veilsum::arith {

/// Deterministic Miller-Rabin for 64-bit integers.
bool isPrime(std::uint64_t n);

/// The `count` largest primes q = 1 mod `step` below 2^bits, largest first, each of exactly `bits`
/// bits. Throws Code::kOutOfRange where there are fewer.
std::vector<std::uint64_t> largestPrimes(int bits, std::uint64_t step, std::size_t count);

/// The smallest primitive `order`-th root of unity modulo a prime q; `order` is a power of two that
/// divides q - 1.
std::uint64_t minimalPrimitiveRoot(std::uint64_t order, std::uint64_t q);

}  // namespace veilsum::arith

#endif  // VEILSUM_ARITH_PRIMES_H_
