package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.Operation;
import dev.veilsum.keys.MasterKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decrypts results: the key holder's part. */
public final class ResultDecryptor {
  private final EncryptedTable result;
  private final TableSecret secret;

  private ResultDecryptor(EncryptedTable result, TableSecret secret) {
    this.result = result;
    this.secret = secret;
  }

  /**
   * The answers in a result, in the order in which they were asked.
   *
   * @throws VeilsumException BAD_INPUT for a file of another kind; CORRUPT; WRONG_KEY
   */
  public static List<Answer> decrypt(ContainerReader container, MasterKey master, Backend backend) {
    return decrypt(container, TableSecret.of(master), backend);
  }

  /** With any secret. */
  public static List<Answer> decrypt(
      ContainerReader container, TableSecret secret, Backend backend) {
    try (EncryptedTable result = EncryptedTable.openResult(container, backend)) {
      requireKey(result, secret);
      ResultDecryptor decryptor = new ResultDecryptor(result, secret);
      return result.naming(() -> result.columns().stream().map(decryptor::answer).toList());
    }
  }

  static void requireKey(EncryptedTable table, TableSecret secret) {
    if (!secret.mayOpen(table.keyId())) {
      throw new VeilsumException(
          ErrorCode.WRONG_KEY,
          "%s is under the key %s, and this is the key %s; use the key it was made for"
              .formatted(table.name(), table.keyId(), secret.keyId()));
    }
  }

  private Answer answer(ColumnEntry column) {
    Operation operation =
        column.operation().orElseThrow(() -> result.corrupt("a column has no operation"));
    Question question;
    try {
      question = Question.named(operation.name());
    } catch (VeilsumException e) {
      throw result.corrupt("it answers the unknown question " + operation.name());
    }
    int totals =
        question != Question.COUNT
            ? question.totals().length
            : column.kind() instanceof ColumnKind.Category c ? c.labels().size() : 0;
    if (result.rows() == 0
        || column.encodings().size() != 1
        || column.encodings().get(0).role() != EncodingRole.TOTALS
        || totals(column).parts().size() != totals
        || totals(column).parts().stream().anyMatch(part -> part.size() != 1)) {
      throw result.corrupt("it has not the totals of a " + question.text());
    }
    return new Answer(column.name(), question.text(), value(question, column));
  }

  private static ColumnEncoding totals(ColumnEntry column) {
    return column.encodings().get(0);
  }

  private Answer.Value value(Question question, ColumnEntry column) {
    if (question == Question.COUNT && totals(column).parts().isEmpty()) {
      return new Answer.Whole(BigInteger.valueOf(result.rows()));
    }
    SchemeBackend scheme = result.schemeOf(totals(column));
    try (Reference.SecretKey key = secret.secretKey(scheme)) {
      return column.kind() instanceof ColumnKind.Real
          ? realValue(question, reals(question, asCkks(scheme), key, column))
          : wholeValue(question, column, wholes(question, asBfv(scheme), key, column));
    }
  }

  private CkksBackend asCkks(SchemeBackend scheme) {
    if (scheme instanceof CkksBackend ckks) {
      return ckks;
    }
    throw result.corrupt("a real column is not under CKKS");
  }

  private BfvBackend asBfv(SchemeBackend scheme) {
    if (scheme instanceof BfvBackend bfv) {
      return bfv;
    }
    throw result.corrupt("an integer column is not under BFV");
  }

  private List<Finish.Real> reals(
      Question question, CkksBackend ckks, Reference.SecretKey key, ColumnEntry column) {
    List<Finish.Real> totals = new ArrayList<>();
    double[] slot = new double[1];
    for (int part = 0; part < totals(column).parts().size(); part++) {
      try (Reference.Ciphertext total = result.chunks(totals(column), part).load(0)) {
        double error = ckks.decrypt(key, total, slot, 0, 1);
        Plausible.requireTotal(
            result, secret, column.kind(), question.totals()[part], Math.abs(slot[0]) - error);
        totals.add(new Finish.Real(slot[0], error));
      }
    }
    return totals;
  }

  private List<BigInteger> wholes(
      Question question, BfvBackend bfv, Reference.SecretKey key, ColumnEntry column) {
    List<BigInteger> totals = new ArrayList<>();
    long[] slot = new long[1];
    for (int part = 0; part < totals(column).parts().size(); part++) {
      try (Reference.Ciphertext total = result.chunks(totals(column), part).load(0)) {
        bfv.decrypt(key, total, slot, 0, 1);
        if (question != Question.COUNT) {
          Plausible.requireTotal(
              result, secret, column.kind(), question.totals()[part], Math.abs((double) slot[0]));
        }
        totals.add(BigInteger.valueOf(slot[0]));
      }
    }
    return totals;
  }

  private Answer.Value realValue(Question question, List<Finish.Real> totals) {
    Finish.Real first = totals.get(0);
    return switch (question) {
      case MEAN -> Finish.mean(first, result.rows());
      case VARIANCE -> Finish.variance(first, totals.get(1), result.rows());
      default -> new Answer.Approximate(first.value(), first.error());
    };
  }

  private Answer.Value wholeValue(Question question, ColumnEntry column, List<BigInteger> totals) {
    return switch (question) {
      case COUNT -> counts(column, totals);
      case MEAN -> Finish.mean(totals.get(0), result.rows());
      case VARIANCE -> Finish.variance(totals.get(0), totals.get(1), result.rows());
      default -> new Answer.Whole(totals.get(0));
    };
  }

  private Answer.Value counts(ColumnEntry column, List<BigInteger> totals) {
    List<String> labels = ((ColumnKind.Category) column.kind()).labels();
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      counts.put(labels.get(i), totals.get(i).longValueExact());
    }
    return new Answer.Counts(counts);
  }
}
