package dev.veilsum.backend.core;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.ResidueExchange;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.nativelib.NativeBytes;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.NativeLibrary;
import dev.veilsum.nativelib.RlweCore;
import dev.veilsum.nativelib.SecretBytes;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import java.util.function.LongSupplier;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;

/** What CKKS and BFV share: keys, ciphertexts at rest, and the evaluation that both have. */
public abstract class CoreScheme<F extends SchemeFunctions> implements SchemeBackend {
  private static final int SEED_BYTES = 32;

  /** The RLWE context of the keys, and the scheme's own over it. */
  private final NativeHandle rlwe;

  private final NativeHandle scheme;
  private final RlweParameters parameters;
  final F functions;

  /**
   * @param context makes the scheme's context over the RLWE context at an address
   * @param functions what computes on objects of that context
   */
  CoreScheme(
      RlweParameters parameters, LongUnaryOperator context, Function<NativeHandle, F> functions) {
    this.parameters = parameters;
    Calls.run(NativeLibrary.core()::require);
    long[] q = parameters.modulusChain().stream().mapToLong(Long::longValue).toArray();
    long[] p = parameters.specialPrimes().stream().mapToLong(Long::longValue).toArray();
    this.rlwe =
        Calls.own(
            () ->
                RlweCore.context(
                    parameters.ringDegree(), q, q.length, p, p.length, parameters.digitPrimes()));
    this.scheme = Calls.own(() -> rlwe.apply(context));
    this.functions = Calls.call(() -> functions.apply(scheme));
  }

  // The natives behind references, and references around natives.

  final NativeHandle handle(Reference reference) {
    return CoreReference.handle(reference, parameters);
  }

  final NativeHandle schemeContext() {
    return scheme;
  }

  final Reference.Plaintext plaintext(LongSupplier make) {
    return new CoreReference.Plaintext(parameters, Calls.own(make));
  }

  final Reference.Ciphertext ciphertext(LongSupplier make) {
    return new CoreReference.Ciphertext(parameters, Calls.own(make));
  }

  final Reference.Ciphertext on(Reference a, LongUnaryOperator operation) {
    NativeHandle first = handle(a);
    return ciphertext(() -> first.apply(operation));
  }

  final Reference.Ciphertext on(Reference a, Reference b, LongBinaryOperator operation) {
    NativeHandle first = handle(a);
    NativeHandle second = handle(b);
    return ciphertext(() -> first.apply(second, operation));
  }

  final List<NativeHandle> handles(List<? extends Reference> references) {
    List<NativeHandle> handles = new ArrayList<>(references.size());
    references.forEach(reference -> handles.add(handle(reference)));
    return handles;
  }

  // Keys.

  @Override
  public Reference.SecretKey secretKey(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a key's seed has 32 bytes, and %d were given".formatted(seed.length));
    }
    try (SecretBytes bytes = SecretBytes.ofSize(SEED_BYTES)) {
      bytes.bytes().put(0, seed);
      return new CoreReference.SecretKey(
          parameters,
          Calls.own(() -> rlwe.apply(context -> RlweCore.secretKey(context, bytes.bytes()))));
    }
  }

  @Override
  public Reference.PublicKey publicKey(Reference.SecretKey secret) {
    NativeHandle key = handle(secret);
    return new CoreReference.PublicKey(parameters, Calls.own(() -> key.apply(RlweCore::publicKey)));
  }

  @Override
  public Reference.EvaluationKeys evaluationKeys(
      Reference.SecretKey secret, KeyRequirements requirements) {
    NativeHandle key = handle(secret);
    NativeHandle keys = Calls.own(() -> rlwe.apply(RlweCore::evaluationKeys));
    try {
      for (SwitchKey which : requirements.keys()) {
        long element = element(which);
        change(
            keys,
            address ->
                key.apply(
                    s -> {
                      RlweCore.generateSwitchKey(address, s, element);
                      return 0;
                    }));
      }
      return new CoreReference.EvaluationKeys(parameters, keys, requirements);
    } catch (RuntimeException e) {
      keys.close();
      throw e;
    }
  }

  @Override
  public KeyRequirements contents(Reference.EvaluationKeys keys) {
    handle(keys);
    return ((CoreReference.EvaluationKeys) keys).contents;
  }

  @Override
  public int packedPublicKeyBytes() {
    return size(rlwe, RlweCore::publicKeyBytes);
  }

  @Override
  public void packPublicKey(Reference.PublicKey key, ByteBuffer out) {
    NativeHandle handle = handle(key);
    write(
        out,
        packedPublicKeyBytes(),
        (address, bytes) ->
            handle.apply(
                k -> {
                  RlweCore.packPublicKey(k, address, bytes);
                  return bytes;
                }));
  }

  @Override
  public Reference.PublicKey loadPublicKey(ByteBuffer in) {
    NativeHandle key =
        load(
            in,
            packedPublicKeyBytes(),
            (address, bytes, used) ->
                rlwe.apply(context -> RlweCore.loadPublicKey(context, address, bytes)));
    return new CoreReference.PublicKey(parameters, key);
  }

  @Override
  public int packedSwitchKeyBytes() {
    return size(rlwe, RlweCore::switchKeyBytes);
  }

  @Override
  public void packSwitchKey(Reference.EvaluationKeys keys, SwitchKey which, ByteBuffer out) {
    NativeHandle handle = handle(keys);
    long element = element(which);
    write(
        out,
        packedSwitchKeyBytes(),
        (address, bytes) ->
            handle.apply(
                k -> {
                  RlweCore.packSwitchKey(k, element, address, bytes);
                  return bytes;
                }));
  }

  @Override
  public Reference.EvaluationKeys loadEvaluationKeys(Iterable<PackedSwitchKey> packed) {
    NativeHandle keys = Calls.own(() -> rlwe.apply(RlweCore::evaluationKeys));
    try {
      int bytesOfOne = packedSwitchKeyBytes();
      KeyRequirements contents = KeyRequirements.none();
      for (PackedSwitchKey key : packed) {
        long element = element(key.which());
        Calls.run(
            () ->
                NativeBytes.read(
                    key.bytes(),
                    bytesOfOne,
                    (address, bytes) ->
                        change(
                            keys,
                            k -> {
                              RlweCore.loadSwitchKey(k, element, address, bytes);
                              return bytes;
                            })));
        contents = contents.with(key.which());
      }
      return new CoreReference.EvaluationKeys(parameters, keys, contents);
    } catch (RuntimeException e) {
      keys.close();
      throw e;
    }
  }

  private long element(SwitchKey which) {
    return element(which, parameters.ringDegree());
  }

  /** What names a switching key in the core. */
  static long element(SwitchKey which, int n) {
    return switch (which.kind()) {
      case RELINEARIZATION -> 0;
      case CONJUGATION -> RlweCore.galoisElementOfConjugation(n);
      case ROTATION -> RlweCore.galoisElement(n, which.steps());
    };
  }

  /** Adds to a set of keys that is not shared yet. */
  private static long change(NativeHandle keys, LongUnaryOperator change) {
    return Calls.call(() -> keys.apply(change));
  }

  @Override
  public ResidueExchange residues() {
    return new CoreResidues(parameters, rlwe, scheme);
  }

  // Ciphertexts at rest.

  @Override
  public int packedBytes(Reference.Ciphertext c) {
    return size(handle(c), functions::packedBytes);
  }

  @Override
  public void packCiphertext(Reference.Ciphertext c, ByteBuffer out) {
    NativeHandle handle = handle(c);
    write(
        out,
        packedBytes(c),
        (address, bytes) ->
            handle.apply(
                ciphertext -> {
                  functions.pack(ciphertext, address, bytes);
                  return bytes;
                }));
  }

  @Override
  public Reference.Ciphertext loadCiphertext(ByteBuffer in) {
    // Three polynomials at the highest level and a header: nothing is larger.
    long most = 2 * parameters.ciphertextBytes(parameters.maxLevel(), false) + 256;
    NativeHandle c =
        load(
            in,
            most,
            (address, bytes, used) ->
                scheme.apply(context -> functions.load(context, address, bytes, used)));
    return new CoreReference.Ciphertext(parameters, c);
  }

  private static int size(NativeHandle handle, LongUnaryOperator bytes) {
    long size = Calls.call(() -> handle.apply(bytes));
    if (size > Integer.MAX_VALUE) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          "an object of %d bytes, and a buffer has at most %d; take parameters with fewer digits"
              .formatted(size, Integer.MAX_VALUE));
    }
    return (int) size;
  }

  private static void write(ByteBuffer out, int bytes, NativeBytes.Call call) {
    if (out.isReadOnly() || out.remaining() < bytes) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a buffer with room for %d bytes was given for %d"
              .formatted(out.isReadOnly() ? 0 : out.remaining(), bytes));
    }
    Calls.run(() -> NativeBytes.write(out, bytes, call));
  }

  @FunctionalInterface
  private interface Load {
    /** Returns the object's address, and in used[0] the number of bytes read, if not all. */
    long from(long address, long bytes, long[] used);
  }

  private static NativeHandle load(ByteBuffer in, long atMost, Load load) {
    NativeHandle[] loaded = new NativeHandle[1];
    Calls.run(
        () ->
            NativeBytes.read(
                in,
                atMost,
                (address, bytes) -> {
                  long[] used = {bytes};
                  loaded[0] = NativeHandle.own(() -> load.from(address, bytes, used));
                  return used[0];
                }));
    return loaded[0];
  }

  // What a ciphertext says of itself.

  @Override
  public int level(Reference.Ciphertext c) {
    NativeHandle handle = handle(c);
    return (int) (long) Calls.call(() -> handle.apply(functions::level));
  }

  @Override
  public int degree(Reference.Ciphertext c) {
    NativeHandle handle = handle(c);
    return (int) (long) Calls.call(() -> handle.apply(functions::degree));
  }

  @Override
  public double noiseBoundBits(Reference.Ciphertext c) {
    return number(c, functions::noiseBits);
  }

  /** A number that the native function gives for the object. */
  final double number(Reference reference, LongToDoubleFunction function) {
    NativeHandle handle = handle(reference);
    return Calls.call(
        () -> {
          long address = handle.enter();
          try {
            return function.applyAsDouble(address);
          } finally {
            handle.leave();
          }
        });
  }

  // Evaluation.

  @Override
  public Reference.Ciphertext add(Reference.Ciphertext a, Reference.Ciphertext b) {
    return on(a, b, functions::add);
  }

  @Override
  public Reference.Ciphertext subtract(Reference.Ciphertext a, Reference.Ciphertext b) {
    return on(a, b, functions::subtract);
  }

  @Override
  public Reference.Ciphertext negate(Reference.Ciphertext a) {
    return on(a, functions::negate);
  }

  @Override
  public Reference.Ciphertext addPlain(Reference.Ciphertext a, Reference.Plaintext b) {
    return on(a, b, functions::addPlain);
  }

  @Override
  public Reference.Ciphertext subtractPlain(Reference.Ciphertext a, Reference.Plaintext b) {
    return on(a, b, functions::subtractPlain);
  }

  @Override
  public Reference.Ciphertext multiplyPlain(Reference.Ciphertext a, Reference.Plaintext b) {
    return on(a, b, functions::multiplyPlain);
  }

  @Override
  public Reference.Ciphertext multiply(Reference.Ciphertext a, Reference.Ciphertext b) {
    return a == b ? square(a) : on(a, b, functions::multiply);
  }

  @Override
  public Reference.Ciphertext square(Reference.Ciphertext a) {
    return on(a, functions::square);
  }

  @Override
  public Reference.Ciphertext relinearize(Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    return on(a, keys, functions::relinearize);
  }

  @Override
  public Reference.Ciphertext rotate(
      Reference.Ciphertext a, int steps, Reference.EvaluationKeys keys) {
    return on(a, keys, (c, k) -> functions.rotate(c, steps, k));
  }

  @Override
  public List<Reference.Ciphertext> rotateMany(
      Reference.Ciphertext a, int[] steps, Reference.EvaluationKeys keys) {
    NativeHandle ciphertext = handle(a);
    NativeHandle keySet = handle(keys);
    long[] wide = new long[steps.length];
    for (int i = 0; i < steps.length; i++) {
      wide[i] = steps[i];
    }
    long[] out = new long[steps.length];
    Calls.run(
        () ->
            ciphertext.apply(
                keySet,
                (c, k) -> {
                  functions.rotateMany(c, wide, wide.length, k, out);
                  return 0;
                }));
    List<Reference.Ciphertext> rotated = new ArrayList<>(out.length);
    for (long address : out) {
      rotated.add(ciphertext(() -> address));
    }
    return List.copyOf(rotated);
  }

  @Override
  public Reference.Ciphertext conjugate(Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    return on(a, keys, functions::conjugate);
  }

  @Override
  public Reference.Ciphertext sum(List<? extends Reference.Ciphertext> terms) {
    List<NativeHandle> all = handles(terms);
    return ciphertext(() -> Calls.with(all, functions::sum));
  }

  @Override
  public Reference.Ciphertext innerProduct(
      List<? extends Reference.Ciphertext> a, List<? extends Reference.Ciphertext> b) {
    return onPairs(a, b, functions::innerProduct);
  }

  @Override
  public Reference.Ciphertext innerProductPlain(
      List<? extends Reference.Ciphertext> a, List<? extends Reference.Plaintext> b) {
    return onPairs(a, b, functions::innerProductPlain);
  }

  @FunctionalInterface
  private interface OnPairs {
    long apply(long[] a, long[] b, int count);
  }

  private Reference.Ciphertext onPairs(
      List<? extends Reference> a, List<? extends Reference> b, OnPairs operation) {
    if (a.size() != b.size()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "an inner product of lists of %d and %d terms; they must be as many"
              .formatted(a.size(), b.size()));
    }
    List<NativeHandle> first = handles(a);
    List<NativeHandle> second = handles(b);
    return ciphertext(
        () -> Calls.with(first, (x, n) -> Calls.with(second, (y, m) -> operation.apply(x, y, n))));
  }
}
