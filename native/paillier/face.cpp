#include "paillier/face.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/buffer.h"
#include "base/error.h"
#include "paillier/packing.h"
#include "paillier/secret_key.h"

namespace veilsum::paillier::face {
namespace {

const PublicKey& publicOf(Handle handle) { return *reinterpret_cast<const PublicKey*>(handle); }
const SecretKey& secretOf(Handle handle) { return *reinterpret_cast<const SecretKey*>(handle); }

Handle give(auto* key) { return reinterpret_cast<Handle>(key); }

// The i-th plaintext or ciphertext of an array.
template <class Byte>
std::span<Byte> plaintextAt(const PublicKey& key, Byte* array, int i) {
  return {array + static_cast<std::size_t>(i) * key.modulusBytes(), key.modulusBytes()};
}
template <class Byte>
std::span<Byte> ciphertextAt(const PublicKey& key, Byte* array, int i) {
  return {array + static_cast<std::size_t>(i) * key.ciphertextBytes(), key.ciphertextBytes()};
}

Ciphertext read(const PublicKey& key, const std::uint8_t* array, int i) {
  return key.trustedCiphertext(ciphertextAt(key, array, i));
}

// out[i] = operation(i) for every i.
void each(const PublicKey& key, std::uint8_t* out, int count, auto operation) {
  for (int i = 0; i < count; ++i) key.write(operation(i), ciphertextAt(key, out, i));
}

// Calls operation(first, number) for a few items at a time: bounded memory, full lanes.
void eachFew(int count, auto operation) {
  constexpr int kFew = 64;
  for (int first = 0; first < count; first += kFew) {
    operation(first, std::min(kFew, count - first));
  }
}

std::vector<Ciphertext> readFew(const PublicKey& key, const std::uint8_t* array, int first,
                                int number) {
  std::vector<Ciphertext> result;
  for (int i = 0; i < number; ++i) result.push_back(read(key, array, first + i));
  return result;
}

std::vector<Plaintext> encodeFew(const PublicKey& key, const std::uint8_t* array, int first,
                                 int number) {
  std::vector<Plaintext> result;
  for (int i = 0; i < number; ++i) {
    result.push_back(key.encode(plaintextAt(key, array, first + i)));
  }
  return result;
}

void writeFew(const PublicKey& key, std::span<const Ciphertext> ciphertexts, std::uint8_t* out,
              int first) {
  for (std::size_t i = 0; i < ciphertexts.size(); ++i) {
    key.write(ciphertexts[i], ciphertextAt(key, out, first + static_cast<int>(i)));
  }
}

Exponents exponentsOf(int kind) {
  require(kind >= 0 && kind < static_cast<int>(kExponentKinds), Code::kUsage,
          "no such kind of Paillier exponents");
  return static_cast<Exponents>(kind);
}

std::size_t sizeOf(int count) { return static_cast<std::size_t>(std::max(count, 0)); }

Packing packingOf(int valueBits, std::int64_t capacity) {
  return Packing(valueBits, static_cast<std::uint64_t>(std::max<std::int64_t>(capacity, 0)));
}

// Calls visit(plaintext's number, its part of the values) for a vector over several plaintexts.
void eachPlaintext(std::size_t slots, auto* values, std::int64_t length, auto visit) {
  const std::span all(values, static_cast<std::size_t>(length));
  int number = 0;
  for (std::size_t first = 0; first < all.size(); first += slots) {
    visit(number++, all.subspan(first, std::min(slots, all.size() - first)));
  }
}

}  // namespace

std::int64_t allocatedBytes() { return static_cast<std::int64_t>(veilsum::allocatedBytes()); }

Handle generate(const std::uint8_t* seed, int bits) {
  random::Seed words;
  std::copy_n(seed, words.size(), words.begin());
  try {
    const Handle handle = give(
        new SecretKey(SecretKey::generate(words, static_cast<std::size_t>(std::max(bits, 0)))));
    wipe(words.data(), words.size());
    return handle;
  } catch (...) {
    wipe(words.data(), words.size());
    throw;
  }
}

Handle publicHalf(Handle secretKey) {
  return give(new PublicKey(secretOf(secretKey).publicKey().copy()));
}

Handle readModulus(const std::uint8_t* modulus, int length) {
  return give(new PublicKey(PublicKey::fromModulus({modulus, static_cast<std::size_t>(length)})));
}

void releasePublic(Handle publicKey) noexcept { delete &publicOf(publicKey); }
void releaseSecret(Handle secretKey) noexcept { delete &secretOf(secretKey); }

int modulusBytes(Handle publicKey) { return static_cast<int>(publicOf(publicKey).modulusBytes()); }

void writeModulus(Handle publicKey, std::uint8_t* modulus) {
  const PublicKey& key = publicOf(publicKey);
  toBytes(key.modulus().value(), {modulus, key.modulusBytes()});
}

void validate(Handle publicKey, const std::uint8_t* ciphertexts, int count) {
  publicOf(publicKey).validateAll(ciphertexts, sizeOf(count));
}

void encrypt(Handle publicKey, int exponents, const std::uint8_t* plaintexts,
             std::uint8_t* ciphertexts, int count) {
  const PublicKey& key = publicOf(publicKey);
  eachFew(count, [&](int first, int number) {
    writeFew(key, key.encryptAll(encodeFew(key, plaintexts, first, number), exponentsOf(exponents)),
             ciphertexts, first);
  });
}

void encryptAsOwner(Handle secretKey, const std::uint8_t* plaintexts, std::uint8_t* ciphertexts,
                    int count) {
  const SecretKey& secret = secretOf(secretKey);
  const PublicKey& key = secret.publicKey();
  eachFew(count, [&](int first, int number) {
    writeFew(key, secret.encryptAll(encodeFew(key, plaintexts, first, number)), ciphertexts, first);
  });
}

void prepare(Handle publicKey, int exponents, int count) {
  publicOf(publicKey).prepare(sizeOf(count), exponentsOf(exponents));
}
int prepared(Handle publicKey, int exponents) {
  return static_cast<int>(publicOf(publicKey).prepared(exponentsOf(exponents)));
}
void forget(Handle publicKey, int exponents) { publicOf(publicKey).forget(exponentsOf(exponents)); }
void prepareAsOwner(Handle secretKey, int count) { secretOf(secretKey).prepare(sizeOf(count)); }
int preparedAsOwner(Handle secretKey) { return static_cast<int>(secretOf(secretKey).prepared()); }
void forgetAsOwner(Handle secretKey) { secretOf(secretKey).forget(); }

void decrypt(Handle secretKey, const std::uint8_t* ciphertexts, std::uint8_t* plaintexts,
             int count) {
  const SecretKey& secret = secretOf(secretKey);
  const PublicKey& key = secret.publicKey();
  eachFew(count, [&](int first, int number) {
    const auto few = secret.decryptAll(readFew(key, ciphertexts, first, number));
    for (int i = 0; i < number; ++i) {
      key.decode(few[static_cast<std::size_t>(i)], plaintextAt(key, plaintexts, first + i));
    }
  });
}

void add(Handle publicKey, const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
         int count) {
  publicOf(publicKey).addAll(a, b, out, sizeOf(count));
}

void subtract(Handle publicKey, const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
              int count) {
  const PublicKey& key = publicOf(publicKey);
  each(key, out, count, [&](int i) { return key.subtract(read(key, a, i), read(key, b, i)); });
}

void negate(Handle publicKey, const std::uint8_t* a, std::uint8_t* out, int count) {
  const PublicKey& key = publicOf(publicKey);
  each(key, out, count, [&](int i) { return key.negate(read(key, a, i)); });
}

void addPlain(Handle publicKey, const std::uint8_t* a, const std::uint8_t* plaintexts,
              std::uint8_t* out, int count) {
  const PublicKey& key = publicOf(publicKey);
  each(key, out, count, [&](int i) {
    return key.addPlain(read(key, a, i), key.encode(plaintextAt(key, plaintexts, i)));
  });
}

void multiply(Handle publicKey, const std::uint8_t* a, const std::uint8_t* factors, int bits,
              std::uint8_t* out, int count) {
  const PublicKey& key = publicOf(publicKey);
  each(key, out, count, [&](int i) {
    return key.multiplyScalar(
        read(key, a, i), key.scalar(plaintextAt(key, factors, i), static_cast<std::size_t>(bits)));
  });
}

void rerandomize(Handle publicKey, const std::uint8_t* a, std::uint8_t* out, int count) {
  const PublicKey& key = publicOf(publicKey);
  eachFew(count, [&](int first, int number) {
    writeFew(key, key.rerandomizeAll(readFew(key, a, first, number)), out, first);
  });
}

void sum(Handle publicKey, const std::uint8_t* a, int count, std::uint8_t* out) {
  require(count >= 1, Code::kUsage, "a sum of no Paillier ciphertexts");
  const PublicKey& key = publicOf(publicKey);
  key.write(key.sum(a, sizeOf(count)), ciphertextAt(key, out, 0));
}

int slotBits(int valueBits, std::int64_t capacity) {
  return packingOf(valueBits, capacity).slotBits();
}

void pack(Handle publicKey, int valueBits, std::int64_t capacity, const std::int64_t* values,
          std::int64_t length, std::uint8_t* plaintexts) {
  const PublicKey& key = publicOf(publicKey);
  const Packing packing = packingOf(valueBits, capacity);
  eachPlaintext(packing.slots(key), values, length, [&](int number, auto part) {
    key.decode(packing.pack(key, part), plaintextAt(key, plaintexts, number));
  });
}

void unpack(Handle publicKey, int valueBits, std::int64_t capacity, const std::uint8_t* plaintexts,
            std::int64_t* values, std::int64_t length) {
  const PublicKey& key = publicOf(publicKey);
  const Packing packing = packingOf(valueBits, capacity);
  eachPlaintext(packing.slots(key), values, length, [&](int number, auto part) {
    packing.unpack(key, key.encode(plaintextAt(key, plaintexts, number)), part);
  });
}

std::int64_t sumWeight(int valueBits, std::int64_t capacity, std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(
      packingOf(valueBits, capacity)
          .sumWeight(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)));
}

std::int64_t productWeight(int valueBits, std::int64_t capacity, std::int64_t weight,
                           std::int64_t magnitude) {
  return static_cast<std::int64_t>(packingOf(valueBits, capacity)
                                       .productWeight(static_cast<std::uint64_t>(weight),
                                                      static_cast<std::uint64_t>(magnitude)));
}

}  // namespace veilsum::paillier::face
