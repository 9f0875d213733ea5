#include "paillier/public_key.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/secrecy.h"
#include "paillier/primes.h"

namespace veilsum::paillier {
namespace {

mp_limb_t maskOf(mp_limb_t bit) { return ~bit + 1; }

// A number of the caller's that outlives the call, as an mpz. For public numbers.
class PublicNumber {
 public:
  PublicNumber() { mpz_init(value_); }
  ~PublicNumber() { mpz_clear(value_); }
  PublicNumber(const PublicNumber&) = delete;
  PublicNumber& operator=(const PublicNumber&) = delete;
  operator mpz_ptr() { return value_; }
  Limbs limbs(std::size_t size) const {
    Limbs result(size);
    const std::size_t used = mpz_size(value_);
    std::copy_n(mpz_limbs_read(value_), std::min(size, used), result.begin());
    return result;
  }

 private:
  mpz_t value_;
};

Limbs inversePublic(const OddModulus& m, const Limbs& a) {
  PublicNumber inverse;
  const int exists = mpz_invert(inverse, PublicView(a), PublicView(m.value()));
  require(exists != 0, Code::kCorrupt, "a Paillier ciphertext is not a unit");
  return inverse.limbs(m.limbs());
}

// Fermat's method for a few steps: finds factors that differ by less than about 2^(bits/4 + 4).
bool factorsAreClose(const Limbs& n) {
  constexpr int kSteps = 64;
  PublicNumber root, gap;
  mpz_sqrt(root, PublicView(n));
  for (int i = 0; i < kSteps; ++i) {
    mpz_add_ui(root, root, 1);
    mpz_mul(gap, root, root);
    mpz_sub(gap, gap, PublicView(n));
    if (mpz_perfect_square_p(gap)) return true;
  }
  return false;
}

// The two's complement bytes as limbs with the sign extended, and the sign's mask.
struct SignedLimbs {
  Limbs value;
  mp_limb_t negative;

  Limbs magnitude() const {
    Limbs result(value.size());
    mp_limb_t carry = negative & 1;
    for (std::size_t i = 0; i < value.size(); ++i) {
      result[i] = (value[i] ^ negative) + carry;
      carry &= static_cast<mp_limb_t>(result[i] == 0);
    }
    return result;
  }
};

SignedLimbs readSigned(std::span<const std::uint8_t> bytes, std::size_t limbs) {
  SignedLimbs result{fromBytes(bytes, limbs), maskOf(bytes[0] >> 7)};
  for (std::size_t bit = 8 * bytes.size(); bit < 64 * limbs; bit += 8) {
    result.value[bit / 64] |= (result.negative & 0xff) << (bit % 64);
  }
  return result;
}

}  // namespace

bool isKeySize(std::size_t bits) { return bits == 2048 || bits == 3072 || bits == 4096; }

PublicKey::PublicKey(const Limbs& modulus)
    : n_(modulus), n2_(product(n_.value(), n_.value())), half_(n_.limbs()) {
  mpn_rshift(half_.data(), n_.value().data(), static_cast<mp_size_t>(n_.limbs()), 1);
}

PublicKey PublicKey::fromModulus(std::span<const std::uint8_t> modulus) {
  constexpr std::size_t kLongest = 4096 / 8;
  require(modulus.size() <= 2 * kLongest, Code::kInsecureParameters,
          "the Paillier modulus is longer than 4096 bits; keys have 2048, 3072 or 4096");
  const Limbs n = fromBytes(modulus, 2 * kLongest / 8);
  const std::size_t bits = bitLength(n);
  if (!isKeySize(bits)) {
    throw Error(Code::kInsecureParameters, "a Paillier modulus of " + std::to_string(bits) +
                                               " bits; keys have 2048, 3072 (default) or 4096");
  }
  const auto refuse = [](const std::string& reason) {
    throw Error(Code::kInsecureParameters,
                "the Paillier modulus " + reason + "; do not use this key");
  };
  const Limbs exact = resized(n, (bits + 63) / 64);
  if (const std::uint32_t factor = smallFactor(exact)) {
    refuse("has the factor " + std::to_string(factor));
  }
  const PublicView view(exact);
  if (mpz_perfect_power_p(view)) refuse("is a perfect power");
  if (mpz_probab_prime_p(view, 32)) refuse("is a prime");
  if (factorsAreClose(exact)) refuse("has factors too close to each other");
  return PublicKey(exact);
}

Plaintext PublicKey::encode(std::span<const std::uint8_t> twosComplement) const {
  require(twosComplement.size() == modulusBytes(), Code::kUsage,
          "an encoded Paillier plaintext has as many bytes as its modulus");
  const SignedLimbs integer = readSigned(twosComplement, n_.limbs());
  // Whether a value is refused is public.
  require(declassified(lessMask(half_, integer.magnitude()) == 0), Code::kOutOfRange,
          "a Paillier plaintext's magnitude is above (N - 1) / 2; split the value or take a longer "
          "key");
  Limbs residue(n_.limbs());
  mpn_copyi(residue.data(), integer.value.data(), static_cast<mp_size_t>(n_.limbs()));
  mpn_cnd_add_n(integer.negative & 1, residue.data(), residue.data(), n_.value().data(),
                static_cast<mp_size_t>(n_.limbs()));
  return Plaintext(std::move(residue));
}

Plaintext PublicKey::encode(std::int64_t value) const {
  Buffer<std::uint8_t, true> bytes(modulusBytes());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[bytes.size() - 1 - i] =
        static_cast<std::uint8_t>(value >> std::min<std::size_t>(8 * i, 63));
  }
  return encode(bytes);
}

void PublicKey::decode(const Plaintext& plaintext, std::span<std::uint8_t> twosComplement) const {
  require(twosComplement.size() == modulusBytes(), Code::kUsage,
          "an encoded Paillier plaintext has as many bytes as its modulus");
  const Limbs& residue = plaintext.residue();
  Limbs integer(n_.limbs());
  mpn_copyi(integer.data(), residue.data(), static_cast<mp_size_t>(n_.limbs()));
  mpn_cnd_sub_n(lessMask(half_, residue) & 1, integer.data(), integer.data(), n_.value().data(),
                static_cast<mp_size_t>(n_.limbs()));
  toBytes(integer, twosComplement);
}

Scalar PublicKey::scalar(std::span<const std::uint8_t> twosComplement, std::size_t bits) const {
  require(twosComplement.size() == modulusBytes(), Code::kUsage,
          "an encoded Paillier factor has as many bytes as its modulus");
  const SignedLimbs integer = readSigned(twosComplement, n_.limbs());
  Limbs magnitude = integer.magnitude();
  const std::size_t needed = std::max<std::size_t>(bitLength(magnitude), 1);
  if (bits == 0) bits = needed;
  if (needed > bits || bits >= this->bits()) {
    throw Error(Code::kOutOfRange,
                "a Paillier factor of " + std::to_string(needed) + " bits where " +
                    std::to_string(std::min(bits, this->bits() - 1)) + " are allowed");
  }
  return Scalar{std::move(magnitude), integer.negative,
                std::min((bits + 63) / 64 * 64, this->bits())};
}

Limbs PublicKey::generatorPower(const Plaintext& plaintext) const {
  Limbs power = resized(product(plaintext.residue(), n_.value()), n2_.limbs());
  return n2_.add(power, fromWord(1, n2_.limbs()));
}

Ciphertext PublicKey::encryptZero() const {
  for (;;) {
    const Limbs r = systemUniform(n_.value());
    Limbs power = n2_.power(resized(r, n2_.limbs()), n_.value(), n_.bits());
    // r is a unit exactly where r^N mod N is, and that becomes public: it is the ciphertext mod N.
    const Limbs residue = n_.reduce(power);
    declassify(residue.data(), residue.size() * sizeof(mp_limb_t));
    const bool isOne = equalMask(residue, fromWord(1, n_.limbs())) != 0;
    if (!isOne && n_.isUnitPublic(residue)) return Ciphertext(std::move(power));
  }
}

const Limbs& PublicKey::fixedBase() const {
  std::call_once(baseDrawn_, [&] {
    const Limbs zero = encryptZero().take();
    base_ = n2_.subtract(fromWord(0, n2_.limbs()), n2_.multiply(zero, zero));
  });
  return base_;
}

Limbs PublicKey::randomResidue(Exponents kind) const {
  if (kind == Exponents::kTextbook || kind == Exponents::kFull) return encryptZero().take();
  return n2_.power(fixedBase(), randomExponent(kind, n_), exponentBits(kind, bits()));
}

Ciphertext PublicKey::encrypt(const Plaintext& plaintext, Exponents kind) const {
  if (randomness() != nullptr) return std::move(encryptAll({&plaintext, 1}, kind)[0]);
  Limbs ciphertext = n2_.multiply(generatorPower(plaintext), randomResidue(kind));
  declassify(ciphertext.data(), ciphertext.size() * sizeof(mp_limb_t));  // as ciphertexts are
  return blinded(std::move(ciphertext));
}

std::vector<Ciphertext> PublicKey::encryptAll(std::span<const Plaintext> plaintexts,
                                              Exponents kind) const {
  std::vector<Ciphertext> result;
  result.reserve(plaintexts.size());
  if (randomness() == nullptr) {
    for (const Plaintext& plaintext : plaintexts) result.push_back(encrypt(plaintext, kind));
    return result;
  }
  const Limbs zero = fromWord(0, n_.limbs());
  SquareLanes lanes(randomness()->moduli());
  std::vector<SquareLanes::Element> residues;
  for (std::size_t first = 0; first < plaintexts.size(); first += kLanes) {
    if (first % Randomness::kAtOnce == 0) {
      residues =
          randomness()->take(lanes, kind, std::min(Randomness::kAtOnce, plaintexts.size() - first));
    }
    const std::size_t count = std::min(kLanes, plaintexts.size() - first);
    std::array<Limbs, kLanes> negated;
    LaneNumbers w = allLanes(zero);
    for (std::size_t i = 0; i < count; ++i) {
      negated[i] = n_.subtract(zero, plaintexts[first + i].residue());
      w[i] = &negated[i];
    }
    leave(lanes, residues[first % Randomness::kAtOnce / kLanes], &w, count, result);
  }
  return result;
}

void PublicKey::leave(SquareLanes& lanes, const SquareLanes::Element& x, const LaneNumbers* w,
                      std::size_t count, std::vector<Ciphertext>& result) const {
  const SquareModuli& moduli = randomness()->moduli();
  const std::size_t k = moduli.k();
  SquareLanes::Element pair(moduli.elementWords());
  lanes.leave(x, w, pair);
  lanes.finish();
  for (std::size_t i = 0; i < count; ++i) {
    // u - vN = u + (N - v) N; a ciphertext, so public.
    Limbs value = resized(gather(pair.data(), i, k, n_.limbs()), n2_.limbs());
    const Limbs v = gather(pair.data() + k * kLanes, i, k, n_.limbs());
    const Limbs multiple = n_.subtract(fromWord(0, n_.limbs()), v);
    Limbs upper(2 * n_.limbs());
    mpn_mul_n(upper.data(), multiple.data(), n_.value().data(), static_cast<mp_size_t>(n_.limbs()));
    mpn_add_n(value.data(), value.data(), upper.data(), static_cast<mp_size_t>(n2_.limbs()));
    result.push_back(blinded(std::move(value)));
  }
}

void PublicKey::prepare(std::size_t count, Exponents kind) const {
  Pool::checkCapacity(count);
  if (randomness() != nullptr) randomness()->prepare(kind, count);
}

std::size_t PublicKey::prepared(Exponents kind) const {
  return randomness() == nullptr ? 0 : randomness()->prepared(kind);
}

void PublicKey::forget(Exponents kind) const {
  if (randomness() != nullptr) randomness()->forget(kind);
}

Randomness* PublicKey::randomness() const {
  if (!lanesAvailable() || !isKeySize(bits())) return nullptr;
  std::call_once(randomnessMade_, [&] { randomness_ = std::make_unique<Randomness>(n_, n2_); });
  return randomness_.get();
}

const Products* PublicKey::products() const {
  if (!lanesAvailable() || !isKeySize(bits())) return nullptr;
  std::call_once(productsMade_, [&] { products_ = std::make_unique<Products>(n_, n2_); });
  return products_.get();
}

Ciphertext PublicKey::add(const Ciphertext& a, const Ciphertext& b) const {
  return blinded(n2_.multiplyPublic(a.value(), b.value()));
}

void PublicKey::addAll(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
                       std::size_t count) const {
  const std::size_t size = ciphertextBytes();
  for (std::size_t first = 0; first < count; first += kLanes) {
    const std::size_t number = std::min(kLanes, count - first);
    const std::uint8_t *x = a + first * size, *y = b + first * size;
    std::uint8_t* sums = out + first * size;
    // Eight products together take as long as two, one after the other.
    const bool together = products() != nullptr && number > 2;
    const unsigned open = together ? products()->multiply(x, y, sums, number) : 0xff;
    for (std::size_t i = 0; i < number; ++i) {
      if ((open >> i & 1) == 0) continue;
      const std::span<std::uint8_t> sum(sums + i * size, size);
      const Limbs value = together
                              ? fromBytes(sum, n2_.limbs())
                              : n2_.multiplyPublic(trustedCiphertext({x + i * size, size}).value(),
                                                   trustedCiphertext({y + i * size, size}).value());
      toBytes(blinded(value.copy()).value(), sum);
    }
  }
}

Ciphertext PublicKey::sum(const std::uint8_t* terms, std::size_t count) const {
  if (products() != nullptr && count > kLanes) return blinded(products()->all(terms, count));
  const std::size_t size = ciphertextBytes();
  Limbs total = trustedCiphertext({terms, size}).take();
  for (std::size_t i = 1; i < count; ++i) {
    total = n2_.multiplyPublic(total, trustedCiphertext({terms + i * size, size}).value());
  }
  return blinded(std::move(total));
}

Ciphertext PublicKey::subtract(const Ciphertext& a, const Ciphertext& b) const {
  return blinded(n2_.multiplyPublic(a.value(), inversePublic(n2_, b.value())));
}

Ciphertext PublicKey::negate(const Ciphertext& a) const {
  return Ciphertext(inversePublic(n2_, a.value()));
}

Ciphertext PublicKey::addPlain(const Ciphertext& a, const Plaintext& b) const {
  return Ciphertext(n2_.multiply(a.value(), generatorPower(b)));
}

Ciphertext PublicKey::multiplyScalar(const Ciphertext& a, const Scalar& b) const {
  const Limbs inverse = inversePublic(n2_, a.value());
  const Limbs base = select(b.negativeMask, inverse, a.value());
  return blinded(n2_.power(base, b.magnitude, b.bits));
}

Ciphertext PublicKey::rerandomize(const Ciphertext& a) const {
  if (randomness() != nullptr) return std::move(rerandomizeAll({&a, 1})[0]);
  return blinded(n2_.multiply(a.value(), encryptZero().value()));
}

std::vector<Ciphertext> PublicKey::rerandomizeAll(std::span<const Ciphertext> a) const {
  std::vector<Ciphertext> result;
  result.reserve(a.size());
  if (randomness() == nullptr) {
    for (const Ciphertext& ciphertext : a) result.push_back(rerandomize(ciphertext));
    return result;
  }
  for (; !a.empty(); a = a.subspan(std::min(kLanes, a.size()))) {
    const std::size_t count = std::min(kLanes, a.size());
    const Limbs one = fromWord(1, 1);
    LaneNumbers values = allLanes(one);
    for (std::size_t i = 0; i < count; ++i) values[i] = &a[i].value();
    SquareLanes lanes(randomness()->moduli());
    SquareLanes::Element x = std::move(randomness()->take(lanes, Exponents::kTextbook, count)[0]);
    lanes.multiply(x, lanes.enter(values), x);
    leave(lanes, x, nullptr, count, result);
  }
  return result;
}

bool PublicKey::isOneModuloN(const Limbs& value) const {
  Limbs lowered(value.size());
  mpn_sub_1(lowered.data(), value.data(), static_cast<mp_size_t>(value.size()), 1);
  return mpz_divisible_p(PublicView(lowered), PublicView(n_.value())) != 0;
}

Ciphertext PublicKey::blinded(Limbs value) const {
  while (isOneModuloN(value)) value = n2_.multiply(value, encryptZero().value());
  return Ciphertext(std::move(value));
}

Ciphertext PublicKey::trustedCiphertext(std::span<const std::uint8_t> bytes) const {
  if (bytes.size() != ciphertextBytes()) {
    throw Error(Code::kCorrupt, "a Paillier ciphertext of " + std::to_string(bytes.size()) +
                                    " bytes; this key's have " + std::to_string(ciphertextBytes()));
  }
  Limbs value = fromBytes(bytes, std::max(n2_.limbs(), (bytes.size() + 7) / 8));
  const Limbs modulus = resized(n2_.value(), value.size());
  require(!isZero(value) && lessMask(value, modulus) != 0, Code::kCorrupt,
          "a Paillier ciphertext is not in (0, N^2)");
  return Ciphertext(resized(value, n2_.limbs()));
}

Ciphertext PublicKey::ciphertext(std::span<const std::uint8_t> bytes) const {
  Ciphertext result = trustedCiphertext(bytes);
  validate(result);
  return result;
}

void PublicKey::checkForm(const Ciphertext& ciphertext) const {
  const Limbs& value = ciphertext.value();
  require(value.size() == n2_.limbs() && !isZero(value) && lessMask(value, n2_.value()) != 0,
          Code::kCorrupt, "a Paillier ciphertext is not in (0, N^2)");
  require(!isOneModuloN(value), Code::kCorrupt,
          "a Paillier ciphertext is 1 modulo N: it was never blinded and hides nothing");
}

void PublicKey::validate(const Ciphertext& ciphertext) const {
  checkForm(ciphertext);
  require(n_.isUnitPublic(ciphertext.value()), Code::kCorrupt,
          "a Paillier ciphertext shares a factor with N");
}

void PublicKey::validateAll(const std::uint8_t* ciphertexts, std::size_t count) const {
  const std::size_t size = ciphertextBytes();
  // All are units where their product is.
  Limbs all = fromWord(1, n_.limbs());
  for (std::size_t i = 0; i < count; ++i) {
    const Ciphertext c = trustedCiphertext({ciphertexts + i * size, size});
    checkForm(c);
    all = n_.multiplyPublic(all, n_.reducePublic(c.value()));
  }
  if (n_.isUnitPublic(all)) return;
  for (std::size_t i = 0; i < count; ++i) ciphertext({ciphertexts + i * size, size});
}

void PublicKey::write(const Ciphertext& ciphertext, std::span<std::uint8_t> out) const {
  require(out.size() == ciphertextBytes(), Code::kUsage,
          "a Paillier ciphertext has twice as many bytes as its modulus");
  toBytes(ciphertext.value(), out);
}

}  // namespace veilsum::paillier
