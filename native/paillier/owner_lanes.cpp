#include "paillier/owner_lanes.h"

#include <algorithm>

#include "base/error.h"

namespace veilsum::paillier {
namespace {

std::array<SquaredModulus, kLanes> inTurn(const PrimeHalf& even, const PrimeHalf& odd) {
  std::array<SquaredModulus, kLanes> moduli;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const PrimeHalf& half = lane % 2 == 0 ? even : odd;
    moduli[lane] = {half.p, half.p2};
  }
  return moduli;
}

LaneNumbers inTurn(const Limbs& even, const Limbs& odd) {
  LaneNumbers numbers;
  for (std::size_t lane = 0; lane < kLanes; ++lane) numbers[lane] = lane % 2 == 0 ? &even : &odd;
  return numbers;
}

// A few bits a window where the table of 32 entries is read for each.
constexpr std::size_t kWindowBits = 5;

Limbs radixTimes(const Limbs& a, const OddModulus& p, std::size_t k) {
  Limbs radix(ifma::kLimbBits * k / 64 + 1);
  radix[ifma::kLimbBits * k / 64] = mp_limb_t{1} << (ifma::kLimbBits * k % 64);
  return p.multiply(a, p.reduce(radix));
}

}  // namespace

OwnerLanes::OwnerLanes(PrimeHalf p, PrimeHalf q)
    : p_(std::move(p)),
      q_(std::move(q)),
      n_(product(p_.p->value(), q_.p->value())),
      both_(inTurn(p_, q_)),
      allP_(inTurn(p_, p_)),
      allQ_(inTurn(q_, q_)),
      exponents_(inTurn(*p_.exponent, *q_.exponent), p_.p->bits(), kWindowBits),
      otherInverses_(kLanes * both_.k()) {
  const Limbs even = radixTimes(p_.otherInverse, *p_.p, both_.k());
  const Limbs odd = radixTimes(q_.otherInverse, *q_.p, both_.k());
  const LaneNumbers numbers = inTurn(even, odd);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    scatter(*numbers[lane], lane, both_.k(), otherInverses_.data());
  }
}

SquareLanes::Element OwnerLanes::randomPowers(SquareLanes& lanes) const {
  std::array<Limbs, kLanes> units;
  LaneNumbers numbers;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    units[lane] = systemUniform(both_.modulus(lane).value());
    numbers[lane] = &units[lane];
  }
  return lanes.power(lanes.enter(numbers),
                     Windows(inTurn(p_.p->value(), q_.p->value()), p_.p->bits(), kWindowBits));
}

// Powers that hide the base of an exponentiation: squared after each use, drawn anew after
// kBlindingUses, as is usual for RSA (Kocher 1996, section 10).
SquareLanes::Element OwnerLanes::nextBlinding() const {
  const std::lock_guard lock(blindingMutex_);
  SquareLanes lanes(both_);
  if (blindingUses_ == 0) {
    blinding_ = randomPowers(lanes);
    blindingUses_ = kBlindingUses;
  }
  SquareLanes::Element due = blinding_->copy();
  lanes.square(*blinding_, *blinding_);
  --blindingUses_;
  lanes.finish();
  return due;
}

std::vector<std::optional<std::pair<OwnerLanes::Logarithm, OwnerLanes::Logarithm>>>
OwnerLanes::logarithms(std::span<const Limbs* const> ciphertexts) const {
  const Limbs unit = fromWord(1, 1);
  LaneNumbers numbers = allLanes(unit);
  for (std::size_t i = 0; i < ciphertexts.size(); ++i) {
    numbers[2 * i] = numbers[2 * i + 1] = ciphertexts[i];
  }
  SquareLanes lanes(both_);
  SquareLanes::Element x = lanes.enter(numbers);
  lanes.multiply(x, nextBlinding(), x);
  x = lanes.power(x, exponents_);
  // c^(p-1) = 1 - vp modulo p^2, and (1 + N)^(m (p-1)) = 1 - mqp: m is v / q.
  const std::size_t k = both_.k(), limbs = p_.p->limbs();
  SquareLanes::Element pair(both_.elementWords());
  lanes.leave(x, nullptr, pair);
  const SquareLanes::Element m =
      lanes.multiplyModulo(pair.data() + k * kLanes, otherInverses_.data());
  lanes.finish();
  std::vector<std::optional<std::pair<Logarithm, Logarithm>>> result;
  const auto logarithm = [&](std::size_t lane) {
    return Logarithm{gather(m.data(), lane, k, limbs),
                     gather(pair.data() + k * kLanes, lane, k, limbs)};
  };
  const Limbs one = fromWord(1, limbs + 1);
  for (std::size_t i = 0; i < ciphertexts.size(); ++i) {
    // c^(p-1) modulo p is 1, or c is no unit.
    const mp_limb_t isUnit = equalMask(gather(pair.data(), 2 * i, k, limbs + 1), one) &
                             equalMask(gather(pair.data(), 2 * i + 1, k, limbs + 1), one);
    if (isUnit == 0) {
      result.emplace_back();
    } else {
      result.emplace_back(std::pair(logarithm(2 * i), logarithm(2 * i + 1)));
    }
  }
  return result;
}

bool OwnerLanes::explains(const Limbs& message, const Logarithm& p, const Logarithm& q) const {
  const auto mask = [&](const PrimeHalf& half, const Limbs& v) {
    return equalMask(half.p->multiply(half.p->reduce(message), half.other), v);
  };
  return (mask(p_, p.v) & mask(q_, q.v)) != 0;
}

const OwnerLanes::Tables& OwnerLanes::tables() const {
  std::call_once(tablesMade_, [&] {
    // h = -(r^N)^2 for a uniform unit r: a uniform p-th power modulo p^2, squared, and the same for
    // q.
    const auto base = [&](const PrimeHalf& half, const SquareModuli& moduli) {
      SquareLanes lanes(moduli);
      const Limbs unit = systemUniform(half.p->value());
      SquareLanes::Element h =
          lanes.power(lanes.enter(allLanes(unit)),
                      Windows(allLanes(half.p->value()), half.p->bits(), kWindowBits));
      lanes.square(h, h);
      const std::size_t limbs = half.p2->limbs();
      const Limbs minusOne = half.p2->subtract(fromWord(0, limbs), fromWord(1, limbs));
      lanes.multiply(h, lanes.enter(allLanes(minusOne)), h);
      lanes.finish();
      return h;
    };
    tables_.reset(new Tables{FixedBase(allP_, base(p_, allP_), p_.p->bits()),
                             FixedBase(allQ_, base(q_, allQ_), q_.p->bits())});
  });
  return *tables_;
}

std::vector<LaneWords> OwnerLanes::textbook(std::size_t groups) const {
  SquareLanes lanes(both_);
  std::vector<LaneWords> result;
  while (result.size() < groups * kLanes) {
    const SquareLanes::Element powers = randomPowers(lanes);
    for (std::size_t lane = 0; lane < kLanes; lane += 2) {
      const LaneWords p = extractLane(powers, lane), q = extractLane(powers, lane + 1);
      LaneWords both(p.size() + q.size());
      std::copy_n(p.data(), p.size(), both.data());
      std::copy_n(q.data(), q.size(), both.data() + p.size());
      result.push_back(std::move(both));
    }
  }
  lanes.finish();
  return result;
}

std::vector<LaneWords> OwnerLanes::fresh(std::size_t groups, bool many) const {
  if (!many) return textbook(groups);
  const Tables& powers = tables();
  std::vector<Limbs> x;
  for (std::size_t i = 0; i < groups * kLanes; ++i) {
    x.push_back(randomExponent(Exponents::kFull, n_));
  }
  std::vector<LaneWords> result(x.size());
  const auto add = [&](const PrimeHalf& half, const SquareModuli& moduli, const FixedBase& base) {
    const LaneExponents exponents(groups,
                                  [&](std::size_t i) { return remainder(x[i], *half.exponent); });
    SquareLanes lanes(moduli);
    const auto elements = base.powers(lanes, exponents.numbers());
    lanes.finish();
    const std::size_t words = moduli.elementWords() / kLanes;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (result[i].size() == 0) result[i] = LaneWords(2 * words);
      const LaneWords part = extractLane(elements[i / kLanes], i % kLanes);
      std::copy_n(part.data(), words, result[i].data() + (&half == &q_ ? words : 0));
    }
  };
  add(p_, allP_, powers.p);
  add(q_, allQ_, powers.q);
  return result;
}

void OwnerLanes::prepare(std::size_t count) const {
  Pool::checkCapacity(count);
  for (std::size_t ready = ready_.size(); ready < count; ready = ready_.size()) {
    ready_.add(fresh(std::min((count - ready + kLanes - 1) / kLanes, Randomness::kAtOnce / kLanes),
                     count > Randomness::kTableAfter));
  }
}

std::vector<std::pair<Limbs, Limbs>> OwnerLanes::encrypt(
    std::span<const Limbs* const> plaintexts) const {
  std::vector<LaneWords> residues = ready_.take(plaintexts.size());
  if (const std::size_t missing = plaintexts.size() - residues.size(); missing > 0) {
    const bool many = (asked_ += missing) > Randomness::kTableAfter;
    std::vector<LaneWords> made = fresh((missing + kLanes - 1) / kLanes, many), rest;
    for (std::size_t i = 0; i < made.size(); ++i) {
      (i < missing ? residues : rest).push_back(std::move(made[i]));
    }
    ready_.add(std::move(rest));
  }
  std::vector<std::pair<Limbs, Limbs>> result(plaintexts.size());
  const auto finish = [&](const PrimeHalf& half, const SquareModuli& moduli, std::size_t first,
                          std::size_t count) {
    SquareLanes lanes(moduli);
    SquareLanes::Element x = lanes.one();
    // 1 + mN = 1 - wp modulo p^2 with w = -mq.
    std::array<Limbs, kLanes> w;
    const Limbs none = fromWord(0, half.p->limbs());
    LaneNumbers factors = allLanes(none);
    const std::size_t words = moduli.elementWords() / kLanes, from = &half == &q_ ? words : 0;
    for (std::size_t i = 0; i < count; ++i) {
      insertLane({residues[first + i].data() + from, words}, i, x);
      w[i] = half.p->subtract(none,
                              half.p->multiply(half.p->reduce(*plaintexts[first + i]), half.other));
      factors[i] = &w[i];
    }
    SquareLanes::Element pair(moduli.elementWords());
    lanes.leave(x, &factors, pair);
    lanes.finish();
    for (std::size_t i = 0; i < count; ++i) {
      const Limbs u = gather(pair.data(), i, moduli.k(), half.p->limbs());
      const Limbs v = gather(pair.data() + moduli.k() * kLanes, i, moduli.k(), half.p->limbs());
      const Limbs multiple = product(half.p->subtract(none, v), half.p->value());
      (from == 0 ? result[first + i].first : result[first + i].second) =
          half.p2->add(resized(multiple, half.p2->limbs()), resized(u, half.p2->limbs()));
    }
  };
  for (std::size_t first = 0; first < plaintexts.size(); first += kLanes) {
    const std::size_t count = std::min(kLanes, plaintexts.size() - first);
    finish(p_, allP_, first, count);
    finish(q_, allQ_, first, count);
  }
  return result;
}

}  // namespace veilsum::paillier
