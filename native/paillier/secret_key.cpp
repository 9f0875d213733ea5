#include "paillier/secret_key.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/secrecy.h"
#include "paillier/primes.h"

namespace veilsum::paillier {
namespace {

constexpr const char* kFault =
    "a computation fault was found in a Paillier decryption; nothing was returned";
constexpr int kBlindingUses = 32;
// |p - q| > 2^(bits - 100), as FIPS 186-5, appendix A.1.3, asks of RSA primes.
constexpr std::size_t kClosePrimesBits = 100;

// x in [0, p q) with x = a mod p and x = b mod q (Garner), in p's and q's limbs together.
Limbs recombine(const OddModulus& p, const OddModulus& q, const Limbs& qInverse, const Limbs& a,
                const Limbs& b) {
  const Limbs step = p.multiply(p.subtract(a, p.reduce(b)), qInverse);
  Limbs x = product(q.value(), step);
  const Limbs low = resized(b, x.size());
  mpn_add_n(x.data(), x.data(), low.data(), static_cast<mp_size_t>(x.size()));
  return x;
}

}  // namespace

SecretKey::Half::Half(const Limbs& prime, const Limbs& other, const Limbs& n)
    : p(prime), p2(product(prime, prime)) {
  const Limbs zero = fromWord(0, p.limbs());
  exponent = p.subtract(zero, fromWord(1, p.limbs()));
  minusQInverse = p.inverse(p.subtract(zero, p.reduce(other)));
  generatorFactor = p2.multiply(exponent, n);
}

Limbs SecretKey::Half::randomPower() const {
  const Limbs unit = resized(systemUniform(p.value()), p2.limbs());
  return p2.power(unit, p.value(), p.bits());
}

Limbs SecretKey::Half::message(const Limbs& u) const {
  // L(u) = (u - 1) / p: at most p.limbs() limbs, the highest returned apart.
  Limbs numerator(p2.limbs());
  Limbs work(static_cast<std::size_t>(mpn_sec_sub_1_itch(static_cast<mp_size_t>(p2.limbs()))));
  mpn_sec_sub_1(numerator.data(), u.data(), static_cast<mp_size_t>(p2.limbs()), 1, work.data());
  const std::size_t quotientLimbs = p2.limbs() - p.limbs();
  Limbs logarithm(quotientLimbs + 1);
  Limbs divisionWork(static_cast<std::size_t>(
      mpn_sec_div_qr_itch(static_cast<mp_size_t>(p2.limbs()), static_cast<mp_size_t>(p.limbs()))));
  logarithm[quotientLimbs] =
      mpn_sec_div_qr(logarithm.data(), numerator.data(), static_cast<mp_size_t>(p2.limbs()),
                     p.value().data(), static_cast<mp_size_t>(p.limbs()), divisionWork.data());
  return p.multiply(logarithm, minusQInverse);
}

bool SecretKey::Half::explains(const Limbs& message, const Limbs& u) const {
  const Limbs expected = p2.add(p2.multiply(message, generatorFactor), fromWord(1, p2.limbs()));
  return equalMask(expected, u) != 0;
}

SecretKey::SecretKey(const Limbs& p, const Limbs& q)
    : p_(p, q, product(p, q)),
      q_(q, p, product(p, q)),
      qInverse_(p_.p.inverse(p_.p.reduce(q))),
      q2Inverse_(p_.p2.inverse(p_.p2.reduce(q_.p2.value()))),
      publicKey_(product(p, q)) {
  if (lanesAvailable() && isKeySize(publicKey_.bits()) && p_.p.bits() == q_.p.bits()) {
    lanes_ = std::make_unique<OwnerLanes>(half(p_, q_), half(q_, p_));
  }
}

PrimeHalf SecretKey::half(const Half& of, const Half& other) const {
  const Limbs otherModulo = of.p.reduce(other.p.value());
  return {&of.p, &of.p2, &of.exponent, of.p.inverse(otherModulo), otherModulo.copy()};
}

bool SecretKey::farApart(const Limbs& p, const Limbs& q) {
  Limbs gap(p.size());
  const mp_limb_t qIsLarger = lessMask(p, q);
  const Limbs larger = select(qIsLarger, q, p);
  const Limbs smaller = select(qIsLarger, p, q);
  mpn_sub_n(gap.data(), larger.data(), smaller.data(), static_cast<mp_size_t>(p.size()));
  return bitLength(gap) > bitLength(p) - kClosePrimesBits;
}

void SecretKey::checkPrimes(const Limbs& p, const Limbs& q) {
  const auto refuse = [](bool good, const char* message) {
    require(good, Code::kInsecureParameters, message);
  };
  refuse(p.size() == q.size() && bitLength(p) == bitLength(q),
         "Paillier primes of different lengths");
  refuse(isKeySize(bitLength(product(p, q))), "a Paillier key has 2048, 3072 or 4096 bits");
  refuse((p[0] & 3) == 3 && (q[0] & 3) == 3, "Paillier primes must be 3 modulo 4");
  refuse(farApart(p, q), "Paillier primes are equal or too close to each other");
  // gcd(N, phi(N)) = 1 for primes p, q: neither divides the other less one.
  const OddModulus modP(p), modQ(q);
  refuse(equalMask(modP.reduce(q), fromWord(1, modP.limbs())) == 0 &&
             equalMask(modQ.reduce(p), fromWord(1, modQ.limbs())) == 0,
         "gcd(N, phi(N)) of a Paillier modulus is not 1");
}

SecretKey SecretKey::generate(const random::Seed& seed, std::size_t bits) {
  if (!isKeySize(bits)) {
    throw Error(Code::kInsecureParameters, "a Paillier key of " + std::to_string(bits) +
                                               " bits; keys have 2048, 3072 (default) or 4096");
  }
  random::Stream candidates(seed, bits);
  random::Stream bases(seed, bits + 1);
  const Limbs p = nextPrime(bits / 2, candidates, bases);
  Limbs q = nextPrime(bits / 2, candidates, bases);
  while (!farApart(p, q)) q = nextPrime(bits / 2, candidates, bases);
  checkPrimes(p, q);
  return SecretKey(p, q);
}

SecretKey::Blinding SecretKey::nextBlinding() const {
  const std::lock_guard lock(mutex_);
  if (blinding_.usesLeft == 0) {
    blinding_ = Blinding{p_.randomPower(), q_.randomPower(), kBlindingUses};
  }
  Blinding next{p_.p2.multiply(blinding_.p, blinding_.p), q_.p2.multiply(blinding_.q, blinding_.q),
                blinding_.usesLeft - 1};
  std::swap(blinding_, next);
  return next;  // the one that was due
}

Ciphertext SecretKey::encrypt(const Plaintext& plaintext) const {
  if (lanes_ != nullptr) return std::move(encryptAll({&plaintext, 1})[0]);
  const OddModulus& n2 = publicKey_.modulusSquared();
  const Limbs power = recombine(p_.p2, q_.p2, q2Inverse_, p_.randomPower(), q_.randomPower());
  Limbs ciphertext = n2.multiply(publicKey_.generatorPower(plaintext), power);
  declassify(ciphertext.data(), ciphertext.size() * sizeof(mp_limb_t));  // as ciphertexts are
  return publicKey_.blinded(std::move(ciphertext));
}

std::vector<Ciphertext> SecretKey::encryptAll(std::span<const Plaintext> plaintexts) const {
  std::vector<Ciphertext> result;
  result.reserve(plaintexts.size());
  if (lanes_ == nullptr) {
    for (const Plaintext& plaintext : plaintexts) result.push_back(encrypt(plaintext));
    return result;
  }
  constexpr std::size_t kAtOnce = Randomness::kAtOnce;
  for (std::size_t first = 0; first < plaintexts.size(); first += kAtOnce) {
    std::vector<const Limbs*> residues;
    for (const Plaintext& plaintext :
         plaintexts.subspan(first, std::min(kAtOnce, plaintexts.size() - first))) {
      residues.push_back(&plaintext.residue());
    }
    for (const auto& [modP, modQ] : lanes_->encrypt(residues)) {
      const Limbs value = recombine(p_.p2, q_.p2, q2Inverse_, modP, modQ);
      result.push_back(publicKey_.blinded(resized(value, publicKey_.modulusSquared().limbs())));
    }
  }
  return result;
}

void SecretKey::prepare(std::size_t count) const {
  Pool::checkCapacity(count);
  if (lanes_ != nullptr) lanes_->prepare(count);
}

void SecretKey::forget() const {
  if (lanes_ != nullptr) lanes_->forget();
}

std::vector<Plaintext> SecretKey::decryptAll(std::span<const Ciphertext> ciphertexts) const {
  std::vector<Plaintext> result;
  result.reserve(ciphertexts.size());
  if (lanes_ == nullptr) {
    for (const Ciphertext& ciphertext : ciphertexts) result.push_back(decrypt(ciphertext));
    return result;
  }
  constexpr std::size_t kAtOnce = OwnerLanes::kCiphertexts;
  for (std::size_t first = 0; first < ciphertexts.size(); first += kAtOnce) {
    const auto part = ciphertexts.subspan(first, std::min(kAtOnce, ciphertexts.size() - first));
    std::vector<const Limbs*> values;
    for (const Ciphertext& ciphertext : part) {
      publicKey_.checkForm(ciphertext);
      values.push_back(&ciphertext.value());
    }
    const auto halves = lanes_->logarithms(values);
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (!halves[i]) {
        publicKey_.validate(part[i]);  // no unit, or else
        throw Error(Code::kInternal, kFault);
      }
      const auto& [modP, modQ] = *halves[i];
      const Limbs message = recombine(p_.p, q_.p, qInverse_, modP.message, modQ.message);
      require(lanes_->explains(message, modP, modQ), Code::kInternal, kFault);
      result.emplace_back(resized(message, publicKey_.modulus().limbs()));
    }
  }
  return result;
}

Plaintext SecretKey::decrypt(const Ciphertext& ciphertext) const {
  if (lanes_ != nullptr) return std::move(decryptAll({&ciphertext, 1})[0]);
  publicKey_.validate(ciphertext);
  const Blinding blinding = nextBlinding();
  const auto halfPower = [&](const Half& half, const Limbs& blind) {
    const Limbs base = half.p2.multiply(half.p2.reduce(ciphertext.value()), blind);
    return half.p2.power(base, half.exponent, half.p.bits());
  };
  const Limbs up = halfPower(p_, blinding.p);
  const Limbs uq = halfPower(q_, blinding.q);
  Limbs message = recombine(p_.p, q_.p, qInverse_, p_.message(up), q_.message(uq));
  // Public: without a fault both do.
  require(declassified(p_.explains(message, up)) && declassified(q_.explains(message, uq)),
          Code::kInternal, kFault);
  return Plaintext(resized(message, publicKey_.modulus().limbs()));
}

}  // namespace veilsum::paillier
