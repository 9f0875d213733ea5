package dev.veilsum.benchmarks;

import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.NativeLibrary;
import dev.veilsum.nativelib.RlweCore;
import dev.veilsum.params.RlweParameters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** Keys of one parameter set straight from the bindings, and the objects made with them. */
class NativeObjects implements AutoCloseable {
  private static final long RELINEARIZATION = 0;

  private final Deque<NativeHandle> held = new ArrayDeque<>();

  final long rlwe;
  final long secret;
  final long publicKey;

  /** For relinearization and a rotation by 1. */
  final long keys;

  NativeObjects(RlweParameters parameters) {
    NativeLibrary.core().require();
    int n = parameters.ringDegree();
    long[] q = parameters.modulusChain().stream().mapToLong(Long::longValue).toArray();
    long[] p = parameters.specialPrimes().stream().mapToLong(Long::longValue).toArray();
    rlwe = own(() -> RlweCore.context(n, q, q.length, p, p.length, parameters.digitPrimes()));
    secret = own(() -> RlweCore.secretKey(rlwe, Seeds.fixed()));
    publicKey = own(() -> RlweCore.publicKey(secret));
    keys = own(() -> RlweCore.evaluationKeys(rlwe));
    RlweCore.generateSwitchKey(keys, secret, RELINEARIZATION);
    RlweCore.generateSwitchKey(keys, secret, RlweCore.galoisElement(n, 1));
  }

  /** Keeps an object until this closes; gives its address. */
  final long own(LongSupplier make) {
    NativeHandle handle = NativeHandle.own(make);
    held.push(handle);
    return handle.enter();
  }

  @Override
  public void close() {
    while (!held.isEmpty()) {
      NativeHandle handle = held.pop();
      handle.leave();
      handle.close();
    }
  }
}
