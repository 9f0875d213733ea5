package dev.veilsum.backend.core;

/** The native functions that CKKS and BFV both have, on addresses. */
public interface SchemeFunctions {
  int level(long c);

  int degree(long c);

  /** log2 of the noise bound. */
  double noiseBits(long c);

  long packedBytes(long c);

  void pack(long c, long out, long bytes);

  long load(long context, long in, long bytes, long[] consumed);

  long add(long a, long b);

  long subtract(long a, long b);

  long negate(long a);

  long addPlain(long a, long plaintext);

  long subtractPlain(long a, long plaintext);

  long multiplyPlain(long a, long plaintext);

  long multiply(long a, long b);

  long square(long a);

  long relinearize(long a, long keys);

  long rotate(long a, long steps, long keys);

  void rotateMany(long a, long[] steps, int count, long keys, long[] out);

  long conjugate(long a, long keys);

  long sum(long[] terms, int count);

  long innerProduct(long[] a, long[] b, int count);

  long innerProductPlain(long[] a, long[] plaintexts, int count);
}
