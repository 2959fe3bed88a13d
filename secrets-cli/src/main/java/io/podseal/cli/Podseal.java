// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code podseal}. */
@Command(
        name = "podseal",
        description = "Seals values that only one Kubernetes ServiceAccount's application can open.",
        versionProvider = Podseal.Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT)
public final class Podseal implements Runnable {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "On a failure, print the stack trace too.")
    private boolean debug;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private Podseal() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Streams.ofProcess(), arguments));
    }

    static int run(Streams streams, String... arguments) {
        Podseal podseal = new Podseal();
        CommandLine commandLine = new CommandLine(podseal);
        commands(streams, word(arguments, 1)).give(word(arguments, 0), commandLine::addSubcommand);
        Word.register(commandLine);
        Refusal refusal = new Refusal(streams, () -> podseal.debug);
        return commandLine
                // A file name may begin with '@'.
                .setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setOut(streams.help())
                .setParameterExceptionHandler(refusal)
                .setExecutionExceptionHandler(refusal)
                .execute(arguments);
    }

    private static String word(String[] arguments, int index) {
        return arguments.length > index ? arguments[index] : "";
    }

    private static Commands commands(Streams streams, String second) {
        return new Commands()
                .add("kek", () -> Group.of("kek", "Key-encryption keys.", second, kek()))
                .add(
                        "keyset",
                        () -> Group.of("keyset", "A workload's keys, wrapped for KEKs.", second, keyset(streams)))
                .add("seal", () -> new Seal(streams))
                .add("open", () -> new Open(streams))
                .add(
                        "print",
                        () -> Group.of("print", "What a cluster or a KMS has to be told.", second, print(streams)))
                .add("inspect", () -> new Inspect(streams));
    }

    private static Commands kek() {
        return new Commands().add("create", KekCreate::new);
    }

    private static Commands keyset(Streams streams) {
        return new Commands()
                .add("create", () -> new KeysetCreate(streams))
                .add("inspect", () -> new KeysetInspect(streams))
                .add("manifest", () -> new KeysetManifest(streams))
                .add("rotate", () -> new KeysetRotate(streams))
                .add("promote", () -> new KeysetPromote(streams))
                .add("retire", () -> new KeysetRetire(streams))
                .add("rewrap", () -> new KeysetRewrap(streams));
    }

    private static Commands print(Streams streams) {
        return new Commands()
                .add("rbac", () -> new PrintRbac(streams))
                .add("admission-policy", () -> new PrintAdmissionPolicy(streams))
                .add("policy", () -> new PrintPolicy(streams));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Podseal.class.getPackage().getImplementationVersion();
            return new String[] {"podseal " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
