#include "kernel/counting.h"

#include <atomic>
#include <bit>

namespace veilsum::kernel {
namespace {

using Word = Table::Word;
using Counter = std::atomic<std::uint64_t>;

Counter transforms, butterflies, products, bytes;
std::atomic<const Table*> current{nullptr};

const Table& plain() { return table(activeIsa()); }

// `words` words read or written, in `multiplied` products.
void count(std::size_t words, std::size_t multiplied = 0) {
  bytes.fetch_add(8 * words, std::memory_order_relaxed);
  products.fetch_add(multiplied, std::memory_order_relaxed);
}

void countTransform(const NttTwiddles& twiddles) {
  const std::size_t n = twiddles.n;
  transforms.fetch_add(1, std::memory_order_relaxed);
  butterflies.fetch_add(n / 2 * static_cast<std::size_t>(std::countr_zero(n)),
                        std::memory_order_relaxed);
  count(2 * n);
}

// The plain table with the kernels of polynomials counted; the rest is passed on as it is.
Table counting() {
  Table t = plain();
  t.nttForward = [](const NttTwiddles& twiddles, const Word* in, Word* out) {
    countTransform(twiddles);
    plain().nttForward(twiddles, in, out);
  };
  t.nttInverse = [](const NttTwiddles& twiddles, const Word* in, const InverseScale& scale,
                    Word* out) {
    countTransform(twiddles);
    plain().nttInverse(twiddles, in, scale, out);
  };
  t.nttForwardLazy = [](const NttTwiddles& twiddles, const Word* in, Word from, Word* out) {
    countTransform(twiddles);
    plain().nttForwardLazy(twiddles, in, from, out);
  };
  t.nttForwardIntegers = [](const NttTwiddles& twiddles, const std::int64_t* in, int bits,
                            const Barrett& modulus, Word* out) {
    countTransform(twiddles);
    plain().nttForwardIntegers(twiddles, in, bits, modulus, out);
  };
  t.nttForwardSmallLazy = [](const NttTwiddles& twiddles, const std::int8_t* in, Word* out) {
    countTransform(twiddles);
    plain().nttForwardSmallLazy(twiddles, in, out);
  };
  t.nttForwardSubtractScale = [](const NttTwiddles& twiddles, const Word* in, Word from, Word* work,
                                 const Word* x, Word scalar, Word quotient, Word* out) {
    countTransform(twiddles);
    count(twiddles.n, twiddles.n);
    plain().nttForwardSubtractScale(twiddles, in, from, work, x, scalar, quotient, out);
  };
  t.add = [](const Word* a, const Word* b, std::size_t n, Word q, Word* out) {
    count(3 * n);
    plain().add(a, b, n, q, out);
  };
  t.subtract = [](const Word* a, const Word* b, std::size_t n, Word q, Word* out) {
    count(3 * n);
    plain().subtract(a, b, n, q, out);
  };
  t.sum = [](const Word* const* rows, std::size_t number, std::size_t n, Word q, Word* out) {
    count((number + 1) * n);
    plain().sum(rows, number, n, q, out);
  };
  t.negate = [](const Word* a, std::size_t n, Word q, Word* out) {
    count(2 * n);
    plain().negate(a, n, q, out);
  };
  t.multiply = [](const Word* a, const Word* b, std::size_t n, const Barrett& modulus, Word* out) {
    count(3 * n, n);
    plain().multiply(a, b, n, modulus, out);
  };
  t.multiplyAdd = [](const Word* a, const Word* b, std::size_t n, const Barrett& modulus,
                     Word* out) {
    count(4 * n, n);
    plain().multiplyAdd(a, b, n, modulus, out);
  };
  t.lazyMultiplyAdd = [](const Word* a, const Word* b, const Word* c, std::size_t n,
                         const Barrett& modulus, Word* sum) {
    count((c == nullptr ? 4 : 5) * n, n);
    plain().lazyMultiplyAdd(a, b, c, n, modulus, sum);
  };
  t.multiplyScalar = [](const Word* a, std::size_t n, Word scalar, Word quotient, Word q,
                        Word* out) {
    count(2 * n, n);
    plain().multiplyScalar(a, n, scalar, quotient, q, out);
  };
  t.multiplyScalarAdd = [](const Word* a, std::size_t n, Word scalar, Word quotient, Word q,
                           Word* out) {
    count(3 * n, n);
    plain().multiplyScalarAdd(a, n, scalar, quotient, q, out);
  };
  t.reduce = [](const Word* a, std::size_t n, const Barrett& modulus, Word* out) {
    count(2 * n);
    plain().reduce(a, n, modulus, out);
  };
  t.liftSigned = [](const std::int8_t* a, std::size_t n, Word q, Word* out) {
    count(n + n / 8);
    plain().liftSigned(a, n, q, out);
  };
  t.liftIntegers = [](const std::int64_t* a, std::size_t n, int bits, const Barrett& modulus,
                      Word* out) {
    count(2 * n);
    plain().liftIntegers(a, n, bits, modulus, out);
  };
  t.addSigned = [](const std::int8_t* a, std::size_t n, Word q, Word* sum) {
    count(2 * n + n / 8);
    plain().addSigned(a, n, q, sum);
  };
  t.liftCentred = [](const Word* a, std::size_t n, Word q, Word b, Word* out) {
    count(2 * n);
    plain().liftCentred(a, n, q, b, out);
  };
  t.reduceCentred = [](const Word* a, std::size_t n, Word q, const Barrett& b, Word* out) {
    count(2 * n);
    plain().reduceCentred(a, n, q, b, out);
  };
  t.permuteEights = [](const Word* a, const std::uint32_t* positions, std::size_t n, Word* out) {
    count(2 * n + n / 2);
    plain().permuteEights(a, positions, n, out);
  };
  t.innerProductPair = [](const ProductPair& p, std::size_t n, const Barrett& modulus) {
    const std::size_t added = (p.added[0] != nullptr) + (p.added[1] != nullptr);
    count((3 * p.count + added + 2) * n, (2 * p.count + added) * n);
    plain().innerProductPair(p, n, modulus);
  };
  t.crtQuotient = [](const Word* const* y, const DigitFactors* factors, std::size_t number,
                     std::size_t n, Word* v) {
    count((number + 1) * n, number * n);
    plain().crtQuotient(y, factors, number, n, v);
  };
  t.innerProduct = [](const Word* const* a, const Word* const* b, std::size_t rows, std::size_t n,
                      const Barrett& modulus, Word* out) {
    count((2 * rows + 1) * n, rows * n);
    plain().innerProduct(a, b, rows, n, modulus, out);
  };
  t.tensor = [](const Word* const* a, const Word* const* b, std::size_t n, const Barrett& modulus,
                Word* const* out) {
    count(7 * n, 4 * n);
    plain().tensor(a, b, n, modulus, out);
  };
  t.scaledTensor = [](const Word* const* a, const Word* const* b, std::size_t n,
                      const Barrett& modulus, Word* const* out) {
    count(7 * n, 4 * n);
    plain().scaledTensor(a, b, n, modulus, out);
  };
  t.linearCombination = [](const Word* const* rows, const Word* scalars, std::size_t number,
                           std::size_t n, int input_bits, const Barrett& modulus, Word* out) {
    count((number + 1) * n, number * n);
    plain().linearCombination(rows, scalars, number, n, input_bits, modulus, out);
  };
  t.combineDigits = [](const DigitCombination& c, const Word* const* rows, const Word* addend,
                       std::size_t n, Word* out) {
    count((c.factors.size() + (addend != nullptr ? 2 : 1)) * n, c.factors.size() * n);
    plain().combineDigits(c, rows, addend, n, out);
  };
  t.roundedQuotient = [](const Word* const* rows, const double* inverses, std::size_t number,
                         std::size_t n, Word* out, double* fractions) {
    count((number + (fractions != nullptr ? 2 : 1)) * n, number * n);
    plain().roundedQuotient(rows, inverses, number, n, out, fractions);
  };
  t.crtDigits = [](const Word* x, std::size_t n, const DigitFactors& factors, Word* y, Word* v) {
    count(4 * n, n);
    plain().crtDigits(x, n, factors, y, v);
  };
  t.chacha20 = [](const std::uint32_t* state, std::size_t blocks, std::uint8_t* out) {
    count(8 * blocks);
    plain().chacha20(state, blocks, out);
  };
  t.selectBelow = [](const Word* words, std::size_t n, Word mask, Word q, Word* out) {
    count(2 * n);
    return plain().selectBelow(words, n, mask, q, out);
  };
  t.ternary = [](const Word* words, std::size_t n, std::int8_t* out) {
    count(n + n / 8);
    plain().ternary(words, n, out);
  };
  t.centredBinomial = [](const Word* words, std::size_t n, std::int8_t* out) {
    count(n + n / 8);
    plain().centredBinomial(words, n, out);
  };
  return t;
}

}  // namespace

const Table* countingTable() { return current.load(std::memory_order_relaxed); }

void startCounting() {
  static const Table counted = counting();
  for (Counter* counter : {&transforms, &butterflies, &products, &bytes}) counter->store(0);
  current.store(&counted);
}

Counts stopCounting() {
  current.store(nullptr);
  return {transforms.load(), butterflies.load(), products.load(), bytes.load()};
}

}  // namespace veilsum::kernel
