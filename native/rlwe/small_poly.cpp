#include "rlwe/small_poly.h"

#include "kernel/table.h"

namespace veilsum::rlwe {

using ring::Coeff;
using ring::Eval;
using ring::Poly;

Poly<Coeff> liftSmall(const ring::BasisPtr& basis, std::span<const std::int8_t> values) {
  require(values.size() == basis->n(), Code::kInternal, "a small polynomial of another degree");
  Poly<Coeff> result(basis, unset);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    kernel::table().liftSigned(values.data(), values.size(), basis->modulus(i).value(),
                               result.residue(i));
  }
  return result;
}

Poly<Coeff> samplePolyNoise(const ring::BasisPtr& basis, random::Stream& stream) {
  return liftSmall(basis, sampleNoise(basis->n(), stream));
}

SmallPoly sampleTernary(std::size_t n, random::Stream& stream) {
  SmallPoly values(n, unset);
  random::sampleTernary(stream, values);
  return values;
}

SmallPoly sampleNoise(std::size_t n, random::Stream& stream) {
  SmallPoly values(n, unset);
  random::sampleNoise(stream, values);
  return values;
}

template <class Form>
Poly<Form> expandPoly(const ring::BasisPtr& basis, const random::Seed& seed,
                      std::uint64_t first_stream) {
  Poly<Form> result(basis, unset);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    random::expandUniform(seed, first_stream + i, basis->modulus(i),
                          {result.residue(i), basis->n()});
  }
  return result;
}

template Poly<Coeff> expandPoly(const ring::BasisPtr&, const random::Seed&, std::uint64_t);
template Poly<Eval> expandPoly(const ring::BasisPtr&, const random::Seed&, std::uint64_t);

}  // namespace veilsum::rlwe
