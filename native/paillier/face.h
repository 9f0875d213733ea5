#ifndef VEILSUM_PAILLIER_FACE_H_
#define VEILSUM_PAILLIER_FACE_H_

#include <cstdint>

/// What Java sees of Paillier: keys behind handles, numbers as flat arrays. Numbers are big-endian:
/// a plaintext has modulusBytes(key) bytes, in two's complement; a ciphertext twice as many.
/// `count` is how many of them each array holds. Output arrays may be input arrays. Every function
/// but releases throws veilsum::Error. Ciphertexts must have passed validate() unless this key's
/// operations wrote them; decrypt() validates by itself.
namespace veilsum::paillier::face {

/// The address of a PublicKey or a SecretKey; which one stands in the name of the parameter.
using Handle = std::int64_t;

/// Bytes that this library's buffers hold now: keys, tables, what was prepared.
std::int64_t allocatedBytes();

/// The key of 32 bytes of seed (SecretKey::generate).
Handle generate(const std::uint8_t* seed, int bits);
/// The public half, with a life of its own.
Handle publicHalf(Handle secretKey);
/// A foreign modulus (PublicKey::fromModulus).
Handle readModulus(const std::uint8_t* modulus, int length);
void releasePublic(Handle publicKey) noexcept;
void releaseSecret(Handle secretKey) noexcept;

int modulusBytes(Handle publicKey);
void writeModulus(Handle publicKey, std::uint8_t* modulus);

void validate(Handle publicKey, const std::uint8_t* ciphertexts, int count);

/// `exponents`: 0 textbook, 1 full, 2 half, 3 short (Exponents).
void encrypt(Handle publicKey, int exponents, const std::uint8_t* plaintexts,
             std::uint8_t* ciphertexts, int count);
void encryptAsOwner(Handle secretKey, const std::uint8_t* plaintexts, std::uint8_t* ciphertexts,
                    int count);
/// What `count` encryptions need besides their plaintexts, ahead of time; how many are ready; and
/// none: they are wiped (PublicKey::prepare).
void prepare(Handle publicKey, int exponents, int count);
int prepared(Handle publicKey, int exponents);
void forget(Handle publicKey, int exponents);
void prepareAsOwner(Handle secretKey, int count);
int preparedAsOwner(Handle secretKey);
void forgetAsOwner(Handle secretKey);
void decrypt(Handle secretKey, const std::uint8_t* ciphertexts, std::uint8_t* plaintexts,
             int count);

void add(Handle publicKey, const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
         int count);
void subtract(Handle publicKey, const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
              int count);
void negate(Handle publicKey, const std::uint8_t* a, std::uint8_t* out, int count);
void addPlain(Handle publicKey, const std::uint8_t* a, const std::uint8_t* plaintexts,
              std::uint8_t* out, int count);
/// Each ciphertext times its factor; `bits` bounds all magnitudes (PublicKey::scalar).
void multiply(Handle publicKey, const std::uint8_t* a, const std::uint8_t* factors, int bits,
              std::uint8_t* out, int count);
void rerandomize(Handle publicKey, const std::uint8_t* a, std::uint8_t* out, int count);
/// One ciphertext: the sum of count >= 1 of them.
void sum(Handle publicKey, const std::uint8_t* a, int count, std::uint8_t* out);

/// Packed vectors (Packing): `values` fill plaintext after plaintext, the last one in part.
int slotBits(int valueBits, std::int64_t capacity);
void pack(Handle publicKey, int valueBits, std::int64_t capacity, const std::int64_t* values,
          std::int64_t length, std::uint8_t* plaintexts);
void unpack(Handle publicKey, int valueBits, std::int64_t capacity, const std::uint8_t* plaintexts,
            std::int64_t* values, std::int64_t length);
std::int64_t sumWeight(int valueBits, std::int64_t capacity, std::int64_t a, std::int64_t b);
/// The weight after a factor of that magnitude.
std::int64_t productWeight(int valueBits, std::int64_t capacity, std::int64_t weight,
                           std::int64_t magnitude);

}  // namespace veilsum::paillier::face

#endif  // VEILSUM_PAILLIER_FACE_H_
