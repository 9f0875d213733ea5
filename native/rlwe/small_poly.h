#ifndef VEILSUM_RLWE_SMALL_POLY_H_
#define VEILSUM_RLWE_SMALL_POLY_H_

#include <cstdint>
#include <span>

#include "base/secrecy.h"
#include "random/samplers.h"
#include "ring/poly.h"

namespace veilsum::rlwe {

/// A seed of the operating system for a secret stream; wiped when it goes.
struct FreshSeed {
  random::Seed value = random::systemSeed();
  FreshSeed() { markSecret(value.data(), value.size()); }
  FreshSeed(const FreshSeed&) = delete;
  FreshSeed& operator=(const FreshSeed&) = delete;
  ~FreshSeed() { wipe(value.data(), value.size()); }
};

/// A secret polynomial with small signed coefficients, n of them; wiped when it goes.
using SmallPoly = Buffer<std::int8_t, true>;
/// A fresh error polynomial (centred binomial) of a secret stream.
SmallPoly sampleNoise(std::size_t n, random::Stream& stream);
/// A fresh uniform ternary polynomial of a secret stream.
SmallPoly sampleTernary(std::size_t n, random::Stream& stream);

/// The polynomial with these small signed coefficients, in constant time.
ring::Poly<ring::Coeff> liftSmall(const ring::BasisPtr& basis, std::span<const std::int8_t> values);
/// A fresh error polynomial, lifted.
ring::Poly<ring::Coeff> samplePolyNoise(const ring::BasisPtr& basis, random::Stream& stream);
/// A seed's uniform polynomial, in either form: residue i from stream first_stream + i.
template <class Form>
ring::Poly<Form> expandPoly(const ring::BasisPtr& basis, const random::Seed& seed,
                            std::uint64_t first_stream = 0);

/// Wipes a polynomial at the end of a scope, whichever way it is left.
template <class Form>
class WipeAtEnd {
 public:
  explicit WipeAtEnd(ring::Poly<Form>& poly) : poly_(poly) {}
  ~WipeAtEnd() { wipe(poly_.words().data(), poly_.words().size_bytes()); }
  WipeAtEnd(const WipeAtEnd&) = delete;
  WipeAtEnd& operator=(const WipeAtEnd&) = delete;

 private:
  ring::Poly<Form>& poly_;
};

}  // namespace veilsum::rlwe

#endif  // VEILSUM_RLWE_SMALL_POLY_H_
