#include "arith/primes.h"

#include <bit>
#include <string>

#include "arith/modulus.h"
#include "base/error.h"

namespace veilsum::arith {
namespace {

std::uint64_t mulMod(std::uint64_t a, std::uint64_t b, std::uint64_t n) {
  return static_cast<std::uint64_t>(u128{a} * b % n);
}

std::uint64_t powMod(std::uint64_t base, std::uint64_t exponent, std::uint64_t n) {
  std::uint64_t result = 1 % n;
  for (base %= n; exponent; exponent >>= 1, base = mulMod(base, base, n)) {
    if (exponent & 1) result = mulMod(result, base, n);
  }
  return result;
}

}  // namespace

bool isPrime(std::uint64_t n) {
  // The first twelve primes are witnesses enough below 3.3 * 10^24 (Sorenson, Webster, "Strong
  // pseudoprimes to twelve prime bases", 2017).
  constexpr std::uint64_t kWitnesses[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
  if (n < 2) return false;
  for (std::uint64_t p : kWitnesses) {
    if (n % p == 0) return n == p;
  }
  const int twos = std::countr_zero(n - 1);
  for (std::uint64_t a : kWitnesses) {
    std::uint64_t x = powMod(a, (n - 1) >> twos, n);
    if (x == 1 || x == n - 1) continue;
    bool composite = true;
    for (int i = 1; i < twos && composite; ++i) {
      x = mulMod(x, x, n);
      composite = x != n - 1;
    }
    if (composite) return false;
  }
  return true;
}

std::vector<std::uint64_t> largestPrimes(int bits, std::uint64_t step, std::size_t count) {
  if (bits < 2 || bits > 61 || step == 0) {
    throw Error(Code::kOutOfRange, "primes of " + std::to_string(bits) + " bits in steps of " +
                                       std::to_string(step) +
                                       ": bits must lie in [2, 61] and the step above 0");
  }
  const std::uint64_t least = std::uint64_t{1} << (bits - 1), limit = least * 2;
  std::vector<std::uint64_t> primes;
  // The largest candidate: k * step + 1 <= limit - 1.
  for (std::uint64_t q = (limit - 2) / step * step + 1; q >= least; q -= step) {
    if (primes.size() == count) break;
    if (isPrime(q)) primes.push_back(q);
    if (q < step) break;
  }
  if (primes.size() < count) {
    throw Error(Code::kOutOfRange, "there are " + std::to_string(primes.size()) + " primes of " +
                                       std::to_string(bits) + " bits that are 1 modulo " +
                                       std::to_string(step) + ", not " + std::to_string(count) +
                                       "; take larger primes");
  }
  return primes;
}

std::uint64_t minimalPrimitiveRoot(std::uint64_t order, std::uint64_t q) {
  if (order < 2 || !std::has_single_bit(order) || (q - 1) % order != 0 || !isPrime(q)) {
    throw Error(Code::kOutOfRange, "no primitive root of order " + std::to_string(order) +
                                       " modulo " + std::to_string(q) +
                                       ": q must be a prime and 1 modulo the order");
  }
  const Modulus modulus(q);
  // x^((q-1)/order) has order exactly `order` as soon as its (order/2)-th power is -1.
  std::uint64_t root = 0;
  for (std::uint64_t x = 2; root == 0; ++x) {
    const std::uint64_t candidate = modulus.pow(x, (q - 1) / order);
    if (modulus.pow(candidate, order / 2) == q - 1) root = candidate;
  }
  // Its odd powers are all the primitive roots.
  const ShoupFactor square = modulus.shoup(modulus.mul(root, root));
  std::uint64_t smallest = root;
  for (std::uint64_t i = 1; i < order / 2; ++i) {
    root = modulus.mul(root, square);
    if (root < smallest) smallest = root;
  }
  return smallest;
}

}  // namespace veilsum::arith
