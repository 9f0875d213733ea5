package dev.veilsum.backend.clear;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.params.Fingerprint;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What both schemes do in the clear: the message in its ring, the accounts in {@link State}. */
abstract class ClearScheme<M> implements SchemeBackend {
  private static final int MAGIC = 0x434c4541; // "CLEA"
  private static final int KEY_BYTES = 3 * Long.BYTES;
  private static final int HEADER_BYTES = 3 * Integer.BYTES + 3 * Long.BYTES;

  abstract MessageRing<M> ring();

  /** Throws where these accounts cannot be those of a ciphertext; otherwise returns them. */
  abstract State checked(State state, String operation);

  /** The accounts of a sum; throws {@code SCALE_MISMATCH} where the scales differ. */
  abstract State sumState(State a, State b, String operation);

  /** Whether a rotation without a key of its own is composed of powers of two, as in the core. */
  abstract boolean composesRotations();

  // Keys.

  @Override
  public Reference.SecretKey secretKey(byte[] seed) {
    byte[] material = Arrays.copyOf(seed, seed.length + Fingerprint.LENGTH);
    System.arraycopy(
        parameters().fingerprint().bytes(), 0, material, seed.length, Fingerprint.LENGTH);
    long id = ByteBuffer.wrap(Fingerprint.of(material).bytes()).getLong();
    Arrays.fill(material, (byte) 0);
    return new ClearReference.Secret(this, id);
  }

  @Override
  public Reference.PublicKey publicKey(Reference.SecretKey secret) {
    return new ClearReference.Public(this, secret(secret).id);
  }

  @Override
  public Reference.EvaluationKeys evaluationKeys(
      Reference.SecretKey secret, KeyRequirements requirements) {
    if (!requirements.isEmpty() && !parameters().canKeySwitch()) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED, "parameters without special primes have no switching keys");
    }
    return new ClearReference.Evaluation(this, secret(secret).id, requirements);
  }

  @Override
  public KeyRequirements contents(Reference.EvaluationKeys keys) {
    return evaluation(keys).contents;
  }

  @Override
  public int packedPublicKeyBytes() {
    return KEY_BYTES;
  }

  @Override
  public void packPublicKey(Reference.PublicKey key, ByteBuffer out) {
    out.putLong(MAGIC).putLong(publicKeyOf(key).id).putLong(0);
  }

  @Override
  public Reference.PublicKey loadPublicKey(ByteBuffer in) {
    return new ClearReference.Public(this, readKeyId(in));
  }

  @Override
  public int packedSwitchKeyBytes() {
    return KEY_BYTES;
  }

  @Override
  public void packSwitchKey(Reference.EvaluationKeys keys, SwitchKey which, ByteBuffer out) {
    ClearReference.Evaluation held = evaluation(keys);
    if (!held.contents.contains(which)) {
      throw missing(which);
    }
    out.putLong(MAGIC).putLong(held.id).putLong(0);
  }

  @Override
  public Reference.EvaluationKeys loadEvaluationKeys(Iterable<PackedSwitchKey> keys) {
    KeyRequirements contents = KeyRequirements.none();
    long id = 0;
    for (PackedSwitchKey key : keys) {
      id = readKeyId(key.bytes());
      contents = contents.with(key.which());
    }
    return new ClearReference.Evaluation(this, id, contents);
  }

  private static long readKeyId(ByteBuffer in) {
    if (in.remaining() < KEY_BYTES || in.getLong() != MAGIC) {
      throw new VeilsumException(ErrorCode.CORRUPT, "this is no packed key in the clear");
    }
    long id = in.getLong();
    in.getLong();
    return id;
  }

  // Ciphertexts at rest.

  @Override
  public int packedBytes(Reference.Ciphertext c) {
    cipher(c);
    return HEADER_BYTES + ring().bytes();
  }

  @Override
  public void packCiphertext(Reference.Ciphertext c, ByteBuffer out) {
    ClearReference.Cipher<M> a = cipher(c);
    out.putInt(MAGIC).putInt(a.state.level()).putInt(a.state.degree());
    out.putDouble(a.state.scale()).putDouble(a.state.bound()).putLong(a.keyId);
    ring().write(a.message, out);
  }

  @Override
  public Reference.Ciphertext loadCiphertext(ByteBuffer in) {
    if (in.remaining() < HEADER_BYTES + ring().bytes() || in.getInt() != MAGIC) {
      throw new VeilsumException(ErrorCode.CORRUPT, "this is no packed ciphertext in the clear");
    }
    State state = new State(in.getInt(), in.getInt(), in.getDouble(), in.getDouble());
    long keyId = in.getLong();
    boolean shape =
        state.level() >= 0
            && state.level() <= parameters().maxLevel()
            && state.degree() >= 1
            && state.degree() <= 2
            && state.scale() > 0
            && state.bound() >= 0;
    if (!shape) {
      throw new VeilsumException(ErrorCode.CORRUPT, "a packed ciphertext states " + state);
    }
    return result(ring().read(in), checked(state, "load"), keyId);
  }

  // What a ciphertext says of itself.

  @Override
  public int level(Reference.Ciphertext c) {
    return cipher(c).state.level();
  }

  @Override
  public int degree(Reference.Ciphertext c) {
    return cipher(c).state.degree();
  }

  /** There is no noise: log2 of 0. */
  @Override
  public double noiseBoundBits(Reference.Ciphertext c) {
    cipher(c);
    return Double.NEGATIVE_INFINITY;
  }

  // Evaluation.

  @Override
  public Reference.Ciphertext add(Reference.Ciphertext a, Reference.Ciphertext b) {
    return addMessages(cipher(a), cipher(b), false, "add");
  }

  @Override
  public Reference.Ciphertext subtract(Reference.Ciphertext a, Reference.Ciphertext b) {
    return addMessages(cipher(a), cipher(b), true, "subtract");
  }

  private ClearReference.Cipher<M> addMessages(
      ClearReference.Cipher<M> a, ClearReference.Cipher<M> b, boolean minus, String operation) {
    requireSameKey(a.keyId, b.keyId);
    State state = checked(sumState(a.state, b.state, operation), operation);
    M right = minus ? ring().negate(b.message) : b.message;
    return result(ring().add(a.message, right), state, a.keyId);
  }

  @Override
  public Reference.Ciphertext negate(Reference.Ciphertext a) {
    ClearReference.Cipher<M> c = cipher(a);
    return result(ring().negate(c.message), c.state, c.keyId);
  }

  @Override
  public Reference.Ciphertext addPlain(Reference.Ciphertext a, Reference.Plaintext b) {
    ClearReference.Plain<M> p = plain(b);
    return addMessages(cipher(a), result(p.message, p.state, cipher(a).keyId), false, "add");
  }

  @Override
  public Reference.Ciphertext subtractPlain(Reference.Ciphertext a, Reference.Plaintext b) {
    ClearReference.Plain<M> p = plain(b);
    return addMessages(cipher(a), result(p.message, p.state, cipher(a).keyId), true, "subtract");
  }

  @Override
  public Reference.Ciphertext multiplyPlain(Reference.Ciphertext a, Reference.Plaintext b) {
    ClearReference.Cipher<M> c = cipher(a);
    ClearReference.Plain<M> p = plain(b);
    State state = productState(c.state, p.state, c.state.degree());
    return result(ring().multiply(c.message, p.message), checked(state, "multiply"), c.keyId);
  }

  @Override
  public Reference.Ciphertext multiply(Reference.Ciphertext a, Reference.Ciphertext b) {
    ClearReference.Cipher<M> x = cipher(a);
    ClearReference.Cipher<M> y = cipher(b);
    requireSameKey(x.keyId, y.keyId);
    requireLinear(x, "multiply");
    requireLinear(y, "multiply");
    State state = checked(productState(x.state, y.state, 2), "multiply");
    return result(ring().multiply(x.message, y.message), state, x.keyId);
  }

  @Override
  public Reference.Ciphertext square(Reference.Ciphertext a) {
    return multiply(a, a);
  }

  @Override
  public Reference.Ciphertext relinearize(Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    ClearReference.Cipher<M> c = cipher(a);
    requireKey(c, keys, SwitchKey.RELINEARIZATION);
    return result(c.message, c.state.ofDegree(1), c.keyId);
  }

  @Override
  public Reference.Ciphertext rotate(
      Reference.Ciphertext a, int steps, Reference.EvaluationKeys keys) {
    ClearReference.Cipher<M> c = cipher(a);
    requireLinear(c, "rotate");
    requireRotation(c, keys, steps);
    return result(ring().rotate(c.message, steps), c.state, c.keyId);
  }

  @Override
  public List<Reference.Ciphertext> rotateMany(
      Reference.Ciphertext a, int[] steps, Reference.EvaluationKeys keys) {
    List<Reference.Ciphertext> all = new ArrayList<>();
    for (int s : steps) {
      all.add(rotate(a, s, keys));
    }
    return all;
  }

  @Override
  public Reference.Ciphertext conjugate(Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    ClearReference.Cipher<M> c = cipher(a);
    requireLinear(c, "conjugate");
    requireKey(c, keys, SwitchKey.CONJUGATION);
    return result(ring().conjugate(c.message), c.state, c.keyId);
  }

  @Override
  public Reference.Ciphertext sum(List<? extends Reference.Ciphertext> terms) {
    requireSome(terms.size(), terms.size());
    ClearReference.Cipher<M> total = cipher(terms.get(0));
    for (Reference.Ciphertext term : terms.subList(1, terms.size())) {
      total = addMessages(total, cipher(term), false, "sum");
    }
    return result(total.message, total.state, total.keyId);
  }

  @Override
  public Reference.Ciphertext innerProduct(
      List<? extends Reference.Ciphertext> a, List<? extends Reference.Ciphertext> b) {
    requireSome(a.size(), b.size());
    List<Reference.Ciphertext> products = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      products.add(multiply(a.get(i), b.get(i)));
    }
    return sum(products);
  }

  @Override
  public Reference.Ciphertext innerProductPlain(
      List<? extends Reference.Ciphertext> a, List<? extends Reference.Plaintext> b) {
    requireSome(a.size(), b.size());
    List<Reference.Ciphertext> products = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      products.add(multiplyPlain(a.get(i), b.get(i)));
    }
    return sum(products);
  }

  // Checked casts and checks.

  ClearReference.Cipher<M> result(M message, State state, long keyId) {
    return new ClearReference.Cipher<>(this, message, state, keyId);
  }

  @SuppressWarnings("unchecked") // requireUsable has checked that it is of this scheme
  ClearReference.Cipher<M> cipher(Reference.Ciphertext c) {
    return (ClearReference.Cipher<M>) usable(c, ClearReference.Cipher.class);
  }

  @SuppressWarnings("unchecked") // as above
  ClearReference.Plain<M> plain(Reference.Plaintext p) {
    return (ClearReference.Plain<M>) usable(p, ClearReference.Plain.class);
  }

  ClearReference.Secret secret(Reference.SecretKey key) {
    return usable(key, ClearReference.Secret.class);
  }

  ClearReference.Public publicKeyOf(Reference.PublicKey key) {
    return usable(key, ClearReference.Public.class);
  }

  private ClearReference.Evaluation evaluation(Reference.EvaluationKeys keys) {
    return usable(keys, ClearReference.Evaluation.class);
  }

  private <R extends ClearReference> R usable(Reference reference, Class<R> type) {
    if (!type.isInstance(reference)) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH, "an object of another backend was given to the clear one");
    }
    R mine = type.cast(reference);
    mine.requireUsable(this);
    return mine;
  }

  /** Throws {@code WRONG_KEY} where this key does not decrypt this ciphertext. */
  M open(Reference.SecretKey key, Reference.Ciphertext c) {
    ClearReference.Cipher<M> cipher = cipher(c);
    if (secret(key).id != cipher.keyId) {
      throw new VeilsumException(ErrorCode.WRONG_KEY, "this key does not decrypt this ciphertext");
    }
    return cipher.message;
  }

  private static State productState(State a, State b, int degree) {
    return new State(
        Math.min(a.level(), b.level()), degree, a.scale() * b.scale(), a.bound() * b.bound());
  }

  private static void requireLinear(ClearReference.Cipher<?> c, String operation) {
    if (c.state.degree() != 1) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%s takes a ciphertext of degree 1, not %d: relinearize it first"
              .formatted(operation, c.state.degree()));
    }
  }

  private static void requireSome(int left, int right) {
    if (left == 0 || left != right) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "lists of %d and %d: they have the same length, at least 1".formatted(left, right));
    }
  }

  private static void requireSameKey(long a, long b) {
    if (a != b) {
      throw new VeilsumException(ErrorCode.KEY_MISMATCH, "two ciphertexts of different keys");
    }
  }

  private void requireKey(
      ClearReference.Cipher<M> c, Reference.EvaluationKeys keys, SwitchKey which) {
    ClearReference.Evaluation held = evaluation(keys);
    requireSameKey(c.keyId, held.id);
    if (!held.contents.contains(which)) {
      throw missing(which);
    }
  }

  /** The key of exactly this rotation, or of powers of two to one side that make it up. */
  private void requireRotation(
      ClearReference.Cipher<M> c, Reference.EvaluationKeys keys, int steps) {
    ClearReference.Evaluation held = evaluation(keys);
    requireSameKey(c.keyId, held.id);
    int period = parameters().ringDegree() / 2;
    int left = Math.floorMod(steps, period);
    boolean found =
        left == 0
            || hasRotation(held, left)
            || (composesRotations()
                && (composes(held, left, 1) || composes(held, period - left, -1)));
    if (!found) {
      throw missing(SwitchKey.rotation(steps));
    }
  }

  private boolean composes(ClearReference.Evaluation held, int distance, int side) {
    for (int bit = 1; bit <= distance; bit <<= 1) {
      if ((distance & bit) != 0 && !hasRotation(held, side * bit)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasRotation(ClearReference.Evaluation held, int steps) {
    int period = parameters().ringDegree() / 2;
    return held.contents.keys().stream()
        .anyMatch(
            key ->
                key.kind() == SwitchKey.Kind.ROTATION
                    && Math.floorMod(key.steps() - steps, period) == 0);
  }

  private static VeilsumException missing(SwitchKey which) {
    return new VeilsumException(ErrorCode.MISSING_KEY, "there is no key for the " + which);
  }
}
