// The face that Java calls: flat arrays, several items, in place.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "paillier/face.h"
#include "random/stream.h"

namespace veilsum::paillier::face {
namespace {

using Bytes = std::vector<std::uint8_t>;

class Face : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    random::Seed seed{};
    seed[0] = 42;
    secret = generate(seed.data(), 2048);
    key = publicHalf(secret);
    size = static_cast<std::size_t>(modulusBytes(key));
  }
  static void TearDownTestSuite() {
    releaseSecret(secret);
    releasePublic(key);
  }

  static Bytes encoded(const std::vector<std::int64_t>& values) {
    Bytes result(values.size() * size);
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::uint8_t* last = &result[(i + 1) * size - 1];
      for (std::size_t j = 0; j < size; ++j) {
        *(last - j) = static_cast<std::uint8_t>(values[i] >> (j < 8 ? 8 * j : 63));
      }
    }
    return result;
  }
  static Bytes encrypted(const std::vector<std::int64_t>& values, bool asOwner = false) {
    Bytes result(values.size() * 2 * size);
    const int count = static_cast<int>(values.size());
    if (asOwner) {
      encryptAsOwner(secret, encoded(values).data(), result.data(), count);
    } else {
      encrypt(key, 1, encoded(values).data(), result.data(), count);
    }
    return result;
  }
  static Bytes decrypted(const Bytes& ciphertexts) {
    Bytes result(ciphertexts.size() / 2);
    decrypt(secret, ciphertexts.data(), result.data(), static_cast<int>(result.size() / size));
    return result;
  }

  inline static Handle secret, key;
  inline static std::size_t size;
};

TEST_F(Face, OperationsRunOverArraysInPlace) {
  EXPECT_EQ(size, 256u);
  const Bytes a = encrypted({5, -7, 1L << 40}), b = encrypted({-1, -2, 3}, true);
  validate(key, a.data(), 3);
  Bytes out = a;
  add(key, out.data(), b.data(), out.data(), 3);
  EXPECT_EQ(decrypted(out), encoded({4, -9, (1L << 40) + 3}));
  subtract(key, out.data(), b.data(), out.data(), 3);
  EXPECT_EQ(decrypted(out), encoded({5, -7, 1L << 40}));
  negate(key, out.data(), out.data(), 3);
  EXPECT_EQ(decrypted(out), encoded({-5, 7, -(1L << 40)}));
  addPlain(key, out.data(), encoded({1, 2, 3}).data(), out.data(), 3);
  EXPECT_EQ(decrypted(out), encoded({-4, 9, 3 - (1L << 40)}));
  multiply(key, out.data(), encoded({-3, 0, 1000}).data(), 0, out.data(), 3);
  EXPECT_EQ(decrypted(out), encoded({12, 0, 3000 - 1000 * (1L << 40)}));
  const Bytes before = out;
  rerandomize(key, out.data(), out.data(), 3);
  EXPECT_NE(out, before);
  EXPECT_EQ(decrypted(out), decrypted(before));
  validate(key, out.data(), 3);
  Bytes total(2 * size);
  sum(key, a.data(), 3, total.data());
  EXPECT_EQ(decrypted(total), encoded({(1L << 40) - 2}));
}

TEST_F(Face, LongArraysAreAddedAndSummed) {
  std::vector<std::int64_t> values(77), doubled(77);
  std::int64_t all = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int64_t>(i) * 1000003 - 5;
    doubled[i] = 2 * values[i];
    all += values[i];
  }
  const Bytes a = encrypted(values, true);
  Bytes out(a.size()), total(2 * size);
  add(key, a.data(), a.data(), out.data(), 77);
  EXPECT_EQ(decrypted(out), encoded(doubled));
  sum(key, a.data(), 77, total.data());
  EXPECT_EQ(decrypted(total), encoded({all}));
  // c + (-c) hides nothing and is blinded afresh.
  Bytes negated(a.size());
  negate(key, a.data(), negated.data(), 9);
  add(key, a.data(), negated.data(), out.data(), 9);
  validate(key, out.data(), 9);
  out.resize(9 * 2 * size);
  EXPECT_EQ(decrypted(out), encoded(std::vector<std::int64_t>(9)));
}

TEST_F(Face, RandomnessIsPreparedForEachKind) {
  prepare(key, 2, 3);
  EXPECT_EQ(prepared(key, 2) >= 3, prepared(key, 2) > 0);
  EXPECT_EQ(prepared(key, 3), 0);
  forget(key, 2);
  EXPECT_EQ(prepared(key, 2), 0);
  prepareAsOwner(secret, 2);
  forgetAsOwner(secret);
  EXPECT_EQ(preparedAsOwner(secret), 0);
  EXPECT_THROW(prepare(key, 4, 1), Error);
  EXPECT_THROW(prepare(key, -1, 1), Error);
  EXPECT_THROW(prepare(key, 1, 65537), Error);
}

// One that is no unit is found among good ones, wherever it stands.
TEST_F(Face, ValidationFindsTheBadOne) {
  const Bytes good = encrypted({1, 2, 3, 4, 5}, true);
  validate(key, good.data(), 5);
  Bytes modulus(size);
  writeModulus(key, modulus.data());
  for (std::size_t at : {std::size_t{0}, std::size_t{2}, std::size_t{4}}) {
    Bytes bad = good;
    std::fill_n(bad.data() + at * 2 * size, size, 0);
    std::copy_n(modulus.data(), size, bad.data() + at * 2 * size + size);  // N
    try {
      validate(key, bad.data(), 5);
      ADD_FAILURE() << "taken";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("shares a factor"), std::string::npos);
    }
  }
}

TEST_F(Face, TablesAreCountedAndFreed) {
  random::Seed seed{};
  seed[1] = 7;
  const std::int64_t before = allocatedBytes();
  const Handle other = generate(seed.data(), 2048);
  const std::int64_t fresh = allocatedBytes();
  EXPECT_GT(fresh, before);
  prepareAsOwner(other, 24);
  if (preparedAsOwner(other) > 0) {
    EXPECT_GT(allocatedBytes() - fresh, 7 << 20);
    EXPECT_LT(allocatedBytes() - fresh, 8 << 20);
  }
  releaseSecret(other);
  EXPECT_EQ(allocatedBytes(), before);
}

TEST_F(Face, ModulusGoesOutAndIn) {
  Bytes modulus(size);
  writeModulus(key, modulus.data());
  const Handle copy = readModulus(modulus.data(), static_cast<int>(size));
  Bytes ciphertext(2 * size);
  encrypt(copy, 1, encoded({77}).data(), ciphertext.data(), 1);
  releasePublic(copy);
  EXPECT_EQ(decrypted(ciphertext), encoded({77}));
}

TEST_F(Face, PackedVectorsSpanPlaintexts) {
  const int valueBits = 16;
  const std::int64_t capacity = 100;
  EXPECT_EQ(slotBits(valueBits, capacity), 23);  // 89 slots of 2047 bits
  std::vector<std::int64_t> values(200), read(200);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int64_t>((i * 7919) % 65536) - 32768;
  }
  Bytes plaintexts(3 * size), ciphertexts(6 * size);
  pack(key, valueBits, capacity, values.data(), 200, plaintexts.data());
  encryptAsOwner(secret, plaintexts.data(), ciphertexts.data(), 3);
  add(key, ciphertexts.data(), ciphertexts.data(), ciphertexts.data(), 3);
  unpack(key, valueBits, capacity, decrypted(ciphertexts).data(), read.data(), 200);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(read[i], 2 * values[i]);

  EXPECT_EQ(sumWeight(valueBits, capacity, 60, 40), 100);
  EXPECT_THROW(sumWeight(valueBits, capacity, 60, 41), Error);
  EXPECT_THROW(sumWeight(valueBits, capacity, -1, 1), Error);
  EXPECT_EQ(productWeight(valueBits, capacity, 20, 5), 100);
  EXPECT_THROW(productWeight(valueBits, capacity, 20, 6), Error);
  EXPECT_THROW(slotBits(valueBits, -5), Error);
}

TEST_F(Face, RefusalsComeWithTheirCode) {
  const auto code = [](auto action) -> std::string {
    try {
      action();
    } catch (const Error& error) {
      return codeName(error.code());
    }
    return "none";
  };
  const Bytes seed(32), zero(2 * size);
  EXPECT_EQ(code([&] { generate(seed.data(), 1024); }), "INSECURE_PARAMETERS");
  EXPECT_EQ(code([&] { generate(seed.data(), -1); }), "INSECURE_PARAMETERS");
  EXPECT_EQ(code([&] { readModulus(zero.data(), 256); }), "INSECURE_PARAMETERS");
  EXPECT_EQ(code([&] { validate(key, zero.data(), 1); }), "CORRUPT");
  EXPECT_EQ(code([&] { decrypted(zero); }), "CORRUPT");
  Bytes out(2 * size);
  EXPECT_EQ(code([&] { sum(key, zero.data(), 0, out.data()); }), "USAGE");
}

}  // namespace
}  // namespace veilsum::paillier::face
