#include "paillier/lanes.h"

#include <algorithm>

#include "base/error.h"
#include "kernel/isa.h"

namespace veilsum::paillier {
namespace {

using ifma::Word;
constexpr std::size_t kLimbBits = ifma::kLimbBits;
constexpr Word kLimbMask = (Word{1} << kLimbBits) - 1;

// `count` <= 64 bits of a from bit `position` on.
Word bitsAt(const Limbs& a, std::size_t position, std::size_t count) {
  const std::size_t limb = position / 64, shift = position % 64;
  const Word low = limb < a.size() ? a[limb] >> shift : 0;
  const Word high = shift != 0 && limb + 1 < a.size() ? a[limb + 1] << (64 - shift) : 0;
  return (low | high) & (~Word{0} >> (64 - count));
}

// (a mod m, floor(a / m)) for a < m^2.
std::pair<Limbs, Limbs> divide(const Limbs& a, const OddModulus& m) {
  const auto size = static_cast<mp_size_t>(a.size()), by = static_cast<mp_size_t>(m.limbs());
  Limbs remainder = a.copy();
  Limbs quotient(a.size() - m.limbs() + 1);
  Limbs work(static_cast<std::size_t>(std::max<mp_size_t>(mpn_sec_div_qr_itch(size, by), 1)));
  quotient[quotient.size() - 1] =
      mpn_sec_div_qr(quotient.data(), remainder.data(), size, m.value().data(), by, work.data());
  return {resized(remainder, m.limbs()), resized(quotient, m.limbs())};
}

// Sets the checksums of an element from its limbs.
void sum(std::size_t k, Word* element) {
  ifma::checksum(k, element, element + 2 * k * kLanes);
  ifma::checksum(k, element + k * kLanes, element + (2 * k + 1) * kLanes);
}

}  // namespace

bool lanesAvailable() { return kernel::activeIsa() == kernel::Isa::kAvx512Ifma; }

std::size_t ifma::limbsFor(std::size_t bits) {
  for (std::size_t k : {20, 30, 40, 60, 80}) {
    if (bits + kMarginBits <= kLimbBits * k) return k;
  }
  return 0;
}

Word ifma::negativeInverse(Word m) {
  // Newton: each step doubles the bits, m being its own inverse modulo 8.
  Word inverse = m;
  for (int bits = 3; bits < 64; bits *= 2) inverse *= 2 - m * inverse;
  return (~inverse + 1) & kLimbMask;
}

void ifma::noKernel() {
  throw Error(Code::kInternal, "no Paillier kernel for this length or this processor");
}

LaneNumbers allLanes(const Limbs& a) {
  LaneNumbers numbers;
  numbers.fill(&a);
  return numbers;
}

void scatter(const Limbs& a, std::size_t lane, std::size_t k, Word* vectors) {
  vectors += lane;
  // Limbs that two words of `a` hold, without a question at each.
  std::size_t i = 0, position = 0;
  for (; i < k && position / 64 + 1 < a.size(); ++i, position += kLimbBits) {
    const std::size_t shift = position % 64;
    const Word low = a[position / 64] >> shift, high = a[position / 64 + 1] << 1 << (63 - shift);
    vectors[kLanes * i] = (low | high) & kLimbMask;
  }
  for (; i < k; ++i, position += kLimbBits) {
    vectors[kLanes * i] = bitsAt(a, position, kLimbBits);
  }
}

Limbs gather(const Word* vectors, std::size_t lane, std::size_t k, std::size_t limbs) {
  Limbs result(limbs);
  for (std::size_t i = 0; i < k; ++i) {
    const Word word = vectors[kLanes * i + lane];
    const std::size_t limb = kLimbBits * i / 64, shift = kLimbBits * i % 64;
    if (limb < limbs) result[limb] |= word << shift;
    if (shift > 64 - kLimbBits && limb + 1 < limbs) result[limb + 1] |= word >> (64 - shift);
  }
  return result;
}

Windows::Windows(const LaneNumbers& exponents, std::size_t exponentBits, std::size_t bits)
    : count((exponentBits + bits - 1) / bits), bits(bits), digits(count * kLanes) {
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      digits[i * kLanes + lane] = bitsAt(*exponents[lane], (count - 1 - i) * bits, bits);
    }
  }
}

SquareModuli::SquareModuli(const std::array<SquaredModulus, kLanes>& moduli)
    : moduli_(moduli),
      k_(ifma::limbsFor(moduli[0].modulus->bits())),
      constants_((k_ + 2) * kLanes),
      powers_(kPowers * elementWords()) {
  if (k_ == 0) ifma::noKernel();
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const OddModulus &m = *moduli[lane].modulus, &m2 = *moduli[lane].square;
    scatter(m.value(), lane, k_, constants_.data());
    constants_[k_ * kLanes + lane] = ifma::negativeInverse(m.value()[0]);
    std::size_t same = 0;
    while (moduli[same].modulus != moduli[lane].modulus) ++same;
    Limbs radix((kLimbBits * k_) / 64 + 1);
    radix[kLimbBits * k_ / 64] = Word{1} << (kLimbBits * k_ % 64);
    radix = m2.reduce(radix);
    Limbs value = fromWord(1, m2.limbs());
    for (std::size_t power = 1; power <= kPowers; ++power) {
      Word* element = powers_.data() + (power - 1) * elementWords();
      if (same < lane) {
        for (std::size_t i = 0; i < 2 * k_; ++i) {
          element[i * kLanes + lane] = element[i * kLanes + same];
        }
        continue;
      }
      value = m2.multiply(value, radix);
      // u + wM = u - (M - w) M modulo M^2
      const auto [u, w] = divide(value, m);
      scatter(u, lane, k_, element);
      scatter(m.subtract(fromWord(0, m.limbs()), w), lane, k_, element + k_ * kLanes);
    }
  }
  ifma::checksum(k_, constants_.data(), constants_.data() + (k_ + 1) * kLanes);
  for (std::size_t power = 0; power < kPowers; ++power) {
    sum(k_, powers_.data() + power * elementWords());
  }
}

ifma::Moduli SquareModuli::view() const {
  return {k_, constants_.data(), constants_.data() + k_ * kLanes,
          constants_.data() + (k_ + 1) * kLanes};
}

const Word* SquareModuli::radixPower(std::size_t power) const {
  return powers_.data() + (power - 1) * elementWords();
}

SquareLanes::SquareLanes(const SquareModuli& moduli)
    : moduli_(moduli), scratch_(ifma::scratchWords(moduli.k())) {}

SquareLanes::Element SquareLanes::one() const {
  Element result(moduli_.elementWords());
  std::copy_n(moduli_.radixPower(1), result.size(), result.data());
  return result;
}

SquareLanes::Element SquareLanes::enter(const LaneNumbers& numbers) {
  const std::size_t k = moduli_.k(), chunkBits = kLimbBits * k;
  std::size_t longest = 1;
  for (const Limbs* number : numbers) longest = std::max(longest, number->size());
  const std::size_t chunks = (64 * longest + chunkBits - 1) / chunkBits;
  if (chunks + 1 > SquareModuli::kPowers) ifma::noKernel();
  // The sum of chunk_j R^(j + 1); a chunk below R is a pair of its own.
  Element result(moduli_.elementWords());
  Element term(moduli_.elementWords());
  for (std::size_t j = 0; j < chunks; ++j) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      for (std::size_t i = 0; i < k; ++i) {
        term[kLanes * i + lane] = bitsAt(*numbers[lane], chunkBits * j + kLimbBits * i, kLimbBits);
        term[kLanes * (k + i) + lane] = 0;
      }
    }
    sum(k, term.data());
    wrong_ |= ifma::multiply(moduli_.view(), term.data(), moduli_.radixPower(j + 2), term.data(),
                             scratch_.data());
    ifma::add(moduli_.view(), result.data(), term.data(), result.data());
  }
  return result;
}

void SquareLanes::multiply(const Element& x, const Element& y, Element& out) {
  wrong_ |= ifma::multiply(moduli_.view(), x.data(), y.data(), out.data(), scratch_.data());
}

void SquareLanes::square(const Element& x, Element& out) {
  wrong_ |= ifma::square(moduli_.view(), x.data(), out.data(), scratch_.data());
}

void SquareLanes::multiplyFactor(const Element& x, const Word* factor, const Word* checksum,
                                 Element& out) {
  wrong_ |=
      ifma::multiplyFactor(moduli_.view(), x.data(), factor, checksum, out.data(), scratch_.data());
}

void SquareLanes::shift(Element& x, Word* w, Word* checksum) {
  const std::size_t k = moduli_.k();
  wrong_ |= ifma::carry(k, w, checksum);
  // (1, w) divides by R, and R^2 multiplies by it.
  Element factor(moduli_.elementWords());
  for (std::size_t lane = 0; lane < kLanes; ++lane) factor[lane] = 1;
  std::copy_n(w, k * kLanes, factor.data() + k * kLanes);
  sum(k, factor.data());
  multiply(x, factor, x);
  wrong_ |=
      ifma::multiply(moduli_.view(), x.data(), moduli_.radixPower(2), x.data(), scratch_.data());
}

void SquareLanes::product(const Word* a, const Word* b, Word* out) {
  wrong_ |= ifma::product(moduli_.view(), a, b, out, scratch_.data());
}

SquareLanes::Element SquareLanes::power(const Element& base, const Windows& exponents) {
  const std::size_t words = moduli_.elementWords(), entries = std::size_t{1} << exponents.bits;
  LaneWords table(entries * words);
  std::copy_n(moduli_.radixPower(1), words, table.data());
  std::copy_n(base.data(), words, table.data() + words);
  for (std::size_t i = 2; i < entries; ++i) {
    Word* entry = table.data() + i * words;
    wrong_ |=
        i % 2 == 0
            ? ifma::square(moduli_.view(), table.data() + i / 2 * words, entry, scratch_.data())
            : ifma::multiply(moduli_.view(), entry - words, base.data(), entry, scratch_.data());
  }
  Element result = one(), factor(words);
  for (std::size_t i = 0; i < exponents.count; ++i) {
    if (i != 0) {
      for (std::size_t bit = 0; bit < exponents.bits; ++bit) square(result, result);
    }
    ifma::select(table.data(), entries, words, exponents.digits.data() + i * kLanes, factor.data());
    if (i == 0) {
      std::swap(result, factor);
    } else {
      multiply(result, factor, result);
    }
  }
  return result;
}

void SquareLanes::leave(const Element& x, const LaneNumbers* w, Element& out) {
  const std::size_t k = moduli_.k();
  Element factor(moduli_.elementWords());
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    factor[lane] = 1;
    if (w != nullptr) scatter(*(*w)[lane], lane, k, factor.data() + k * kLanes);
  }
  sum(k, factor.data());
  multiply(x, factor, out);
  // v is below 2M: what R divides is less than RM + R + 2^9 M^2.
  ifma::lower(moduli_.view(), out.data() + k * kLanes);
}

SquareLanes::Element SquareLanes::multiplyModulo(const Word* a, const Word* b) {
  const std::size_t limbs = moduli_.k() * kLanes;
  Element x(moduli_.elementWords()), y(moduli_.elementWords());
  std::copy_n(a, limbs, x.data());
  std::copy_n(b, limbs, y.data());
  sum(moduli_.k(), x.data());
  sum(moduli_.k(), y.data());
  multiply(x, y, x);
  ifma::lower(moduli_.view(), x.data());
  return x;
}

void SquareLanes::finish(unsigned lanes) const {
  require((wrong_ & lanes) == 0, Code::kInternal,
          "a computation fault was found in a Paillier product; nothing was returned");
}

}  // namespace veilsum::paillier
