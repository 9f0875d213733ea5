package dev.veilsum.file.rows;

import dev.veilsum.file.ColumnKind;
import dev.veilsum.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Rows in CSV and in JSON lines, of declared columns. */
public final class RowsFuzz {
  private static final List<ColumnDeclaration> COLUMNS =
      Stream.of(
              "x=real",
              "n=integer(-1000..1000)",
              "w=category(sun,rain,\"a, b\")",
              "d=decimal(-2.00..10)",
              "t=time(1970-01-01..1970-01-03)")
          .map(each -> each.split("=", 2))
          .map(each -> new ColumnDeclaration(each[0], ColumnKind.parse(each[1])))
          .toList();

  private RowsFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget(
            "csvRows",
            input -> read(input, RowFormat.CSV),
            () ->
                texts(
                    "x,n,w,d,t\n1.5,2,sun,1.25,1970-01-02\n-3e2,-1000,rain,-2,90000000\n",
                    "\ufeffw,\"n\",more,x,d,t\r\n\"a, b\",2,,\"1.5\",0,0\r\nsun,7,\"\"\"\",.5,9.99,1")),
        new FuzzTarget(
            "jsonRows",
            input -> read(input, RowFormat.NDJSON),
            () ->
                texts(
                    "{\"x\":1.5,\"n\":2,\"w\":\"sun\",\"d\":1.25,\"t\":1000}\n",
                    "{\"w\":\"a, b\",\"more\":[1,null],\"n\":2,\"x\":5e-1,\"t\":\"1970-01-02\",\"d\":0}")));
  }

  private static void read(byte[] input, RowFormat format) {
    try (RowSource rows =
        RowSource.open(new ByteArrayInputStream(input), "input", format, COLUMNS)) {
      RowBatch batch = new RowBatch(COLUMNS, 4);
      int read;
      do {
        read = rows.read(batch);
      } while (read > 0);
    }
  }

  private static List<byte[]> texts(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }
}
