package dev.veilsum.backend.core;

import dev.veilsum.backend.Reference;
import dev.veilsum.backend.ResidueExchange;
import dev.veilsum.backend.Residues;
import dev.veilsum.nativelib.BfvCore;
import dev.veilsum.nativelib.CkksCore;
import dev.veilsum.nativelib.ExchangeCore;
import dev.veilsum.nativelib.NativeBytes;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.RlweCore;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;

/** Residues in and out of the native core. */
final class CoreResidues implements ResidueExchange {
  private final RlweParameters parameters;
  private final NativeHandle rlwe;
  private final NativeHandle scheme;
  private final boolean ckks;

  CoreResidues(RlweParameters parameters, NativeHandle rlwe, NativeHandle scheme) {
    this.parameters = parameters;
    this.rlwe = rlwe;
    this.scheme = scheme;
    this.ckks = parameters instanceof CkksParameters;
  }

  @Override
  public Reference.Ciphertext ciphertext(int level, int parts, Residues r, Numbers numbers) {
    boolean number = Double.isFinite(numbers.noiseBits());
    double noise = ckks && number ? Math.pow(2, numbers.noiseBits()) : numbers.noiseBits();
    NativeHandle c =
        read(
            r.words(),
            (in, bytes) ->
                ckks
                    ? rlwe.apply(
                        context ->
                            CkksCore.readResidues(
                                context,
                                level,
                                parts,
                                in,
                                bytes,
                                r.generator(),
                                r.seed(),
                                numbers.scale(),
                                noise,
                                numbers.messageBound()))
                    : scheme.apply(
                        context ->
                            BfvCore.readResidues(
                                context, level, parts, in, bytes, r.generator(), r.seed(), noise)));
    return new CoreReference.Ciphertext(parameters, c);
  }

  @Override
  public void write(Reference.Ciphertext c, ByteBuffer out) {
    write(
        handle(c),
        out,
        (address, to, bytes) -> {
          if (ckks) {
            CkksCore.writeResidues(address, to, bytes);
          } else {
            BfvCore.writeResidues(address, to, bytes);
          }
        });
  }

  @Override
  public Reference.Plaintext plaintext(int level, ByteBuffer words, double scale, double bound) {
    NativeHandle p =
        read(
            words,
            (in, bytes) ->
                ckks
                    ? rlwe.apply(
                        context ->
                            CkksCore.readPlaintextResidues(context, level, in, bytes, scale, bound))
                    : scheme.apply(context -> BfvCore.readPlaintextResidues(context, in, bytes)));
    return new CoreReference.Plaintext(parameters, p);
  }

  @Override
  public void write(Reference.Plaintext plaintext, ByteBuffer out) {
    write(
        handle(plaintext),
        out,
        (address, to, bytes) -> {
          if (ckks) {
            CkksCore.writePlaintextResidues(address, to, bytes);
          } else {
            BfvCore.writePlaintextResidues(address, to, bytes);
          }
        });
  }

  @Override
  public Reference.SecretKey secretKey(ByteBuffer words) {
    NativeHandle key =
        read(words, (in, bytes) -> rlwe.apply(c -> ExchangeCore.readSecretKey(c, in, bytes)));
    return new CoreReference.SecretKey(parameters, key);
  }

  @Override
  public void write(Reference.SecretKey key, ByteBuffer out) {
    write(handle(key), out, ExchangeCore::writeSecretKey);
  }

  @Override
  public Reference.PublicKey publicKey(Residues r) {
    NativeHandle key =
        read(
            r.words(),
            (in, bytes) ->
                rlwe.apply(c -> ExchangeCore.readPublicKey(c, in, bytes, r.generator(), r.seed())));
    return new CoreReference.PublicKey(parameters, key);
  }

  @Override
  public void writePublicKey(
      Reference.SecretKey secret, int generator, byte[] seed, ByteBuffer out) {
    write(
        handle(secret),
        out,
        (s, to, bytes) -> ExchangeCore.writePublicKey(s, generator, seed, to, bytes));
  }

  @Override
  public void encryptOfSeed(
      Reference.SecretKey secret,
      Reference.Plaintext message,
      int level,
      int generator,
      byte[] seed,
      ByteBuffer out) {
    NativeHandle plaintext = handle(message);
    write(
        handle(secret),
        out,
        (s, to, bytes) ->
            plaintext.apply(
                m -> {
                  if (ckks) {
                    CkksCore.encryptOfSeed(s, m, generator, seed, to, bytes);
                  } else {
                    BfvCore.encryptOfSeed(s, m, level, generator, seed, to, bytes);
                  }
                  return 0;
                }));
  }

  @Override
  public Reference.EvaluationKeys evaluationKeys(Iterable<SwitchKeyDigits> all) {
    NativeHandle keys = Calls.own(() -> rlwe.apply(RlweCore::evaluationKeys));
    try {
      KeyRequirements contents = KeyRequirements.none();
      for (SwitchKeyDigits one : all) {
        long element = CoreScheme.element(one.which(), parameters.ringDegree());
        try (NativeHandle key = Calls.own(() -> rlwe.apply(ExchangeCore::switchKey))) {
          for (Residues digit : one.digits()) {
            readDigit(key, digit);
          }
          Calls.call(
              () ->
                  keys.apply(
                      key,
                      (k, read) -> {
                        ExchangeCore.takeSwitchKey(k, element, read);
                        return 0;
                      }));
        }
        contents = contents.with(one.which());
      }
      return new CoreReference.EvaluationKeys(parameters, keys, contents);
    } catch (RuntimeException e) {
      keys.close();
      throw e;
    }
  }

  private static void readDigit(NativeHandle key, Residues digit) {
    Calls.run(
        () ->
            NativeBytes.read(
                digit.words().duplicate(),
                Long.MAX_VALUE,
                (in, bytes) ->
                    key.apply(
                        k -> {
                          ExchangeCore.readDigit(k, in, bytes, digit.generator(), digit.seed());
                          return bytes;
                        })));
  }

  @Override
  public void writeDigit(
      Reference.EvaluationKeys keys, SwitchKey which, int digit, ByteBuffer out) {
    long element = CoreScheme.element(which, parameters.ringDegree());
    write(
        handle(keys), out, (k, to, bytes) -> ExchangeCore.writeDigit(k, element, digit, to, bytes));
  }

  @Override
  public void expandSeed(int primes, int generator, byte[] seed, ByteBuffer out) {
    write(
        rlwe,
        out,
        (c, to, bytes) -> ExchangeCore.expandSeed(c, primes, generator, seed, to, bytes));
  }

  @FunctionalInterface
  private interface Read {
    long at(long address, long bytes);
  }

  /** The object of the buffer's bytes; the buffer stays where it is. */
  private static NativeHandle read(ByteBuffer words, Read make) {
    NativeHandle[] made = new NativeHandle[1];
    Calls.run(
        () ->
            NativeBytes.read(
                words.duplicate(),
                Long.MAX_VALUE,
                (address, bytes) -> {
                  made[0] = NativeHandle.own(() -> make.at(address, bytes));
                  return bytes;
                }));
    return made[0];
  }

  @FunctionalInterface
  private interface Write {
    void to(long object, long address, long bytes);
  }

  private static void write(NativeHandle object, ByteBuffer out, Write write) {
    Calls.run(
        () ->
            NativeBytes.write(
                out,
                out.remaining(),
                (to, bytes) ->
                    object.apply(
                        o -> {
                          write.to(o, to, bytes);
                          return bytes;
                        })));
  }

  private NativeHandle handle(Reference reference) {
    return CoreReference.handle(reference, parameters);
  }
}
