#include "gradient/public_update.h"

#include "kernel/table.h"
#include "random/samplers.h"
#include "ring/rows.h"
#include "rlwe/small_poly.h"
#include "wire/packed.h"

namespace veilsum::gradient {

void encryptPair(const Codec& codec, const rlwe::PublicKey& key, const Numbers& numbers, Clip clip,
                 std::uint64_t first, std::span<std::uint8_t> out) {
  key.context->requireSame(*codec.context());
  require(out.size() == 2 * codec.polynomialBytes(), Code::kUsage,
          "the output of a chunk has another size");
  const std::size_t n = codec.n();
  const rlwe::FreshSeed seed;
  random::Stream small(seed.value, 0), rounding(seed.value, 1);

  Buffer<std::uint64_t, true> integers(codec.chunkNumbers());
  quantize(codec, numbers, clip, rounding, first, integers);
  Buffer<std::int8_t, true> u(n), e0(n), e1(n);
  random::sampleTernary(small, u);
  random::sampleNoise(small, e0);
  random::sampleNoise(small, e1);

  auto c0 = out.first(codec.polynomialBytes()), c1 = out.subspan(codec.polynomialBytes());
  Buffer<std::uint64_t, true> transformed(n), row(n), other(n);
  const ring::Basis& basis = *codec.basis();
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const arith::Modulus& q = basis.modulus(i);
    const std::size_t bytes = wire::packedRowSize(n, q);
    kernel::table().liftSigned(u.data(), n, q.value(), transformed.data());
    basis.ntt(i).forward(transformed.data());

    ring::rows::mul(q, n, key.b.residue(i), transformed.data(), row.data());
    basis.ntt(i).inverse(row.data());
    kernel::table().liftSigned(e0.data(), n, q.value(), other.data());
    ring::rows::add(q, n, row.data(), other.data(), row.data());
    codec.encodeRow(i, integers, row, other);
    wire::packRow(other, q, c0.first(bytes));
    c0 = c0.subspan(bytes);

    ring::rows::mul(q, n, key.a.residue(i), transformed.data(), row.data());
    kernel::table().liftSigned(e1.data(), n, q.value(), other.data());
    basis.ntt(i).forward(other.data());
    ring::rows::add(q, n, row.data(), other.data(), row.data());
    ring::rows::scale(q, n, row.data(), codec.errorFactor(i), row.data());
    wire::packRow(row, q, c1.first(bytes));
    c1 = c1.subspan(bytes);
  }
}

}  // namespace veilsum::gradient
