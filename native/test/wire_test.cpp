// Packed rows, and ciphertexts and keys in bytes: round trips, predicted sizes, and damage.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "bfv/noise.h"
#include "bfv_cases.h"
#include "ckks/ciphertext.h"
#include "random/samplers.h"
#include "wire/ciphertext_bytes.h"
#include "wire/packed.h"

namespace veilsum::wire {
namespace {

using bfv::testing::Case;
using bfv::testing::Setting;
using ByteVector = std::vector<std::uint8_t>;

template <class F>
Code codeOf(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.code();
  }
  return Code::kInternal;  // nothing was thrown
}

// --- packed rows ---

// The definition, bit by bit.
ByteVector packedByDefinition(std::span<const std::uint64_t> residues, int bits) {
  ByteVector out((residues.size() * bits + 7) / 8);
  for (std::size_t i = 0; i < residues.size(); ++i) {
    for (int k = 0; k < bits; ++k) {
      const std::size_t at = i * bits + k;
      out[at / 8] |= (residues[i] >> k & 1) << at % 8;
    }
  }
  return out;
}

TEST(Packed, RowsAreTheBitStreamOfTheirDefinition) {
  std::mt19937_64 random(1);
  for (int bits = 2; bits <= 61; ++bits) {
    const std::uint64_t value =
        bits == 2 ? 3
                  : (std::uint64_t{1} << bits) - 1 - random() % (std::uint64_t{1} << (bits - 2));
    const arith::Modulus q(value);
    ASSERT_EQ(q.bits(), bits);
    for (std::size_t n : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 64, 100, 256}) {
      std::vector<std::uint64_t> residues(n), back(n);
      for (auto& r : residues) r = random() % 4 ? random() % value : value - 1;
      ByteVector bytes(packedRowSize(n, q));
      packRow(residues, q, bytes);
      ASSERT_EQ(bytes, packedByDefinition(residues, bits)) << bits << " bits, " << n;
      unpackRow(bytes, q, back);
      ASSERT_EQ(back, residues) << bits << " bits, " << n;
    }
  }
}

TEST(Packed, ResiduesAboveTheModulusAreRefusedWhereverTheyStand) {
  for (const std::uint64_t value :
       {std::uint64_t{1073692673}, std::uint64_t{70368743587841}, (std::uint64_t{1} << 60) - 93}) {
    const arith::Modulus q(value);
    const std::size_t n = 37;
    for (std::size_t at = 0; at < n; ++at) {
      std::vector<std::uint64_t> residues(n), back(n);
      residues[at] = value;
      const ByteVector bytes = packedByDefinition(residues, q.bits());
      EXPECT_EQ(codeOf([&] { unpackRow(bytes, q, back); }), Code::kCorrupt) << at;
    }
  }
}

TEST(Packed, UnusedBitsAndWrongSizesAreRefused) {
  const arith::Modulus q(1073692673);  // 30 bits: 3 residues take 90 of 96 bits
  std::vector<std::uint64_t> residues(3);
  ByteVector bytes(packedRowSize(3, q));
  ASSERT_EQ(bytes.size(), 12u);
  for (int bit = 2; bit < 8; ++bit) {
    bytes.back() = static_cast<std::uint8_t>(1 << bit);
    EXPECT_EQ(codeOf([&] { unpackRow(bytes, q, residues); }), Code::kCorrupt);
  }
  bytes.pop_back();
  EXPECT_EQ(codeOf([&] { unpackRow(bytes, q, residues); }), Code::kCorrupt);
  EXPECT_EQ(codeOf([&] { packRow(residues, q, bytes); }), Code::kUsage);
}

// --- objects ---

bool equal(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  return std::ranges::equal(a, b);
}

template <class Form>
void expectEqual(const rlwe::Ciphertext<Form>& a, const rlwe::Ciphertext<Form>& b) {
  EXPECT_EQ(a.seed, b.seed);
  ASSERT_EQ(a.parts.size(), b.parts.size());
  for (std::size_t i = 0; i < a.parts.size(); ++i) {
    EXPECT_TRUE(a.parts[i].basis() == b.parts[i].basis());
    EXPECT_TRUE(equal(a.parts[i].words(), b.parts[i].words()));
  }
}

template <class T>
ByteVector bytesOf(const T& object) {
  ByteVector bytes(packedSize(object));
  write(object, bytes);
  return bytes;
}

// A small ring, so that every byte can be damaged.
const Case kSmall{"", 1024, {30, 31, 33}, {34}, 1, 0, 17};

class Wire : public ::testing::Test {
 protected:
  bfv::Ciphertext fresh(std::size_t level, bool seeded) {
    const bfv::Plaintext m = s.plain(s.randomClear());
    return seeded ? bfv::encrypt(m, s.secret, level) : bfv::encrypt(m, s.public_key, level);
  }
  ckks::Ciphertext real(bool seeded) {
    return ckks::adopt(seeded ? rlwe::encryptZero(s.secret, 1) : rlwe::encryptZero(s.public_key, 1),
                       0x1p20, 0x1p12, 1.5);
  }

  // Reading any prefix, any longer input, and any input with one byte changed either fails with an
  // error of the core or gives an object that can be written again, to the same bytes.
  template <class Read>
  void damage(const ByteVector& good, Read read, std::size_t step) {
    const std::size_t head = 64;
    for (std::size_t size = 0; size < good.size(); size += size < head ? 1 : step) {
      const ByteVector cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_EQ(codeOf([&] { read(cut); }), Code::kCorrupt) << "cut to " << size;
    }
    ByteVector longer = good;
    longer.push_back(0);
    EXPECT_EQ(codeOf([&] { read(longer); }), Code::kCorrupt);

    std::size_t refused = 0, accepted = 0;
    for (std::size_t at = 0; at < good.size(); at += at < head ? 1 : step) {
      for (const int change : {0x01, 0x80, 0xff}) {
        ByteVector bad = good;
        bad[at] = static_cast<std::uint8_t>(bad[at] ^ change);
        try {
          const ByteVector again = bytesOf(read(bad));
          EXPECT_EQ(again, bad) << "byte " << at;
          ++accepted;
        } catch (const Error& e) {
          EXPECT_TRUE(e.code() == Code::kCorrupt || e.code() == Code::kNoiseBudget) << e.what();
          ++refused;
        }
      }
    }
    EXPECT_GT(refused, 0u);
    EXPECT_GT(accepted, 0u);
  }

  Setting s{kSmall};
  std::function<bfv::Ciphertext(const ByteVector&)> readBfv = [this](const ByteVector& bytes) {
    return readBfvCiphertext(s.context, bytes);
  };
  std::function<ckks::Ciphertext(const ByteVector&)> readCkks = [this](const ByteVector& bytes) {
    return readCkksCiphertext(s.context->rlwe(), bytes);
  };
};

TEST_F(Wire, BfvCiphertextsReturn) {
  for (std::size_t level = 0; level <= s.context->maxLevel(); ++level) {
    for (const bool seeded : {false, true}) {
      if (bfv::log2FreshPublicNoise(*s.context) > s.context->log2NoiseLimit(level)) continue;
      const bfv::Ciphertext c = fresh(level, seeded);
      const ByteVector bytes = bytesOf(c);
      EXPECT_EQ(bytes.size(), ciphertextSize(*s.context->rlwe(), Scheme::kBfv, level, 2, seeded));
      const bfv::Ciphertext back = readBfv(bytes);
      expectEqual(back.body, c.body);
      EXPECT_EQ(back.log2_noise, c.log2_noise);
      EXPECT_EQ(s.decrypted(back), s.decrypted(c));
    }
  }
  const bfv::Ciphertext product = bfv::multiply(fresh(2, false), fresh(2, true));
  const ByteVector bytes = bytesOf(product);
  EXPECT_EQ(bytes.size(), ciphertextSize(*s.context->rlwe(), Scheme::kBfv, 2, 3, false));
  expectEqual(readBfv(bytes).body, product.body);
}

TEST_F(Wire, CkksCiphertextsReturn) {
  for (const bool seeded : {false, true}) {
    const ckks::Ciphertext c = real(seeded);
    const ByteVector bytes = bytesOf(c);
    EXPECT_EQ(bytes.size(), ciphertextSize(*s.context->rlwe(), Scheme::kCkks, 1, 2, seeded));
    const ckks::Ciphertext back = readCkks(bytes);
    expectEqual(back.body, c.body);
    EXPECT_EQ(back.scale, c.scale);
    EXPECT_EQ(back.noise, c.noise);
    EXPECT_EQ(back.message, c.message);
  }
}

TEST_F(Wire, KeysReturn) {
  const auto& rlwe = s.context->rlwe();
  const ByteVector public_bytes = bytesOf(s.public_key);
  EXPECT_EQ(public_bytes.size(), publicKeySize(*rlwe));
  const rlwe::PublicKey key = readPublicKey(rlwe, public_bytes);
  EXPECT_TRUE(equal(key.a.words(), s.public_key.a.words()));
  EXPECT_TRUE(equal(key.b.words(), s.public_key.b.words()));

  for (const Case& c : {kSmall, Case{"", 1024, {40, 40, 40, 40}, {46, 46}, 2, 0, 17}}) {
    Setting other(c);
    const rlwe::KeySwitchKey& relin = *other.keys.relinearization;
    const ByteVector bytes = bytesOf(relin);
    EXPECT_EQ(bytes.size(), keySwitchKeySize(*other.context->rlwe()));
    const rlwe::KeySwitchKey back = readKeySwitchKey(other.context->rlwe(), bytes);
    ASSERT_EQ(back.b.size(), relin.b.size());
    for (std::size_t d = 0; d < back.b.size(); ++d) {
      EXPECT_TRUE(equal(back.a[d].words(), relin.a[d].words()));
      EXPECT_TRUE(equal(back.b[d].words(), relin.b[d].words()));
    }
  }
  rlwe::PublicKey foreign = rlwe::PublicKey::load(rlwe, s.public_key.seed, s.public_key.b.words());
  foreign.a.residue(0)[5] ^= 1;
  ByteVector out(packedSize(foreign));
  EXPECT_EQ(codeOf([&] { write(foreign, out); }), Code::kUnsupported);
}

TEST_F(Wire, DamagedObjectsAreRefusedOrWellFormed) {
  damage(bytesOf(fresh(2, false)), readBfv, 97);
  damage(bytesOf(fresh(1, true)), readBfv, 31);
  damage(bytesOf(bfv::multiply(fresh(2, false), fresh(2, true))), readBfv, 211);
  damage(bytesOf(real(false)), readCkks, 97);
  damage(bytesOf(real(true)), readCkks, 31);
  const auto& rlwe = s.context->rlwe();
  damage(
      bytesOf(s.public_key), [&](const ByteVector& b) { return readPublicKey(rlwe, b); }, 97);
  damage(
      bytesOf(*s.keys.relinearization),
      [&](const ByteVector& b) { return readKeySwitchKey(rlwe, b); }, 997);
}

TEST_F(Wire, EveryByteOfASeededCiphertextMayBeDamaged) {
  damage(bytesOf(fresh(1, true)), readBfv, 1);
}

TEST_F(Wire, NumbersOutOfRangeAreRefused) {
  const double inf = std::numeric_limits<double>::infinity();
  const auto with = [](ByteVector bytes, std::size_t at, double value) {
    std::memcpy(bytes.data() + at, &value, 8);
    return bytes;
  };
  const ByteVector bfv_bytes = bytesOf(fresh(2, false));
  for (const double bad : {std::nan(""), inf, -inf, -1.0}) {
    EXPECT_EQ(codeOf([&] { readBfv(with(bfv_bytes, 8, bad)); }), Code::kCorrupt) << bad;
  }
  EXPECT_EQ(codeOf([&] { readBfv(with(bfv_bytes, 8, 1000)); }), Code::kNoiseBudget);
  const ByteVector ckks_bytes = bytesOf(real(false));
  for (const std::size_t field : {8, 16, 24}) {
    for (const double bad : {std::nan(""), inf, -inf, -1.0}) {
      EXPECT_EQ(codeOf([&] { readCkks(with(ckks_bytes, field, bad)); }), Code::kCorrupt)
          << field << " " << bad;
    }
  }
  EXPECT_EQ(codeOf([&] { readCkks(with(ckks_bytes, 8, 0)); }), Code::kCorrupt);
}

TEST_F(Wire, HeadersThatLieAreRefusedBeforeAnythingIsAllocated) {
  const ByteVector good = bytesOf(fresh(2, true));
  const std::uint64_t before = allocatedBytes();
  setAllocationLimit(before + 1);
  for (const std::size_t at : {0, 1, 2, 3, 4, 5, 6, 7}) {
    for (int value = 0; value < 256; ++value) {
      if (value == good[at]) continue;
      ByteVector bad = good;
      bad[at] = static_cast<std::uint8_t>(value);
      EXPECT_EQ(codeOf([&] { readBfv(bad); }), Code::kCorrupt) << at << " " << value;
    }
  }
  setAllocationLimit(0);
}

TEST_F(Wire, TransparentCiphertextsAreNeitherWrittenNorRead) {
  const bfv::Ciphertext a = fresh(2, false);
  const bfv::Ciphertext zero = bfv::sub(a, a);
  ByteVector bytes(packedSize(zero));
  EXPECT_EQ(codeOf([&] { write(zero, bytes); }), Code::kUsage);
  bytes = bytesOf(a);
  const std::size_t parts = bytes.size() - 16;
  std::fill(bytes.end() - static_cast<std::ptrdiff_t>(parts / 2), bytes.end(), 0);
  EXPECT_EQ(codeOf([&] { readBfv(bytes); }), Code::kCorrupt);
  bytes.pop_back();
  EXPECT_EQ(codeOf([&] { write(a, bytes); }), Code::kUsage);
}

TEST_F(Wire, ObjectsOfOtherParametersAndKindsAreRefused) {
  Setting other({"", 2048, {30, 31, 33}, {34}, 1, 0, 17});
  const ByteVector bytes = bytesOf(fresh(2, false));
  EXPECT_EQ(codeOf([&] { readBfvCiphertext(other.context, bytes); }), Code::kCorrupt);
  EXPECT_EQ(codeOf([&] { readCkks(bytes); }), Code::kCorrupt);
  EXPECT_EQ(codeOf([&] { readPublicKey(s.context->rlwe(), bytes); }), Code::kCorrupt);
  EXPECT_EQ(codeOf([&] { readKeySwitchKey(s.context->rlwe(), bytes); }), Code::kCorrupt);
  EXPECT_EQ(codeOf([&] { readBfv(bytesOf(s.public_key)); }), Code::kCorrupt);
}

}  // namespace
}  // namespace veilsum::wire
