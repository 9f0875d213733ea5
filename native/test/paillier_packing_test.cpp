// Packed vectors of Paillier: layouts, extremes, and capacities.

#include <gtest/gtest.h>

#include <vector>

#include "paillier/packing.h"
#include "test/paillier_case.h"

namespace veilsum::paillier {
namespace {

TEST(Packing, LayoutsHoldWhatTheySay) {
  const PublicKey& pub = key2048().publicKey();
  EXPECT_EQ(Packing(8, 1000).slotBits(), 18);
  EXPECT_EQ(Packing(21 - 1, 1).slotBits(), 21);
  EXPECT_EQ(Packing(20, 1).slots(pub), 97u);  // 97 buckets of 21 bits
  expectError(Code::kOutOfRange, [] { Packing(0, 4); });
  expectError(Code::kOutOfRange, [] { Packing(8, 0); });
  expectError(Code::kOutOfRange, [] { Packing(32, 1ull << 31); });
  EXPECT_EQ(Packing(32, (1ull << 30) - 1).slotBits(), 62);
  const Packing packing(8, 3);
  expectError(
      Code::kOutOfRange, [&] { packing.pack(pub, std::vector<std::int64_t>{128}); }, "8 bits");
  expectError(Code::kOutOfRange, [&] { packing.pack(pub, std::vector<std::int64_t>{-129}); });
  expectError(Code::kOutOfRange, [&] { packing.pack(pub, std::vector<std::int64_t>{INT64_MIN}); });
  expectError(
      Code::kOutOfRange,
      [&] { packing.pack(pub, std::vector<std::int64_t>(packing.slots(pub) + 1)); }, "slots");
}

TEST(Packing, EverySlotIsExactAtEveryExtreme) {
  const PublicKey& pub = key2048().publicKey();
  random::Stream stream(countingSeed(), 7);
  for (int valueBits : {1, 2, 7, 8, 16, 31, 32, 48, 61}) {
    const Packing packing(valueBits, 1);
    const std::int64_t low = -(std::int64_t{1} << (valueBits - 1)), high = -low - 1;
    for (int kind = 0; kind < 5; ++kind) {
      std::vector<std::int64_t> values(packing.slots(pub));
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto any = static_cast<std::int64_t>(stream.next64()) >> (64 - valueBits);
        const std::int64_t choices[] = {low, high, i % 2 ? low : high, i % 2 ? 0 : low, any};
        values[i] = choices[kind];
      }
      const Plaintext plaintext = packing.pack(pub, values);
      // The plaintext is the sum of v_i 2^(i w), by mpz.
      Mpz expected, term;
      for (std::size_t i = values.size(); i-- > 0;) {
        mpz_mul_2exp(expected, expected, static_cast<mp_bitcnt_t>(packing.slotBits()));
        mpz_set_si(term, values[i]);
        mpz_add(expected, expected, term);
      }
      EXPECT_EQ(decode(pub, plaintext), expected) << valueBits << " " << kind;
      std::vector<std::int64_t> read(values.size());
      packing.unpack(pub, plaintext, read);
      EXPECT_EQ(read, values) << valueBits << " " << kind;
    }
  }
}

TEST(Packing, SumsToTheCapacityAreExactAndNoFurther) {
  const SecretKey& key = key2048();
  const PublicKey& pub = key.publicKey();
  const Packing packing(8, 5);
  const std::size_t slots = packing.slots(pub);
  std::vector<std::int64_t> a(slots), b(slots), read(slots);
  for (std::size_t i = 0; i < slots; ++i) {
    a[i] = -128;
    b[i] = i % 2 ? 127 : -128;
  }
  const PackedCiphertext ca{key.encrypt(packing.pack(pub, a)), 1};
  const PackedCiphertext cb{pub.encrypt(packing.pack(pub, b)), 1};
  // 3a + b, then the plain b: weight 5, the most that fits.
  const PackedCiphertext tripled = multiplyScalar(pub, packing, ca, -3);
  EXPECT_EQ(tripled.weight, 3u);
  const PackedCiphertext full = addPlain(pub, packing, subtract(pub, packing, tripled, cb),
                                         std::vector<std::int64_t>(slots, 127));
  EXPECT_EQ(full.weight, 5u);
  packing.unpack(pub, key.decrypt(full.ciphertext), read);
  for (std::size_t i = 0; i < slots; ++i) ASSERT_EQ(read[i], -3 * a[i] - b[i] + 127);

  expectError(
      Code::kOutOfRange, [&] { add(pub, packing, full, ca); }, "capacity 5");
  expectError(
      Code::kOutOfRange, [&] { subtract(pub, packing, full, ca); }, "weights 5 and 1");
  expectError(Code::kOutOfRange, [&] { addPlain(pub, packing, full, a); });
  expectError(
      Code::kOutOfRange, [&] { multiplyScalar(pub, packing, ca, 6); }, "times 6");
  expectError(Code::kOutOfRange, [&] { multiplyScalar(pub, packing, ca, INT64_MIN); });
  expectError(Code::kOutOfRange, [&] { packing.sumWeight(UINT64_MAX, 2); });
  EXPECT_EQ(multiplyScalar(pub, packing, full, 0).weight, 0u);
  // A value that is no packed vector is told.
  Mpz half(pub.modulus().value());
  mpz_fdiv_q_2exp(half, half, 1);
  expectError(Code::kOutOfRange, [&] { packing.unpack(pub, encode(pub, half), read); });
}

}  // namespace
}  // namespace veilsum::paillier
