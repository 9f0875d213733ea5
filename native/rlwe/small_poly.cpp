#include "rlwe/small_poly.h"

namespace veilsum::rlwe {

using ring::Coeff;
using ring::Eval;
using ring::Poly;

Poly<Coeff> liftSmall(const ring::BasisPtr& basis, std::span<const std::int8_t> values) {
  require(values.size() == basis->n(), Code::kInternal, "a small polynomial of another degree");
  Poly<Coeff> result(basis);
  for (std::size_t r = 0; r < basis->size(); ++r) {
    const std::uint64_t q = basis->modulus(r).value();
    std::uint64_t* row = result.residue(r);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::int64_t value = values[i];
      row[i] = static_cast<std::uint64_t>(value) + (q & static_cast<std::uint64_t>(value >> 63));
    }
  }
  return result;
}

Poly<Coeff> samplePolyNoise(const ring::BasisPtr& basis, random::Stream& stream) {
  Buffer<std::int8_t, true> values(basis->n());
  random::sampleNoise(stream, values);
  return liftSmall(basis, values);
}

Poly<Coeff> samplePolyTernary(const ring::BasisPtr& basis, random::Stream& stream) {
  Buffer<std::int8_t, true> values(basis->n());
  random::sampleTernary(stream, values);
  return liftSmall(basis, values);
}

template <class Form>
Poly<Form> expandPoly(const ring::BasisPtr& basis, const random::Seed& seed,
                      std::uint64_t first_stream) {
  Poly<Form> result(basis);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    random::expandUniform(seed, first_stream + i, basis->modulus(i),
                          {result.residue(i), basis->n()});
  }
  return result;
}

template Poly<Coeff> expandPoly(const ring::BasisPtr&, const random::Seed&, std::uint64_t);
template Poly<Eval> expandPoly(const ring::BasisPtr&, const random::Seed&, std::uint64_t);

}  // namespace veilsum::rlwe
