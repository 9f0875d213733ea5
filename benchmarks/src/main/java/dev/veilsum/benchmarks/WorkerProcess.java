package dev.veilsum.benchmarks;

import dev.veilsum.benchmarks.worker.Worker;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A {@link Worker}, or a program that answers as one, in a process of its own. */
final class WorkerProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;
  private final List<String> operations;

  private WorkerProcess(
      Process process, BufferedReader answers, BufferedWriter commands, List<String> operations) {
    this.process = process;
    this.answers = answers;
    this.commands = commands;
    this.operations = operations;
  }

  /** The program of a worker on this class path, without its group. */
  static List<String> onClassPath(String classPath) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        classPath,
        Worker.class.getName());
  }

  /**
   * Starts it, which checks the results of the group.
   *
   * @return empty where it does not have the group
   * @throws IllegalStateException where a result is wrong, or the process fails
   */
  static Optional<WorkerProcess> start(List<String> program, String group) throws IOException {
    List<String> command = new ArrayList<>(program);
    command.add(group);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    BufferedWriter commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII));
    String line = answers.readLine();
    if (line != null && line.startsWith("ready\t")) {
      List<String> words = Arrays.asList(line.split("\t"));
      return Optional.of(
          new WorkerProcess(process, answers, commands, words.subList(1, words.size())));
    }
    process.destroy();
    if (line != null && line.startsWith("absent\t")) {
      return Optional.empty();
    }
    throw new IllegalStateException(group + ": " + (line == null ? "the worker died" : line));
  }

  /** The names of the group's operations. */
  List<String> operations() {
    return operations;
  }

  /** Runs an operation for a while; the nanoseconds of a call, empty where it is not there. */
  OptionalLong warm(int operation, int millis) throws IOException {
    String answer = ask("warm " + operation + " " + millis);
    return answer.equals("absent") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(answer));
  }

  /** The nanoseconds of this many calls. */
  long time(int operation, int times) throws IOException {
    return Math.max(1, Long.parseLong(ask("time " + operation + " " + times)));
  }

  private String ask(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    String answer = answers.readLine();
    if (answer == null || answer.startsWith("failed")) {
      throw new IllegalStateException(command + ": " + answer);
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    commands.close();
    answers.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
