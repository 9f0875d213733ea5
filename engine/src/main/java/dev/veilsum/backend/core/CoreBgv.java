package dev.veilsum.backend.core;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.ResidueExchange;
import dev.veilsum.params.BfvParameters;

/** BGV on the native core: BFV's objects, with ciphertexts that stay in Eval form. */
final class CoreBgv extends CoreBfv {
  CoreBgv(BfvParameters parameters) {
    super(parameters, context -> new BgvFunctions());
  }

  /** Refused: plain residues are exchanged in BFV's form. */
  @Override
  public ResidueExchange residues() {
    throw new VeilsumException(
        ErrorCode.UNSUPPORTED,
        "residues are exchanged in the form of BFV; use a BFV context of the same parameters, whose"
            + " ciphertexts a BGV context adopts");
  }
}
